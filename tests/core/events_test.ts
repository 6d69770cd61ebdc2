import "../support/pure.ts";
import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  type EventPayloads,
  InvalidArgumentError,
  readEvent,
  WebhookError,
} from "../../mod.ts";

const place = {
  room_id: "0ccc7b54-4df3-4bca-a65a-35a1ecc777f0",
  session_id: "7b61621f-62e0-4aad-ab11-9fd19e272e73",
};
const { session_id } = place;
const person = { ...place, participant_id: "5ccc7b54-4df3-4bca-a65a-35a1ecc7" };
const recording = { ...person, recording_id: "1ccc7b54-4df3", type: "audio" };
const file = { download_url: "https://www.example.com", size_mb: 5.6 };

/** The provider's example of each payload, and its required field. */
const examples: {
  [Type in keyof EventPayloads]: [
    required: keyof EventPayloads[Type],
    payload: Required<EventPayloads[Type]>,
  ];
} = {
  "video.room.session.started": ["session_id", place],
  "video.room.session.ended": ["session_id", {
    ...place,
    duration_secs: 235,
    ended_reason: "stale",
  }],
  "video.room.participant.joined": ["participant_id", {
    ...person,
    context: "Alice",
  }],
  "video.room.participant.left": ["participant_id", {
    ...person,
    context: "Alice",
    duration_secs: 34,
    left_reason: "kick",
  }],
  "video.room.recording.started": ["recording_id", recording],
  "video.room.recording.completed": ["recording_id", {
    ...recording,
    ...file,
    duration_secs: 3660,
    codec: "opus",
  }],
  "video.room.composition.completed": ["composition_id", {
    ...place,
    ...file,
    composition_id: "5970ce77-4aeb-4e18-ac8c-3effca0c145a",
    duration_secs: 53,
    format: "mp4",
    resolution: "1280x720",
  }],
};

type Fields = Record<string, unknown>;

function bodyOf(event_type: unknown, payload: unknown, more: Fields = {}) {
  const event = {
    record_type: "event",
    event_type,
    id: "6b61621f-62e0-4aad-ab11-9fd19e272e73",
    occurred_at: "2018-02-02T22:25:27.521992Z",
    payload,
    ...more,
  };
  return JSON.stringify({ data: event });
}

/** Asserts that a body is malformed; returns the message. */
function malformed(body: string): string {
  const error = assertThrows(() => readEvent(body), WebhookError);
  assertEquals([error.code, error.attempts], ["malformed", 0]);
  return error.message;
}

for (const [type, [required, payload]] of Object.entries(examples)) {
  const fields = payload as Fields;

  Deno.test(`readEvent() accepts the provider's example of ${type}, and names each wrong field`, () => {
    const body = bodyOf(type, fields);
    assertEquals(readEvent(body), JSON.parse(body).data);
    for (const [name, value] of Object.entries(fields)) {
      const wrong: unknown[] = [[], {}, true];
      wrong.push(typeof value === "string" ? 1 : "1");
      if (name === "duration_secs") wrong.push(1.5);
      if (name === required) wrong.push(undefined, null);
      for (const value of wrong) {
        const message = malformed(bodyOf(type, { ...fields, [name]: value }));
        assert(message.includes(`/data/payload/${name} `), message);
      }
    }
  });

  Deno.test(`readEvent() requires only ${required} of ${type}, and a payload`, () => {
    for (const none of [undefined, null]) {
      const names = Object.keys(fields).filter((name) => name !== required);
      const payload = Object.fromEntries(names.map((name) => [name, none]));
      readEvent(bodyOf(type, { ...fields, ...payload }));
    }
    for (const payload of [undefined, null, "text", []]) {
      const message = malformed(bodyOf(type, payload));
      const problem = payload === undefined
        ? "is missing"
        : "must be an object";
      assert(message.includes(`/data/payload ${problem}`), message);
    }
  });
}

Deno.test("readEvent() requires an id and an event_type for every type", () => {
  for (const type of ["video.room.session.started", "video.room.renamed"]) {
    for (const name of ["id", "event_type"]) {
      const wrong = [undefined, null, 7, [type], { toString: null }];
      for (const value of wrong) {
        const body = bodyOf(type, { session_id }, { [name]: value });
        const problem = value === undefined ? "is missing" : "must be a string";
        assert(malformed(body).includes(`/data/${name} ${problem}`));
      }
    }
  }
});

Deno.test("readEvent() accepts an unknown type with any payload", () => {
  const types = fc.oneof(
    fc.string(),
    fc.constantFrom("__proto__", "constructor", "toString", "hasOwnProperty"),
    fc.constantFrom("video.room.recording.ended", "VIDEO.ROOM.SESSION.STARTED"),
  );
  fc.assert(fc.property(types, fc.jsonValue(), (type, payload) => {
    const body = bodyOf(type, payload);
    assertEquals<unknown>(readEvent(body), JSON.parse(body).data);
  }));
  const bare = { id: "1", event_type: "video.room.renamed" };
  assertEquals<unknown>(readEvent(JSON.stringify({ data: bare })), bare);
});

Deno.test("readEvent() changes nothing: it keeps unknown fields, their order and times", () => {
  const body =
    '{"meta":{"attempt":1},"data":{"payload":{"new":[null],"session_id":"1"},' +
    '"event_type":"video.room.session.started","__proto__":{"x":1},' +
    '"occurred_at":"2022-03-02 04:47:29.980874Z","id":"2"}}';
  const event = readEvent(body);
  assertEquals(JSON.stringify(event), JSON.stringify(JSON.parse(body).data));
  assertEquals(Object.getPrototypeOf(event), Object.prototype);
});

Deno.test("readEvent() rejects any other JSON, and does not quote it", () => {
  const secret = "a-secret-in-the-body";
  const values = fc.jsonValue().map((value) => JSON.stringify({ data: value }));
  fc.assert(fc.property(values, (body) => void malformed(body)));
  const bodies = [
    secret,
    "",
    "null",
    "[]",
    JSON.stringify(secret),
    JSON.stringify({ data: secret }),
    bodyOf("video.room.session.started", secret),
    bodyOf("video.room.session.started", { session_id: { secret } }),
    "[".repeat(100_000),
  ];
  for (const body of bodies) {
    const message = malformed(body);
    assert(!message.includes(secret), message);
    assert(/^[A-Z].*[^.]$/.test(message), message);
  }
});

Deno.test("readEvent() accepts only text", () => {
  for (const body of [{}, new Uint8Array(1), null, undefined]) {
    const error = assertThrows(
      () => readEvent(body as string),
      InvalidArgumentError,
    );
    assertEquals(error.argument, "body");
  }
});
