/**
 * The runner for dispatchers of undici in the `fetch` of Node, which brings a
 * version of its own: prints the results.
 */
import process from "node:process";

const [installed, origin] = process.argv.slice(2);
const { createRoom } = await import(`${installed}/mod.js`);
const builtIn = Number(process.versions.undici.split(".")[0]);

/** Calls with a dispatcher; returns the error, or undefined. */
async function errorOf(toFetchFn) {
  const attempts = [];
  const error = await createRoom(toFetchFn, "KEY", {}, {
    baseUrl: `${origin}/own/${crypto.randomUUID()}`,
    onAttempt: ({ attempt }) => attempts.push(attempt),
  }).then(() => undefined, (error) => error);
  if (attempts.length !== 1) throw new Error(`Attempts: ${attempts}, ${error}`);
  return error;
}

const results = [];
for (const version of [6, 8]) {
  const name = `undici ${version} in the fetch of undici ${builtIn}`;
  const undici = await import(`undici-${version}`).catch(() => undefined);
  if (!undici) continue; // it does not run on this Node
  const dispatcher = new undici.Agent();
  const [foreign, own] = [fetch, undici.fetch].map((fetchFn) =>
    errorOf((url, init) => fetchFn(url, { ...init, dispatcher }))
  );
  const result = { name };
  results.push(result);
  try {
    const error = await foreign;
    const isRefused = error?.code === "invalid_argument" &&
      error.mayHaveTakenEffect === false &&
      error.message.includes("undici.fetch(url, { ...init, dispatcher })");
    // Versions that are near each other work together
    const isNear = Math.abs(version - builtIn) <= 1;
    if (!isRefused && !(isNear && !error)) {
      throw new Error(`Not refused: ${error}`);
    }
    // What the message says to do
    const ownError = await own;
    if (ownError) throw ownError;
  } catch (error) {
    result.failure = String(error?.stack ?? error);
  }
  await dispatcher.close();
}
process.stdout.write(`${JSON.stringify(results)}\n`);
