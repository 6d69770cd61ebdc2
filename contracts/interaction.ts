/** The type of an interaction, and the matchers of which responses are made. */
import type { Operation } from "../lib/core/mod.ts";
import {
  deref,
  description,
  type Json,
  listOf,
  typesOf,
} from "../tests/support/described.ts";
import { examples, type Given } from "./names.ts";
import { MatchersV3 } from "./pact.ts";
import document from "./telnyx_rooms.openapi.json" with { type: "json" };

const {
  boolean,
  eachLike,
  fromProviderState,
  integer,
  like,
  nullValue,
  number,
  regex,
  string,
} = MatchersV3;

/** What is sent: a query or a body. The arguments of the call follow from it. */
export interface Sent {
  operation: Operation;
  query?: Record<string, unknown>;
  body?: Record<string, unknown>;
}

/** A response, with matchers where a value may differ. */
export interface Answer {
  /** Default: that of success. */
  status?: number;
  headers?: Record<string, ReturnType<typeof regex>>;
  body?: unknown;
}

/** A request in a provider state, and what the response must look like. */
export interface Interaction extends Sent {
  state: string;
  description: string;
  answer: Answer;
}

/** Values in a request that the provider state may replace. */
export const given = Object.fromEntries(
  Object.entries(examples).map((
    [name, example],
  ) => [name, fromProviderState(`\${${name}}`, example)]),
) as Record<keyof Given, ReturnType<typeof fromProviderState>>;

export const uuid = (example: string) =>
  regex(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/, example);
/** ISO 8601 of any precision: the module reads every spelling of a time. */
export const timestamp = (example: string) =>
  regex(
    /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/,
    example,
  );
export const url = (example: string) => regex(/^https?:\/\/.+$/, example);

export const began = timestamp("2021-04-16T09:46:20.954863Z");
export const changed = timestamp("2021-04-16T10:24:55.962200Z");

/** The schemas of records, by the name of their ids. */
const schemas = {
  room_id: document.components.schemas.Room,
  room_session_id: document.components.schemas.RoomSession,
  room_participant_id: document.components.schemas.RoomParticipant,
  room_recording_id: document.components.schemas.RoomRecording,
  room_composition_id: document.components.schemas.RoomComposition,
};

/** A matcher of a field as it is described, with an example. */
function matcherOf(
  record: keyof typeof schemas,
  name: string,
  given?: unknown,
) {
  if (given === null) return nullValue();
  const properties: Json = schemas[record].properties;
  const field = deref(description, properties[name]);
  const example = given ?? listOf(field.examples)[0];
  switch (field.format ?? typesOf(field).types[0]) {
    case "uuid": {
      const ids: Record<string, string> = { ...examples, id: examples[record] };
      return uuid(`${given ?? ids[name] ?? ids[`room_${name}`]}`);
    }
    case "date-time":
      if (given) return timestamp(`${given}`);
      return /^(created|started|joined)/.test(name) ? began : changed;
    case "boolean":
      return boolean(example !== false);
    case "integer":
      return integer(Number(example));
    case "number":
      return number(Number(example));
    default:
      return string(`${example}`);
  }
}

/** The fields of a recorded record, with matchers of their types. */
export const recordedAs = (
  record: keyof typeof schemas,
  recorded: Record<string, unknown>,
): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(recorded)
      .map(([name, value]) => [name, matcherOf(record, name, value)]),
  );

/** A success with this `data`. */
export const of = (data: unknown): Answer => ({ body: { data } });

/** An answer that follows from the record that an operation is about. */
export type AnswerOf = Answer | ((record: keyof typeof schemas) => Answer);

/**
 * A record with every field that is described, but for `record_type`: a matcher of
 * its type, unless `own` has one. It is absent if it is undefined there.
 */
export const whole = (own: Record<string, unknown>): AnswerOf => (record) => {
  const { record_type: _, ...properties } = schemas[record].properties;
  const matchers = Object.keys(properties)
    .map((name) => [name, matcherOf(record, name)]);
  const all = { ...Object.fromEntries(matchers), ...own };
  return of(JSON.parse(JSON.stringify(all))); // without what is undefined
};

/** A record of which only these fields matter. */
export const one =
  (fields: Record<string, unknown> = {}): AnswerOf => (record) =>
    of(like({ id: examples[record], ...fields }));

/** An action that was carried out. */
export const done = of(like({ result: "ok" }));

/**
 * A page. The look-up has the formats of an item's fields, and of `meta` only
 * `total_pages` is needed, to recognize the last page.
 */
export const pageOf =
  (more: Record<string, unknown> = {}): AnswerOf => (record) => ({
    body: {
      data: eachLike({ id: examples[record], ...more }),
      meta: { total_pages: integer(3) },
    },
  });

/** The provider's errors. */
const errors = {
  401: { code: "10009", title: "Authentication failed" },
  403: { code: "10010", title: "Authorization failed" },
  404: { code: "10005", title: "Resource not found" },
  422: { code: "10027", title: "Unprocessable Entity" },
  429: { code: "10011", title: "Too many requests" },
};

/** An error, in the general form or in that of a bare one. */
export const refused = (
  status: keyof typeof errors,
  form: "general" | "bare" = "general",
): Answer => ({
  status,
  body: form === "bare"
    ? like(errors[status])
    : { errors: eachLike(errors[status]) },
});
