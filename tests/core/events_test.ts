import "../support/pure.ts";
import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  type EventPayloads,
  InvalidArgumentError,
  readEvent,
  type RoomEvent,
  WebhookError,
} from "../../mod.ts";

const [room_id, session_id, participant_id, recording_id] = [
  "0ccc7b54-4df3-4bca-a65a-35a1ecc777f0",
  "7b61621f-62e0-4aad-ab11-9fd19e272e73",
  "5ccc7b54-4df3-4bca-a65a-35a1ecc777f0",
  "1ccc7b54-4df3-4bca-a65a-35a1ecc777f0",
];

/** The provider's example of each payload, and its required field. */
const examples: {
  [Type in keyof EventPayloads]: [
    required: keyof EventPayloads[Type],
    payload: Required<EventPayloads[Type]>,
  ];
} = {
  "video.room.session.started": ["session_id", { session_id, room_id }],
  "video.room.session.ended": ["session_id", {
    session_id,
    room_id,
    duration_secs: 235,
    ended_reason: "stale",
  }],
  "video.room.participant.joined": ["participant_id", {
    session_id,
    room_id,
    participant_id,
    context: "Alice",
  }],
  "video.room.participant.left": ["participant_id", {
    session_id,
    room_id,
    participant_id,
    context: "Alice",
    duration_secs: 34,
    left_reason: "kick",
  }],
  "video.room.recording.started": ["recording_id", {
    session_id,
    room_id,
    participant_id,
    recording_id,
    type: "audio",
  }],
  "video.room.recording.completed": ["recording_id", {
    session_id,
    room_id,
    participant_id,
    recording_id,
    type: "audio",
    download_url: "https://www.example.com",
    duration_secs: 3660,
    size_mb: 5.6,
    codec: "opus",
  }],
  "video.room.composition.completed": ["composition_id", {
    composition_id: "5970ce77-4aeb-4e18-ac8c-3effca0c145a",
    download_url: "https://www.example.com",
    duration_secs: 53,
    format: "mp4",
    resolution: "1280x720",
    room_id: "2fbf2c0d-b6aa-463f-aeed-83ce298be978",
    session_id: "7c4da191-2600-4df6-a35e-0ecae6caa5d3",
    size_mb: 2.6,
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

  Deno.test(`readEvent() accepts the provider's example of ${type}`, () => {
    const body = bodyOf(type, fields);
    assertEquals(readEvent(body), JSON.parse(body).data);
  });

  for (const [name, value] of Object.entries(fields)) {
    const pointer = `/data/payload/${name} `;

    Deno.test(`readEvent() rejects a wrong ${name} of ${type}`, () => {
      const wrong: unknown[] = [[], {}, true];
      wrong.push(typeof value === "string" ? 1 : "1");
      if (name === "duration_secs") wrong.push(1.5);
      for (const value of wrong) {
        const message = malformed(bodyOf(type, { ...fields, [name]: value }));
        assert(message.includes(pointer), message);
      }
    });

    Deno.test(`readEvent() ${name === required ? "requires" : "does not require"} ${name} of ${type}`, () => {
      for (const none of [undefined, null]) {
        const body = bodyOf(type, { ...fields, [name]: none });
        if (name === required) assert(malformed(body).includes(pointer));
        else assertEquals(readEvent(body), JSON.parse(body).data);
      }
    });
  }

  Deno.test(`readEvent() requires a payload of ${type}`, () => {
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
  readEvent('{"data":{"id":"1","event_type":"video.room.renamed"}}');
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

Deno.test("RoomEvent narrows by event_type in a switch", () => {
  const describe = (event: RoomEvent): string => {
    switch (event.event_type) {
      case "video.room.participant.left":
        return `${event.payload.context} left`;
      default:
        return event.event_type;
    }
  };
  const left = examples["video.room.participant.left"][1];
  const type = "video.room.participant.left";
  assertEquals(describe(readEvent(bodyOf(type, left))), "Alice left");
  assertEquals(describe(readEvent(bodyOf("new", {}))), "new");
});

Deno.test("readEvent() accepts an unknown type without a payload", () => {
  const event = { id: "1", event_type: "video.room.new" };
  const body = JSON.stringify({ data: event });
  assertEquals<unknown>(readEvent(body), event);
});
