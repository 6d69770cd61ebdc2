import {
  deleteRecordingOperation,
  deleteRecordingsOperation,
  getRecordingOperation,
  listRecordingsOperation,
} from "../core/recordings.ts";
import { matching, pageOf } from "./filters.ts";
import { existing, type Route, route } from "./route.ts";
import { drop, where } from "./state.ts";

export const recordings: Route[] = [
  route(getRecordingOperation, (state, { ids }) => ({
    data: existing(state.recordings, ids.id),
  })),
  route(
    listRecordingsOperation,
    (state, { opts }) => pageOf(where(state.recordings, matching(opts)), opts),
  ),
  route(deleteRecordingOperation, (state, { ids }) => {
    drop(state.recordings, existing(state.recordings, ids.id));
    return undefined;
  }),
  route(deleteRecordingsOperation, (state, { opts }) => {
    const found = where(state.recordings, matching(opts));
    for (const recording of found) drop(state.recordings, recording);
    return { data: { room_recordings: found.length } };
  }),
];
