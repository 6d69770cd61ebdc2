/** Puts the fake into each provider state of the contract. */
import { createComposition, createJoinToken, listRecordings } from "../mod.ts";
import {
  type FakeRooms,
  fakeRooms,
  type FakeRoomsOptions,
  type Room,
} from "../lib/testing/fake_rooms.ts";
import { examples, type Given, token } from "./names.ts";

/** A fake in a state, and the values of the state that differ from the examples. */
export interface InState {
  fake: FakeRooms;
  given?: Given;
}

const room: Room = {
  id: examples.room_id,
  unique_name: examples.unique_name,
  max_participants: 8,
  enable_recording: true,
  webhook_event_url: "https://www.example.com/hook",
  webhook_event_failover_url: "https://failover.example.com/hook",
  webhook_timeout_secs: 0,
};

/** A fake with the room, on a morning in April 2021. */
function morning(options: FakeRoomsOptions = {}) {
  let now = Date.parse("2021-04-16T09:46:20.954Z");
  const fake = fakeRooms({ rooms: [room], now: () => now, ...options });
  return { fake, wait: (seconds: number) => now += seconds * 1000 };
}

const withRoom = (more: Partial<Room> = {}): InState =>
  morning({ rooms: [{ ...room, ...more }] });

/** The audio recording of Alice. */
async function recordingIn(fake: FakeRooms): Promise<string> {
  const { data } = await listRecordings(fake.fetch, token, { type: "audio" });
  return data[0]?.id ?? "";
}

/** Alice has joined. */
function inSession() {
  const { fake, wait } = morning();
  const { id, session_id } = fake.join(room.id, { context: "Alice" });
  const given = {
    room_participant_id: id,
    room_session_id: session_id ?? "",
  };
  return { fake, wait, given };
}

/** Alice has left after an hour. */
function afterwards() {
  const { fake, wait, given } = inSession();
  wait(3600);
  fake.leave(given.room_participant_id);
  return { fake, wait, given };
}

async function recorded() {
  const { fake, wait, given } = afterwards();
  wait(60);
  const room_recording_id = await recordingIn(fake);
  return { fake, wait, given: { ...given, room_recording_id } };
}

async function composed(): Promise<InState> {
  const { fake, wait, given } = await recorded();
  const { id } = await createComposition(fake.fetch, token, {
    session_id: given.room_session_id,
    video_layout: { whole: { width: 1280, height: 720, video_sources: ["*"] } },
  });
  wait(60);
  return { fake, given: { ...given, room_composition_id: id } };
}

/** A fake with a refresh token for its room. */
async function refreshable() {
  const { fake, wait } = morning();
  const { refresh_token } = await createJoinToken(fake.fetch, token, room.id);
  return { fake, wait, given: { refresh_token } };
}

/** The fakes, by the name of the state. */
export const states: Record<string, () => InState | Promise<InState>> = {
  "a room with a name and webhooks exists": () => withRoom(),

  "a room that was made without a name exists": () =>
    morning({ rooms: [{ id: room.id, unique_name: null }] }),

  "a room without webhook fail-over and time-out exists": () =>
    withRoom({ webhook_event_failover_url: null, webhook_timeout_secs: null }),

  "a room with an active session and people in it exists": inSession,

  "a room whose session has ended exists": afterwards,

  "a room whose session began and ended in April 2021 exists": afterwards,

  "a room that never had a session exists": () => withRoom(),

  "rooms exist": () => withRoom(),

  "more rooms exist than a page of one holds": () =>
    morning({ rooms: [room, { ...room, id: examples.room_session_id }] }),

  "a room of that name was made and changed in April 2021": afterwards,

  "there are no rooms": () => morning({ rooms: [] }),

  "no room has that name": () => morning({ rooms: [] }),

  "a room has that name": () => withRoom(),

  "the token is unknown": () => morning({ tokens: [] }),

  "the token may not see the room": () => morning({ forbiddenTokens: [token] }),

  "there is no such room": () => morning({ rooms: [] }),

  "there is no such room, reported by a bare error": () =>
    morning({ rooms: [], bareErrors: true }),

  "the rate limit is used up": () =>
    morning({ rateLimit: { limit: 0, windowMs: 60_000 } }),

  "a refresh token was made for the room": refreshable,

  "the refresh token has expired": async () => {
    const { wait, ...state } = await refreshable();
    wait(3600);
    return state;
  },

  "a recording is being made": async () => {
    const { given, ...state } = inSession();
    const room_recording_id = await recordingIn(state.fake);
    return { ...state, given: { ...given, room_recording_id } };
  },

  "a recording is ready": recorded,

  "a recording of April 2021 is ready": recorded,

  "a composition is ready": composed,

  "a composition of April 2021 is ready": composed,
};

/** A webhook as it was sent. */
export interface SentWebhook {
  headers: Record<string, string>;
  body: string;
}

/** A webhook of the fake for each type of event. */
export async function sentWebhooks(): Promise<Map<string, SentWebhook>> {
  const sent = new Map<string, SentWebhook>();
  const { fake, wait } = morning({
    onWebhook: async (request) => {
      const body = await request.text();
      const headers = Object.fromEntries(request.headers);
      sent.set(JSON.parse(body).data.event_type, { headers, body });
    },
  });
  const { id, session_id } = fake.join(room.id, { context: "Alice" });
  wait(3600);
  fake.leave(id);
  const webhook_event_url = room.webhook_event_url ?? "";
  const composition = { session_id, webhook_event_url };
  await createComposition(fake.fetch, token, composition);
  wait(60);
  await fake.delivered();
  return sent;
}
