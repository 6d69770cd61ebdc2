/** The calls of the soak, in plain JavaScript for any runtime. */

const concurrency = 64;

/** The id of room n. */
const idOf = (n) => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;

/** Looks up many rooms, all on one signal; returns what came of it, as JSON. */
export async function makeCalls(
  { getRoom, fetchFn, baseUrl, calls, heapUsed },
) {
  const { signal } = new AbortController();
  const settled = new Uint8Array(calls);
  const wrong = [];
  const heap = [];
  let next = 0;

  async function worker() {
    for (let n = next++; n < calls; n = next++) {
      try {
        const room = await getRoom(fetchFn, "KEY", idOf(n), {
          baseUrl,
          retry: { maxAttempts: 20, baseDelayMs: 1, maxDelayMs: 5 },
          signal,
        });
        if (room.id !== idOf(n)) wrong.push(`call ${n} has room ${room.id}`);
      } catch (error) {
        wrong.push(`call ${n}: ${error}`);
      }
      settled[n] = (settled[n] ?? 0) + 1;
      if (n % Math.ceil(calls / 20) === 0) heap.push(heapUsed());
    }
  }

  const began = performance.now();
  await Promise.all(Array.from({ length: concurrency }, worker));
  return {
    seconds: (performance.now() - began) / 1000,
    once: settled.every((count) => count === 1),
    wrong: wrong.length,
    first: wrong[0],
    heap,
    concurrency,
  };
}
