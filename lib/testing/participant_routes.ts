import {
  getParticipantOperation,
  listParticipantsOperation,
  type ListParticipantsOptions,
} from "../core/participants.ts";
import { matching, pageOf } from "./filters.ts";
import { at, existing, type Route, route } from "./route.ts";
import { recordsOf, type State } from "./state.ts";

function listParticipants(state: State, opts: ListParticipantsOptions) {
  const found = recordsOf(state.participants, opts.sessionId);
  return pageOf(found.filter(matching(opts)), opts);
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
