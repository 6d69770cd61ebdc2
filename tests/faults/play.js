/**
 * The client side of a case, in plain JavaScript for any runtime: looks the room
 * up, and returns the outcome as JSON.
 */

const id = "7b61621f-62e0-4aad-ab11-9fd19e272e73";

/** A token that must not appear anywhere. */
export const token = "KEY-never-to-be-seen-0123456789";

export async function playFault(
  { getRoom, RoomsError },
  baseUrl,
  opts,
  fetchFn = /** @type {import("../../mod.ts").FetchFn} */ (fetch),
) {
  const began = performance.now();
  const events = [];
  const onAttempt = (event) => events.push(event);
  const outcome = await getRoom(fetchFn, token, id, {
    ...opts,
    baseUrl,
    onAttempt,
  })
    .then(() => ({ result: "room" }), (error) => ({
      result: error instanceof RoomsError ? error.code : String(error?.stack),
      pointer: error.pointer,
      status: error.status,
      retryAfterMs: error.retryAfterMs,
      attempts: error.attempts,
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

/** Plays the cases, a few at once. */
export async function playFaults(
  main,
  faults,
  fetchFn = /** @type {import("../../mod.ts").FetchFn} */ (fetch),
) {
  const outcomes = faults.map(() => undefined);
  let next = 0;
  const worker = async () => {
    for (let i = next++; i < faults.length; i = next++) {
      const { baseUrl, opts } = faults[i];
      outcomes[i] = await playFault(main, baseUrl, opts, fetchFn);
    }
  };
  await Promise.all([worker(), worker(), worker(), worker()]);
  return outcomes;
}
