/**
 * The runner for dispatchers of undici in the `fetch` of Node, which brings a
 * version of its own: prints the results.
 */
import process from "node:process";
import { resultsOf } from "./results.js";

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

/** Whether it says what to do. */
const isRefusal = ({ code, mayHaveTakenEffect, message }) =>
  code === "invalid_argument" && mayHaveTakenEffect === false &&
  message.includes("undici.fetch(url, { ...init, dispatcher })");

const cases = {};
for (const version of [6, 8]) {
  const undici = await import(`undici-${version}`).catch(() => undefined);
  if (!undici) continue; // it does not run on this Node
  // Versions that are near each other work together
  const isNear = Math.abs(version - builtIn) <= 1;
  const dispatcher = new undici.Agent();
  const name = `undici ${version} in the fetch of undici ${builtIn}`;
  cases[name] = async () => {
    const [foreign, own] = await Promise.all(
      [fetch, undici.fetch].map((of) =>
        errorOf((url, init) => of(url, { ...init, dispatcher }))
      ),
    );
    await dispatcher.close();
    if (foreign ? !isRefusal(foreign) : !isNear) {
      throw new Error(`Not refused: ${foreign}`);
    }
    // What the message says to do
    if (own) throw own;
  };
}
process.stdout.write(`${JSON.stringify(await resultsOf(cases))}\n`);
