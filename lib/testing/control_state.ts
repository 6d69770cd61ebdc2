// What the page shows of a fake: its rooms, with what is in them.
import { faultWords } from "./activity.ts";
import { withLink } from "./files.ts";
import type { Parts } from "./parts.ts";
import {
  activeSession,
  type RoomRecord,
  roomView,
  type State,
} from "./state.ts";

/** How many rooms are shown, and how many sessions and people of each. */
const maxRooms = 100;
const maxSessions = 10;
const maxPeople = 100;
const maxFiles = 100;

/** A room with its newest sessions, recordings and compositions. */
export function shownRoom(state: State, room: RoomRecord) {
  const sessions = state.sessions.of(room.id).slice(-maxSessions);
  return {
    ...roomView(state, room, false),
    sessions: sessions.map((session) => ({
      ...session,
      participants: state.participants.of(session.id).slice(-maxPeople),
    })),
    recordings: sessions.flatMap(({ id }) => state.recordings.of(id))
      .slice(-maxFiles)
      .map((recording) => withLink(state, "recordings", recording)),
    compositions: sessions.flatMap(({ id }) => state.compositions.of(id))
      .slice(-maxFiles)
      .map((composition) => withLink(state, "compositions", composition)),
  };
}

/** The rooms to show: those with a session first, then the newest. */
function roomsToShow(state: State, search: string): RoomRecord[] {
  const wanted = search.toLowerCase();
  const found = state.rooms.of().filter(({ id, unique_name }) =>
    `${unique_name ?? ""} ${id}`.toLowerCase().includes(wanted)
  );
  if (found.length <= maxRooms) return found;
  const isLive = ({ id }: RoomRecord) => activeSession(state, id) !== undefined;
  const live = found.filter(isLive);
  const idle = found.filter((room) => !isLive(room));
  return [...live, ...idle.slice(live.length - maxRooms)].slice(0, maxRooms);
}

/** The state as the page shows it. */
export function shownState(
  { state, fake, log, outbox, clock, simulation }: Parts,
  search = "",
) {
  return {
    aheadMs: clock.aheadMs,
    publicKey: fake.publicKey,
    totalRooms: state.rooms.size,
    rooms: roomsToShow(state, search).map((room) => shownRoom(state, room)),
    muted: [...state.muted],
    faults: log.faults.map(({ fault, times }) => ({
      fault: faultWords(fault) ?? "none",
      times: Number.isFinite(times) ? times : "always",
    })),
    webhookFaults: outbox.faults,
    simulation: simulation ? { seed: simulation.seed } : null,
  };
}

/** What the page shows. */
export type ShownState = ReturnType<typeof shownState>;
