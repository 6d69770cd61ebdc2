import type { WebhookHandler } from "../testing/fake_rooms.ts";
import type { Context } from "./context.ts";
import { printError } from "./failure.ts";
import { printable } from "./printable.ts";

/** Milliseconds that a receiver may take. */
const timeoutMs = 10_000;

/**
 * Makes what posts the fake's webhooks, and prints a line for each. All go to
 * this URL, so that rooms saved from the real API can't reach their receiver.
 * That nothing answers is said once, until something does again.
 */
export function postWebhooks(url: string, context: Context): WebhookHandler {
  let isDown = false;
  return async (request) => {
    const { method, headers } = request;
    const body = await request.text();
    const timeout = AbortSignal.timeout(timeoutMs);
    const signal = AbortSignal.any([context.stop, timeout]);
    try {
      const { status, body: unread } = await context.fetch(url, {
        method,
        headers: Object.fromEntries(headers),
        body,
        redirect: "manual",
        signal,
      });
      await unread?.getReader().cancel();
      const { event_type } = JSON.parse(body).data;
      context.stdout.write(
        `${method} ${printable(url)} ${event_type} ${status}\n`,
      );
      isDown = false;
      return new Response(null, { status });
    } catch (error) {
      if (!isDown && !context.stop.aborted) {
        printError(
          printable(`Webhooks can't be delivered: nothing answers at ${url}`),
          context,
        );
      }
      isDown = true;
      throw error;
    }
  };
}
