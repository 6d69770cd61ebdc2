import {
  deleteRecordingOperation,
  deleteRecordingsOperation,
  getRecordingOperation,
  listRecordingsOperation,
  type RecordingFilter,
} from "../core/recordings.ts";
import { withLink } from "./files.ts";
import { matching, slicePage } from "./filters.ts";
import { existing, type Route, route } from "./route.ts";
import { drop, recordsOf, type State } from "./state.ts";

/** The recordings that match the options of a list. */
function recordingsOf(state: State, opts: RecordingFilter) {
  return recordsOf(state.recordings, opts.sessionId).filter(matching(opts));
}

export const recordings: Route[] = [
  route(getRecordingOperation, (state, { ids }) => ({
    data: withLink(state, "recordings", existing(state.recordings, ids.id)),
  })),
  route(listRecordingsOperation, (state, { opts }) => {
    return slicePage(
      recordingsOf(state, opts),
      opts,
      (recording) => withLink(state, "recordings", recording),
    );
  }),
  route(deleteRecordingOperation, (state, { ids }) => {
    drop(state.recordings, existing(state.recordings, ids.id));
    return undefined;
  }),
  route(deleteRecordingsOperation, (state, { opts }) => {
    const found = recordingsOf(state, opts);
    for (const recording of found) drop(state.recordings, recording);
    return { data: { room_recordings: found.length } };
  }),
];
