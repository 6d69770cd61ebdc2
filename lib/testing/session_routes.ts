import {
  getParticipantOperation,
  listParticipantsOperation,
  type ListParticipantsOptions,
} from "../core/participants.ts";
import {
  endSessionOperation,
  getSessionOperation,
  kickParticipantsOperation,
  listSessionsOperation,
  type ListSessionsOptions,
  muteParticipantsOperation,
  type Participants,
  type ParticipantsOperation,
  type ParticipantsOptions,
  unmuteParticipantsOperation,
} from "../core/sessions.ts";
import { isSame, matching, slicePage } from "./filters.ts";
import { badField, refusal } from "./refusal.ts";
import { at, existing, type Route, route } from "./route.ts";
import { end, removeAll } from "./sessions.ts";
import {
  type ParticipantRecord,
  presentIn,
  recordsOf,
  type SessionRecord,
  sessionView,
  type State,
} from "./state.ts";

/** The active session with this id; throws a 422 if it has ended. */
function requireActive(state: State, id: string): SessionRecord {
  const session = existing(state.sessions, id);
  if (!session.active) throw refusal(422, "No private_ip for room");
  return session;
}

/** The participants that an action is for and who are present. */
function targets(
  state: State,
  sessionId: string,
  who: Participants,
  { exclude = [] }: ParticipantsOptions,
): ParticipantRecord[] {
  const { id } = requireActive(state, sessionId);
  const everyone = state.participants.of(id);
  const among = (ids: readonly string[], person: { id: string }) =>
    ids.some((id) => isSame(person.id, id));
  const ids = who === "all" ? everyone.map(({ id }) => id) : who;
  ids.forEach((id, i) => {
    if (!everyone.some((person) => isSame(person.id, id))) {
      throw badField(`/participants/${i}`, "is not in the session");
    }
  });
  return presentIn(state, id)
    .filter((person) => among(ids, person) && !among(exclude, person));
}

function listSessions(state: State, opts: ListSessionsOptions) {
  const { roomId, includeParticipants } = opts;
  const found = recordsOf(state.sessions, roomId).filter(matching(opts));
  return slicePage(
    found,
    opts,
    (session) => sessionView(state, session, includeParticipants),
  );
}

const ok = { data: { result: "ok" } };

/** A route that acts on participants of a session. */
const action = (
  operation: ParticipantsOperation<"mute" | "unmute" | "kick">,
  act: (state: State, participants: ParticipantRecord[]) => void,
): Route =>
  route(operation, (state, { ids, opts, payload }) => {
    act(state, targets(state, ids.sessionId, payload, opts));
    return ok;
  });

export const sessions: Route[] = [
  route(getSessionOperation, (state, { ids, opts }) => {
    const session = existing(state.sessions, ids.id);
    return { data: sessionView(state, session, opts.includeParticipants) };
  }),
  route(listSessionsOperation, (state, { opts }) => listSessions(state, opts)),
  route(
    at("/rooms/{roomId}/sessions", listSessionsOperation),
    (state, { ids, opts }) => {
      const { id } = existing(state.rooms, ids.roomId);
      return listSessions(state, { ...opts, roomId: id });
    },
  ),
  route(endSessionOperation, (state, { ids }) => {
    end(state, requireActive(state, ids.id));
    return ok;
  }),
  action(muteParticipantsOperation, ({ muted }, participants) => {
    for (const { id } of participants) muted.add(id);
  }),
  action(unmuteParticipantsOperation, ({ muted }, participants) => {
    for (const { id } of participants) muted.delete(id);
  }),
  action(
    kickParticipantsOperation,
    (state, participants) => removeAll(state, participants, "kicked"),
  ),
];

function listParticipants(state: State, opts: ListParticipantsOptions) {
  const found = recordsOf(state.participants, opts.sessionId);
  return slicePage(found.filter(matching(opts)), opts);
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
