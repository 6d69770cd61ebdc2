/**
 * A provider to try this with: the fake, which looks rooms up, and beside it a
 * stub of the one other call. `deno run --allow-net` starts it.
 */
import {
  type FakeRooms,
  fakeRooms,
  type RoomSession,
} from "@videorooms/telnyx/testing";

/** A room with a place left, and one without. */
export const rooms = {
  free: "7b61621f-62e0-4aad-ab11-9fd19e272e73",
  full: "7b61621f-62e0-4aad-ab11-9fd19e272e79",
};

/** A session that Alice is in; Bob is too, unless he has left. */
function session(bob: { left_at?: string }): RoomSession {
  return {
    id: "7b61621f-62e0-4aad-ab11-9fd19e272e74",
    active: true,
    participants: [
      { id: "7b61621f-62e0-4aad-ab11-9fd19e272e76", context: "Alice" },
      { id: "7b61621f-62e0-4aad-ab11-9fd19e272e77", context: "Bob", ...bob },
    ],
  };
}

/** Makes the provider; `fake` is the part that looks rooms up. */
export function stubProvider(): {
  fake: FakeRooms;
  fetch(input: string | Request, init?: RequestInit): Promise<Response>;
} {
  const left = { left_at: "2021-04-16T10:24:55.962200Z" };
  const fake = fakeRooms({
    rooms: [
      { id: rooms.free, max_participants: 2, sessions: [session(left)] },
      { id: rooms.full, max_participants: 2, sessions: [session({})] },
    ],
  });
  return {
    fake,
    async fetch(input, init) {
      const request = input instanceof Request
        ? input
        : new Request(input, init);
      const { method, url, headers } = request;
      const action = /\/actions\/generate_join_client_token$/;
      if (method !== "POST" || !action.test(url)) {
        return await fake.fetch(url, { method, headers });
      }
      const { token_ttl_secs = 600, refresh_token_ttl_secs = 3600 } =
        await request.json();
      const after = (seconds: number) =>
        new Date(Date.now() + seconds * 1000).toISOString();
      return Response.json({
        data: {
          token: "a-join-token",
          token_expires_at: after(token_ttl_secs),
          refresh_token: "a-refresh-token",
          refresh_token_expires_at: after(refresh_token_ttl_secs),
        },
      }, { status: 201 });
    },
  };
}

if (import.meta.main) {
  const { fetch } = stubProvider();
  Deno.serve(
    { hostname: "127.0.0.1", port: 7070 },
    (request) => fetch(request),
  );
}
