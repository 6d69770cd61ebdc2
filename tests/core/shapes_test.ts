/** The result that each operation accepts, as one table. */
import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  InvalidResponseError,
  type JoinToken,
  type RefreshedJoinToken,
  type RoomComposition,
  type RoomRecording,
  type VideoRegion,
} from "../../mod.ts";
import * as core from "../../lib/core/mod.ts";
import {
  bodyFields,
  type Field,
  type FieldsOf,
  id,
  integer,
  type JsonObject,
  metaFields,
  ofKind,
  pageFields,
  pagesOf,
  record,
  string,
  wrongFor,
} from "../support/fields.ts";
import { resolve } from "../support/pointer.ts";
import {
  participantFields,
  roomFields,
  rooms,
  sessionFields,
  sessions,
} from "../support/room_fields.ts";

const number = { kind: "number" } as const;
const array = { kind: "array" } as const;

const recordingFields: FieldsOf<RoomRecording> = {
  id,
  room_id: string,
  session_id: string,
  participant_id: string,
  status: string,
  type: string,
  size_mb: number,
  download_url: string,
  codec: string,
  duration_secs: integer,
  created_at: string,
  updated_at: string,
  started_at: string,
  ended_at: string,
  completed_at: string,
  record_type: string,
};

const regionFields: FieldsOf<VideoRegion> = {
  x_pos: integer,
  y_pos: integer,
  z_pos: integer,
  width: integer,
  height: integer,
  max_columns: integer,
  max_rows: integer,
  video_sources: array,
};

const compositionFields: FieldsOf<RoomComposition> = {
  id,
  room_id: string,
  session_id: string,
  user_id: string,
  status: string,
  format: string,
  resolution: string,
  size_mb: number,
  download_url: string,
  duration_secs: integer,
  created_at: string,
  updated_at: string,
  started_at: string,
  ended_at: string,
  completed_at: string,
  video_layout: { kind: "object" },
  audio_sources: array,
  webhook_event_url: string,
  webhook_event_failover_url: string,
  webhook_timeout_secs: integer,
  record_type: string,
};

const refreshedFields: FieldsOf<RefreshedJoinToken> = {
  token: { ...string, required: true },
  token_expires_at: string,
};

const tokenFields: FieldsOf<JoinToken> = {
  ...refreshedFields,
  refresh_token: { ...string, required: true },
  refresh_token_expires_at: string,
};

const doneFields: FieldsOf<core.ActionResult> = { result: string };
const deletedFields: FieldsOf<core.DeletedRecordings> = {
  room_recordings: { ...integer, required: true },
};

type Records = (whole: boolean) => fc.Arbitrary<JsonObject>;
type Levels = [path: string, fields: Record<string, Field>][];

/** Records of these fields alone. */
const of = (fields: Record<string, Field>): Records => (whole) =>
  record(fields, {}, whole);

const texts = fc.array(ofKind.string);

const compositions: Records = (whole) => {
  const region = record(regionFields, { video_sources: texts }, whole);
  const layout = fc.dictionary(fc.constantFrom("b", "toString"), region)
    .chain((others) => region.map((left) => ({ ...others, left })));
  return record(compositionFields, {
    audio_sources: texts,
    video_layout: layout as fc.Arbitrary<JsonObject>,
  }, whole);
};

/** A body with one record, and the fields of the record. */
const one = (records: Records, ...levels: Levels) => ({
  bodies: (whole: boolean) =>
    records(whole).chain((data) =>
      record(bodyFields, { data: fc.constant(data) }, whole)
    ),
  levels: [["", bodyFields], ...levels.map(within("/data"))] as Levels,
});

/** A page of records, and the fields of the records. */
const many = (records: Records, ...levels: Levels) => ({
  bodies: (whole: boolean) => pagesOf(records(whole), whole),
  levels: [
    ["", pageFields],
    ["/meta", metaFields],
    ...levels.map(within("/data/0")),
  ] as Levels,
});

const within = (path: string) => ([inner, fields]: Levels[0]): Levels[0] => [
  path + inner,
  fields,
];

const justId = { id };
const table: [core.Operation[], ReturnType<typeof one>][] = [
  [
    [core.getRoomOperation, core.createRoomOperation, core.updateRoomOperation],
    one(
      rooms,
      ["", roomFields],
      ["/sessions/0", sessionFields],
      ["/sessions/0/participants/0", participantFields],
    ),
  ],
  [[core.listRoomsOperation], many(rooms, ["", justId])],
  [[core.createJoinTokenOperation], one(of(tokenFields), ["", tokenFields])],
  [
    [core.refreshJoinTokenOperation],
    one(of(refreshedFields), ["", refreshedFields]),
  ],
  [[core.getSessionOperation], one(sessions, ["", justId])],
  [
    [core.listSessionsOperation],
    many(
      sessions,
      ["", sessionFields],
      ["/participants/0", participantFields],
    ),
  ],
  [
    [
      core.endSessionOperation,
      core.muteParticipantsOperation,
      core.unmuteParticipantsOperation,
      core.kickParticipantsOperation,
    ],
    one(of(doneFields), ["", doneFields]),
  ],
  [[core.getParticipantOperation], one(of(participantFields), ["", justId])],
  [
    [core.listParticipantsOperation],
    many(of(participantFields), ["", participantFields]),
  ],
  [[core.getRecordingOperation], one(of(recordingFields), ["", justId])],
  [
    [core.listRecordingsOperation],
    many(of(recordingFields), ["", recordingFields]),
  ],
  [
    [core.deleteRecordingsOperation],
    one(of(deletedFields), ["", deletedFields]),
  ],
  [
    [core.getCompositionOperation, core.createCompositionOperation],
    one(compositions, ["", justId]),
  ],
  [
    [core.listCompositionsOperation],
    many(
      compositions,
      ["", compositionFields],
      ["/video_layout/left", regionFields],
    ),
  ],
];

/**
 * Tests that a wrong field is refused, with its pointer, and that a field that is
 * not required may be null or absent.
 *
 * @param name The operation.
 * @param parse Reads the text of a body.
 * @param whole Bodies with every field.
 * @param levels The fields of each object in a body, by its pointer.
 */
function testShape(
  name: string,
  parse: (text: string) => unknown,
  whole: fc.Arbitrary<JsonObject>,
  levels: Levels,
): void {
  const fields = levels.flatMap(([path, fields]) =>
    Object.entries(fields).map(([name, field]) => ({ path, name, field }))
  );
  for (const { path, name: key, field } of fields) {
    const pointer = `${path}/${key}`;
    const changed = (
      body: JsonObject,
      change: (holder: JsonObject) => void,
    ) => {
      const copy = structuredClone(body);
      change(resolve(copy, path) as JsonObject);
      return JSON.stringify(copy);
    };
    const refusal = (text: string) =>
      assertThrows(() => parse(text), InvalidResponseError);

    Deno.test(`${name} refuses a wrong ${pointer}`, () => {
      fc.assert(
        fc.property(whole, wrongFor(field), (body, value) => {
          const error = refusal(changed(body, (holder) => holder[key] = value));
          assertEquals(error.pointer, pointer);
          assertEquals(error.expected, field.kind);
        }),
        { numRuns: 15 },
      );
    });

    Deno.test(`${name} ${field.required ? "requires" : "does not require"} ${pointer}`, () => {
      fc.assert(
        fc.property(whole, (body) => {
          const text = changed(body, (holder) => delete holder[key]);
          if (!field.required) {
            parse(text);
            parse(changed(body, (holder) => holder[key] = null));
            return;
          }
          const error = refusal(text);
          assertEquals(error.pointer, pointer);
          assertEquals(error.received, "nothing");
        }),
        { numRuns: 5 },
      );
    });
  }
}

for (const [operations, { bodies, levels }] of table) {
  const parsers = operations.map((operation) => {
    const name = `${operation.method} ${operation.path}`;
    const headers = new Headers();
    const parse = (body: string) =>
      core.parseResponse(operation, {
        status: operation.status,
        headers,
        body,
      });
    return { name, parse };
  });
  for (const { name, parse } of parsers) {
    Deno.test(`${name} accepts any documented result, unchanged`, () => {
      fc.assert(
        fc.property(bodies(false), (body) => {
          const text = JSON.stringify(body);
          // As text, so that the order of the keys counts, and `__proto__`
          assertEquals(
            JSON.stringify(parse(text)),
            JSON.stringify(JSON.parse(text)),
          );
        }),
        { numRuns: 30 },
      );
    });
  }
  const [{ name, parse }] = parsers as [typeof parsers[0]];
  testShape(name, parse, bodies(true), levels);
}

Deno.test("Every operation with a result is in the table", () => {
  const operations = (Object.values(core) as core.Operation[])
    .filter((value) => value.path && value.result);
  const tested = table.flatMap(([operations]) => operations);
  assertEquals(new Set(tested), new Set(operations));
});
