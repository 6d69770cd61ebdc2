// Compositions: types, shapes and operations.
import { integerInRange, oneOf, uuid } from "./arguments.ts";
import {
  array,
  type Decoder,
  integer,
  number,
  object,
  recordId,
  recordOf,
  type Shape,
  string,
  where,
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
import { type Data, dataOf, jsonBody, type Operation } from "./operation.ts";
import { isRecord } from "./redact.ts";
import type { CallOptions } from "./call_options.ts";
import {
  webhook_event_failover_url,
  webhook_event_url,
  webhook_timeout_secs,
  type WebhookFields,
} from "./rooms.ts";

/** A rectangle of a composition's picture, and the videos in it. */
export interface VideoRegion {
  /**
   * Pixels from the left of the whole picture.
   *
   * @default {0}
   */
  x_pos?: number | null | undefined;
  /**
   * Pixels from the top of the whole picture.
   *
   * @default {0}
   */
  y_pos?: number | null | undefined;
  /**
   * Stacking order, −99 to 99; higher is in front.
   *
   * @default {0}
   */
  z_pos?: number | null | undefined;
  /** Pixels, at least 16. */
  width?: number | null | undefined;
  /** Pixels, at least 16. */
  height?: number | null | undefined;
  /** Columns of the grid within, 1 to 1000. If left out, as many as needed. */
  max_columns?: number | null | undefined;
  /** Rows of the grid within, 1 to 1000. If left out, as many as needed. */
  max_rows?: number | null | undefined;
  /** UUIDs of recordings of type `"video"`; `["*"]` for all of the session. */
  video_sources?: readonly string[] | null | undefined;
}

/**
 * A video file composed of a session's recordings. Only `id` is guaranteed, as of
 * a {@linkcode Room}.
 *
 * It can be downloaded once its `status` is `"completed"` and it has a
 * `download_url`. Telnyx documents no status for a failure.
 */
export interface RoomComposition {
  /** UUID of the composition. */
  id: string;
  /** UUID of the room. */
  room_id?: string | null;
  /** UUID of the session. */
  session_id?: string | null;
  /** UUID of the account's user. */
  user_id?: string | null;
  /** `"enqueued"`, `"processing"` or `"completed"`. */
  status?: string | null;
  /** The format of the file: `"mp4"`. */
  format?: string | null;
  /** Width and height of the picture in pixels, such as `"1280x720"`. */
  resolution?: string | null;
  /** The size of the file, in megabytes. */
  size_mb?: number | null;
  /** The URL of the file; get the composition again before each download. */
  download_url?: string | null;
  /** The duration, in seconds. */
  duration_secs?: number | null;
  /** When the record was created, ISO 8601 with microseconds. */
  created_at?: string | null;
  /** When the record last changed, ISO 8601 with microseconds. */
  updated_at?: string | null;
  /** When the composed part of the session started, ISO 8601. */
  started_at?: string | null;
  /** When the composed part of the session ended, ISO 8601. */
  ended_at?: string | null;
  /** When the file was ready, ISO 8601. */
  completed_at?: string | null;
  /** The picture's regions, by names that the caller chose. */
  video_layout?: Record<string, VideoRegion> | null;
  /** The audio: `["*"]` for everyone's. Undocumented, but in use. */
  audio_sources?: string[] | null;
  /** The URL for the composition's webhook. */
  webhook_event_url?: string | null;
  /** The URL for the webhook if `webhook_event_url` fails. */
  webhook_event_failover_url?: string | null;
  /** Seconds to wait for the webhook's receiver, 0 to 30. */
  webhook_timeout_secs?: number | null;
  /** Documented with different values: do not rely on it. */
  record_type?: string | null;
}

const region: Decoder<VideoRegion> = /* @__PURE__ */ object<VideoRegion>({
  x_pos: integer,
  y_pos: integer,
  z_pos: integer,
  width: integer,
  height: integer,
  max_columns: integer,
  max_rows: integer,
  video_sources: /* @__PURE__ */ array(string),
});

const composition: Decoder<RoomComposition> = /* @__PURE__ */ object<
  RoomComposition
>({
  id: [recordId, "required"],
  room_id: string,
  session_id: string,
  user_id: string,
  status: string,
  format: string,
  resolution: string,
  size_mb: number,
  download_url: string,
  duration_secs: integer,
  created_at: string,
  updated_at: string,
  started_at: string,
  ended_at: string,
  completed_at: string,
  video_layout: /* @__PURE__ */ recordOf(region),
  audio_sources: /* @__PURE__ */ array(string),
  webhook_event_url: string,
  webhook_event_failover_url: string,
  webhook_timeout_secs: integer,
  record_type: string,
});

/** The fields of a new composition. Unlisted fields are sent too. */
export interface CompositionFields extends WebhookFields {
  /** UUID of the session; the effect of leaving it out is not documented. */
  session_id?: string | null | undefined;
  /**
   * The format of the file; no other is documented.
   *
   * @default {"mp4"}
   */
  format?: "mp4" | null | undefined;
  /**
   * Width and height in pixels, such as `"640x480"`: each 16 to 1280, at most
   * 921_600 pixels in total.
   *
   * @default {"1280x720"}
   */
  resolution?: string | null | undefined;
  /** At most two regions of the picture, by any names. */
  video_layout?: Record<string, VideoRegion> | undefined;
  /**
   * `["*"]` for everyone's audio. Without it, the file is silent. Undocumented,
   * but in use.
   */
  audio_sources?: readonly "*"[] | null | undefined;
}

const pixels = /* @__PURE__ */ integerInRange(0);
const length = /* @__PURE__ */ integerInRange(16);
const count = /* @__PURE__ */ integerInRange(1, 1000);

const regionFields: Decoder<VideoRegion> = /* @__PURE__ */ object<VideoRegion>({
  x_pos: pixels,
  y_pos: pixels,
  z_pos: /* @__PURE__ */ integerInRange(-99, 99),
  width: length,
  height: length,
  max_columns: count,
  max_rows: count,
  video_sources: /* @__PURE__ */ array(
    /* @__PURE__ */ where<string>(
      `a UUID or "*"`,
      (value) => value === "*" || !uuid(value),
    ),
  ),
});

const resolution: Decoder<string> = /* @__PURE__ */ where(
  "WIDTHxHEIGHT, each from 16 to 1280, at most 1280x720 pixels in all",
  (value) => {
    const [, width = 0, height = 0] =
      (/^(\d{2,4})x(\d{2,4})$/.exec(`${value}`) ?? []).map(Number);
    return typeof value === "string" && Math.min(width, height) >= 16 &&
      Math.max(width, height) <= 1280 && width * height <= 1280 * 720;
  },
);

const regions = /* @__PURE__ */ recordOf(regionFields);
const atMostTwo = /* @__PURE__ */ where(
  "at most two regions",
  (value) => isRecord(value) && Object.keys(value).length <= 2,
);

const layout: Decoder<Record<string, VideoRegion>> = (value) =>
  regions(value) ?? atMostTwo(value);

const compositionShape: Shape<CompositionFields> = {
  webhook_event_url,
  webhook_event_failover_url,
  webhook_timeout_secs,
  session_id: uuid,
  format: /* @__PURE__ */ oneOf("mp4"),
  resolution,
  video_layout: [layout, "optional"],
  audio_sources: /* @__PURE__ */ array(/* @__PURE__ */ oneOf("*")),
};
const compositionFields: Decoder<CompositionFields> = /* @__PURE__ */ object(
  compositionShape,
);
const compositionNames = /* @__PURE__ */ Object.keys(compositionShape);

/** Options for `listCompositions` and `allCompositions`. */
export interface ListCompositionsOptions extends PageOptions, CallOptions {
  /** Compositions of this session (`filter[session_id]`). */
  sessionId?: string | undefined;
  /** Compositions with this status (`filter[status]`). */
  status?: "completed" | "processing" | "enqueued" | undefined;
  /** Compositions created on these days (`filter[date_created_at]`). */
  createdAt?: DateFilter | undefined;
}

/** `GET /room_compositions/{room_composition_id}` */
export const getCompositionOperation: Operation<
  "/room_compositions/{id}",
  CallOptions,
  undefined,
  Data<RoomComposition>
> = {
  method: "GET",
  path: "/room_compositions/{id}",
  status: 200,
  repeatable: true,
  result: /* @__PURE__ */ dataOf(composition),
};

/** `GET /room_compositions` */
export const listCompositionsOperation: Operation<
  "/room_compositions",
  ListCompositionsOptions,
  undefined,
  Page<RoomComposition>
> = /* @__PURE__ */ listOf("/room_compositions", composition, {
  sessionId: ["filter[session_id]", uuid],
  status: [
    "filter[status]",
    /* @__PURE__ */ oneOf("completed", "processing", "enqueued"),
  ],
  createdAt: ["filter[date_created_at]", dateFilter],
  pageNumber,
  pageSize,
});

/** `POST /room_compositions` */
export const createCompositionOperation: Operation<
  "/room_compositions",
  CallOptions,
  CompositionFields,
  Data<RoomComposition>
> = {
  method: "POST",
  path: "/room_compositions",
  body: /* @__PURE__ */ jsonBody("composition", compositionFields, {
    names: compositionNames,
  }),
  status: 202,
  repeatable: false, // it would create, and bill, a second file
  result: /* @__PURE__ */ dataOf(composition),
};

/** `DELETE /room_compositions/{room_composition_id}` */
export const deleteCompositionOperation: Operation<
  "/room_compositions/{id}",
  CallOptions,
  undefined,
  undefined
> = {
  method: "DELETE",
  path: "/room_compositions/{id}",
  status: 204,
  repeatable: true,
  doneStatus: 404,
};
