import "../support/pure.ts";
import { assertEquals } from "@std/assert";
import { presentParticipants, wholeMeeting } from "../../mod.ts";
import { createCompositionOperation, toRequest } from "../../lib/core/mod.ts";
import { id } from "../support/example.ts";

const person = { id: "p", left_at: null };

Deno.test("presentParticipants() is nobody without sessions", () => {
  for (const sessions of [undefined, null, []]) {
    assertEquals(
      presentParticipants({ ...sessions !== undefined && { sessions } }),
      [],
    );
  }
  const session = { id: "s", active: true };
  for (const participants of [null, []]) {
    const sessions = [{ ...session, participants }, session];
    assertEquals(presentParticipants({ sessions }), []);
  }
});

Deno.test("presentParticipants() takes the active session, or the one that the room names", () => {
  const participants = [person];
  const of = (session: object) =>
    presentParticipants({
      active_session_id: "s",
      sessions: [{ id: "s", participants, ...session }],
    }).length;
  assertEquals([of({ active: true }), of({ active: false }), of({})], [
    1,
    0,
    1,
  ]);
  assertEquals([of({ active: null }), of({ id: "other" })], [1, 0]);
});

Deno.test("wholeMeeting is a composition that createComposition accepts, with everyone's picture and sound", () => {
  const fields = { ...wholeMeeting, session_id: id };
  const { body } = toRequest(createCompositionOperation, "KEY", {}, {}, fields);
  const sent = JSON.parse(body ?? "");
  assertEquals(sent.audio_sources, ["*"]);
  assertEquals(sent.video_layout.everyone.video_sources, ["*"]);
});
