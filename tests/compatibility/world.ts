/**
 * A fake with deterministic time and ids, and a story with every operation, which
 * has the same results for every client.
 */
import * as core from "../../lib/core/mod.ts";
import { type FakeRooms, fakeRooms } from "../../lib/testing/fake_rooms.ts";
import { id } from "../support/example.ts";
import { fillPath, idNames } from "../../lib/core/path.ts";
import { isRecord } from "../../lib/core/redact.ts";

/** One call, by the operation's method and path. */
export interface Step {
  name: string;
  id?: string | undefined;
  payload?: unknown;
}

/** Every operation, by its method and path. */
export const operations = new Map(
  (Object.values(core) as core.Operation[])
    .filter((value) => value.path !== undefined)
    .map((operation) => {
      const path = fillPath(operation.path, () => "{id}");
      return [`${operation.method} ${path}`, operation];
    }),
);

/** A room that records, with three participants, and more rooms for several pages. */
export function world(): FakeRooms {
  let ids = 0;
  const fake: FakeRooms = fakeRooms({
    rooms: [{ id, enable_recording: true }],
    tokens: ["KEY"],
    forbiddenTokens: ["FORBIDDEN"],
    now: () => Date.UTC(2026, 0, 1) + 1000 * (fake?.requests.length ?? 0),
    newId: () => `00000000-0000-4000-8000-${`${++ids}`.padStart(12, "0")}`,
  });
  for (const context of ["Alice", "Bob", "Carol"]) fake.join(id, { context });
  for (let i = 0; i < 4; i++) {
    const room = `00000000-0000-4000-9000-00000000000${i}`;
    fake.addRoom({ id: room });
    fake.join(room);
  }
  return fake;
}

/** The options of a step, for operations that take what is sent as options. */
function optionsOf(name: string, payload: unknown): object {
  if (name === "DELETE /room_recordings") return { roomId: payload };
  if (name.endsWith("generate_join_client_token") && isRecord(payload)) {
    return { tokenTtlSecs: payload.token_ttl_secs };
  }
  return {};
}

/** The request of a step by this module. */
export function requestOf({ name, id, payload }: Step): core.ApiRequest {
  const operation = operations.get(name) as core.Operation;
  const [key = ""] = idNames(operation.path);
  return core.toRequest(
    operation,
    "KEY",
    { [key]: id },
    optionsOf(name, payload),
    payload ?? {},
  );
}

/** The `data` of the response to a step, or null. */
async function ask(fake: FakeRooms, step: Step) {
  const { url, ...init } = requestOf(step);
  const text = await (await fake.fetch(url, init)).text();
  return text ? JSON.parse(text).data : null;
}

/** Every operation at least once, and the data of its response. */
export async function story(): Promise<{ step: Step; data: unknown }[]> {
  const fake = world();
  const played: { step: Step; data: unknown }[] = [];
  const act = async (name: string, id?: string, payload?: unknown) => {
    const step = { name, id, payload };
    const data = await ask(fake, step);
    played.push({ step, data });
    return data;
  };
  const room = await act("POST /rooms", undefined, { unique_name: "Ä" });
  await act("GET /rooms");
  await act("PATCH /rooms/{id}", room.id, { max_participants: 3 });
  await act("GET /rooms/{id}", room.id);
  const [token, refresh] = [
    "generate_join_client_token",
    "refresh_client_token",
  ];
  const { refresh_token } = await act(
    `POST /rooms/{id}/actions/${token}`,
    id,
    { token_ttl_secs: 60 },
  );
  await act(`POST /rooms/{id}/actions/${refresh}`, id, refresh_token);
  const [session] = await act("GET /room_sessions");
  await act("GET /room_sessions/{id}", session.id);
  const people = await act("GET /room_participants");
  await act("GET /room_participants/{id}", people[0].id);
  const action = (name: string, who: unknown) =>
    act(`POST /room_sessions/{id}/actions/${name}`, session.id, who);
  await action("mute", "all");
  await action("unmute", [people[0].id]);
  await action("kick", [people[1].id]);
  const film = await act("POST /room_compositions", undefined, {
    session_id: session.id,
    resolution: "640x480",
  });
  await act("GET /room_compositions");
  await act("GET /room_compositions/{id}", film.id);
  await act("POST /room_sessions/{id}/actions/end", session.id);
  const [recording] = await act("GET /room_recordings");
  await act("GET /room_recordings/{id}", recording.id);
  await act("DELETE /room_recordings/{id}", recording.id);
  await act("DELETE /room_recordings", undefined, id);
  await act("DELETE /room_compositions/{id}", film.id);
  await act("DELETE /rooms/{id}", room.id);
  return played;
}
