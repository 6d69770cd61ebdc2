/** Makes calls with the provider's own SDK, and prints their outcomes. */
import process from "node:process";
import Telnyx from "telnyx";

const [major, baseURL, steps] = process.argv.slice(2);

/** The calls of each operation, by its method and path. */
const newest = (client) => ({
  "GET /rooms": (_, query) => client.rooms.list(query),
  "POST /rooms": (_, payload) => client.rooms.create(payload),
  "GET /rooms/{id}": (id) => client.rooms.retrieve(id),
  "PATCH /rooms/{id}": (id, payload) => client.rooms.update(id, payload),
  "DELETE /rooms/{id}": (id) => client.rooms.delete(id),
  "POST /rooms/{id}/actions/generate_join_client_token": (id, payload) =>
    client.rooms.actions.generateJoinClientToken(id, payload),
  "POST /rooms/{id}/actions/refresh_client_token": (id, refresh_token) =>
    client.rooms.actions.refreshClientToken(id, { refresh_token }),
  "GET /room_sessions": (_, query) => client.rooms.sessions.list0(query),
  "GET /room_sessions/{id}": (id) => client.rooms.sessions.retrieve(id),
  "POST /room_sessions/{id}/actions/end": (id) =>
    client.rooms.sessions.actions.end(id),
  "POST /room_sessions/{id}/actions/mute": (id, participants) =>
    client.rooms.sessions.actions.mute(id, { participants }),
  "POST /room_sessions/{id}/actions/unmute": (id, participants) =>
    client.rooms.sessions.actions.unmute(id, { participants }),
  "POST /room_sessions/{id}/actions/kick": (id, participants) =>
    client.rooms.sessions.actions.kick(id, { participants }),
  "GET /room_participants": (_, query) => client.roomParticipants.list(query),
  "GET /room_participants/{id}": (id) => client.roomParticipants.retrieve(id),
  "GET /room_recordings": (_, query) => client.roomRecordings.list(query),
  "DELETE /room_recordings": (_, room_id) =>
    client.roomRecordings.deleteBulk({ filter: { room_id } }),
  "GET /room_recordings/{id}": (id) => client.roomRecordings.retrieve(id),
  "DELETE /room_recordings/{id}": (id) => client.roomRecordings.delete(id),
  "GET /room_compositions": (_, query) => client.roomCompositions.list(query),
  "POST /room_compositions": (_, payload) =>
    client.roomCompositions.create(payload),
  "GET /room_compositions/{id}": (id) => client.roomCompositions.retrieve(id),
  "DELETE /room_compositions/{id}": (id) => client.roomCompositions.delete(id),
});

/** The oldest release with rooms; its recordings have a wrong path. */
const oldest = (client) => ({
  "GET /rooms": (_, query = {}) => client.rooms.list(query),
  "POST /rooms": (_, payload) => client.rooms.create(payload),
  "GET /rooms/{id}": (id) => client.rooms.retrieve(id),
  "PATCH /rooms/{id}": (id, payload) => client.rooms.update(id, payload),
  "DELETE /rooms/{id}": (id) => client.rooms.del(id),
  "POST /rooms/{id}/actions/generate_join_client_token": (id, payload) =>
    client.roomClientToken.retrieveGenerateJoinClientToken(id, payload),
  "POST /rooms/{id}/actions/refresh_client_token": (id, refresh_token) =>
    client.roomClientToken.retrieveRefreshClientToken(id, { refresh_token }),
  "GET /room_sessions": (_, query = {}) => client.roomSessions.list(query),
  "GET /room_sessions/{id}": (id) =>
    client.roomSessions.retrieveRoomSessionId(id),
  "POST /room_sessions/{id}/actions/end": (id) =>
    client.roomSessions.endSession(id),
  "POST /room_sessions/{id}/actions/mute": (id, participants) =>
    client.roomSessions.muteSession(id, { participants }),
  "POST /room_sessions/{id}/actions/unmute": (id, participants) =>
    client.roomSessions.unmuteSession(id, { participants }),
  "POST /room_sessions/{id}/actions/kick": (id, participants) =>
    client.roomSessions.kickParticipant(id, { participants }),
  "GET /room_participants": (_, query = {}) =>
    client.roomParticipants.list(query),
  "GET /room_participants/{id}": (id) => client.roomParticipants.retrieve(id),
  "GET /room_compositions": (_, query = {}) =>
    client.roomCompositions.list(query),
  "POST /room_compositions": (_, payload) =>
    client.roomCompositions.create(payload),
  "GET /room_compositions/{id}": (id) => client.roomCompositions.retrieve(id),
  "DELETE /room_compositions/{id}": (id) => client.roomCompositions.del(id),
});

function callsWith(apiKey) {
  if (major !== "1") {
    return newest(new Telnyx({ apiKey, baseURL, maxRetries: 0 }));
  }
  const client = new Telnyx(apiKey);
  client.setHost("127.0.0.1", new URL(baseURL).port, "http");
  return oldest(client);
}

async function outcomeOf({ apiKey = "KEY", name, id, payload, all }) {
  const call = callsWith(apiKey)[name];
  if (!call) return { lacks: true };
  try {
    const promise = call(id, payload);
    if (!all) return { data: (await promise)?.data || null };
    if (!promise[Symbol.asyncIterator]) return { lacks: true };
    const data = [];
    for await (const item of promise) data.push(item);
    return { data };
  } catch (error) {
    const { status = error.statusCode, type, constructor } = error;
    return { status, error: type ?? constructor.name, text: `${error}` };
  }
}

const outcomes = [];
for (const step of JSON.parse(steps)) outcomes.push(await outcomeOf(step));
process.stdout.write(JSON.stringify(outcomes));
