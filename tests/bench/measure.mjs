/**
 * `measure.mjs JSON`: measures calls of every client over loopback, and prints
 * the milliseconds of a call, or of a whole list, in each round, as JSON.
 */
import process from "node:process";
import { Bench } from "tinybench";
import { clients } from "./clients.mjs";

const { origin, ids, names, rounds, roundMs, warmUpCalls } = JSON.parse(
  process.argv[2],
);

/** So many calls, so many of them at once. */
const atOnce = (calls, concurrency, path = "near") => ({
  path,
  calls,
  async run({ get }) {
    let left = calls;
    await Promise.all(Array.from({ length: concurrency }, async () => {
      while (left-- > 0) await get(ids.room);
    }));
  },
});

const list = (concurrency, path = "near") => ({
  path,
  async run({ count }) {
    const counted = await count(concurrency);
    if (counted !== 10_000) throw new Error(`${counted} of 10000 rooms`);
  },
});

/** By the workload: where it asks, what it does, how many calls that are. */
const workloads = {
  "1": { run: ({ get }) => get(ids.room) },
  "32": atOnce(128, 32),
  "256": atOnce(256, 256),
  far: atOnce(128, 32, "far"),
  list: list(1),
  room: { run: ({ get }) => get(ids.large) },
  // For those that read whole lists by themselves
  ahead: {
    ...list(8, "slow"),
    only: ["getRoom", "httpFetch", "telnyx"],
    most: 3,
  },
};

/**
 * Measures every client once in each round, in a changing order, so that other
 * load on the machine affects all alike. The first round is a warm-up.
 */
async function measure({ run, path = "near", calls = 1, only = names, most }) {
  const measured = names.filter((name) => only.includes(name));
  const made = {};
  for (const name of measured) {
    made[name] = await clients[name](`${origin}/${path}`);
  }
  const readings = Object.fromEntries(measured.map((name) => [name, []]));
  const options = { time: roundMs, iterations: 1, warmup: false, throws: true };
  for (let round = 0; round <= Math.min(rounds, most ?? rounds); round++) {
    const bench = new Bench(options);
    for (const name of measured) {
      bench.add(name, () => run(made[name]), { async: true });
    }
    await bench.run();
    measured.push(measured.shift());
    if (round === 0) continue;
    for (const { name, result } of bench.tasks) {
      readings[name].push(result.latency.mean / calls);
    }
  }
  return readings;
}

// As in a server that has run for a while: the clients share code, such as that of
// `fetch`, and whoever shares less would have been optimized less
for (const name of names) {
  await atOnce(warmUpCalls, 32).run(await clients[name](`${origin}/near`));
}
const results = {};
for (const [name, how] of Object.entries(workloads)) {
  results[name] = await measure(how);
}
console.log(JSON.stringify(results));
process.exit(); // without waiting for timeouts that clients leave behind
