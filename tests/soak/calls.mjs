/**
 * The calls of the soak, `calls.mjs BUNDLE BASE_URL CALLS CONCURRENCY`: looks up
 * many rooms, all on one signal, and prints what came of it as JSON.
 */
import process from "node:process";

const [bundle, baseUrl, ...numbers] = process.argv.slice(2);
const { getRoom, httpFetch } = await import(bundle);
const [calls, concurrency] = numbers.map(Number);

/** The id of room n. */
const idOf = (n) => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;

const { signal } = new AbortController();
const retry = { maxAttempts: 20, baseDelayMs: 1, maxDelayMs: 5 };
const opts = { baseUrl, retry, signal };
const fetchFn = "Deno" in globalThis ? fetch : httpFetch;
const wrong = [];
const heap = [];
let [next, settled] = [0, 0];

async function worker() {
  for (let n = next++; n < calls; n = next++) {
    try {
      const room = await getRoom(fetchFn, "KEY", idOf(n), opts);
      if (room.id !== idOf(n)) wrong.push(`call ${n} has room ${room.id}`);
    } catch (error) {
      wrong.push(`call ${n}: ${error}`);
    }
    settled++;
    if (n % Math.ceil(calls / 20) === 0) {
      heap.push(process.memoryUsage().heapUsed);
    }
  }
}

const began = performance.now();
await Promise.all(Array.from({ length: concurrency }, worker));
const seconds = (performance.now() - began) / 1000;
console.log(JSON.stringify({ seconds, settled, wrong, heap }));
