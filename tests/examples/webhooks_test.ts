import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { RoomEvent, WebhookError } from "@videorooms/telnyx";
import { readEvent } from "@videorooms/telnyx/core";
import {
  type Deps,
  describe,
  log,
  webhook,
} from "../../examples/webhooks/handler.ts";
import worker from "../../examples/webhooks/worker.ts";
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

/** Sends a request to the handler; returns its response and the work done. */
async function send(request: Request, more: Partial<Deps> = {}) {
  const worked: RoomEvent[] = [];
  const work = (event: RoomEvent) => worked.push(event);
  let done: Promise<unknown> = Promise.resolve();
  const waitUntil = (promise: Promise<unknown>) => void (done = promise);
  const { value, logged } = await quietly(async () => {
    const deps = { publicKey, work, waitUntil, ...more };
    const response = await webhook(request, deps);
    await done;
    return response;
  });
  return { status: value.status, text: await value.text(), logged, worked };
}

Deno.test("webhook() responds with 204, and passes the event on", async () => {
  for (const request of await deliveries()) {
    const event = readEvent(await request.clone().text());
    assertEquals(await send(request), {
      status: 204,
      text: "",
      logged: [],
      worked: [event],
    });
  }
});

Deno.test("webhook() responds before the work is done", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const work = () => promise;
  const { status } = await webhook(await delivery(), { publicKey, work });
  assertEquals(status, 204);
  resolve();
});

Deno.test("webhook() responds with 204 when the work fails, and logs it", async () => {
  for (
    const work of [
      () => Promise.reject(new Error("database is down")),
      () => {
        throw new Error("database is down");
      },
    ]
  ) {
    const request = await delivery();
    const { id } = readEvent(await request.clone().text());
    const { status, logged } = await send(request, { work });
    assertEquals(status, 204);
    assertEquals(logged, [`Event ${id}: Error: database is down`]);
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
  Deno.test(`webhook() responds with 400 to ${what}, and does no work`, async () => {
    const { status, text, worked } = await send(await request());
    assertEquals([status, JSON.parse(text)], [400, { error: code }]);
    assertEquals(worked, []);
  });
}

Deno.test("webhook() accepts only POST", async () => {
  const { status } = await send(new Request("http://127.0.0.1/"));
  assertEquals(status, 405);
});

Deno.test("webhook() responds with 500 when its public key is missing, and logs it", async () => {
  const result = await send(await delivery(), { publicKey: "" });
  assertEquals([result.status, result.worked], [500, []]);
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

Deno.test("The worker waits for the work", async () => {
  const { log } = console;
  const [logged, waited]: [unknown[], Promise<unknown>[]] = [[], []];
  console.log = (line) => void logged.push(line);
  try {
    const context = {
      waitUntil: (done: Promise<unknown>) => void waited.push(done),
    };
    const env = { TELNYX_PUBLIC_KEY: publicKey };
    const { status } = await worker.fetch(await delivery(), env, context);
    await Promise.all(waited);
    assertEquals([status, waited.length, logged.length], [204, 1, 1]);
  } finally {
    console.log = log;
  }
});
