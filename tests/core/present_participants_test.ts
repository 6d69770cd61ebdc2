import "../support/pure.ts";
import { assertEquals } from "@std/assert";
import {
  presentParticipants,
  type RoomSession,
  wholeMeeting,
} from "../../mod.ts";
import { createCompositionOperation, toRequest } from "../../lib/core/mod.ts";
import { id } from "../support/example.ts";

Deno.test("presentParticipants() are those of the active session, or of the one that the room names", () => {
  const participants = [
    { id: "p", left_at: null },
    { id: "q", left_at: "2026-01-01T00:00:00Z" },
  ];
  const named = { id: "s", participants };
  const sessions: [
    sessions: RoomSession[] | null | undefined,
    count: number,
  ][] = [
    ...[undefined, null, []].map((none): [typeof none, number] => [none, 0]),
    [[{ id: "s", active: true, participants: null }, { id: "s" }], 0],
    [[{ ...named, active: true }], 1],
    [[{ ...named, active: null }], 1],
    [[{ ...named, active: false }], 0],
    [[named], 1],
    [[{ ...named, id: "other" }], 0],
  ];
  for (const [given, count] of sessions) {
    const room = given === undefined ? {} : { sessions: given };
    const people = presentParticipants({ active_session_id: "s", ...room });
    assertEquals(people.length, count, JSON.stringify(given));
  }
});

Deno.test("wholeMeeting is a composition that createComposition accepts, with everyone's picture and sound", () => {
  const fields = { ...wholeMeeting, session_id: id };
  const { body } = toRequest(createCompositionOperation, "KEY", {}, {}, fields);
  const sent = JSON.parse(body ?? "");
  assertEquals(sent.audio_sources, ["*"]);
  assertEquals(sent.video_layout.everyone.video_sources, ["*"]);
});
