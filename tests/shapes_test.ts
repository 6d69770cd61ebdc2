/**
 * What each operation takes for its result, as one table. That of a room, and of
 * a list of them, is in `response_test.ts` and `rooms_test.ts`.
 */
import { assertEquals } from "@std/assert";
import fc from "fast-check";
import type {
  JoinToken,
  RefreshedJoinToken,
  RoomComposition,
  RoomRecording,
  VideoRegion,
} from "../mod.ts";
import * as core from "../lib/core.ts";
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
} from "./fields.ts";
import { participantFields, sessionFields, sessions } from "./room_fields.ts";
import { testShape } from "./shape_laws.ts";

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

/** What holds one record, and what is in that. */
const one = (records: Records, ...levels: Levels) => ({
  bodies: (whole: boolean) =>
    records(whole).chain((data) =>
      record(bodyFields, { data: fc.constant(data) }, whole)
    ),
  levels: [["", bodyFields], ...levels.map(within("/data"))] as Levels,
});

/** What holds a page of records, and what is in them. */
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
    [core.createRoomOperation, core.updateRoomOperation],
    one(of(justId), ["", justId]),
  ],
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

for (const [operations, { bodies, levels }] of table) {
  for (const operation of operations) {
    const name = `${operation.method} ${operation.path}`;
    const parse = (body: string) =>
      core.parseResponse(operation, {
        status: operation.status,
        headers: new Headers(),
        body,
      });

    Deno.test(`${name} takes whatever is documented, unchanged`, () => {
      fc.assert(
        fc.property(bodies(false), (body) => {
          const text = JSON.stringify(body);
          assertEquals(
            JSON.stringify(parse(text)),
            JSON.stringify(JSON.parse(text)),
          );
        }),
        { numRuns: 30 },
      );
    });
  }
  const [operation] = operations as [core.Operation];
  testShape(
    `${operation.method} ${operation.path}`,
    (body) =>
      core.parseResponse(operation, {
        status: operation.status,
        headers: new Headers(),
        body,
      }),
    bodies(true),
    levels,
  );
}

Deno.test("Every operation with a result is in the table, but for those of rooms", () => {
  const tested = new Set(table.flatMap(([operations]) => operations));
  const { getRoomOperation, listRoomsOperation } = core;
  const left = (Object.values(core) as core.Operation[])
    .filter((value) => value.path && value.result && !tested.has(value));
  assertEquals(new Set(left), new Set([getRoomOperation, listRoomsOperation]));
});
