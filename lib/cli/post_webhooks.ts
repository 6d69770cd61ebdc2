import type { WebhookHandler } from "../testing/fake_rooms.ts";
import type { Context } from "./command.ts";
import { printError } from "./failure.ts";
import { writeLine } from "./text.ts";

/** How long a receiver may take, in milliseconds. */
const timeoutMs = 10_000;

export async function postWebhook(
  url: string,
  { headers }: Request,
  body: string,
  { fetch, stop }: Context,
): Promise<number> {
  const response = await fetch(url, {
    method: "POST",
    headers: Object.fromEntries(headers),
    body,
    redirect: "manual",
    signal: AbortSignal.any([stop, AbortSignal.timeout(timeoutMs)]),
  });
  await response.body?.getReader().cancel();
  return response.status;
}

/**
 * Begins a line of the log: it is printed with the local time when it began, and
 * how long it took.
 */
export function logLineFrom({ now, stdout }: Context): (text: string) => void {
  const began = now();
  return (text) => {
    const time = new Date(began).toTimeString().slice(0, "00:00:00".length);
    const ms = Math.max(0, now() - began);
    writeLine(`${time} ${text} ${ms} ms`, stdout);
  };
}

/**
 * Returns a handler that posts webhooks of the fake and prints a line for each.
 * All go to this URL, so that rooms saved from the real API never reach their own
 * receivers. An unreachable URL is reported once, until it responds again.
 */
export function postWebhooks(url: string, context: Context): WebhookHandler {
  let isDown = false;
  return async (request) => {
    const body = await request.text();
    const logLine = logLineFrom(context);
    try {
      const status = await postWebhook(url, request, body, context);
      const { event_type } = JSON.parse(body).data;
      logLine(`POST ${url} ${event_type} ${status}`);
      isDown = false;
      return new Response(null, { status });
    } catch (error) {
      if (!isDown && !context.stop.aborted) {
        printError(
          `Cannot deliver webhooks: no response from ${url}`,
          context,
        );
      }
      isDown = true;
      throw error;
    }
  };
}
