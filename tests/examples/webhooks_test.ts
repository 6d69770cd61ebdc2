import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { RoomEvent, WebhookError } from "@videorooms/telnyx";
import { readEvent } from "@videorooms/telnyx/core";
import {
  type Deps,
  describe,
  log,
  webhook,
} from "../../examples/webhooks/handler.ts";
import { openSqlite } from "../../examples/webhooks/sqlite.ts";
import { drain } from "../../examples/webhooks/store.ts";
import { fakeRooms } from "../../lib/testing/fake_rooms.ts";
import { id } from "../support/example.ts";
import { quietly } from "./quietly.ts";

/** The two webhooks that the fake sends when someone joins. */
async function deliveries(context = "Alice", now = Date.now()) {
  const sent: Request[] = [];
  const fake = fakeRooms({
    rooms: [{ id }],
    now: () => now,
    webhookUrl: "http://127.0.0.1/",
    onWebhook: (request) => void sent.push(request),
  });
  fake.join(id, { context });
  await fake.delivered();
  return sent;
}

/** The webhook of someone who joins. */
async function delivery(context?: string, now?: number): Promise<Request> {
  const [, joined] = await deliveries(context, now);
  assert(joined);
  return joined;
}

const { publicKey } = fakeRooms();

/** Sends a request to the handler; returns its response and what was stored. */
async function send(request: Request, more: Partial<Deps> = {}) {
  const stored: RoomEvent[] = [];
  const store = (event: RoomEvent) => void stored.push(event);
  const { value, logged } = await quietly(() =>
    webhook(request, { publicKey, store, ...more })
  );
  return { status: value.status, text: await value.text(), logged, stored };
}

Deno.test("webhook() responds with 204, and stores the event", async () => {
  for (const request of await deliveries()) {
    const event = readEvent(await request.clone().text());
    assertEquals(await send(request), {
      status: 204,
      text: "",
      logged: [],
      stored: [event],
    });
  }
});

Deno.test("webhook() responds only once the event is stored", async () => {
  const stored = Promise.withResolvers<void>();
  const store = () => stored.promise;
  let isAnswered = false;
  const answer = webhook(await delivery(), { publicKey, store })
    .finally(() => isAnswered = true);
  await new Promise((resolve) => setTimeout(resolve, 20));
  assertEquals(isAnswered, false);
  stored.resolve();
  assertEquals((await answer).status, 204);
});

Deno.test("webhook() responds with 500 when an event is not stored, so that it comes again", async () => {
  for (
    const store of [
      () => Promise.reject(new Error("the disk is full")),
      () => {
        throw new Error("the disk is full");
      },
    ]
  ) {
    const request = await delivery();
    const { id } = readEvent(await request.clone().text());
    const { status, logged } = await send(request, { store });
    assertEquals(status, 500);
    assertEquals(logged, [
      `Event ${id} is not stored: Error: the disk is full`,
    ]);
  }
});

Deno.test("an event that is delivered twice is worked on once", async () => {
  const store = openSqlite(":memory:");
  const request = await delivery();
  const event = readEvent(await request.clone().text());
  for (const again of [request.clone(), request]) {
    const { status } = await send(again, { store: store.add });
    assertEquals(status, 204);
  }
  const worked: RoomEvent[] = [];
  await drain(store, (event) => worked.push(event));
  await drain(store, (event) => worked.push(event));
  assertEquals(worked, [event]);
});

Deno.test("drain() tries work that failed again, and does that of others meanwhile", async () => {
  const store = openSqlite(":memory:");
  const events = await Promise.all(
    (await deliveries()).map(async (request) =>
      readEvent(await request.text())
    ),
  );
  for (const event of events) store.add(event);
  const [first] = events;
  const worked: string[] = [];
  const { logged } = await quietly(() =>
    drain(store, ({ id }) => {
      if (id === first?.id) throw new Error("down");
      worked.push(id);
    })
  );
  assertEquals(logged.length, 1);
  await drain(store, ({ id }) => worked.push(id));
  assertEquals(worked.toSorted(), events.map(({ id }) => id).toSorted());
  assertEquals(await store.waiting(), []);
});

Deno.test("openSqlite() keeps events in its file until their work is done", async () => {
  const file = await Deno.makeTempFile({ suffix: ".db" });
  try {
    const event = readEvent(await (await delivery()).text());
    openSqlite(file).add(event);
    const reopened = openSqlite(file);
    assertEquals(await reopened.waiting(), [event]);
    reopened.done(event.id);
    assertEquals(await openSqlite(file).waiting(), []);
  } finally {
    await Deno.remove(file);
  }
});

/** A webhook with changed headers or another body. */
async function changed(
  change: (headers: Headers, body: string) => string | void,
): Promise<Request> {
  const request = await delivery();
  const { headers, method, url } = request;
  const text = await request.text();
  const body = change(headers, text) ?? text;
  return new Request(url, { method, headers, body });
}

const signature = "telnyx-signature-ed25519";
const refusals: [string, () => Promise<Request>, WebhookError["code"]][] = [
  [
    "a forged webhook",
    () => changed((headers) => headers.set(signature, `${"A".repeat(86)}==`)),
    "bad_signature",
  ],
  [
    "a changed event",
    () => changed((_, body) => body.replace("joined", "left")),
    "bad_signature",
  ],
  [
    "an unsigned webhook",
    () => changed((headers) => headers.delete(signature)),
    "missing_header",
  ],
  [
    "an old webhook",
    () => delivery("Alice", Date.now() - 301_000),
    "too_old",
  ],
  [
    "an oversized webhook",
    () => delivery("A".repeat(2_000_000)),
    "too_large",
  ],
];

for (const [what, request, code] of refusals) {
  Deno.test(`webhook() responds with 400 to ${what}, and stores nothing`, async () => {
    const { status, text, stored } = await send(await request());
    assertEquals([status, JSON.parse(text)], [400, { error: code }]);
    assertEquals(stored, []);
  });
}

Deno.test("webhook() accepts only POST", async () => {
  const { status } = await send(new Request("http://127.0.0.1/"));
  assertEquals(status, 405);
});

Deno.test("webhook() responds with 500 when its public key is missing, and logs it", async () => {
  const result = await send(await delivery(), { publicKey: "" });
  assertEquals([result.status, result.stored], [500, []]);
  assertStringIncludes(result.logged.join(), "'publicKey'");
});

Deno.test("describe() describes every event", () => {
  const event = (event_type: string, payload: unknown) =>
    describe(
      readEvent(JSON.stringify({ data: { id: "1", event_type, payload } })),
    );
  const participant_id = "2";
  assertEquals(
    [
      event("video.room.session.started", { session_id: "2" }),
      event("video.room.session.ended", { session_id: "2" }),
      event("video.room.participant.joined", { participant_id, context: "Al" }),
      event("video.room.participant.left", { participant_id }),
      event("video.room.recording.completed", {
        recording_id: "2",
        size_mb: 5.6,
      }),
      event("video.room.recording.started", { recording_id: "2" }),
      event("video.room.renamed", {}),
    ],
    [
      "Session 2 started",
      "Session 2 ended",
      "Al joined",
      "Someone left",
      "A file of 5.6 MB can be downloaded",
      "video.room.recording.started",
      "video.room.renamed",
    ],
  );
});

Deno.test("log() prints one line, in which a name moves no cursor", () => {
  const event = readEvent(JSON.stringify({
    data: {
      id: "1",
      event_type: "video.room.participant.joined",
      payload: {
        participant_id: "2",
        context: "\x1b[2J\x9b2J\u202eAl\nroot",
      },
    },
  }));
  const lines: unknown[] = [];
  const { log: print } = console;
  console.log = (line) => void lines.push(line);
  try {
    log(event);
  } finally {
    console.log = print;
  }
  assertEquals(lines, [
    " \\u{1b}[2J\\u{9b}2J\\u{202e}Al\\u{a}root joined",
  ]);
});
