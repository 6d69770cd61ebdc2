/**
 * Takes the provider's webhooks: verifies them, says so at once, and works
 * afterwards. It is the same on every runtime; what starts it there is beside
 * it: `deno.ts`, `node.ts`, `bun.ts` and `worker.ts`.
 */
import {
  parseWebhook,
  responseInit,
  type RoomEvent,
  RoomsError,
  type WebhookRequest,
} from "@videorooms/telnyx";

/** A web `Request`, or as much of it as another server has. */
export interface Incoming extends WebhookRequest {
  readonly method?: string | undefined;
}

/** The outside world, handed in. */
export interface Deps {
  /** The account's public key; while keys are rotated, both of them. */
  publicKey: string | string[];
  /** What is to be done about an event, once the provider knows it has come. */
  work: (event: RoomEvent) => unknown;
  /** Keeps a worker alive until the work is done; servers live on anyway. */
  waitUntil?: (done: Promise<unknown>) => void;
}

/** Answers one webhook: 204 if it is the provider's, 400 if it is not. */
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
    // A wrong key of yours, for one: the webhook comes again later
    if (init.status >= 500) console.error(String(error));
    const code = error instanceof RoomsError ? error.code : "internal";
    return Response.json({ error: code }, init);
  }
  const done = Promise.resolve(event).then(work)
    .catch((error) => console.error(`Event ${event.id}: ${error}`));
  waitUntil?.(done);
  return new Response(null, { status: 204 });
}

/** Puts an event in words; an app would do something about it. */
export function describe(event: RoomEvent): string {
  switch (event.event_type) {
    case "video.room.session.started":
      return `Session ${event.payload.session_id} began`;
    case "video.room.session.ended":
      return `Session ${event.payload.session_id} ended`;
    case "video.room.participant.joined":
      return `${event.payload.context ?? "Someone"} came`;
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
 * Logs an event. One may come twice, with the same `id`, and they come in any
 * order: where that matters, make `id` a unique key of your database.
 */
export function log(event: RoomEvent): void {
  console.log(`${event.occurred_at ?? ""} ${describe(event)}`);
}
