/**
 * What this module needs of the provider, as data: types and formats, never
 * example values, and nothing that the module could do without.
 */
import {
  createRoomOperation,
  deleteRoomOperation,
  getRoomOperation,
  listRoomsOperation,
  type Operation,
  updateRoomOperation,
} from "../lib/core.ts";
import answer from "../tests/recorded/room_without_a_name.json" with {
  type: "json",
};
import { roomId } from "./names.ts";
import { MatchersV3 } from "./pact.ts";

const { boolean, eachLike, integer, nullValue, regex, string } = MatchersV3;

/** One request, and what the response must look like. */
export interface Interaction {
  /** The provider state, in the provider's words. */
  state: string;
  description: string;
  operation: Operation;
  /** The options that are given, and the query that has to come of them. */
  opts?: Record<string, unknown>;
  query?: Record<string, string>;
  /** The payload that is given, and sent. */
  payload?: unknown;
  /** The status; by default, that of the operation's success. */
  status?: number;
  headers?: Record<string, ReturnType<typeof regex>>;
  /** The body; matchers stand where a value may differ. */
  body?: unknown;
}

const uuid = (example: string) =>
  regex(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/, example);
const timestamp = (example: string) =>
  regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}Z$/, example);
const url = (example: string) => regex(/^https?:\/\/.+$/, example);

/** The room of a recorded response of the API. */
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

/** A room that was made without a name, as recorded. */
const nameless = {
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

/** The error body in its general form. */
const errors = (code: string, title: string) => ({
  errors: eachLike(error(code, title)),
});

/** Of each error once: what an operation does with it is the same for all. */
const look = {
  operation: getRoomOperation,
  description: "a request for the room",
};
const withSessions = {
  opts: { includeSessions: true },
  query: { include_sessions: "true" },
};

const list = {
  operation: listRoomsOperation,
  description: "a request for the rooms",
};
/** What the look-up says of a room's fields, a list need not say again. */
const data = eachLike({ id: room.id });
/** All that tells the last page from others. */
const meta = { total_pages: integer(3) };

export const interactions: Interaction[] = [
  {
    ...look,
    state: "a room with a name and webhooks exists",
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
    ...look,
    state: "a room that was made without a name exists",
    body: { data: nameless },
  },
  {
    ...look,
    state: "a room without webhook fail-over and time-out exists",
    body: {
      data: {
        ...room,
        webhook_event_failover_url: nullValue(),
        webhook_timeout_secs: nullValue(),
      },
    },
  },
  {
    ...look,
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
    ...look,
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
    ...look,
    // Whether `sessions` is absent, empty or null then is not documented
    state: "a room that never had a session exists",
    description: "a request for the room with its sessions",
    ...withSessions,
    body: { data: room },
  },
  {
    ...look,
    state: "the token is unknown",
    status: 401,
    body: errors("10009", "Authentication failed"),
  },
  {
    ...look,
    state: "the token may not see the room",
    status: 403,
    body: errors("10010", "Authorization failed"),
  },
  {
    ...look,
    state: "there is no such room",
    status: 404,
    body: error("10005", "Resource not found"),
  },
  {
    ...look,
    state: "there is no such room, told in the general error form",
    status: 404,
    body: errors("10005", "Resource not found"),
  },
  {
    ...look,
    state: "the rate limit is used up",
    status: 429,
    headers: {
      // x-ratelimit-limit may be a list or not, and no retry depends on it
      "x-ratelimit-remaining": regex(/^\d+$/, "0"),
      "x-ratelimit-reset": regex(/^\d+$/, "3"),
    },
    body: errors("10011", "Too many requests"),
  },
  {
    ...list,
    state: "rooms exist",
    body: { data, meta },
  },
  {
    ...list,
    state: "more rooms exist than a page of one holds",
    description: "a request for the second page of one room",
    opts: { pageNumber: 2, pageSize: 1 },
    query: { "page[number]": "2", "page[size]": "1" },
    body: { data, meta },
  },
  {
    ...list,
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
    ...list,
    // Whether that is one page or none is not documented
    state: "there are no rooms",
    body: { data: [], meta: { total_pages: integer(1) } },
  },
  {
    ...list,
    state: "the token is unknown",
    status: 401,
    body: errors("10009", "Authentication failed"),
  },
  {
    operation: createRoomOperation,
    state: "no room is named Standup",
    description: "a request to create the room Standup",
    payload: {
      unique_name: "Standup",
      max_participants: 8,
      enable_recording: true,
      webhook_event_url: "https://www.example.com",
      webhook_event_failover_url: "https://failover.example.com",
      webhook_timeout_secs: 25,
    },
    body: {
      data: {
        ...room,
        unique_name: string("Standup"),
        webhook_event_url: url("https://www.example.com"),
        webhook_event_failover_url: url("https://failover.example.com"),
        webhook_timeout_secs: integer(25),
      },
    },
  },
  {
    operation: createRoomOperation,
    state: "no room is named Standup",
    description: "a request to create a room without a name",
    payload: { enable_recording: true },
    body: { data: nameless },
  },
  {
    operation: createRoomOperation,
    state: "a room is named Standup",
    description: "a request to create the room Standup",
    payload: { unique_name: "Standup" },
    status: 422,
    body: errors("10027", "Unprocessable Entity"),
  },
  {
    operation: updateRoomOperation,
    state: "a room with a name and webhooks exists",
    description: "a request to change the room",
    payload: { unique_name: "Retro", webhook_event_failover_url: null },
    body: {
      data: {
        ...room,
        unique_name: string("Retro"),
        webhook_event_failover_url: nullValue(),
      },
    },
  },
  {
    operation: updateRoomOperation,
    state: "there is no such room",
    description: "a request to change the room",
    payload: { max_participants: 8 },
    status: 404,
    body: error("10005", "Resource not found"),
  },
  {
    operation: deleteRoomOperation,
    state: "a room with a name and webhooks exists",
    description: "a request to delete the room",
  },
  {
    operation: deleteRoomOperation,
    state: "there is no such room",
    description: "a request to delete the room",
    status: 404,
    body: error("10005", "Resource not found"),
  },
];

/** The operations that the contract is about, the look-up first. */
export const operations: readonly Operation[] = [
  ...new Set(interactions.map(({ operation }) => operation)),
];
