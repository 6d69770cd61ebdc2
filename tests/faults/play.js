/**
 * The client side of the cases, in plain JavaScript for any runtime: looks each
 * room up, and returns the outcomes as JSON.
 */

const id = "7b61621f-62e0-4aad-ab11-9fd19e272e73";

/** A token that must not appear anywhere. */
const token = "KEY-never-to-be-seen-0123456789";

async function playFault({ getRoom, RoomsError }, { baseUrl, opts }, fetchFn) {
  const began = performance.now();
  const events = [];
  const onAttempt = (event) => events.push(event);
  const all = { ...opts, baseUrl, onAttempt };
  const outcome = await getRoom(fetchFn, token, id, all)
    .then(() => ({ result: "room" }), (error) => ({
      result: error instanceof RoomsError ? error.code : String(error?.stack),
      pointer: error.pointer,
      status: error.status,
      retryAfterMs: error.retryAfterMs,
      leaked: [error, ...events].some((value) => leaks(value)),
    }));
  return { ...outcome, ms: performance.now() - began };
}

/** Whether the token appears in a value or any of its properties. */
function leaks(value, depth = 0) {
  if (typeof value === "string") return value.includes(token);
  if (typeof value !== "object" || value === null || depth > 8) return false;
  return Reflect.ownKeys(value).some((key) =>
    leaks(key, depth) || leaks(value[key], depth + 1)
  );
}

/** Plays the cases, a few at once: half of them may wait. */
export async function playFaults(
  main,
  faults,
  fetchFn = /** @type {import("../../mod.ts").FetchFn} */ (fetch),
) {
  const outcomes = [];
  const left = faults.entries();
  const worker = async () => {
    for (const [i, fault] of left) {
      outcomes[i] = await playFault(main, fault, fetchFn);
    }
  };
  await Promise.all(Array.from({ length: 16 }, worker));
  return outcomes;
}
