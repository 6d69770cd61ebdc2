import {
  createCompositionOperation,
  deleteCompositionOperation,
  getCompositionOperation,
  listCompositionsOperation,
} from "../../lib/core/mod.ts";
import {
  began,
  changed,
  compositionId,
  errors,
  firstPage,
  given,
  type Interaction,
  pageLike,
  roomId,
  sessionId,
  url,
  uuid,
} from "../interaction.ts";
import { examples } from "../names.ts";
import { MatchersV3 } from "../pact.ts";

const { eachKeyLike, eachLike, integer, like, number, regex } = MatchersV3;

const whole = {
  x_pos: 0,
  y_pos: 0,
  z_pos: 0,
  width: 1280,
  height: 720,
  max_columns: 3,
  max_rows: 2,
  video_sources: ["*"],
};

const fields = {
  format: "mp4",
  resolution: "1280x720",
  video_layout: { whole },
  audio_sources: ["*"],
  webhook_event_url: "https://www.example.com",
  webhook_event_failover_url: "https://failover.example.com",
  webhook_timeout_secs: 25,
};

export const compositions: Interaction[] = [
  {
    operation: getCompositionOperation,
    state: "a composition is ready",
    description: "a request for the composition",
    body: {
      data: {
        id: compositionId,
        room_id: roomId,
        session_id: sessionId,
        user_id: uuid("12a04ec9-0f91-4a91-9f3a-a19d9931182e"),
        status: "completed",
        format: "mp4",
        resolution: regex(/^\d+x\d+$/, "1280x720"),
        size_mb: number(6),
        download_url: url("https://www.example.com"),
        duration_secs: integer(84),
        created_at: began,
        updated_at: changed,
        started_at: began,
        ended_at: changed,
        completed_at: changed,
        video_layout: eachKeyLike("whole", {
          width: integer(1280),
          height: integer(720),
          video_sources: eachLike("*"),
        }),
      },
    },
  },
  {
    operation: listCompositionsOperation,
    state: "a composition is ready",
    description: "a request for the compositions",
    ...firstPage,
    body: pageLike({ id: examples.room_composition_id }),
  },
  {
    operation: listCompositionsOperation,
    state: "a composition of April 2021 is ready",
    description: "a request for the session's compositions that are ready",
    opts: {
      sessionId: examples.room_session_id,
      status: "completed",
      createdAt: { eq: "2021-04-16" },
    },
    query: {
      "filter[session_id]": given.room_session_id,
      "filter[status]": "completed",
      "filter[date_created_at][eq]": "2021-04-16",
    },
    body: pageLike({ id: examples.room_composition_id }),
  },
  {
    operation: createCompositionOperation,
    state: "a recording is ready",
    description: "a request to compose the session's recordings",
    payload: { session_id: examples.room_session_id, ...fields },
    sent: { session_id: given.room_session_id, ...fields },
    body: {
      data: like({ id: examples.room_composition_id, status: "enqueued" }),
    },
  },
  {
    operation: createCompositionOperation,
    state: "a room with a name and webhooks exists",
    description: "a request for a composition without a session",
    payload: {},
    status: 422,
    body: errors("10027", "Unprocessable Entity"),
  },
  {
    operation: deleteCompositionOperation,
    state: "a composition is ready",
    description: "a request to delete the composition",
  },
];
