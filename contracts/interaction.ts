/** One interaction of the contract, and the matchers that several share. */
import type { Operation } from "../lib/core.ts";
import { examples } from "./names.ts";
import { MatchersV3 } from "./pact.ts";

const { eachLike, fromProviderState, integer, like, regex } = MatchersV3;

/** One request, and what the response must look like. */
export interface Interaction {
  /** The provider state, in the provider's words. */
  state: string;
  description: string;
  operation: Operation;
  /** The options that are given, and the query that has to come of them. */
  opts?: Record<string, unknown>;
  query?: Record<string, unknown>;
  /** The payload that is given. */
  payload?: unknown;
  /** The body that has to come of it. Default: the payload. */
  sent?: unknown;
  /** The status. Default: that of the operation's success. */
  status?: number;
  headers?: Record<string, ReturnType<typeof regex>>;
  /** The body; matchers stand where a value may differ. */
  body?: unknown;
}

/** In a request, what the provider state may have others of. */
export const given = Object.fromEntries(
  Object.entries(examples).map((
    [name, example],
  ) => [name, fromProviderState(`\${${name}}`, example)]),
) as Record<keyof typeof examples, ReturnType<typeof fromProviderState>>;

export const uuid = (example: string) =>
  regex(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/, example);
export const timestamp = (example: string) =>
  regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}Z$/, example);
export const url = (example: string) => regex(/^https?:\/\/.+$/, example);

export const roomId = uuid(examples.room_id);
export const sessionId = uuid(examples.room_session_id);
export const participantId = uuid(examples.room_participant_id);
export const recordingId = uuid(examples.room_recording_id);
export const compositionId = uuid(examples.room_composition_id);

export const began = timestamp("2021-04-16T09:46:20.954863Z");
export const changed = timestamp("2021-04-16T10:24:55.962200Z");

/** What an `all…()` asks for. */
export const firstPage = {
  opts: { pageNumber: 1, pageSize: 250 },
  query: { "page[number]": "1", "page[size]": "250" },
};

/**
 * A page. The formats of an item's fields are those of the look-up; and of where
 * a page is in the list, `total_pages` alone tells which one is the last.
 */
export function pageOf(item: Record<string, unknown>) {
  return { data: eachLike(item), meta: { total_pages: integer(3) } };
}

/** An error by itself. */
export const error = (code: string, title: string) => like({ code, title });

/** An error in the general form. */
export const errors = (code: string, title: string) => ({
  errors: eachLike({ code, title }),
});

/** That an action was carried out. */
export const done = { data: like({ result: "ok" }) };
