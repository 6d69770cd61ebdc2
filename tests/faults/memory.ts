/**
 * Reads a body over HTTP with `getRoom` or `parseWebhook`, `URL WHAT TIMEOUT_MS`.
 * Prints the outcome, and by how many MiB the resident memory of the process grew
 * at most.
 */
import { getRoom, parseWebhook } from "../../mod.ts";
import { id } from "../support/example.ts";

const [baseUrl = "", what, timeout] = Deno.args;
const timeoutMs = Number(timeout);

const before = Deno.memoryUsage().rss;
let most = before;
const look = () => most = Math.max(most, Deno.memoryUsage().rss);
setInterval(look, 5);

async function read(): Promise<string> {
  if (what !== "parseWebhook") {
    const limits = { timeoutMs, attemptTimeoutMs: timeoutMs };
    const opts = { baseUrl, ...limits, retry: false } as const;
    return (await getRoom(fetch, "KEY", id, opts)).id;
  }
  const { body } = await fetch(`${baseUrl}/rooms/${id}`);
  const headers = {
    "telnyx-timestamp": String(Math.floor(Date.now() / 1000)),
    "telnyx-signature-ed25519": `${"A".repeat(86)}==`,
  };
  const publicKey = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";
  const event = await parseWebhook({ headers, body }, publicKey, { timeoutMs });
  return event.id;
}

const outcome = await read().catch(({ code }) => code);
look();
const grownMiB = Math.round((most - before) / 2 ** 20);
console.log(JSON.stringify({ outcome, grownMiB }));
Deno.exit(); // a body of fetch itself may still be open
