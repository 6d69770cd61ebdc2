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

/** The audio recording of Alice, which is made while she is there. */
async function withRecording<T extends Required<InState>>(state: T) {
  const { data } = await listRecordings(state.fake.fetch, token, {
    type: "audio",
  });
  const given = { ...state.given, room_recording_id: data[0]?.id ?? "" };
  return { ...state, given };
}

/** Alice has joined. */
function inSession() {
  const { fake, wait } = morning();
  const { id, session_id = "" } = fake.join(room.id, { context: "Alice" });
  const given = { room_participant_id: id, room_session_id: `${session_id}` };
  return { fake, wait, given };
}

/** Alice has left after an hour. */
function afterwards() {
  const state = inSession();
  state.wait(3600);
  state.fake.leave(state.given.room_participant_id);
  return state;
}

async function recorded() {
  const state = afterwards();
  state.wait(60);
  return await withRecording(state);
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

/** A fake with a refresh token for its room, some time ago. */
async function refreshable(seconds: number) {
  const { fake, wait } = morning();
  const { refresh_token } = await createJoinToken(fake.fetch, token, room.id);
  wait(seconds);
  return { fake, given: { refresh_token } };
}

/** The fakes, by the name of the state. */
export const states: Record<string, () => InState | Promise<InState>> = {
  "a room with a name and webhooks exists": morning,
  "a room that was made without a name exists": () =>
    morning({ rooms: [{ id: room.id, unique_name: null }] }),
  "a room without webhook fail-over and time-out exists": () =>
    morning({
      rooms: [{
        ...room,
        webhook_event_failover_url: null,
        webhook_timeout_secs: null,
      }],
    }),
  "a room with an active session and people in it exists": inSession,
  "a room whose session has ended exists": afterwards,
  "a room whose session began and ended in April 2021 exists": afterwards,
  "a room that never had a session exists": morning,
  "rooms exist": morning,
  "more rooms exist than a page of one holds": () =>
    morning({ rooms: [room, { ...room, id: examples.room_session_id }] }),
  "a room of that name was made and changed in April 2021": afterwards,
  "there are no rooms": () => morning({ rooms: [] }),
  "no room has that name": () => morning({ rooms: [] }),
  "a room has that name": morning,
  "the token is unknown": () => morning({ tokens: [] }),
  "the token may not see the room": () => morning({ forbiddenTokens: [token] }),
  "there is no such room": () => morning({ rooms: [] }),
  "there is no such room, reported by a bare error": () =>
    morning({ rooms: [], bareErrors: true }),
  "the rate limit is used up": () =>
    morning({ rateLimit: { limit: 0, windowMs: 60_000 } }),
  "a refresh token was made for the room": () => refreshable(0),
  "the refresh token has expired": () => refreshable(3600),
  "a recording is being made": () => withRecording(inSession()),
  "a recording is ready": recorded,
  "a recording of April 2021 is ready": recorded,
  "a composition is ready": composed,
  "a composition of April 2021 is ready": composed,
};

/** A webhook of the fake for each type of event. */
export async function sentWebhooks(): Promise<Map<string, Response>> {
  const sent = new Map<string, Response>();
  const { fake, wait } = morning({
    onWebhook: async (request) => {
      const body = await request.text();
      const { headers } = request;
      sent.set(
        JSON.parse(body).data.event_type,
        new Response(body, { headers }),
      );
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
