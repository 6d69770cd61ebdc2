import * as core from "../core/mod.ts";
import { isSame } from "./filters.ts";
import { badField, refusal } from "./refusal.ts";
import { existing, list, lookUp, type Route, route } from "./route.ts";
import { end, removeAll } from "./sessions.ts";
import {
  type ParticipantRecord,
  presentIn,
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
  who: core.Participants,
  { exclude = [] }: core.ParticipantsOptions,
): ParticipantRecord[] {
  const session = requireActive(state, sessionId);
  const everyone = state.participants.of(session.id);
  const among = (ids: readonly string[], person: { id: string }) =>
    ids.some((id) => isSame(person.id, id));
  const ids = who === "all" ? everyone.map(({ id }) => id) : who;
  ids.forEach((id, i) => {
    if (!everyone.some((person) => isSame(person.id, id))) {
      throw badField(`/participants/${i}`, "is not in the session");
    }
  });
  return presentIn(state, session)
    .filter((person) => among(ids, person) && !among(exclude, person));
}

const ok = { data: { result: "ok" } };

/** A route that acts on participants of a session. */
const action = (
  operation: core.ParticipantsOperation<"mute" | "unmute" | "kick">,
  act: (state: State, participants: ParticipantRecord[]) => void,
): Route =>
  route(operation, (state, { ids, opts, payload }) => {
    act(state, targets(state, ids.sessionId, payload, opts));
    return ok;
  });

const session = {
  of: ({ sessions }: State) => sessions,
  view: (state: State, session: SessionRecord, opts: core.GetSessionOptions) =>
    sessionView(state, session, opts.includeParticipants),
};

export const sessions: Route[] = [
  lookUp(core.getSessionOperation, session),
  list(core.listSessionsOperation, session),
  list(core.listSessionsOperation, session, {
    path: "/rooms/{roomId}/sessions",
    owners: ({ rooms }) => rooms,
  }),
  route(core.endSessionOperation, (state, { ids }) => {
    end(state, requireActive(state, ids.id));
    return ok;
  }),
  action(core.muteParticipantsOperation, ({ muted }, participants) => {
    for (const { id } of participants) muted.add(id);
  }),
  action(core.unmuteParticipantsOperation, ({ muted }, participants) => {
    for (const { id } of participants) muted.delete(id);
  }),
  action(
    core.kickParticipantsOperation,
    (state, participants) => removeAll(state, participants, "kicked"),
  ),
];

const participant = {
  of: ({ participants }: State) => participants,
  view: (_: State, participant: ParticipantRecord) => participant,
};

export const participants: Route[] = [
  lookUp(core.getParticipantOperation, participant),
  list(core.listParticipantsOperation, participant),
  list(core.listParticipantsOperation, participant, {
    path: "/room_sessions/{sessionId}/participants",
    owners: ({ sessions }) => sessions,
  }),
];
