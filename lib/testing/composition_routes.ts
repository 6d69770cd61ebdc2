import {
  type CompositionFields,
  createCompositionOperation,
  deleteCompositionOperation,
  getCompositionOperation,
  listCompositionsOperation,
  type RoomComposition,
} from "../core/compositions.ts";
import { withLink } from "./files.ts";
import { matching, slicePage } from "./filters.ts";
import { badField } from "./refusal.ts";
import {
  existing,
  fieldsOf,
  type Route,
  route,
  webhookNames,
} from "./route.ts";
import { spanOf } from "./sessions.ts";
import {
  drop,
  find,
  type OfSession,
  put,
  recordsWhere,
  type State,
  timestamp,
} from "./state.ts";

/** The account's only user. */
const userId = "12a04ec9-0f91-4a91-9f3a-a19d9931182e";

/** Composes a session; throws a 422 if there is none. */
export function compose(
  state: State,
  payload: CompositionFields,
): OfSession<RoomComposition> {
  const session = find(state.sessions, payload.session_id ?? "");
  if (!session) throw badField("/session_id", "is not a session");
  const at = timestamp(state.now());
  return put(state.compositions, {
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
    ...spanOf(state, session),
    webhook_event_failover_url: "",
    webhook_timeout_secs: null,
    record_type: "room_composition",
    ...fieldsOf(payload, ["video_layout", "audio_sources", ...webhookNames]),
  });
}

export const compositions: Route[] = [
  route(getCompositionOperation, (state, { ids }) => {
    const composition = existing(state.compositions, ids.id);
    return { data: withLink(state, "compositions", composition) };
  }),
  route(listCompositionsOperation, (state, { opts }) => {
    return slicePage(
      recordsWhere(state.compositions, matching(opts)),
      opts,
      (composition) => withLink(state, "compositions", composition),
    );
  }),
  route(createCompositionOperation, (state, { payload }) => ({
    data: compose(state, payload),
  })),
  route(deleteCompositionOperation, (state, { ids }) => {
    drop(state.compositions, existing(state.compositions, ids.id));
    return undefined;
  }),
];
