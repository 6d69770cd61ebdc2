import {
  deleteRecordingOperation,
  deleteRecordingsOperation,
  getRecordingOperation,
  listRecordingsOperation,
  type RecordingFilter,
} from "../recordings.ts";
import { is, isAsLong, isWithin, pageOf } from "./filters.ts";
import { existing, type Route, route } from "./route.ts";
import { drop, type State, where } from "./state.ts";

/** The recordings that meet a filter. */
function recordingsOf({ recordings }: State, filter: RecordingFilter) {
  return where(
    recordings,
    (recording) =>
      is(recording.room_id, filter.roomId) &&
      is(recording.session_id, filter.sessionId) &&
      is(recording.participant_id, filter.participantId) &&
      is(recording.status, filter.status) && is(recording.type, filter.type) &&
      isWithin(recording.started_at, filter.startedAt) &&
      isWithin(recording.ended_at, filter.endedAt) &&
      isAsLong(recording.duration_secs, filter.durationSecs),
  );
}

export const recordings: Route[] = [
  route(getRecordingOperation, (state, { ids }) => ({
    data: existing(state.recordings, ids.id),
  })),
  route(
    listRecordingsOperation,
    (state, { opts }) => pageOf(recordingsOf(state, opts), opts),
  ),
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
