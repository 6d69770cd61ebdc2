/** The type of an interaction, and the matchers that several share. */
import type { Operation } from "../lib/core/mod.ts";
import { examples } from "./names.ts";
import { MatchersV3 } from "./pact.ts";

const { eachLike, fromProviderState, integer, like, regex } = MatchersV3;

/** A request, and what the response must look like. */
export interface Interaction {
  /** The provider state, in the provider's terms. */
  state: string;
  description: string;
  operation: Operation;
  /** The options of the call, and the query that must result from them. */
  opts?: Record<string, unknown>;
  query?: Record<string, unknown>;
  /** The payload of the call. */
  payload?: unknown;
  /** The body of the request. Default: the payload. */
  sent?: unknown;
  /** The status of the response. Default: that of success. */
  status?: number;
  headers?: Record<string, ReturnType<typeof regex>>;
  /** The body of the response, with matchers where a value may differ. */
  body?: unknown;
}

/** Values in a request that the provider state may replace. */
export const given = Object.fromEntries(
  Object.entries(examples).map((
    [name, example],
  ) => [name, fromProviderState(`\${${name}}`, example)]),
) as Record<keyof typeof examples, ReturnType<typeof fromProviderState>>;

export const uuid = (example: string) =>
  regex(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/, example);
/** ISO 8601 of any precision: the module reads every spelling of a time. */
export const timestamp = (example: string) =>
  regex(
    /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/,
    example,
  );
export const url = (example: string) => regex(/^https?:\/\/.+$/, example);

export const roomId = uuid(examples.room_id);
export const sessionId = uuid(examples.room_session_id);
export const participantId = uuid(examples.room_participant_id);
export const recordingId = uuid(examples.room_recording_id);
export const compositionId = uuid(examples.room_composition_id);

export const began = timestamp("2021-04-16T09:46:20.954863Z");
export const changed = timestamp("2021-04-16T10:24:55.962200Z");

/** The first request of an `all…()`. */
export const firstPage = {
  opts: { pageNumber: 1, pageSize: 250 },
  query: { "page[number]": "1", "page[size]": "250" },
};

/**
 * A page. The look-up has the formats of an item's fields, and of `meta` only
 * `total_pages` is needed, to recognize the last page.
 */
export function pageLike(item: Record<string, unknown>) {
  return { data: eachLike(item), meta: { total_pages: integer(3) } };
}

/** The bare error body. */
export const error = (code: string, title: string) => like({ code, title });

/** The general error body. */
export const errors = (code: string, title: string) => ({
  errors: eachLike({ code, title }),
});

/** The body of an action that was carried out. */
export const done = { data: like({ result: "ok" }) };
