/**
 * What this module needs of the provider, as data: types and formats, never
 * example values, and nothing that the module could do without.
 */
import type { ListRoomsOptions } from "../mod.ts";
import answer from "../tests/recorded/room_without_a_name.json" with {
  type: "json",
};
import { roomId } from "./names.ts";
import { MatchersV3 } from "./pact.ts";

const { boolean, eachLike, integer, nullValue, regex, string } = MatchersV3;

/** One request, and what the answer must look like. */
export interface Interaction {
  /** The provider state, in the provider's words. */
  state: string;
  description: string;
  /** The function that asks. */
  operation: "getRoom" | "listRooms";
  /** What it is asked with, and the query that has to come of it. */
  opts: ListRoomsOptions;
  query: Record<string, string>;
  status: number;
  headers: Record<string, ReturnType<typeof regex>>;
  /** The body; matchers stand where a value may differ. */
  body: unknown;
}

const uuid = (example: string) =>
  regex(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/, example);
const timestamp = (example: string) =>
  regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}Z$/, example);
const url = (example: string) => regex(/^https?:\/\/.+$/, example);

/** The room of a recorded answer of the API. */
const { data: recorded } = answer;

const began = timestamp("2021-04-16T09:46:20.954863Z");
const changed = timestamp("2021-04-16T10:24:55.962200Z");
const sessionId = uuid("7b61621f-62e0-4aad-ab11-9fd19e272e74");

const room = {
  id: uuid(roomId),
  max_participants: integer(50),
  enable_recording: boolean(true),
  created_at: began,
  updated_at: changed,
};

const session = {
  id: sessionId,
  room_id: uuid(roomId),
  created_at: began,
  updated_at: changed,
};

const participant = {
  id: uuid("7b61621f-62e0-4aad-ab11-9fd19e272e76"),
  session_id: sessionId,
  context: string("Alice"),
  joined_at: began,
  updated_at: changed,
};

const error = (code: string, title: string) => ({
  code: regex(/^\d+$/, code),
  title: string(title),
});

const look = {
  operation: "getRoom",
  opts: {},
  query: {},
  headers: {},
} as const;
const found = { ...look, status: 200 };
const withSessions = {
  opts: { includeSessions: true },
  query: { include_sessions: "true" },
};

const list = { ...look, operation: "listRooms" } as const;
const listed = { ...list, status: 200 };
/** What the look-up says of a room's fields, a list need not say again. */
const data = eachLike({ id: room.id });
/** All that tells the last page from others. */
const meta = { total_pages: integer(3) };

export const interactions: Interaction[] = [
  {
    ...found,
    state: "a room with a name and webhooks exists",
    description: "a request for the room",
    body: {
      data: {
        ...room,
        unique_name: string("My Room"),
        webhook_event_url: url("https://www.example.com"),
        webhook_event_failover_url: url("https://failover.example.com"),
        webhook_timeout_secs: integer(25),
      },
    },
  },
  {
    ...found,
    state: "a room that was made without a name exists",
    description: "a request for the room",
    body: {
      data: {
        id: uuid(recorded.id),
        unique_name: nullValue(),
        max_participants: integer(recorded.max_participants),
        enable_recording: boolean(recorded.enable_recording),
        created_at: timestamp(recorded.created_at),
        updated_at: timestamp(recorded.updated_at),
        active_session_id: nullValue(),
        webhook_event_url: nullValue(),
        webhook_event_failover_url: string(
          recorded.webhook_event_failover_url,
        ),
        webhook_timeout_secs: nullValue(),
      },
    },
  },
  {
    ...found,
    state: "a room without webhook fail-over and time-out exists",
    description: "a request for the room",
    body: {
      data: {
        ...room,
        webhook_event_failover_url: nullValue(),
        webhook_timeout_secs: nullValue(),
      },
    },
  },
  {
    ...found,
    state: "a room with an active session and people in it exists",
    description: "a request for the room with its sessions",
    ...withSessions,
    body: {
      data: {
        ...room,
        active_session_id: sessionId,
        sessions: eachLike({
          ...session,
          active: boolean(true),
          participants: eachLike(participant),
        }),
      },
    },
  },
  {
    ...found,
    state: "a room whose session has ended exists",
    description: "a request for the room with its sessions",
    ...withSessions,
    body: {
      data: {
        ...room,
        sessions: eachLike({
          ...session,
          active: boolean(false),
          ended_at: changed,
          participants: eachLike({ ...participant, left_at: changed }),
        }),
      },
    },
  },
  {
    ...found,
    // Whether `sessions` is absent, empty or null then is not documented
    state: "a room that never had a session exists",
    description: "a request for the room with its sessions",
    ...withSessions,
    body: { data: room },
  },
  {
    ...look,
    state: "the token is unknown",
    description: "a request for the room",
    status: 401,
    body: { errors: eachLike(error("10009", "Authentication failed")) },
  },
  {
    ...look,
    state: "the token may not see the room",
    description: "a request for the room",
    status: 403,
    body: { errors: eachLike(error("10010", "Authorization failed")) },
  },
  {
    ...look,
    state: "there is no such room",
    description: "a request for the room",
    status: 404,
    body: error("10005", "Resource not found"),
  },
  {
    ...look,
    state: "there is no such room, told in the general error form",
    description: "a request for the room",
    status: 404,
    body: { errors: eachLike(error("10005", "Resource not found")) },
  },
  {
    ...look,
    state: "the rate limit is used up",
    description: "a request for the room",
    status: 429,
    headers: {
      // x-ratelimit-limit may be a list or not, and no retry depends on it
      "x-ratelimit-remaining": regex(/^\d+$/, "0"),
      "x-ratelimit-reset": regex(/^\d+$/, "3"),
    },
    body: { errors: eachLike(error("10011", "Too many requests")) },
  },
  {
    ...listed,
    state: "rooms exist",
    description: "a request for the rooms",
    body: { data, meta },
  },
  {
    ...listed,
    state: "more rooms exist than a page of one holds",
    description: "a request for the second page of one room",
    opts: { pageNumber: 2, pageSize: 1 },
    query: { "page[number]": "2", "page[size]": "1" },
    body: { data, meta },
  },
  {
    ...listed,
    state: "the room Standup was made and changed in April 2021",
    description: "a request for rooms by name and days, with their sessions",
    opts: {
      includeSessions: true,
      uniqueName: "Standup",
      createdAt: { gte: "2021-04-01", lte: "2021-04-30" },
      updatedAt: { eq: "2021-04-16" },
    },
    query: {
      "include_sessions": "true",
      "filter[date_created_at][gte]": "2021-04-01",
      "filter[date_created_at][lte]": "2021-04-30",
      "filter[date_updated_at][eq]": "2021-04-16",
      "filter[unique_name]": "Standup",
    },
    body: {
      data: eachLike({
        id: room.id,
        unique_name: string("Standup"),
        created_at: began,
        updated_at: changed,
        sessions: eachLike({ id: sessionId }),
      }),
      meta,
    },
  },
  {
    ...listed,
    // Whether that is one page or none is not documented
    state: "there are no rooms",
    description: "a request for the rooms",
    body: { data: [], meta: { total_pages: integer(1) } },
  },
  {
    ...list,
    state: "the token is unknown",
    description: "a request for the rooms",
    status: 401,
    body: { errors: eachLike(error("10009", "Authentication failed")) },
  },
];
