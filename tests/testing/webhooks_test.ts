import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  createComposition,
  createRoom,
  endSession,
  getSession,
  kickParticipants,
  parseWebhook,
  type RoomEvent,
  WebhookError,
} from "../../mod.ts";
import {
  fakeRooms,
  signWebhook,
  type WebhookHandler,
} from "../../lib/testing/fake_rooms.ts";

import { id } from "../support/example.ts";

const url = "https://www.example.com/hook";
const failover = "https://failover.example.com/hook";

/** A fake with webhooks, its clock, and the webhooks that it sent. */
function fakeWithWebhooks(fields = {}, handler?: WebhookHandler) {
  const clock = { now: Date.UTC(2026, 0, 1) };
  const requests: Request[] = [];
  const fake = fakeRooms({
    now: () => clock.now,
    onWebhook(request) {
      requests.push(request.clone());
      return handler?.(request);
    },
  });
  const room = () =>
    createRoom(fake.fetch, "any", { webhook_event_url: url, ...fields });
  const events = async () => {
    await fake.delivered();
    return await Promise.all(
      requests.map((request) =>
        parseWebhook(request.clone(), fake.publicKey, { now: clock.now })
      ),
    );
  };
  return { fake, clock, requests, room, events };
}

const types = (events: RoomEvent[]) =>
  events.map(({ event_type }) => event_type.replace("video.room.", ""));

Deno.test("fakeRooms() sends signed webhooks of a session", async () => {
  const { fake, clock, room, events } = fakeWithWebhooks();
  const { id } = await room();
  const alice = fake.join(id, { context: "Alice" });
  clock.now += 34_500;
  const bob = fake.join(id);
  const session = alice.session_id ?? "";
  await kickParticipants(fake.fetch, "any", session, [alice.id]);
  clock.now += 1500;
  await endSession(fake.fetch, "any", session);

  const sent = await events();
  assertEquals(types(sent), [
    "session.started",
    "participant.joined",
    "participant.joined",
    "participant.left",
    "participant.left",
    "session.ended",
  ]);
  const place = { room_id: id, session_id: session };
  const ofAlice = { ...place, participant_id: alice.id, context: "Alice" };
  const left = { ...place, participant_id: bob.id, left_reason: "left" };
  assertEquals<unknown[]>(sent.map(({ payload }) => payload), [
    place,
    ofAlice,
    { ...place, participant_id: bob.id },
    { ...ofAlice, duration_secs: 34, left_reason: "kicked" },
    { ...left, duration_secs: 1 },
    { ...place, duration_secs: 36, ended_reason: "Ended from API" },
  ]);
  const { created_at } = await getSession(fake.fetch, "any", session);
  assertEquals(created_at, "2026-01-01T00:00:00.000000Z");
  assertEquals(sent[0]?.occurred_at, created_at);
  assertEquals(new Set(sent.map(({ id }) => id)).size, sent.length);
});

Deno.test("fakeRooms() sends webhooks to the URL of the room or the composition, or else to webhookUrl", async () => {
  const requests: string[] = [];
  const fake = fakeRooms({
    webhookUrl: failover,
    onWebhook: (request) => void requests.push(request.url),
  });
  for (const fields of [{}, { webhook_event_url: url }]) {
    fake.join((await createRoom(fake.fetch, "any", fields)).id);
  }
  const [room] = fake.rooms;
  await createComposition(fake.fetch, "any", {
    session_id: `${room?.active_session_id}`,
    webhook_event_url: url,
  });
  fake.complete(room?.id ?? "");
  await fake.delivered();
  assertEquals(requests, [failover, failover, url, url, url]);
});

Deno.test("fakeRooms() tells what becomes due in the order of its time, and completes no recording that goes on", async () => {
  const { fake, clock, room } = fakeWithWebhooks();
  const { id } = await room();
  fake.record(id);
  const { session_id, id: person } = fake.join(id);
  fake.record(id); // which is on
  await createComposition(fake.fetch, "any", { session_id });
  assertEquals(fake.complete(id), 1);
  await createComposition(fake.fetch, "any", { session_id });
  clock.now += 1500;
  fake.leave(person);
  clock.now += 5000;
  await fake.delivered();
  const told = fake.webhooks.map(({ event }) => event.event_type.slice(11));
  assertEquals(told, [
    ...["session.started", "participant.joined"],
    ...["recording.started", "recording.started", "composition.completed"],
    ...["participant.left", "session.ended", "composition.completed"],
    ...["recording.completed", "recording.completed"],
  ]);
});

Deno.test("fakeRooms() ends no session again when someone leaves that has ended", () => {
  const sessions = [{ id, active: false, participants: [{ id }] }];
  const fake = fakeRooms({ rooms: [{ id, sessions }] });
  fake.leave(id);
  const told = fake.webhooks.map(({ event }) => event.event_type);
  assertEquals(told, ["video.room.participant.left"]);
});

for (const isAccepted of [true, false]) {
  const ending = isAccepted ? "at the failover URL" : "and gives it up";
  Deno.test(`fakeRooms() retries a webhook, then ${ending}, with the same event id`, async () => {
    const { fake, requests, room } = fakeWithWebhooks(
      isAccepted ? { webhook_event_failover_url: failover } : {},
      ({ url }) => {
        if (url === failover) return new Response(null, { status: 204 });
        if (requests.length % 2) return new Response(null, { status: 302 });
        throw new Error("The handler broke");
      },
    );
    fake.join((await room()).id);
    await fake.delivered();
    const bodies = await Promise.all(requests.map((request) => request.json()));
    const attempts = [[1, url], [2, url], [3, url]];
    if (isAccepted) attempts.push([1, failover]);
    assertEquals(
      bodies.map(({ meta }) => [meta.attempt, meta.delivered_to]),
      [...attempts, ...attempts], // of two events
    );
    assertEquals(new Set(bodies.map(({ data }) => data.id)).size, 2);
  });
}

Deno.test("fakeRooms().webhookFault() sends the next webhook twice, or after the one that follows", async () => {
  const { fake, room, events } = fakeWithWebhooks();
  const { id } = await room();
  fake.webhookFault("duplicate");
  fake.join(id);
  const [started, joined] = ["session.started", "participant.joined"];
  assertEquals(types(await events()), [started, started, joined]);
  assertEquals(fake.webhooks.map(({ attempts }) => attempts.length), [2, 1]);
  fake.endSession(id);
  await fake.delivered();
  fake.webhookFault("reorder");
  fake.join(id);
  assertEquals(types(await events()).slice(5), [joined, started]);
  fake.webhookFault("reorder");
  fake.join(id); // and nothing follows
  assertEquals(types(await events()).slice(7), [joined]);
});

Deno.test("fakeRooms().webhooks has events that nobody is told of, without an id of the test's, and keeps the newest 1000", () => {
  let ids = 0;
  const fake = fakeRooms({
    rooms: [{ id }],
    newId: () => `7b61621f-62e0-4aad-ab11-${`${++ids}`.padStart(12, "0")}`,
  });
  fake.join(id);
  assertEquals(ids, 2); // the session and the participant
  assertEquals(fake.webhooks.map(({ urls, attempts }) => [urls, attempts]), [
    [[], []],
    [[], []],
  ]);
  for (let n = 0; n < 999; n++) fake.leave(fake.join(id).id);
  assertEquals(fake.webhooks.length, 1000);
});

Deno.test("fakeRooms().redeliver() sends the same event again; reset() forgets it", async () => {
  const { fake, room, events } = fakeWithWebhooks();
  fake.join((await room()).id);
  const [started] = await events();
  const eventId = started?.id ?? "";
  fake.redeliver(eventId);
  assertEquals((await events()).at(-1), started);
  fake.reset();
  assertEquals(fake.webhooks, []);
  assertThrows(() => fake.redeliver(eventId), TypeError, "Cannot find webhook");
});

Deno.test("signWebhook() makes a request that parseWebhook() accepts, at its time", async () => {
  const now = Date.UTC(2026, 0, 1) + 999;
  const request = await signWebhook({
    event_type: "video.room.participant.joined",
    payload: { participant_id: id, context: "Ann" },
  }, { url, now });
  assertEquals(request.url, url);
  const plain = await signWebhook({ event_type: "video.room.new" });
  assertEquals(plain.url, "https://example.com/webhooks");
  const { publicKey } = fakeRooms();
  const event = await parseWebhook(request.clone(), publicKey, { now });
  assertEquals(event.occurred_at, "2026-01-01T00:00:00.999000Z");
  const signedAt = request.headers.get("telnyx-timestamp");
  assertEquals(signedAt, `${Date.UTC(2026, 0, 1) / 1000}`);
  await assertRejects(() => parseWebhook(request, publicKey), WebhookError);
});
