/**
 * `measure.mjs PART {"origin", "clients", "rounds"}`: measures one part on one
 * runtime, and prints the result as JSON in the last line.
 */
import { readFileSync } from "node:fs";
import process from "node:process";
import { measure } from "mitata";
import { loads } from "./loads.mjs";
import { body, id, stubs } from "./rooms.mjs";

const [part, argument] = process.argv.slice(2);
const { origin, clients, rounds, sizes } = JSON.parse(argument);

/** The clients that this runtime can load. */
async function load() {
  const loaded = {};
  for (const name of clients) {
    try {
      loaded[name] = (await import(`./clients/${name}.mjs`)).default;
    } catch {
      // absent from the table
    }
  }
  return loaded;
}

const median = (numbers) =>
  numbers.toSorted((a, b) => a - b)[numbers.length >> 1];

/**
 * Calls `one` for every name in every round, in a changing order, so that other
 * load on the machine affects all alike.
 */
async function interleave(names, one, count = rounds) {
  const values = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = -1; round < count; round++) {
    const start = (round + 1) % names.length;
    for (const name of [...names.slice(start), ...names.slice(0, start)]) {
      const value = await one(name, round >= 0);
      if (round >= 0) values[name].push(value); // the first round is a warm-up
    }
  }
  return values;
}

const options = {
  gc: false,
  min_samples: 8,
  min_cpu_time: 15e6,
  batch_samples: 128,
};

/** Bytes that a call allocates. */
async function allocated(call) {
  if (typeof Bun !== "undefined") return null; // it updates heapUsed too late
  const used = () => process.memoryUsage().heapUsed;
  const readings = [];
  for (let i = 0; i < 200; i++) {
    const before = used();
    for (let n = 0; n < 20; n++) await call(id);
    readings.push((used() - before) / 20);
  }
  return median(readings.filter((bytes) => bytes > 0));
}

const parts = {
  async overhead() {
    const loaded = await load();
    const result = {};
    for (const [kind, stub] of Object.entries(stubs)) {
      const calls = {};
      for (const [name, make] of Object.entries(loaded)) {
        calls[name] = make(stub);
      }
      const names = Object.keys(calls);
      const us = await interleave(names, async (name) => {
        const call = calls[name];
        return (await measure(() => call(id), options)).p50 / 1000;
      });
      result[kind] = {};
      for (const name of names) {
        const bytes = await allocated(calls[name]);
        result[kind][name] = { values: us[name], bytes };
      }
    }
    return result;
  },

  async loopback() {
    const loaded = await load();
    const names = Object.keys(loaded);
    const result = {};
    for (const [kind, { path, concurrency, count }] of Object.entries(loads)) {
      const calls = {};
      for (const name of names) {
        calls[name] = loaded[name](fetch, `${origin}/${path}`);
      }
      const latencies = Object.fromEntries(names.map((name) => [name, []]));
      const connections = Object.fromEntries(names.map((name) => [name, 0]));
      const perSecond = await interleave(names, async (name, counts) => {
        await (await fetch(`${origin}/connections`)).text();
        let left = count;
        const began = performance.now();
        await Promise.all(Array.from({ length: concurrency }, async () => {
          while (left-- > 0) {
            const sent = performance.now();
            await calls[name](id);
            if (counts) latencies[name].push(performance.now() - sent);
          }
        }));
        const seconds = (performance.now() - began) / 1000;
        const opened = await fetch(`${origin}/connections`);
        // The warm-up opens connections that all clients use
        if (counts) connections[name] += Number(await opened.text());
        return count / seconds;
      });
      const byName = result[kind] = {};
      for (const name of names) {
        const sorted = latencies[name].sort((a, b) => a - b);
        const at = (share) => sorted[Math.floor(share * sorted.length)];
        byName[name] = {
          values: perSecond[name],
          p50: at(0.5),
          p99: at(0.99),
          connections: connections[name],
        };
      }
    }
    return result;
  },

  /** Many rooms, 32 at once; `Promise.all` looks up all at once. */
  async many() {
    const { getRoom, getRooms } = await import("@videorooms/telnyx");
    const { default: pMap } = await import("p-map");
    const ids = Array.from({ length: 2000 }, () => id);
    const opts = { baseUrl: `${origin}/2` };
    const lookUp = (id) => getRoom(fetch, "KEY", id, opts);
    const concurrency = 32;
    const ways = {
      async getRooms() {
        const parallel = { ...opts, concurrency };
        let count = 0;
        for await (const { room } of getRooms(fetch, "KEY", ids, parallel)) {
          if (room) count++;
        }
        return count;
      },
      "p-map": async () => (await pMap(ids, lookUp, { concurrency })).length,
      "Promise.all": async () => (await Promise.all(ids.map(lookUp))).length,
    };
    const perSecond = await interleave(Object.keys(ways), async (name) => {
      const began = performance.now();
      const count = await ways[name]();
      return count / (performance.now() - began) * 1000;
    });
    const result = {};
    for (const name of Object.keys(ways)) {
      result[name] = { values: perSecond[name] };
    }
    return { 2000: result };
  },

  async big() {
    const loaded = await load();
    const result = {};
    for (const sessions of sizes) {
      const names = Object.keys(loaded);
      const ms = await interleave(
        names,
        async (name) => {
          const call = loaded[name](fetch, `${origin}/${sessions}`);
          const began = performance.now();
          await call(id);
          return performance.now() - began;
        },
        sessions > 10_000 ? Math.ceil(rounds / 3) : rounds * 2,
      );
      result[sessions] = {};
      for (const name of names) result[sessions][name] = { values: ms[name] };
    }
    return result;
  },

  /** The peak memory of a process with one call. */
  async memory() {
    const [[, make]] = Object.entries(await load());
    await make(fetch, `${origin}/${sizes[0]}`)(id);
    try {
      // On Linux, resourceUsage() may include the parent process
      const status = readFileSync("/proc/self/status", "utf8");
      return Number(/VmHWM:\s*(\d+) kB/.exec(status)[1]) / 1024;
    } catch {
      return process.resourceUsage().maxRSS / 1024;
    }
  },

  async decode() {
    const { room } = await import("./room.mjs");
    const { zodRoom } = await import("./zod_room.mjs");
    const { valibotRoom } = await import("./valibot_room.mjs");
    const text = body(10_000);
    const parse = () => JSON.parse(text).data;
    const decoders = {
      "decoder": (value) => room(value),
      "valibot": (value) => valibotRoom(value),
      "zod": (value) => zodRoom(value),
    };
    const names = ["JSON.parse", ...Object.keys(decoders)];
    const ms = await interleave(names, async (name) => {
      const measured = name === "JSON.parse" ? parse : function* () {
        // A new value for each run, as in a call
        yield { 0: parse, bench: decoders[name] };
      };
      const { p50 } = await measure(measured, {
        ...options,
        min_samples: 5,
        batch_threshold: 0,
      });
      return p50 / 1e6;
    });
    const result = {};
    for (const name of names) result[name] = { values: ms[name] };
    return { 10000: result };
  },
};

console.log(JSON.stringify(await parts[part]()));
process.exit(0); // without waiting for timeouts that clients leave behind
