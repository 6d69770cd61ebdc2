/** The provider's own SDK against a server: prints what it made of it. */
import process from "node:process";
import Telnyx from "telnyx";

const [baseURL, id, missing, asked] = process.argv.slice(2);
const client = new Telnyx({ apiKey: "KEY", baseURL, maxRetries: 0 });

/** The SDK's call for each operation, by its method and path. */
const calls = {
  "GET /rooms": () => client.rooms.list(),
  "POST /rooms": (payload) => client.rooms.create(payload),
  "GET /rooms/{id}": () => client.rooms.retrieve(id),
  "PATCH /rooms/{id}": (payload) => client.rooms.update(id, payload),
  "DELETE /rooms/{id}": () => client.rooms.delete(id),
  "POST /rooms/{id}/actions/generate_join_client_token": (payload) =>
    client.rooms.actions.generateJoinClientToken(id, payload),
  "POST /rooms/{id}/actions/refresh_client_token": (refresh_token) =>
    client.rooms.actions.refreshClientToken(id, { refresh_token }),
  "GET /room_sessions": () => client.rooms.sessions.list0(),
  "GET /room_sessions/{id}": () => client.rooms.sessions.retrieve(id),
  "POST /room_sessions/{id}/actions/end": () =>
    client.rooms.sessions.actions.end(id),
  "POST /room_sessions/{id}/actions/mute": (participants) =>
    client.rooms.sessions.actions.mute(id, { participants }),
  "POST /room_sessions/{id}/actions/unmute": (participants) =>
    client.rooms.sessions.actions.unmute(id, { participants }),
  "POST /room_sessions/{id}/actions/kick": (participants) =>
    client.rooms.sessions.actions.kick(id, { participants }),
  "GET /room_participants": () => client.roomParticipants.list(),
  "GET /room_participants/{id}": () => client.roomParticipants.retrieve(id),
  "GET /room_recordings": () => client.roomRecordings.list(),
  "DELETE /room_recordings": () =>
    client.roomRecordings.deleteBulk({ filter: { room_id: id } }),
  "GET /room_recordings/{id}": () => client.roomRecordings.retrieve(id),
  "DELETE /room_recordings/{id}": () => client.roomRecordings.delete(id),
  "GET /room_compositions": () => client.roomCompositions.list(),
  "POST /room_compositions": (payload) =>
    client.roomCompositions.create(payload),
  "GET /room_compositions/{id}": () => client.roomCompositions.retrieve(id),
  "DELETE /room_compositions/{id}": () => client.roomCompositions.delete(id),
};

async function look() {
  const refused = new Telnyx({ apiKey: "other", baseURL, maxRetries: 0 });
  const status = (promise) => promise.then(() => 200, (error) => error.status);
  const { data } = await client.rooms.retrieve(id, { include_sessions: true });
  return {
    data,
    missing: await status(client.rooms.retrieve(missing)),
    refused: await status(refused.rooms.retrieve(id)),
  };
}

if (asked === undefined) {
  process.stdout.write(JSON.stringify(await look()));
} else {
  // One request for each operation, in their order
  for (const { name, payload } of JSON.parse(asked)) await calls[name](payload);
}
