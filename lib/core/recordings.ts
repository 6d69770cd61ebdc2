// Recordings: types, shapes and operations.
import { integerInRange, oneOf, uuid } from "./arguments.ts";
import type { CallOptions } from "./call_options.ts";
import {
  type Decoder,
  integer,
  number,
  object,
  recordId,
  string,
} from "./decode.ts";
import {
  type DateFilter,
  dateFilter,
  listOf,
  type Page,
  pageNumber,
  type PageOptions,
  pageSize,
} from "./list.ts";
import { type Data, dataOf, type Operation } from "./operation.ts";

/**
 * The audio or video of one participant. Only `id` is guaranteed, as of a
 * {@linkcode Room}.
 *
 * It can be downloaded once its `status` is `"completed"` and it has a
 * `download_url`. Telnyx documents no status for a failure.
 */
export interface RoomRecording {
  /** UUID of the recording. */
  id: string;
  /** UUID of the room. */
  room_id?: string | null;
  /** UUID of the session. */
  session_id?: string | null;
  /** UUID of the recorded participant. */
  participant_id?: string | null;
  /** `"processing"` or `"completed"`. */
  status?: string | null;
  /** `"audio"` or `"video"`. */
  type?: string | null;
  /** The size of the file, in megabytes. */
  size_mb?: number | null;
  /**
   * The URL of the file. It seems to expire after an hour: get the recording
   * again before each download.
   */
  download_url?: string | null;
  /** The codec, such as `"opus"`, `"vp8"` or `"h264"`. */
  codec?: string | null;
  /** The duration, in seconds. */
  duration_secs?: number | null;
  /** When the record was created, ISO 8601 with microseconds. */
  created_at?: string | null;
  /** When the record last changed, ISO 8601 with microseconds. */
  updated_at?: string | null;
  /** When the recording started, ISO 8601. */
  started_at?: string | null;
  /** When the recording ended, ISO 8601. */
  ended_at?: string | null;
  /** When the file was ready, ISO 8601. */
  completed_at?: string | null;
  /** Documented with different values: do not rely on it. */
  record_type?: string | null;
}

const recording: Decoder<RoomRecording> = /* @__PURE__ */ object<RoomRecording>(
  {
    id: [recordId, "required"],
    room_id: string,
    session_id: string,
    participant_id: string,
    status: string,
    type: string,
    size_mb: number,
    download_url: string,
    codec: string,
    duration_secs: integer,
    created_at: string,
    updated_at: string,
    started_at: string,
    ended_at: string,
    completed_at: string,
    record_type: string,
  },
);

/** A range of numbers; each bound is optional. */
export interface NumberFilter {
  /** Equal to this number. */
  eq?: number | undefined;
  /** This number or more. */
  gte?: number | undefined;
  /** This number or less. */
  lte?: number | undefined;
}

/** Selects recordings; several filters are combined with "and". */
export interface RecordingFilter {
  /** Recordings in this room (`filter[room_id]`). */
  roomId?: string | undefined;
  /** Recordings of this session (`filter[session_id]`). */
  sessionId?: string | undefined;
  /** Recordings of this participant (`filter[participant_id]`). */
  participantId?: string | undefined;
  /** Only finished recordings, or only unfinished ones (`filter[status]`). */
  status?: "completed" | "processing" | undefined;
  /** Only audio recordings, or only video ones (`filter[type]`). */
  type?: "audio" | "video" | undefined;
  /** Recordings started on these days (`filter[date_started_at]`). */
  startedAt?: DateFilter | undefined;
  /** Recordings ended on these days (`filter[date_ended_at]`). */
  endedAt?: DateFilter | undefined;
  /**
   * Recordings of this duration, in seconds (`filter[duration_secs]`). A number
   * means "at least" in Telnyx's newer documents; the older ones use
   * bounds, `{ gte: 60 }`. It is unknown which the API reads: check the result.
   */
  durationSecs?: number | NumberFilter | undefined;
}

const seconds = /* @__PURE__ */ integerInRange(0);
const secondsFilter = /* @__PURE__ */ object<NumberFilter>({
  eq: [seconds, "optional"],
  gte: [seconds, "optional"],
  lte: [seconds, "optional"],
});

const filterOptions: NonNullable<
  Operation<string, RecordingFilter>["options"]
> = {
  roomId: ["filter[room_id]", uuid],
  sessionId: ["filter[session_id]", uuid],
  participantId: ["filter[participant_id]", uuid],
  status: ["filter[status]", /* @__PURE__ */ oneOf("completed", "processing")],
  type: ["filter[type]", /* @__PURE__ */ oneOf("audio", "video")],
  startedAt: ["filter[date_started_at]", dateFilter],
  endedAt: ["filter[date_ended_at]", dateFilter],
  durationSecs: [
    "filter[duration_secs]",
    (value) => (typeof value === "object" ? secondsFilter : seconds)(value),
  ],
};

/** The names of the conditions of a {@linkcode RecordingFilter}. */
export const recordingFilterNames: readonly string[] = /* @__PURE__ */ Object
  .keys(filterOptions);

/** Options for `listRecordings` and `allRecordings`. */
export interface ListRecordingsOptions
  extends RecordingFilter, PageOptions, CallOptions {}

/** A function, since bundlers would keep an object that is spread. */
function listOptions() {
  return { ...filterOptions, pageNumber, pageSize };
}

/** The result of deleting recordings by a filter. */
export interface DeletedRecordings {
  /** How many recordings were deleted. */
  room_recordings: number;
}

/** `GET /room_recordings/{room_recording_id}` */
export const getRecordingOperation: Operation<
  "/room_recordings/{id}",
  CallOptions,
  undefined,
  Data<RoomRecording>
> = {
  method: "GET",
  path: "/room_recordings/{id}",
  status: 200,
  repeatable: true,
  result: /* @__PURE__ */ dataOf(recording),
};

/** `GET /room_recordings` */
export const listRecordingsOperation: Operation<
  "/room_recordings",
  ListRecordingsOptions,
  undefined,
  Page<RoomRecording>
> = /* @__PURE__ */ listOf(
  "/room_recordings",
  recording,
  /* @__PURE__ */ listOptions(),
);

/** `DELETE /room_recordings/{room_recording_id}` */
export const deleteRecordingOperation: Operation<
  "/room_recordings/{id}",
  CallOptions,
  undefined,
  undefined
> = {
  method: "DELETE",
  path: "/room_recordings/{id}",
  status: 204,
  repeatable: true,
  doneStatus: 404,
};

/**
 * `DELETE /room_recordings`. Not repeatable: a
 * second request would delete recordings that match only since the first, and
 * return another count.
 */
export const deleteRecordingsOperation: Operation<
  "/room_recordings",
  RecordingFilter,
  undefined,
  Data<DeletedRecordings>
> = {
  method: "DELETE",
  path: "/room_recordings",
  options: filterOptions,
  needsFilter: true,
  status: 201,
  repeatable: false,
  result: /* @__PURE__ */ dataOf(
    /* @__PURE__ */ object<DeletedRecordings>({
      room_recordings: [integer, "required"],
    }),
  ),
};
