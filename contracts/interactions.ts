/**
 * What this module needs from the provider, as data: types and formats, not
 * values, and only what the module relies on.
 */
import * as core from "../lib/core/mod.ts";
import type { Operation } from "../lib/core/mod.ts";
import {
  type AnswerOf,
  began,
  changed,
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
  whole,
} from "./interaction.ts";
import { examples, idOf } from "./names.ts";
import { MatchersV3 } from "./pact.ts";
import response from "./recorded/room_without_a_name.json" with {
  type: "json",
};

const { eachKeyLike, eachLike, integer, like, nullValue, regex, string } =
  MatchersV3;

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

/** The interactions of an operation: each request in all of its provider states. */
function requests(
  operation: Operation,
  all: Record<
    string,
    Omit<Sent, "operation"> & { in: Record<string, AnswerOf> }
  >,
): Interaction[] {
  return Object.entries(all).flatMap((
    [description, { in: answers, ...sent }],
  ) =>
    Object.entries(answers).map(([state, answerOf]) => {
      const answer = typeof answerOf === "function"
        ? answerOf(idOf(operation.path))
        : answerOf;
      return { state, description, operation, ...sent, answer };
    })
  );
}

/** A time; the provider's examples have whole seconds. */
const seconds = (example: string) =>
  regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/, example);
const accessToken = {
  token: string("eyJhbGciOiJFZDI1NTE5In0.eyJ0eXAiOiJhY2Nlc3MifQ.c2ln"),
  token_expires_at: seconds("2021-04-22T12:24:55Z"),
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

export const interactions: readonly Interaction[] = [
  ...requests(core.getRoomOperation, {
    "a request for the room": {
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
        "a room without webhook fail-over and time-out exists": one({
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
      query: { include_sessions: "true" },
      in: {
        [inSession]: one({
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
        [afterwards]: one({
          sessions: eachLike({
            id: examples.room_session_id,
            active: false,
            participants: left,
          }),
        }),
        // Whether `sessions` is then absent, empty or null is not documented
        "a room that never had a session exists": one(),
      },
    },
  }),
  ...requests(core.listRoomsOperation, {
    "a request for the rooms": {
      in: {
        "rooms exist": pageOf(),
        // Whether an empty list has one page or none is not documented
        "there are no rooms": {
          body: { data: [], meta: { total_pages: integer(1) } },
        },
      },
    },
    "a request for the second page of one room": {
      query: { "page[number]": "2", "page[size]": "1" },
      in: { "more rooms exist than a page of one holds": pageOf() },
    },
    "a request for rooms by name and days, with their sessions": {
      query: {
        ...firstPage,
        "include_sessions": "true",
        "filter[date_created_at][gte]": "2021-04-01",
        "filter[date_created_at][lte]": "2021-04-30",
        "filter[date_updated_at][eq]": "2021-04-16",
        "filter[unique_name]": given.unique_name,
      },
      in: {
        "a room of that name was made and changed in April 2021": pageOf({
          unique_name: room.unique_name,
          created_at: began,
          updated_at: changed,
          sessions: eachLike({ id: examples.room_session_id }),
        }),
      },
    },
  }),
  ...requests(core.createRoomOperation, {
    "a request to create a room with that name": {
      body: { ...room, unique_name: given.unique_name },
      in: {
        "no room has that name": of(like({ ...room, id: examples.room_id })),
        "a room has that name": refused(422),
      },
    },
    "a request to create a room without a name": {
      body: { enable_recording: true },
      in: { "no room has that name": nameless },
    },
  }),
  ...requests(core.updateRoomOperation, {
    "a request to change the room": {
      body: { max_participants: 8, webhook_event_failover_url: null },
      in: {
        [named]: one({
          max_participants: 8,
          webhook_event_failover_url: nullValue(),
        }),
      },
    },
  }),
  ...requests(core.deleteRoomOperation, {
    "a request to delete the room": {
      // On a retry, the 404 is a success
      in: { [named]: {}, "there is no such room": refused(404) },
    },
  }),
  ...requests(core.createJoinTokenOperation, {
    "a request for a join token": {
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
      body: { token_ttl_secs: 60, refresh_token_ttl_secs: 120 },
      in: { [named]: of(like({ token: "a.b.c", refresh_token: "d.e.f" })) },
    },
  }),
  ...requests(core.refreshJoinTokenOperation, {
    "a request to refresh a join token": {
      body: { refresh_token: given.refresh_token, token_ttl_secs: 60 },
      in: {
        "a refresh token was made for the room": of(accessToken),
        "the refresh token has expired": refused(403),
      },
    },
  }),
  ...requests(core.getSessionOperation, {
    "a request for the session": {
      in: {
        [inSession]: whole({
          ended_at: undefined,
          participants: undefined,
        }),
      },
    },
    "a request for the session with its participants": {
      query: { include_participants: "true" },
      in: {
        [afterwards]: one({
          active: false,
          ended_at: changed,
          participants: left,
        }),
      },
    },
  }),
  ...requests(core.listSessionsOperation, {
    "a request for the sessions": {
      query: firstPage,
      in: { [inSession]: pageOf() },
    },
    "a request for the room's sessions by days, with participants": {
      query: {
        "include_participants": "true",
        "filter[room_id]": given.room_id,
        "filter[active]": "false",
        "filter[date_created_at][gte]": "2021-04-01",
        "filter[date_updated_at][lte]": "2021-04-30",
        "filter[date_ended_at][eq]": "2021-04-16",
      },
      in: {
        [inApril]: pageOf({
          participants: eachLike({ id: examples.room_participant_id }),
        }),
      },
    },
  }),
  ...requests(core.endSessionOperation, {
    "a request to end the session": {
      in: { [inSession]: done, [afterwards]: refused(422) },
    },
  }),
  ...requests(core.muteParticipantsOperation, {
    "a request to mute everyone but one": {
      body: { participants: "all", exclude: [given.room_participant_id] },
      in: { [inSession]: done },
    },
  }),
  ...requests(core.unmuteParticipantsOperation, {
    "a request to unmute a participant": {
      body: { participants: [given.room_participant_id] },
      in: { [inSession]: done },
    },
  }),
  ...requests(core.kickParticipantsOperation, {
    "a request to kick a participant": {
      body: { participants: [given.room_participant_id] },
      in: { [inSession]: done },
    },
  }),
  ...requests(core.getParticipantOperation, {
    "a request for the participant": {
      in: {
        [inSession]: whole({ left_at: undefined }),
        [afterwards]: one({ left_at: changed }),
      },
    },
  }),
  ...requests(core.listParticipantsOperation, {
    "a request for the participants": {
      query: firstPage,
      in: { [inSession]: pageOf() },
    },
    "a request for the session's participants by name and days": {
      query: {
        "filter[session_id]": given.room_session_id,
        "filter[context]": "Alice",
        "filter[date_joined_at][gte]": "2021-04-01",
        "filter[date_updated_at][lte]": "2021-04-30",
        "filter[date_left_at][eq]": "2021-04-16",
      },
      in: { [inApril]: pageOf() },
    },
  }),
  ...requests(core.getRecordingOperation, {
    "a request for the recording": {
      in: {
        [recorded]: whole({
          status: "completed",
          type: regex(/^(audio|video)$/, "audio"),
          download_url: url("https://www.example.com"),
        }),
        // Whether `download_url` is null or absent is not documented
        "a recording is being made": one({
          status: regex(/^processing$/, "processing"),
        }),
      },
    },
  }),
  ...requests(core.listRecordingsOperation, {
    "a request for the recordings": {
      query: firstPage,
      in: { [recorded]: pageOf() },
    },
    "a request for recordings by every filter": {
      query: everyFilter,
      in: { [recordedInApril]: pageOf() },
    },
  }),
  ...requests(core.deleteRecordingOperation, {
    "a request to delete the recording": { in: { [recorded]: {} } },
  }),
  ...requests(core.deleteRecordingsOperation, {
    "a request to delete recordings by every filter": {
      query: everyFilter,
      in: { [recordedInApril]: of(like({ room_recordings: 5 })) },
    },
  }),
  ...requests(core.getCompositionOperation, {
    "a request for the composition": {
      in: {
        [composed]: whole({
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
        }),
      },
    },
  }),
  ...requests(core.listCompositionsOperation, {
    "a request for the compositions": {
      query: firstPage,
      in: { [composed]: pageOf() },
    },
    "a request for the session's compositions that are ready": {
      query: {
        "filter[session_id]": given.room_session_id,
        "filter[status]": "completed",
        "filter[date_created_at][eq]": "2021-04-16",
      },
      in: { "a composition of April 2021 is ready": pageOf() },
    },
  }),
  ...requests(core.createCompositionOperation, {
    "a request to compose the session's recordings": {
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
      in: { [recorded]: one({ status: "enqueued" }) },
    },
    "a request for a composition without a session": {
      body: {},
      in: { [named]: refused(422) },
    },
  }),
  ...requests(core.deleteCompositionOperation, {
    "a request to delete the composition": { in: { [composed]: {} } },
  }),
];
