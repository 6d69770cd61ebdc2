/**
 * The provider states for requests that write: each function puts your stand-in
 * into a state, by its API, and returns the ids for the request. A state that is
 * not here is that of states.json.
 */
import process from "node:process";
import { allRooms, createJoinToken, createRoom } from "@videorooms/telnyx";

const { PROVIDER_URL: baseUrl, TELNYX_API_KEY: token = "KEY" } = process.env;

const newName = () => `pact-${crypto.randomUUID()}`;

async function newRoom() {
  const room = { unique_name: newName() };
  const { id } = await createRoom(fetch, token, room, { baseUrl });
  return { room_id: id, ...room };
}

/** The ids of a session with someone in it; each request may end it. */
async function sessionWithPeople() {
  const rooms = allRooms(fetch, token, { baseUrl, includeSessions: true });
  for await (const { id, sessions } of rooms) {
    const session = sessions?.find(({ active }) => active);
    const person = session?.participants?.find(({ left_at }) => !left_at);
    if (!person) continue;
    return {
      room_id: id,
      room_session_id: session.id,
      room_participant_id: person.id,
    };
  }
  throw new Error("No session with people is left: add rooms to rooms.json");
}

export const writing = {
  "no room has that name": () => ({ unique_name: newName() }),
  "a room has that name": newRoom,
  "a room with a name and webhooks exists": newRoom,
  "there is no such room": () => ({ room_id: crypto.randomUUID() }),
  "a room with an active session and people in it exists": sessionWithPeople,
  "a refresh token was made for the room": async () => {
    const { room_id } = await newRoom();
    const { refresh_token } = await createJoinToken(fetch, token, room_id, {
      baseUrl,
    });
    return { room_id, refresh_token };
  },
};
