/** Serves what the fake responds, from memory, so that clients are measured. */
import { gzipSync } from "node:zlib";
import { fakeRooms } from "../../lib/testing/fake_rooms.ts";

const nth = (n: number) =>
  `7b61621f-62e0-4aad-ab11-${`${n}`.padStart(12, "0")}`;

/** Rooms, the second with a long history; half of the sessions have somebody. */
const rooms = [2, 10_000, ...new Array<number>(9998).fill(0)].map((
  count,
  i,
) => ({
  id: nth(i),
  sessions: Array.from({ length: count }, (_, n) => ({
    id: nth(10_000 * i + n),
    participants: n % 2 ? [] : [{ id: nth(10_000 * i + n), context: "Alice" }],
  })),
}));

/** A room with two sessions, and one with 10,000. */
export const ids = { room: nth(0), large: nth(1) };

/** How late a response is, in milliseconds; what comes from afar is compressed. */
const delaysMs: Record<string, number> = { near: 0, far: 10, slow: 50 };

/** Serves rooms below `/near`, `/far` and `/slow`, on loopback. */
export function serve(): Deno.HttpServer<Deno.NetAddr> {
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

  return Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    async (request) => {
      const url = new URL(request.url);
      const [, distance = ""] = url.pathname.split("/");
      const bytes = made.get(request.url) ?? await make(url);
      made.set(request.url, bytes);
      const delayMs = delaysMs[distance];
      if (delayMs) await new Promise((done) => setTimeout(done, delayMs));
      const headers = new Headers({ "content-type": "application/json" });
      if (distance === "far") headers.set("content-encoding", "gzip");
      return new Response(bytes, { headers });
    },
  );
}
