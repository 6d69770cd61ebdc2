import {
  getParticipantOperation,
  listParticipantsOperation,
  type ListParticipantsQuery,
} from "../core/participants.ts";
import { matching, pageOf } from "./filters.ts";
import { at, existing, type Route, route } from "./route.ts";
import { type State, where } from "./state.ts";

function listParticipants(state: State, opts: ListParticipantsQuery) {
  return pageOf(where(state.participants, matching(opts)), opts);
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
