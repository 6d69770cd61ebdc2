/**
 * Provider states that are made when they are needed: each function puts your
 * stand-in into a state, and returns the ids for the request. These use the
 * control routes of `telnyx-rooms serve`; call your own stand-in instead.
 */
import process from "node:process";
import {
  createComposition,
  createJoinToken,
  listRecordings,
} from "@videorooms/telnyx";

const { PROVIDER_URL: baseUrl, TELNYX_API_KEY: token = "KEY" } = process.env;
const opts = { baseUrl };

/** Calls a control route; returns its answer. */
async function control(path, body = {}) {
  const response = await fetch(new URL(`/_fake/${path}`, baseUrl), {
    method: "POST",
    headers: { "content-type": "application/json", "x-fake-rooms": "1" },
    body: JSON.stringify(body),
  });
  const answer = await response.text();
  if (!response.ok) throw new Error(`${path}: ${response.status} ${answer}`);
  return JSON.parse(answer);
}

const newName = () => `pact-${crypto.randomUUID()}`;

async function newRoom() {
  const unique_name = newName();
  const { id } = await control("rooms", {
    unique_name,
    enable_recording: true,
  });
  return { room_id: id, unique_name };
}

async function inSession() {
  const { room_id } = await newRoom();
  const person = await control(`rooms/${room_id}/join`, { context: "Alice" });
  return {
    room_id,
    room_session_id: person.session_id,
    room_participant_id: person.id,
  };
}

/** The ids of a session, and of an audio recording in it. */
async function withRecording(ids) {
  const { room_session_id: sessionId } = ids;
  const { data: [recording] } = await listRecordings(fetch, token, {
    ...opts,
    sessionId,
    type: "audio",
  });
  return { ...ids, room_recording_id: recording.id };
}

async function recorded() {
  const ids = await inSession();
  await control(`participants/${ids.room_participant_id}/leave`);
  await control(`rooms/${ids.room_id}/complete`);
  return await withRecording(ids);
}

async function composed() {
  const ids = await recorded();
  const composition = {
    session_id: ids.room_session_id,
    video_layout: { whole: { width: 1280, height: 720, video_sources: ["*"] } },
  };
  const { id } = await createComposition(fetch, token, composition, opts);
  await control(`rooms/${ids.room_id}/complete`);
  return { ...ids, room_composition_id: id };
}

async function refreshable() {
  const { room_id } = await newRoom();
  const { refresh_token } = await createJoinToken(fetch, token, room_id, opts);
  return { room_id, refresh_token };
}

export const made = {
  "no room has that name": () => ({ unique_name: newName() }),
  "a room has that name": newRoom,
  "a room with a name and webhooks exists": newRoom,
  "there is no such room": () => ({ room_id: crypto.randomUUID() }),
  "a room with an active session and people in it exists": inSession,
  "a recording is being made": async () => withRecording(await inSession()),
  "a recording is ready": recorded,
  "a composition is ready": composed,
  "a refresh token was made for the room": refreshable,
  "the refresh token has expired": async () => {
    const ids = await refreshable();
    await control("clock", { seconds: 3600 });
    return ids;
  },
};
