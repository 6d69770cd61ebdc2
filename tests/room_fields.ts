/**
 * What the provider documents of each field, stated a second time and in other
 * words than the decoder's, so that a slip in either shows. The compiler holds
 * it equal to the interfaces, and the laws of the tests hold the decoder to it.
 */
import fc from "fast-check";

import type { PageMeta, Room, RoomParticipant, RoomSession } from "../mod.ts";

export type Kind = "string" | "integer" | "boolean" | "object" | "array";

/** A field that is not required may be absent or null. */
export interface Field {
  kind: Kind;
  required?: true;
}

type KindOf<T> = T extends string ? "string"
  : T extends number ? "integer"
  : T extends boolean ? "boolean"
  : T extends unknown[] ? "array"
  : "object";

/** Every field of an interface, and what it says of each. */
type FieldsOf<T> = {
  [Name in keyof T]-?:
    & { kind: KindOf<NonNullable<T[Name]>> }
    & (Record<never, never> extends Pick<T, Name>
      ? null extends T[Name] ? { required?: never } : never
      : null extends T[Name] ? never
      : { required: true });
};

const id = { kind: "string", required: true } as const;
const string = { kind: "string" } as const;

export const participantFields: FieldsOf<RoomParticipant> = {
  id,
  session_id: string,
  context: string,
  joined_at: string,
  updated_at: string,
  left_at: string,
  record_type: string,
};

export const sessionFields: FieldsOf<RoomSession> = {
  id,
  room_id: string,
  active: { kind: "boolean" },
  created_at: string,
  updated_at: string,
  ended_at: string,
  participants: { kind: "array" },
  record_type: string,
};

export const roomFields: FieldsOf<Room> = {
  id,
  max_participants: { kind: "integer" },
  unique_name: string,
  created_at: string,
  updated_at: string,
  active_session_id: string,
  sessions: { kind: "array" },
  enable_recording: { kind: "boolean" },
  webhook_event_url: string,
  webhook_event_failover_url: string,
  webhook_timeout_secs: { kind: "integer" },
  video_codecs: { kind: "array" },
  record_type: string,
};

export const metaFields: FieldsOf<PageMeta> = {
  page_number: { kind: "integer" },
  page_size: { kind: "integer" },
  total_pages: { kind: "integer", required: true },
  total_results: { kind: "integer" },
};

type Json = fc.JsonValue;
export type JsonObject = { [key: string]: Json };

/** Integers as JSON has them: of any size. */
const integer = fc.oneof(
  fc.integer(),
  fc.maxSafeInteger(),
  fc.constantFrom(0, 1e21, -1e300, Number.MAX_VALUE),
);

const ofKind: Record<Kind, fc.Arbitrary<Json>> = {
  string: fc.oneof(fc.string({ unit: "grapheme" }), fc.uuid()),
  integer,
  boolean: fc.boolean(),
  object: fc.dictionary(fc.string(), fc.jsonValue()) as fc.Arbitrary<Json>,
  array: fc.array(fc.jsonValue()) as fc.Arbitrary<Json>,
};

/** Anything but what the field takes. */
export function wrongFor({ kind, required }: Field): fc.Arbitrary<Json> {
  const others = Object.entries(ofKind).filter(([other]) => other !== kind);
  return fc.oneof(
    ...others.map(([, arbitrary]) => arbitrary),
    fc.constant(1.5),
    ...(required ? [fc.constant(null)] : []),
  );
}

/** A record of these fields, with more of other names; none absent if `whole`. */
function record(
  fields: Record<string, Field>,
  inner: Record<string, fc.Arbitrary<Json>>,
  whole: boolean,
): fc.Arbitrary<JsonObject> {
  const known = fc.record(
    Object.fromEntries(
      Object.entries(fields).map(([name, { kind, required }]) => {
        const value = inner[name] ?? ofKind[kind];
        return [name, required || whole ? value : fc.option(value)];
      }),
    ),
    whole ? {} : {
      requiredKeys: Object.keys(fields).filter((name) =>
        fields[name]?.required
      ),
    },
  );
  const more = fc.dictionary(
    fc.oneof(
      fc.string(),
      fc.constantFrom("__proto__", "constructor", "toString", "data", "a/b~c"),
    ).filter((name) => !Object.hasOwn(fields, name)),
    fc.jsonValue({ maxDepth: 2 }),
    { maxKeys: 3 },
  );
  // Through entries, so that a key "__proto__" stays a key
  return fc.tuple(known, more).map(([a, b]) =>
    Object.fromEntries([...Object.entries(a), ...Object.entries(b)])
  ) as fc.Arbitrary<JsonObject>;
}

function rooms(whole: boolean): fc.Arbitrary<JsonObject> {
  const length = { minLength: whole ? 1 : 0, maxLength: 3 };
  const participant = record(participantFields, {}, whole);
  const session = record(sessionFields, {
    participants: fc.array(participant, length),
  }, whole);
  return record(roomFields, {
    sessions: fc.array(session, length),
    video_codecs: fc.array(ofKind.string, length),
  }, whole);
}

/** Any room that the documentation allows. */
export const anyRoom: fc.Arbitrary<JsonObject> = rooms(false);

/** A room with every field, a session and a participant. */
export const wholeRoom: fc.Arbitrary<JsonObject> = rooms(true);

function pages(whole: boolean): fc.Arbitrary<JsonObject> {
  const body: Record<string, Field> = {
    data: { kind: "array", required: true },
    meta: { kind: "object", required: true },
  };
  return record(body, {
    data: fc.array(rooms(whole), { minLength: whole ? 1 : 0, maxLength: 3 }),
    meta: record(metaFields, {}, whole),
  }, whole);
}

/** Any page of rooms that the documentation allows. */
export const anyPage: fc.Arbitrary<JsonObject> = pages(false);

/** A page with every field, and a room with every field. */
export const wholePage: fc.Arbitrary<JsonObject> = pages(true);
