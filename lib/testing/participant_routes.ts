import {
  getParticipantOperation,
  listParticipantsOperation,
  type ListParticipantsQuery,
} from "../participants.ts";
import { is, isWithin, pageOf } from "./filters.ts";
import { at, existing, type Route, route } from "./route.ts";
import { type State, where } from "./state.ts";

function listParticipants(state: State, opts: ListParticipantsQuery) {
  const found = where(
    state.participants,
    (participant) =>
      is(participant.session_id, opts.sessionId) &&
      (opts.context === undefined || participant.context === opts.context) &&
      isWithin(participant.joined_at, opts.joinedAt) &&
      isWithin(participant.updated_at, opts.updatedAt) &&
      isWithin(participant.left_at, opts.leftAt),
  );
  return pageOf(found, opts);
}

export const participants: Route[] = [
  route(getParticipantOperation, (state, { ids }) => ({
    data: existing(state.participants, ids.id),
  })),
  route(
    listParticipantsOperation,
    (state, { opts }) => listParticipants(state, opts),
  ),
  route(
    at("/room_sessions/{sessionId}/participants", listParticipantsOperation),
    (state, { ids, opts }) => {
      const { id } = existing(state.sessions, ids.sessionId);
      return listParticipants(state, { ...opts, sessionId: id });
    },
  ),
];
