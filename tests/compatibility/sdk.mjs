/** `sdk.mjs BASE_URL CALLS`: makes calls with Telnyx's SDK, and prints their outcomes. */
import process from "node:process";
import Telnyx from "telnyx";

const [baseURL, calls] = process.argv.slice(2);

/** The method of each operation, by its method and path. */
const methods = {
  "GET /rooms": "rooms.list",
  "POST /rooms": "rooms.create",
  "GET /rooms/{id}": "rooms.retrieve",
  "PATCH /rooms/{id}": "rooms.update",
  "DELETE /rooms/{id}": "rooms.delete",
  "POST /rooms/{id}/actions/generate_join_client_token":
    "rooms.actions.generateJoinClientToken",
  "POST /rooms/{id}/actions/refresh_client_token":
    "rooms.actions.refreshClientToken",
  "GET /room_sessions": "rooms.sessions.list0",
  "GET /room_sessions/{id}": "rooms.sessions.retrieve",
  "POST /room_sessions/{id}/actions/end": "rooms.sessions.actions.end",
  "POST /room_sessions/{id}/actions/mute": "rooms.sessions.actions.mute",
  "POST /room_sessions/{id}/actions/unmute": "rooms.sessions.actions.unmute",
  "POST /room_sessions/{id}/actions/kick": "rooms.sessions.actions.kick",
  "GET /room_participants": "roomParticipants.list",
  "GET /room_participants/{id}": "roomParticipants.retrieve",
  "GET /room_recordings": "roomRecordings.list",
  "DELETE /room_recordings": "roomRecordings.deleteBulk",
  "GET /room_recordings/{id}": "roomRecordings.retrieve",
  "DELETE /room_recordings/{id}": "roomRecordings.delete",
  "GET /room_compositions": "roomCompositions.list",
  "POST /room_compositions": "roomCompositions.create",
  "GET /room_compositions/{id}": "roomCompositions.retrieve",
  "DELETE /room_compositions/{id}": "roomCompositions.delete",
};

async function outcomeOf({ apiKey = "KEY", name, id, params, all }) {
  const path = methods[name].split(".");
  const method = path.pop();
  const client = new Telnyx({ apiKey, baseURL, maxRetries: 0 });
  const resource = path.reduce((found, key) => found[key], client);
  try {
    const promise = id
      ? resource[method](id, params)
      : resource[method](params);
    if (!all) return { data: (await promise)?.data || null };
    const data = [];
    for await (const item of promise) data.push(item);
    return { data };
  } catch (error) {
    return { status: error.status, error: error.constructor.name };
  }
}

const outcomes = [];
for (const call of JSON.parse(calls)) outcomes.push(await outcomeOf(call));
process.stdout.write(JSON.stringify(outcomes));
