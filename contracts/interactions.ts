/**
 * What this module needs from the provider, as data: types and formats, not
 * values, and only what the module relies on.
 */
import * as core from "../lib/core/mod.ts";
import {
  type Answer,
  began,
  changed,
  described,
  done,
  given,
  type Interaction,
  of,
  one,
  pageOf,
  recordedAs,
  refused,
  type Sent,
  url,
  uuid,
} from "./interaction.ts";
import { examples } from "./names.ts";
import { MatchersV3 } from "./pact.ts";
import response from "./recorded/room_without_a_name.json" with {
  type: "json",
};

const { eachKeyLike, eachLike, integer, like, nullValue, regex, string } =
  MatchersV3;

/**
 * Requests by their descriptions, each with the answer in every provider state, in
 * the provider's terms.
 */
type Requests = Record<string, Sent & { in: Record<string, Answer> }>;

const named = "a room with a name and webhooks exists";
const inSession = "a room with an active session and people in it exists";
const afterwards = "a room whose session has ended exists";
const inApril = "a room whose session began and ended in April 2021 exists";
const recorded = "a recording is ready";
const recordedInApril = "a recording of April 2021 is ready";
const composed = "a composition is ready";

const webhooks = {
  webhook_event_url: "https://www.example.com",
  webhook_event_failover_url: "https://failover.example.com",
  webhook_timeout_secs: 25,
};

/** The first request of an `all…()`. */
const firstPage = { "page[number]": "1", "page[size]": "250" };

/** A room that was created without a name, as recorded; the module needs all but two. */
const { record_type: _, video_codecs: __, ...needed } = response.data;
const nameless = of(recordedAs("room_id", needed));

/** Those who have left a session. */
const left = eachLike({ id: examples.room_participant_id, left_at: changed });

const room = {
  unique_name: examples.unique_name,
  max_participants: 8,
  enable_recording: true,
  ...webhooks,
};

const rooms: Requests = {
  "a request for the room": {
    operation: core.getRoomOperation,
    in: {
      [named]: of(like({
        ...room,
        id: uuid(examples.room_id),
        created_at: began,
        updated_at: changed,
        webhook_event_url: url(room.webhook_event_url),
        webhook_event_failover_url: url(room.webhook_event_failover_url),
      })),
      "a room that was made without a name exists": nameless,
      "a room without webhook fail-over and time-out exists": one("room_id", {
        webhook_event_failover_url: nullValue(),
        webhook_timeout_secs: nullValue(),
      }),
      // Errors that every operation may have
      "the token is unknown": refused(401),
      "the token may not see the room": refused(403),
      "there is no such room": refused(404),
      "there is no such room, reported by a bare error": refused(404, "bare"),
      "the rate limit is used up": {
        ...refused(429),
        headers: {
          // x-ratelimit-limit has several forms, and no retry depends on it
          "x-ratelimit-remaining": regex(/^\d+$/, "0"),
          "x-ratelimit-reset": regex(/^\d+$/, "3"),
        },
      },
    },
  },
  "a request for the room with its sessions": {
    operation: core.getRoomOperation,
    query: { include_sessions: "true" },
    in: {
      [inSession]: one("room_id", {
        active_session_id: uuid(examples.room_session_id),
        sessions: eachLike({
          id: uuid(examples.room_session_id),
          active: true,
          participants: eachLike({
            id: uuid(examples.room_participant_id),
            context: "Alice",
            joined_at: began,
          }),
        }),
      }),
      [afterwards]: one("room_id", {
        sessions: eachLike({
          id: examples.room_session_id,
          active: false,
          participants: left,
        }),
      }),
      // Whether `sessions` is then absent, empty or null is not documented
      "a room that never had a session exists": one("room_id"),
    },
  },
  "a request for the rooms": {
    operation: core.listRoomsOperation,
    in: {
      "rooms exist": pageOf("room_id"),
      // Whether an empty list has one page or none is not documented
      "there are no rooms": {
        body: { data: [], meta: { total_pages: integer(1) } },
      },
    },
  },
  "a request for the second page of one room": {
    operation: core.listRoomsOperation,
    query: { "page[number]": "2", "page[size]": "1" },
    in: { "more rooms exist than a page of one holds": pageOf("room_id") },
  },
  "a request for rooms by name and days, with their sessions": {
    operation: core.listRoomsOperation,
    query: {
      ...firstPage,
      "include_sessions": "true",
      "filter[date_created_at][gte]": "2021-04-01",
      "filter[date_created_at][lte]": "2021-04-30",
      "filter[date_updated_at][eq]": "2021-04-16",
      "filter[unique_name]": given.unique_name,
    },
    in: {
      "a room of that name was made and changed in April 2021": pageOf(
        "room_id",
        {
          unique_name: room.unique_name,
          created_at: began,
          updated_at: changed,
          sessions: eachLike({ id: examples.room_session_id }),
        },
      ),
    },
  },
  "a request to create a room with that name": {
    operation: core.createRoomOperation,
    body: { ...room, unique_name: given.unique_name },
    in: {
      "no room has that name": of(like({ ...room, id: examples.room_id })),
    },
  },
  "a request to create a room without a name": {
    operation: core.createRoomOperation,
    body: { enable_recording: true },
    in: { "no room has that name": nameless },
  },
  "a request to change the room": {
    operation: core.updateRoomOperation,
    body: { max_participants: 8, webhook_event_failover_url: null },
    in: {
      [named]: one("room_id", {
        max_participants: 8,
        webhook_event_failover_url: nullValue(),
      }),
    },
  },
  "a request to delete the room": {
    operation: core.deleteRoomOperation,
    // On a retry, the 404 is a success
    in: { [named]: {}, "there is no such room": refused(404) },
  },
};

const takenNames: Requests = {
  "a request to create a room with that name": {
    operation: core.createRoomOperation,
    body: { unique_name: given.unique_name },
    in: { "a room has that name": refused(422) },
  },
};

/** A time; the provider's examples have whole seconds. */
const seconds = (example: string) =>
  regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/, example);
const accessToken = {
  token: string("eyJhbGciOiJFZDI1NTE5In0.eyJ0eXAiOiJhY2Nlc3MifQ.c2ln"),
  token_expires_at: seconds("2021-04-22T12:24:55Z"),
};

const joinTokens: Requests = {
  "a request for a join token": {
    operation: core.createJoinTokenOperation,
    body: {},
    in: {
      [named]: of({
        ...accessToken,
        refresh_token: string(examples.refresh_token),
        refresh_token_expires_at: seconds("2021-04-22T12:15:05Z"),
      }),
    },
  },
  "a request for a join token that lasts a minute": {
    operation: core.createJoinTokenOperation,
    body: { token_ttl_secs: 60, refresh_token_ttl_secs: 120 },
    in: { [named]: of(like({ token: "a.b.c", refresh_token: "d.e.f" })) },
  },
  "a request to refresh a join token": {
    operation: core.refreshJoinTokenOperation,
    body: { refresh_token: given.refresh_token, token_ttl_secs: 60 },
    in: {
      "a refresh token was made for the room": of(accessToken),
      "the refresh token has expired": refused(403),
    },
  },
};

const sessions: Requests = {
  "a request for the session": {
    operation: core.getSessionOperation,
    in: {
      [inSession]: of(described("room_session_id", {
        ended_at: undefined,
        participants: undefined,
      })),
    },
  },
  "a request for the session with its participants": {
    operation: core.getSessionOperation,
    query: { include_participants: "true" },
    in: {
      [afterwards]: one("room_session_id", {
        active: false,
        ended_at: changed,
        participants: left,
      }),
    },
  },
  "a request for the sessions": {
    operation: core.listSessionsOperation,
    query: firstPage,
    in: { [inSession]: pageOf("room_session_id") },
  },
  "a request for the room's sessions by days, with participants": {
    operation: core.listSessionsOperation,
    query: {
      "include_participants": "true",
      "filter[room_id]": given.room_id,
      "filter[active]": "false",
      "filter[date_created_at][gte]": "2021-04-01",
      "filter[date_updated_at][lte]": "2021-04-30",
      "filter[date_ended_at][eq]": "2021-04-16",
    },
    in: {
      [inApril]: pageOf("room_session_id", {
        participants: eachLike({ id: examples.room_participant_id }),
      }),
    },
  },
  "a request to end the session": {
    operation: core.endSessionOperation,
    in: { [inSession]: done, [afterwards]: refused(422) },
  },
  "a request to mute everyone but one": {
    operation: core.muteParticipantsOperation,
    body: { participants: "all", exclude: [given.room_participant_id] },
    in: { [inSession]: done },
  },
  "a request to unmute a participant": {
    operation: core.unmuteParticipantsOperation,
    body: { participants: [given.room_participant_id] },
    in: { [inSession]: done },
  },
  "a request to kick a participant": {
    operation: core.kickParticipantsOperation,
    body: { participants: [given.room_participant_id] },
    in: { [inSession]: done },
  },
};

const participants: Requests = {
  "a request for the participant": {
    operation: core.getParticipantOperation,
    in: {
      [inSession]: of(
        described("room_participant_id", { left_at: undefined }),
      ),
      [afterwards]: one("room_participant_id", { left_at: changed }),
    },
  },
  "a request for the participants": {
    operation: core.listParticipantsOperation,
    query: firstPage,
    in: { [inSession]: pageOf("room_participant_id") },
  },
  "a request for the session's participants by name and days": {
    operation: core.listParticipantsOperation,
    query: {
      "filter[session_id]": given.room_session_id,
      "filter[context]": "Alice",
      "filter[date_joined_at][gte]": "2021-04-01",
      "filter[date_updated_at][lte]": "2021-04-30",
      "filter[date_left_at][eq]": "2021-04-16",
    },
    in: { [inApril]: pageOf("room_participant_id") },
  },
};

/** Every filter but durationSecs, whose form in a query is not documented. */
const everyFilter = {
  "filter[room_id]": given.room_id,
  "filter[session_id]": given.room_session_id,
  "filter[participant_id]": given.room_participant_id,
  "filter[status]": "completed",
  "filter[type]": "audio",
  "filter[date_started_at][gte]": "2021-04-01",
  "filter[date_ended_at][eq]": "2021-04-16",
};

const recordings: Requests = {
  "a request for the recording": {
    operation: core.getRecordingOperation,
    in: {
      [recorded]: of(described("room_recording_id", {
        status: "completed",
        type: regex(/^(audio|video)$/, "audio"),
        download_url: url("https://www.example.com"),
      })),
      // Whether `download_url` is null or absent is not documented
      "a recording is being made": one("room_recording_id", {
        status: regex(/^processing$/, "processing"),
      }),
    },
  },
  "a request for the recordings": {
    operation: core.listRecordingsOperation,
    query: firstPage,
    in: { [recorded]: pageOf("room_recording_id") },
  },
  "a request for recordings by every filter": {
    operation: core.listRecordingsOperation,
    query: everyFilter,
    in: { [recordedInApril]: pageOf("room_recording_id") },
  },
  "a request to delete the recording": {
    operation: core.deleteRecordingOperation,
    in: { [recorded]: {} },
  },
  "a request to delete recordings by every filter": {
    operation: core.deleteRecordingsOperation,
    query: everyFilter,
    in: { [recordedInApril]: of(like({ room_recordings: 5 })) },
  },
};

const compositions: Requests = {
  "a request for the composition": {
    operation: core.getCompositionOperation,
    in: {
      [composed]: of(described("room_composition_id", {
        user_id: uuid("12a04ec9-0f91-4a91-9f3a-a19d9931182e"),
        status: "completed",
        format: "mp4",
        resolution: regex(/^\d+x\d+$/, "1280x720"),
        download_url: url("https://www.example.com"),
        video_layout: eachKeyLike("whole", {
          width: integer(1280),
          height: integer(720),
          video_sources: eachLike("*"),
        }),
        // Those that it was made with
        audio_sources: undefined,
        webhook_event_url: undefined,
        webhook_event_failover_url: undefined,
        webhook_timeout_secs: undefined,
      })),
    },
  },
  "a request for the compositions": {
    operation: core.listCompositionsOperation,
    query: firstPage,
    in: { [composed]: pageOf("room_composition_id") },
  },
  "a request for the session's compositions that are ready": {
    operation: core.listCompositionsOperation,
    query: {
      "filter[session_id]": given.room_session_id,
      "filter[status]": "completed",
      "filter[date_created_at][eq]": "2021-04-16",
    },
    in: {
      "a composition of April 2021 is ready": pageOf("room_composition_id"),
    },
  },
  "a request to compose the session's recordings": {
    operation: core.createCompositionOperation,
    body: {
      session_id: given.room_session_id,
      format: "mp4",
      resolution: "1280x720",
      video_layout: {
        whole: {
          x_pos: 0,
          y_pos: 0,
          z_pos: 0,
          width: 1280,
          height: 720,
          max_columns: 3,
          max_rows: 2,
          video_sources: ["*"],
        },
      },
      audio_sources: ["*"],
      ...webhooks,
    },
    in: {
      [recorded]: one("room_composition_id", { status: "enqueued" }),
    },
  },
  "a request for a composition without a session": {
    operation: core.createCompositionOperation,
    body: {},
    in: { [named]: refused(422) },
  },
  "a request to delete the composition": {
    operation: core.deleteCompositionOperation,
    in: { [composed]: {} },
  },
};

export const interactions: readonly Interaction[] = [
  rooms,
  takenNames,
  joinTokens,
  sessions,
  participants,
  recordings,
  compositions,
].flatMap((requests) =>
  Object.entries(requests).flatMap(([description, { in: answers, ...sent }]) =>
    Object.entries(answers)
      .map(([state, answer]) => ({ state, description, ...sent, answer }))
  )
);
