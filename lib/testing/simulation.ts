// A day in the rooms, made up: people come and go, sessions end, and recordings
// are completed. The same seed does the same things, one after the other.
import { settle } from "./due.ts";
import type { Parts } from "./parts.ts";
import { end, join, removeAll } from "./sessions.ts";
import {
  activeSession,
  presentIn,
  type RoomRecord,
  type State,
} from "./state.ts";

/** Numbers from 0 up to, and without, 1; the same for a seed (mulberry32). */
export function random(seed: number): () => number {
  let state = Math.trunc(seed) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export const people = [
  "Ada",
  "Ben",
  "Chloe",
  "Dev",
  "Emre",
  "Fatima",
  "Grace",
  "Hiro",
  "Ines",
  "Jonas",
  "Kofi",
  "Lena",
  "Mateo",
  "Nora",
  "Omar",
  "Priya",
] as const;

/** How many ended sessions of a room are kept. */
const keptSessions = 12;

/** Forgets the oldest ended sessions of a room, with all that was in them. */
function forgetOld(state: State, { id }: RoomRecord): void {
  const ended = state.sessions.of(id).filter(({ active }) => !active);
  for (const session of ended.slice(0, -keptSessions)) {
    for (const person of state.participants.of(session.id)) {
      state.participants.drop(person);
    }
    for (const recording of state.recordings.of(session.id)) {
      state.recordings.drop(recording);
      state.fileSizes.delete(recording.id.toLowerCase());
    }
    for (const composition of state.compositions.of(session.id)) {
      state.compositions.drop(composition);
    }
    state.sessions.drop(session);
  }
}

/** Forgets the tokens that have expired. */
function forgetTokens({ grants, now }: State): void {
  for (const [token, { expiresMs }] of grants) {
    if (expiresMs <= now()) grants.delete(token);
  }
}

/** How much somebody would like to join a room, by how many are in it. */
function appeal(present: number, max: number): number {
  if (present >= max) return 0;
  return present === 0 ? 1 : 2;
}

/** What can happen next, and how likely it is. */
interface Chance {
  weight: number;
  act(): void;
}

/** Everything that can happen in a room. */
function chances(
  state: State,
  room: RoomRecord,
  next: () => number,
): Chance[] {
  const session = activeSession(state, room.id);
  const present = presentIn(state, session);
  const max = room.max_participants ?? 10;
  const come = () => {
    const absent = people.filter((name) =>
      !present.some(({ context }) => context === name)
    );
    const context = absent[Math.floor(next() * absent.length)] ?? "Guest";
    join(state, room.id, { context });
  };
  const leave = () => {
    const person = present[Math.floor(next() * present.length)];
    if (person) removeAll(state, [person], "left");
  };
  const endAll = () => session && end(state, session);
  return [
    { weight: appeal(present.length, max), act: come },
    { weight: 0.45 * present.length, act: leave },
    { weight: present.length > 1 ? 0.25 : 0, act: endAll },
  ];
}

/** What makes the next thing happen; what is kept is bounded. */
export function simulation(state: State, seed: number): () => void {
  const next = random(seed);
  return () => {
    settle(state);
    const all = state.rooms.of()
      .flatMap((room) => chances(state, room, next));
    const sum = all.reduce((sum, { weight }) => sum + weight, 0);
    let left = next() * sum;
    all.find(({ weight }) => (left -= weight) < 0)?.act();
    for (const room of state.rooms.of()) forgetOld(state, room);
    forgetTokens(state);
  };
}

/** Starts a simulation, in which something happens again and again. */
export function startSimulation(
  parts: Parts,
  seed: number,
  everyMs: number,
): void {
  parts.simulation?.stop();
  const step = simulation(parts.state, seed);
  const timer = setInterval(() => {
    step();
    parts.activity.changed();
  }, everyMs);
  parts.simulation = {
    seed,
    stop() {
      clearInterval(timer);
      delete parts.simulation;
    },
  };
}
