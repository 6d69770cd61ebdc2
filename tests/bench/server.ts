/** Serves what the fake responds, from memory, so that clients are measured. */
import { gzipSync } from "node:zlib";
import { fakeRooms } from "../../lib/testing/fake_rooms.ts";
import { idOf } from "../support/example.ts";

/** Rooms, the second with a long history; half of the sessions have somebody. */
const rooms = Array.from({ length: 10_000 }, (_, i) => ({
  id: idOf(i),
  sessions: Array.from({ length: [2, 10_000][i] ?? 0 }, (_, n) => {
    const id = idOf(10_000 * i + n);
    return { id, participants: n % 2 ? [] : [{ id, context: "Alice" }] };
  }),
}));

/** A room with two sessions, and one with 10,000. */
export const ids = { room: idOf(0), large: idOf(1) };

/** How late a response is, in milliseconds; what comes from afar is compressed. */
const delaysMs: Record<string, number> = { near: 0, far: 10, slow: 50 };

const fake = fakeRooms({ rooms });
const made = new Map<string, Uint8Array<ArrayBuffer>>();

async function make(url: URL): Promise<Uint8Array<ArrayBuffer>> {
  const isRoom = /[\da-f-]{36}$/.test(url.pathname);
  if (isRoom) url.searchParams.set("include_sessions", "true");
  const headers = { authorization: "Bearer KEY" };
  const bytes = await (await fake.fetch(url.href, { headers })).bytes();
  return url.pathname.startsWith("/far/")
    ? new Uint8Array(gzipSync(bytes))
    : bytes;
}

/** Responds with rooms below `/near`, `/far` and `/slow`. */
export async function respond(request: Request): Promise<Response> {
  const url = new URL(request.url);
  const [, distance = ""] = url.pathname.split("/");
  const bytes = made.get(request.url) ?? await make(url);
  made.set(request.url, bytes);
  const delayMs = delaysMs[distance];
  if (delayMs) await new Promise((done) => setTimeout(done, delayMs));
  const headers = new Headers({ "content-type": "application/json" });
  if (distance === "far") headers.set("content-encoding", "gzip");
  return new Response(bytes, { headers });
}
