/**
 * Reads a body over HTTP, `BUNDLE URL WHAT TIMEOUT_MS`: with `getRoom`, by `fetch`
 * or `httpFetch`, or with `parseWebhook`. Prints the outcome, and by how many MiB
 * the resident memory of the process grew at most.
 */
import process from "node:process";
import { setInterval } from "node:timers";

const [bundle, url, what, timeout] = process.argv.slice(2);
const timeoutMs = Number(timeout);
const { getRoom, httpFetch, parseWebhook } = await import(bundle);

const id = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
const publicKey = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";
const headers = {
  "telnyx-timestamp": String(Math.floor(Date.now() / 1000)),
  "telnyx-signature-ed25519": `${"A".repeat(86)}==`,
};

const residentBytes = () => process.memoryUsage().rss;
const before = residentBytes();
let most = before;
const look = () => {
  most = Math.max(most, residentBytes());
};
setInterval(look, 5).unref();

async function read() {
  if (what !== "parseWebhook") {
    const timeouts = { timeoutMs, attemptTimeoutMs: timeoutMs };
    const opts = { baseUrl: url, ...timeouts, retry: false };
    const fetchFn = what === "httpFetch" ? httpFetch : fetch;
    return (await getRoom(fetchFn, "KEY", id, opts)).id;
  }
  const { body } = await fetch(`${url}/rooms/${id}`);
  return await parseWebhook({ headers, body }, publicKey, { timeoutMs });
}

const outcome = await read().catch(({ code }) => code);
look();
const grownMiB = Math.round((most - before) / 2 ** 20);
console.log(JSON.stringify({ outcome, grownMiB }));
process.exit(); // a body of fetch itself may still be open
