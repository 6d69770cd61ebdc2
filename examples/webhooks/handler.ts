/**
 * Receives the provider's webhooks: verifies each, responds at once, and does
 * the work afterwards. It runs on every runtime; `deno.ts`, `node.ts`, `bun.ts`
 * and `worker.ts` start it.
 */
import {
  parseWebhook,
  responseInit,
  type RoomEvent,
  RoomsError,
  type WebhookRequest,
} from "@videorooms/telnyx";

/** A web `Request`, or the parts of one that another server has. */
export interface Incoming extends WebhookRequest {
  readonly method?: string | undefined;
}

/** What the handler needs from outside. */
export interface Deps {
  /** The account's public key, or both keys during a rotation. */
  publicKey: string | string[];
  /** Your work on an event; the response does not wait for it. */
  work: (event: RoomEvent) => unknown;
  /** Keeps a worker alive until the work is done; servers do not need it. */
  waitUntil?: (done: Promise<unknown>) => void;
}

/**
 * Text as one line for a log. Guests choose their names: characters that a
 * terminal acts on, or that change the direction of text, become escapes.
 */
function printable(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu,
    (character) => `\\u{${character.charCodeAt(0).toString(16)}}`,
  );
}

/** Handles one webhook: 204 if it is the provider's, 400 if it is not. */
export async function webhook(
  request: Incoming,
  { publicKey, work, waitUntil }: Deps,
): Promise<Response> {
  if (request.method !== "POST") {
    return new Response(null, { status: 405, headers: { allow: "POST" } });
  }
  let event: RoomEvent;
  try {
    event = await parseWebhook(request, publicKey);
  } catch (error) {
    const init = responseInit(error);
    // Such as a wrong public key: the provider sends the webhook again
    if (init.status >= 500) console.error(printable(String(error)));
    const code = error instanceof RoomsError ? error.code : "internal";
    return Response.json({ error: code }, init);
  }
  const done = Promise.resolve(event).then(work)
    .catch((error) => console.error(printable(`Event ${event.id}: ${error}`)));
  waitUntil?.(done);
  return new Response(null, { status: 204 });
}

/** Describes an event; your app would act on it. */
export function describe(event: RoomEvent): string {
  switch (event.event_type) {
    case "video.room.session.started":
      return `Session ${event.payload.session_id} started`;
    case "video.room.session.ended":
      return `Session ${event.payload.session_id} ended`;
    case "video.room.participant.joined":
      return `${event.payload.context ?? "Someone"} joined`;
    case "video.room.participant.left":
      return `${event.payload.context ?? "Someone"} left`;
    case "video.room.recording.completed":
    case "video.room.composition.completed":
      return `A file of ${event.payload.size_mb ?? "?"} MB can be downloaded`;
    default:
      return event.event_type;
  }
}

/**
 * Logs an event. Events may arrive in any order, and twice with the same `id`:
 * where that matters, make `id` a unique key in your database.
 */
export function log(event: RoomEvent): void {
  console.log(printable(`${event.occurred_at ?? ""} ${describe(event)}`));
}
