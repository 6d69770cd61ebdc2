/**
 * `measure.mjs WHAT JSON`: measures clients over loopback, and prints what a call
 * costs as JSON: the `calls` of all clients by turns, the `cold` start of one, or
 * the `memory` that it needs.
 */
import { readFileSync } from "node:fs";
import process from "node:process";
import { clients } from "./clients.mjs";

const [what, json] = process.argv.slice(2);
const { origin, ids, names, rounds, roundMs, warmUpCalls, calls } = JSON.parse(
  json,
);
const near = `${origin}/near`;

/** Makes so many calls, so many of them at once. */
async function callAtOnce({ get }, calls, concurrency) {
  let left = calls;
  await Promise.all(Array.from({ length: concurrency }, async () => {
    while (left-- > 0) await get(ids.room);
  }));
}

const atOnce = (calls, concurrency, path) => ({
  path,
  calls,
  run: (client) => callAtOnce(client, calls, concurrency),
});

const list = (concurrency, path) => ({
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
async function byTurns(
  Bench,
  { run, path = "near", calls = 1, only = names, most = rounds },
) {
  const measured = names.filter((name) => only.includes(name));
  const made = {};
  for (const name of measured) {
    made[name] = await clients[name](`${origin}/${path}`);
  }
  const readings = Object.fromEntries(measured.map((name) => [name, []]));
  const options = { time: roundMs, iterations: 1, warmup: false, throws: true };
  for (let round = 0; round <= Math.min(rounds, most); round++) {
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

const measures = {
  /** The milliseconds of a call, or of a whole list, in each round. */
  async calls() {
    const { Bench } = await import("tinybench");
    // As in a server that has run for a while: the clients share code, such as that
    // of `fetch`, and whoever shares less would have been optimized less
    for (const name of names) {
      await callAtOnce(await clients[name](near), warmUpCalls, 32);
    }
    const results = {};
    for (const [name, how] of Object.entries(workloads)) {
      results[name] = await byTurns(Bench, how);
    }
    return results;
  },

  /** The milliseconds of importing a client and the first call with it. */
  async cold() {
    const began = performance.now();
    await (await clients[names[0]](near)).get(ids.room);
    return performance.now() - began;
  },

  /**
   * How many MiB a process has at its most that makes many calls, 32 at once. A
   * function in place of `fetch` responds with a stream, as the network does.
   */
  async memory() {
    const room = await fetch(`${near}/rooms/${ids.room}`);
    const bytes = await room.arrayBuffer();
    const headers = { "content-type": "application/json" };
    async function stub() {
      await new Promise((resolve) => setTimeout(resolve)); // as a socket takes time
      return new Response(new Blob([bytes]).stream(), { headers });
    }
    await callAtOnce(await clients[names[0]](near, stub), calls, 32);
    // On Linux, resourceUsage() may include the parent process
    const peakKiB = process.platform === "linux"
      ? /VmHWM:\s*(\d+) kB/.exec(readFileSync("/proc/self/status", "utf8"))[1]
      : process.resourceUsage().maxRSS;
    return peakKiB / 1024;
  },
};

console.log(JSON.stringify(await measures[what]()));
process.exit(); // without waiting for timeouts that clients leave behind
