/**
 * A fake whose clock and ids are always the same, and a story of every operation
 * in it: two such worlds come to the same end, whoever asks.
 */
import * as core from "../../lib/core.ts";
import { type FakeRooms, fakeRooms } from "../../lib/testing/fake_rooms.ts";
import { id } from "../example.ts";

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
      const path = operation.path.replaceAll(/\{\w+\}/g, "{id}");
      return [`${operation.method} ${path}`, operation];
    }),
);

/** A room that records, with two people in it, and others for several pages. */
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

/** The request of a step, as this module makes it. */
export function requestOf({ name, id, payload }: Step): core.ApiRequest {
  const operation = operations.get(name) as core.Operation;
  const [, key = ""] = /\{(\w+)\}/.exec(operation.path) ?? [];
  const opts = name === "DELETE /room_recordings" ? { roomId: payload } : {};
  const ids = { [key]: id };
  return core.toRequest(operation, "KEY", ids, opts, payload ?? {});
}

/** The `data` of the answer to a step; null for none. */
async function ask(fake: FakeRooms, step: Step) {
  const { url, ...init } = requestOf(step);
  const text = await (await fake.fetch(url, init)).text();
  return text ? JSON.parse(text).data : null;
}

/** Every operation once or more, and the data of its answer. */
export async function story(): Promise<{ step: Step; data: unknown }[]> {
  const fake = world();
  const told: { step: Step; data: unknown }[] = [];
  const tell = async (name: string, id?: string, payload?: unknown) => {
    const step = { name, id, payload };
    const data = await ask(fake, step);
    told.push({ step, data });
    return data;
  };
  const room = await tell("POST /rooms", undefined, { unique_name: "Ä" });
  await tell("GET /rooms");
  await tell("PATCH /rooms/{id}", room.id, { max_participants: 3 });
  await tell("GET /rooms/{id}", room.id);
  const [token, refresh] = [
    "generate_join_client_token",
    "refresh_client_token",
  ];
  const { refresh_token } = await tell(
    `POST /rooms/{id}/actions/${token}`,
    id,
    { token_ttl_secs: 60 },
  );
  await tell(`POST /rooms/{id}/actions/${refresh}`, id, refresh_token);
  const [session] = await tell("GET /room_sessions");
  await tell("GET /room_sessions/{id}", session.id);
  const people = await tell("GET /room_participants");
  await tell("GET /room_participants/{id}", people[0].id);
  const action = (name: string, who: unknown) =>
    tell(`POST /room_sessions/{id}/actions/${name}`, session.id, who);
  await action("mute", "all");
  await action("unmute", [people[0].id]);
  await action("kick", [people[1].id]);
  const film = await tell("POST /room_compositions", undefined, {
    session_id: session.id,
    resolution: "640x480",
  });
  await tell("GET /room_compositions");
  await tell("GET /room_compositions/{id}", film.id);
  await tell("POST /room_sessions/{id}/actions/end", session.id);
  const [recording] = await tell("GET /room_recordings");
  await tell("GET /room_recordings/{id}", recording.id);
  await tell("DELETE /room_recordings/{id}", recording.id);
  await tell("DELETE /room_recordings", undefined, id);
  await tell("DELETE /room_compositions/{id}", film.id);
  await tell("DELETE /rooms/{id}", room.id);
  return told;
}
