/**
 * The client's side of a case, in plain JavaScript that any runtime runs: looks
 * the room up, and tells what came of it as JSON.
 */

const id = "7b61621f-62e0-4aad-ab11-9fd19e272e73";

/** A token to look for wherever it must not be. */
export const token = "KEY-never-to-be-seen-0123456789";

export async function play({ getRoom, RoomsError }, baseUrl, opts) {
  const began = performance.now();
  const events = [];
  const onAttempt = (event) => events.push(event);
  const told = await getRoom(fetch, token, id, { ...opts, baseUrl, onAttempt })
    .then(() => ({ result: "room" }), (error) => ({
      result: error instanceof RoomsError ? error.code : String(error?.stack),
      pointer: error.pointer,
      status: error.status,
      retryAfterMs: error.retryAfterMs,
      attempts: error.attempts,
      leaked: [error, ...events].some((value) => shows(value)),
    }));
  return { ...told, ms: performance.now() - began };
}

/** Whether the token is anywhere on an error, an event or what hangs on it. */
function shows(value, depth = 0) {
  if (typeof value === "string") return value.includes(token);
  if (typeof value !== "object" || value === null || depth > 8) return false;
  return Reflect.ownKeys(value).some((key) =>
    shows(key, depth) || shows(value[key], depth + 1)
  );
}

/** Plays cases, one after the other. */
export async function playAll(main, faults) {
  const told = [];
  for (const { baseUrl, opts } of faults) {
    told.push(await play(main, baseUrl, opts));
  }
  return told;
}
