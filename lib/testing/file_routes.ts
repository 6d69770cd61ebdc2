// The routes of what has a file: recordings and compositions.
import * as core from "../core/mod.ts";
import { withLink } from "./files.ts";
import { matching } from "./filters.ts";
import { badField } from "./refusal.ts";
import {
  existing,
  fieldsOf,
  list,
  lookUp,
  type Route,
  route,
  webhookNames,
} from "./route.ts";
import { type OfSession, type State, timestamp } from "./state.ts";

const recording = {
  of: ({ recordings }: State) => recordings,
  view: (state: State, record: core.RoomRecording) =>
    withLink(state, "recordings", record),
};

export const recordings: Route[] = [
  lookUp(core.getRecordingOperation, recording),
  list(core.listRecordingsOperation, recording),
  route(core.deleteRecordingOperation, ({ recordings }, { ids }) => {
    recordings.drop(existing(recordings, ids.id));
    return undefined;
  }),
  route(core.deleteRecordingsOperation, ({ recordings }, { opts }) => {
    const found = matching(recordings, opts);
    for (const recording of found) recordings.drop(recording);
    return { data: { room_recordings: found.length } };
  }),
];

/** The account's only user. */
const userId = "12a04ec9-0f91-4a91-9f3a-a19d9931182e";

/** Composes a session; throws a 422 if there is none. */
export function compose(
  state: State,
  payload: core.CompositionFields,
): OfSession<core.RoomComposition> {
  const session = state.sessions.get(payload.session_id);
  if (!session) throw badField("/session_id", "is not a session");
  const at = timestamp(state.now());
  const [first] = state.recordings.of(session.id);
  return state.compositions.put({
    id: state.newId(),
    room_id: session.room_id,
    session_id: session.id,
    user_id: userId,
    status: "enqueued",
    format: payload.format ?? "mp4",
    resolution: payload.resolution ?? "1280x720",
    download_url: null,
    created_at: at,
    updated_at: at,
    started_at: first?.started_at ?? session.created_at ?? null,
    ended_at: session.ended_at ?? at,
    webhook_event_failover_url: "",
    webhook_timeout_secs: null,
    record_type: "room_composition",
    ...fieldsOf(payload, ["video_layout", "audio_sources", ...webhookNames]),
  });
}

const composition = {
  of: ({ compositions }: State) => compositions,
  view: (state: State, record: core.RoomComposition) =>
    withLink(state, "compositions", record),
};

export const compositions: Route[] = [
  lookUp(core.getCompositionOperation, composition),
  list(core.listCompositionsOperation, composition),
  route(core.createCompositionOperation, (state, { payload }) => ({
    data: compose(state, payload),
  })),
  route(core.deleteCompositionOperation, ({ compositions }, { ids }) => {
    compositions.drop(existing(compositions, ids.id));
    return undefined;
  }),
];
