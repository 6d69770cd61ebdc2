import {
  createRoomOperation,
  deleteRoomOperation,
  getRoomOperation,
  listRoomsOperation,
  updateRoomOperation,
} from "../../lib/core/mod.ts";
import response from "../recorded/room_without_a_name.json" with {
  type: "json",
};
import {
  began,
  changed,
  error,
  errors,
  firstPage,
  given,
  type Interaction,
  pageLike,
  participantId,
  roomId,
  sessionId,
  timestamp,
  url,
  uuid,
} from "../interaction.ts";
import { examples } from "../names.ts";
import { MatchersV3 } from "../pact.ts";

const { boolean, eachLike, integer, like, nullValue, regex, string } =
  MatchersV3;

/** A room that was created without a name, as recorded. */
const { data: recorded } = response;
const nameless = {
  id: uuid(recorded.id),
  unique_name: nullValue(),
  max_participants: integer(recorded.max_participants),
  enable_recording: boolean(recorded.enable_recording),
  created_at: timestamp(recorded.created_at),
  updated_at: timestamp(recorded.updated_at),
  active_session_id: nullValue(),
  webhook_event_url: nullValue(),
  webhook_event_failover_url: string(recorded.webhook_event_failover_url),
  webhook_timeout_secs: nullValue(),
};

const fields = {
  unique_name: examples.unique_name,
  max_participants: 8,
  enable_recording: true,
  webhook_event_url: "https://www.example.com",
  webhook_event_failover_url: "https://failover.example.com",
  webhook_timeout_secs: 25,
};

const look = {
  operation: getRoomOperation,
  description: "a request for the room",
};
const lookWithSessions = {
  operation: getRoomOperation,
  description: "a request for the room with its sessions",
  opts: { includeSessions: true },
  query: { include_sessions: "true" },
};

/** Errors that every operation may have. */
const failures: Interaction[] = [
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
    body: errors("10005", "Resource not found"),
  },
  {
    ...look,
    state: "there is no such room, reported by a bare error",
    status: 404,
    body: error("10005", "Resource not found"),
  },
  {
    ...look,
    state: "the rate limit is used up",
    status: 429,
    headers: {
      // x-ratelimit-limit has several forms, and no retry depends on it
      "x-ratelimit-remaining": regex(/^\d+$/, "0"),
      "x-ratelimit-reset": regex(/^\d+$/, "3"),
    },
    body: errors("10011", "Too many requests"),
  },
];

export const rooms: Interaction[] = [
  {
    ...look,
    state: "a room with a name and webhooks exists",
    body: {
      data: like({
        ...fields,
        id: roomId,
        created_at: began,
        updated_at: changed,
        webhook_event_url: url(fields.webhook_event_url),
        webhook_event_failover_url: url(fields.webhook_event_failover_url),
      }),
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
      data: like({
        id: examples.room_id,
        webhook_event_failover_url: nullValue(),
        webhook_timeout_secs: nullValue(),
      }),
    },
  },
  {
    ...lookWithSessions,
    state: "a room with an active session and people in it exists",
    body: {
      data: like({
        id: examples.room_id,
        active_session_id: sessionId,
        sessions: eachLike({
          id: sessionId,
          active: true,
          participants: eachLike({
            id: participantId,
            context: "Alice",
            joined_at: began,
          }),
        }),
      }),
    },
  },
  {
    ...lookWithSessions,
    state: "a room whose session has ended exists",
    body: {
      data: like({
        id: examples.room_id,
        sessions: eachLike({
          id: examples.room_session_id,
          active: false,
          participants: eachLike({
            id: examples.room_participant_id,
            left_at: changed,
          }),
        }),
      }),
    },
  },
  {
    ...lookWithSessions,
    // Whether `sessions` is then absent, empty or null is not documented
    state: "a room that never had a session exists",
    body: { data: like({ id: examples.room_id }) },
  },
  ...failures,
  {
    operation: listRoomsOperation,
    state: "rooms exist",
    description: "a request for the rooms",
    body: pageLike({ id: examples.room_id }),
  },
  {
    operation: listRoomsOperation,
    state: "more rooms exist than a page of one holds",
    description: "a request for the second page of one room",
    opts: { pageNumber: 2, pageSize: 1 },
    query: { "page[number]": "2", "page[size]": "1" },
    body: pageLike({ id: examples.room_id }),
  },
  {
    operation: listRoomsOperation,
    state: "a room of that name was made and changed in April 2021",
    description: "a request for rooms by name and days, with their sessions",
    opts: {
      ...firstPage.opts,
      includeSessions: true,
      uniqueName: examples.unique_name,
      createdAt: { gte: "2021-04-01", lte: "2021-04-30" },
      updatedAt: { eq: "2021-04-16" },
    },
    query: {
      ...firstPage.query,
      "include_sessions": "true",
      "filter[date_created_at][gte]": "2021-04-01",
      "filter[date_created_at][lte]": "2021-04-30",
      "filter[date_updated_at][eq]": "2021-04-16",
      "filter[unique_name]": given.unique_name,
    },
    body: pageLike({
      id: examples.room_id,
      unique_name: fields.unique_name,
      created_at: began,
      updated_at: changed,
      sessions: eachLike({ id: examples.room_session_id }),
    }),
  },
  {
    operation: listRoomsOperation,
    // Whether an empty list has one page or none is not documented
    state: "there are no rooms",
    description: "a request for the rooms",
    body: { data: [], meta: { total_pages: integer(1) } },
  },
  {
    operation: createRoomOperation,
    state: "no room has that name",
    description: "a request to create a room with that name",
    payload: fields,
    sent: { ...fields, unique_name: given.unique_name },
    body: { data: like({ ...fields, id: examples.room_id }) },
  },
  {
    operation: createRoomOperation,
    state: "no room has that name",
    description: "a request to create a room without a name",
    payload: { enable_recording: true },
    body: { data: nameless },
  },
  {
    operation: createRoomOperation,
    state: "a room has that name",
    description: "a request to create a room with that name",
    payload: { unique_name: examples.unique_name },
    sent: { unique_name: given.unique_name },
    status: 422,
    body: errors("10027", "Unprocessable Entity"),
  },
  {
    operation: updateRoomOperation,
    state: "a room with a name and webhooks exists",
    description: "a request to change the room",
    payload: { max_participants: 8, webhook_event_failover_url: null },
    body: {
      data: like({
        id: examples.room_id,
        max_participants: 8,
        webhook_event_failover_url: nullValue(),
      }),
    },
  },
  {
    operation: deleteRoomOperation,
    state: "a room with a name and webhooks exists",
    description: "a request to delete the room",
  },
  {
    operation: deleteRoomOperation,
    // On a retry, this is a success
    state: "there is no such room",
    description: "a request to delete the room",
    status: 404,
    body: errors("10005", "Resource not found"),
  },
];
