import {
  deleteRecordingOperation,
  deleteRecordingsOperation,
  getRecordingOperation,
  listRecordingsOperation,
} from "../../lib/core/mod.ts";
import {
  began,
  changed,
  firstPage,
  given,
  type Interaction,
  pageLike,
  participantId,
  recordingId,
  roomId,
  sessionId,
  url,
} from "../interaction.ts";
import { examples } from "../names.ts";
import { MatchersV3 } from "../pact.ts";

const { integer, like, number, regex, string } = MatchersV3;

/** Every filter but durationSecs, whose form in a query is not documented. */
const filter = {
  opts: {
    roomId: examples.room_id,
    sessionId: examples.room_session_id,
    participantId: examples.room_participant_id,
    status: "completed",
    type: "audio",
    startedAt: { gte: "2021-04-01" },
    endedAt: { eq: "2021-04-16" },
  },
  query: {
    "filter[room_id]": given.room_id,
    "filter[session_id]": given.room_session_id,
    "filter[participant_id]": given.room_participant_id,
    "filter[status]": "completed",
    "filter[type]": "audio",
    "filter[date_started_at][gte]": "2021-04-01",
    "filter[date_ended_at][eq]": "2021-04-16",
  },
};

export const recordings: Interaction[] = [
  {
    operation: getRecordingOperation,
    state: "a recording is ready",
    description: "a request for the recording",
    body: {
      data: {
        id: recordingId,
        room_id: roomId,
        session_id: sessionId,
        participant_id: participantId,
        status: "completed",
        type: regex(/^(audio|video)$/, "audio"),
        size_mb: number(5.6),
        download_url: url("https://www.example.com"),
        codec: string("opus"),
        duration_secs: integer(3660),
        created_at: began,
        updated_at: changed,
        started_at: began,
        ended_at: changed,
        completed_at: changed,
      },
    },
  },
  {
    operation: getRecordingOperation,
    // Whether `download_url` is null or absent is not documented
    state: "a recording is being made",
    description: "a request for the recording",
    body: {
      data: like({
        id: examples.room_recording_id,
        status: regex(/^processing$/, "processing"),
      }),
    },
  },
  {
    operation: listRecordingsOperation,
    state: "a recording is ready",
    description: "a request for the recordings",
    ...firstPage,
    body: pageLike({ id: examples.room_recording_id }),
  },
  {
    operation: listRecordingsOperation,
    state: "a recording of April 2021 is ready",
    description: "a request for recordings by every filter",
    ...filter,
    body: pageLike({ id: examples.room_recording_id }),
  },
  {
    operation: deleteRecordingOperation,
    state: "a recording is ready",
    description: "a request to delete the recording",
  },
  {
    operation: deleteRecordingsOperation,
    state: "a recording of April 2021 is ready",
    description: "a request to delete recordings by every filter",
    ...filter,
    body: { data: like({ room_recordings: 5 }) },
  },
];
