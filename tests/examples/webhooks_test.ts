import { assert, assertEquals } from "@std/assert";
import type { RoomEvent } from "@videorooms/telnyx";
import { readEvent } from "@videorooms/telnyx/core";
import { describe, log, webhook } from "../../examples/webhooks/handler.ts";
import { openSqlite } from "../../examples/webhooks/sqlite.ts";
import { drain } from "../../examples/webhooks/store.ts";
import { fakeRooms } from "../../lib/testing/fake_rooms.ts";
import { id } from "../support/example.ts";
import { quietly } from "./ask.ts";

/** The webhook that the fake sends when someone joins. */
async function delivery() {
  const sent: Request[] = [];
  const fake = fakeRooms({
    rooms: [{ id }],
    webhookUrl: "http://127.0.0.1/",
    onWebhook: (request) => void sent.push(request),
  });
  fake.join(id);
  await fake.delivered();
  const [, joined] = sent;
  assert(joined);
  return joined;
}

const { publicKey } = fakeRooms();
const eventOf = async (request: Request) =>
  readEvent(await request.clone().text());

/** Sends the handler a request; returns its response, and what was stored by then. */
async function send(request: Request, key = publicKey) {
  const stored: RoomEvent[] = [];
  const { value, logged } = await quietly(() =>
    webhook(request, {
      publicKey: key,
      store: async (event) => {
        await new Promise((resolve) => setTimeout(resolve));
        stored.push(event);
      },
    })
  );
  const [...storedByThen] = stored;
  const text = await value.text();
  return { status: value.status, text, logged, stored: storedByThen };
}

Deno.test("webhook() responds with 204, but only once the event is stored", async () => {
  const request = await delivery();
  const stored = [await eventOf(request)];
  const expected = { status: 204, text: "", logged: [], stored };
  assertEquals(await send(request), expected);
});

Deno.test("webhook() responds with 500 when an event is not stored, so that it comes again", async () => {
  const error = new Error("the disk is full");
  const throwing = () => {
    throw error;
  };
  for (const store of [throwing, () => Promise.reject(error)]) {
    const request = await delivery();
    const { id } = await eventOf(request);
    const { value, logged } = await quietly(() =>
      webhook(request, { publicKey, store })
    );
    assertEquals(value.status, 500);
    assertEquals(logged, [`Event ${id} is not stored: ${error}`]);
  }
});

Deno.test("an event that is delivered twice is worked on once", async () => {
  const store = openSqlite(":memory:");
  const request = await delivery();
  for (const again of [request.clone(), request.clone()]) {
    const { status } = await webhook(again, { publicKey, store: store.add });
    assertEquals(status, 204);
  }
  const worked: RoomEvent[] = [];
  await drain(store, (event) => worked.push(event));
  await drain(store, (event) => worked.push(event));
  assertEquals(worked, [await eventOf(request)]);
});

Deno.test("drain() tries work that failed again, and does that of others meanwhile", async () => {
  const store = openSqlite(":memory:");
  const [first, second] = [
    await eventOf(await delivery()),
    { ...await eventOf(await delivery()), id: "second" },
  ];
  store.add(first);
  store.add(second);
  const worked: string[] = [];
  const { logged } = await quietly(() =>
    drain(store, ({ id }) => {
      if (id === first.id) throw new Error("down");
      worked.push(id);
    })
  );
  assertEquals([logged.length, worked], [1, ["second"]]);
  await drain(store, ({ id }) => worked.push(id));
  assertEquals(worked, ["second", first.id]);
  assertEquals(await store.waiting(), []);
});

Deno.test("openSqlite() keeps events in its file until their work is done", async () => {
  const file = await Deno.makeTempFile({ suffix: ".db" });
  try {
    const event = await eventOf(await delivery());
    openSqlite(file).add(event);
    const reopened = openSqlite(file);
    assertEquals(await reopened.waiting(), [event]);
    reopened.done(event.id);
    assertEquals(await openSqlite(file).waiting(), []);
  } finally {
    await Deno.remove(file);
  }
});

Deno.test("webhook() responds with 400 to a forged webhook, 405 to another method and 500, which it logs, without a public key", async () => {
  const { url, method, headers } = await delivery();
  const forged = new Request(url, { method, headers, body: "{}" });
  const text = '{"error":"bad_signature"}';
  const refused = { status: 400, text, logged: [], stored: [] };
  assertEquals(await send(forged), refused);
  assertEquals((await send(new Request(url))).status, 405);
  const { status, stored, logged } = await send(await delivery(), "");
  assertEquals([status, stored, logged.length], [500, [], 1]);
  assert(logged[0]?.includes("'publicKey'"));
});

const descriptions: [type: string, payload: unknown, description: string][] = [
  ["session.started", { session_id: "2" }, "Session 2 started"],
  ["session.ended", { session_id: "2" }, "Session 2 ended"],
  ["participant.joined", { participant_id: "2", context: "Al" }, "Al joined"],
  ["participant.left", { participant_id: "2" }, "Someone left"],
  [
    "recording.completed",
    { recording_id: "2", size_mb: 5.6 },
    "A file of 5.6 MB can be downloaded",
  ],
  ["recording.started", { recording_id: "2" }, "video.room.recording.started"],
  ["renamed", {}, "video.room.renamed"],
];
const event = (type: string, payload: unknown) => {
  const event_type = `video.room.${type}`;
  return readEvent(JSON.stringify({ data: { id: "1", event_type, payload } }));
};
Deno.test("describe() describes every event", () => {
  for (const [type, payload, description] of descriptions) {
    assertEquals(describe(event(type, payload)), description);
  }
});

Deno.test("log() prints one line, in which a name moves no cursor", async () => {
  const context = "\x1b[2J\x9b2J\u202eAl\nroot";
  const joined = event("participant.joined", { participant_id: "2", context });
  const { logged } = await quietly(() => log(joined));
  const line = " \\u{1b}[2J\\u{9b}2J\\u{202e}Al\\u{a}root joined";
  assertEquals(logged, [line]);
});
