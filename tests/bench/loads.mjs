/**
 * How calls are measured over loopback, by the name of the load: the path of the
 * server, how many calls run at once, and how many in all, for at most half a
 * second a round.
 */
export const loads = {
  "1": { path: "2", concurrency: 1, count: 200 },
  "32": { path: "2", concurrency: 32, count: 500 },
  "256": { path: "2", concurrency: 256, count: 500 },
  "1-far": { path: "2-far", concurrency: 1, count: 20 },
  "32-far": { path: "2-far", concurrency: 32, count: 500 },
};
