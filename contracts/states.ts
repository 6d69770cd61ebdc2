/** Puts the fake into each provider state that the contract speaks of. */
import {
  type FakeRooms,
  fakeRooms,
  type Room,
  type RoomParticipant,
} from "../lib/testing/fake_rooms.ts";
import { roomId, token } from "./names.ts";

const began = "2021-04-16T09:46:20.954863Z";
const ended = "2021-04-16T10:24:55.962200Z";

const room: Room = {
  id: roomId,
  unique_name: "Standup",
  max_participants: 8,
  enable_recording: false,
  webhook_event_url: "https://www.example.com/hook",
  webhook_event_failover_url: "https://failover.example.com/hook",
  webhook_timeout_secs: 0,
};

const person: RoomParticipant = {
  id: "0ccc7b54-4df3-4bca-a65a-3da1ecc777f2",
  context: "Ada",
  joined_at: began,
  updated_at: ended,
};

const session = {
  id: "0ccc7b54-4df3-4bca-a65a-3da1ecc777f1",
  created_at: began,
  updated_at: ended,
};

const withRoom = (more: Partial<Room> = {}) =>
  fakeRooms({ rooms: [{ ...room, ...more }] });

/** A fake in the state, by the state's name. */
export const states: Record<string, () => FakeRooms | Promise<FakeRooms>> = {
  "a room with a name and webhooks exists": () => withRoom(),

  "a room that was made without a name exists": () =>
    fakeRooms({ rooms: [{ id: roomId, unique_name: null }] }),

  "a room without webhook fail-over and time-out exists": () =>
    withRoom({ webhook_event_failover_url: null, webhook_timeout_secs: null }),

  "a room with an active session and people in it exists": () =>
    withRoom({
      sessions: [{ ...session, active: true, participants: [person] }],
    }),

  "a room whose session has ended exists": () =>
    withRoom({
      sessions: [{
        ...session,
        active: false,
        ended_at: ended,
        participants: [{ ...person, left_at: ended }],
      }],
    }),

  "a room that never had a session exists": () => withRoom({ sessions: [] }),

  "rooms exist": () => withRoom(),

  "more rooms exist than a page of one holds": () =>
    fakeRooms({ rooms: [room, { ...room, id: session.id }] }),

  "the room Standup was made and changed in April 2021": () =>
    withRoom({
      created_at: began,
      updated_at: ended,
      sessions: [{ ...session, ended_at: ended }],
    }),

  "there are no rooms": () => fakeRooms(),

  "no room is named Standup": () => fakeRooms(),

  "a room is named Standup": () => withRoom(),

  "the token is unknown": () => fakeRooms({ rooms: [room], tokens: [] }),

  "the token may not see the room": () =>
    fakeRooms({ rooms: [room], forbiddenTokens: [token] }),

  "there is no such room": () => fakeRooms(),

  "there is no such room, told in the general error form": () => {
    const fake = fakeRooms();
    fake.fault({ status: 404 });
    return fake;
  },

  "the rate limit is used up": async () => {
    const rateLimit = { limit: 1, windowMs: 60_000 };
    const fake = fakeRooms({ rooms: [room], rateLimit });
    const headers = { authorization: `Bearer ${token}` };
    await fake.fetch(`https://api.telnyx.com/v2/rooms/${roomId}`, { headers });
    return fake;
  },
};
