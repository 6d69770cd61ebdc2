// An event of each type that Telnyx documents, with made-up fields.
import type { EventPayloads } from "../core/events.ts";
import { type FakeRooms, fakeRooms } from "./fake_rooms.ts";
import { compose } from "./file_routes.ts";
import { partsOf } from "./parts.ts";
import type { EventToSign } from "./sign_webhook.ts";

const types: Record<keyof EventPayloads, true> = {
  "video.room.session.started": true,
  "video.room.session.ended": true,
  "video.room.participant.joined": true,
  "video.room.participant.left": true,
  "video.room.recording.started": true,
  "video.room.recording.completed": true,
  "video.room.composition.completed": true,
};
const prefix = "video.room.";

/** The types of events, without what all of them begin with. */
export const eventNames: readonly string[] = Object.keys(types)
  .map((type) => type.slice(prefix.length));

/** A fake in which there was a meeting; the same at any time but for its times. */
function withMeeting(): FakeRooms {
  const idOf = (n: number) => `7b61621f-62e0-4aad-ab11-9fd19e272e${n}`;
  let ids = 73;
  const rooms = [{ id: idOf(ids), enable_recording: true }];
  const fake = fakeRooms({ rooms, newId: () => idOf(++ids) });
  const { id, session_id } = fake.join(idOf(73), { context: "Alice" });
  fake.forward(900_000);
  fake.leave(id);
  compose(partsOf(fake).state, { session_id });
  fake.complete(idOf(73));
  return fake;
}

/** An event of this type, with or without the prefix; undefined for another. */
export function exampleEvent(name: string): EventToSign | undefined {
  const type = name.startsWith(prefix) ? name : prefix + name;
  const { event } = withMeeting().webhooks
    .findLast(({ event }) => event.event_type === type) ?? {};
  return event && { event_type: type, payload: event.payload };
}
