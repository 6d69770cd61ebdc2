/**
 * Reads bodies over HTTP with `getRoom` and `parseWebhook`, `URL TIMEOUT_MS …`.
 * Prints the outcomes, and by how many MiB the resident memory of the process grew
 * at most.
 */
import { getRoom, parseWebhook } from "../../mod.ts";
import { id } from "../support/example.ts";

const before = Deno.memoryUsage().rss;
let most = before;
const look = () => most = Math.max(most, Deno.memoryUsage().rss);
setInterval(look, 5);

async function asRoom(baseUrl: string, timeoutMs: number): Promise<string> {
  const limits = { timeoutMs, attemptTimeoutMs: timeoutMs };
  const opts = { baseUrl, ...limits, retry: false } as const;
  return (await getRoom(fetch, "KEY", id, opts)).id;
}

async function asWebhook(baseUrl: string, timeoutMs: number): Promise<string> {
  const { body } = await fetch(`${baseUrl}/rooms/${id}`);
  const headers = {
    "telnyx-timestamp": String(Math.floor(Date.now() / 1000)),
    "telnyx-signature-ed25519": `${"A".repeat(86)}==`,
  };
  const publicKey = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";
  const event = await parseWebhook({ headers, body }, publicKey, { timeoutMs });
  return event.id;
}

const outcomes: string[] = [];
for (let i = 0; i < Deno.args.length; i += 2) {
  const [baseUrl = "", timeoutMs] = Deno.args.slice(i);
  for (const read of [asRoom, asWebhook]) {
    const outcome = read(baseUrl, Number(timeoutMs)).catch(({ code }) => code);
    outcomes.push(await outcome);
  }
}
look();
const grownMiB = Math.round((most - before) / 2 ** 20);
console.log(JSON.stringify({ outcomes, grownMiB }));
Deno.exit(); // a body of fetch itself may still be open
