import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { getRoom } from "../mod.ts";
import {
  type FakeRooms,
  fakeRooms,
  serveRooms,
} from "../lib/testing/fake_rooms.ts";
import { contractProgram } from "../tests/child.ts";
import { states } from "./states.ts";
import { roomId } from "./names.ts";
import { statesOf } from "./verify_live.ts";

const secret = "KEYlive9876543210";

async function live(env: Record<string, string>) {
  const { code, stdout: out, stderr: err } = await contractProgram(
    ["contracts/verify_live.ts"],
    {
      NO_COLOR: "1",
      TELNYX_API_KEY: "",
      TELNYX_ROOM_ID: "",
      TELNYX_BASE_URL: "http://127.0.0.1:9",
      ...env,
    },
  );
  assert(!`${out}${err}`.includes(secret), "the token is shown");
  return { code, out, err };
}

/** Runs it against a fake that knows the secret alone, in its own room. */
async function against(fake: Pick<FakeRooms, "fetch">) {
  const { url: baseUrl, close } = await serveRooms(fake);
  try {
    return await live({
      TELNYX_API_KEY: secret,
      TELNYX_ROOM_ID: roomId,
      TELNYX_BASE_URL: baseUrl,
    });
  } finally {
    await close();
  }
}

const inState = async (state: string) =>
  fakeRooms({
    rooms: (await states[state]?.())?.rooms ?? [],
    tokens: [secret],
  });

Deno.test("contract:live says that it is skipped without a token or a room", async () => {
  for (const env of [{}, { TELNYX_ROOM_ID: roomId }]) {
    const { code, out } = await live(env);
    assertEquals([code, out], [
      0,
      "Skipped: TELNYX_API_KEY is missing, nothing was verified\n",
    ]);
  }
  const { code, out } = await live({ TELNYX_API_KEY: secret });
  assertEquals(code, 0);
  assertStringIncludes(out, "Skipped: a room's id is missing");
});

Deno.test("contract:live verifies what can be had of the room, and says what can't", async () => {
  const fake = await inState(
    "a room with an active session and people in it exists",
  );
  const { code, out } = await against(fake);
  assertEquals(code, 0, out);
  assertStringIncludes(out, "keeps the contract in 6 of 23 interactions");
  assertStringIncludes(
    out,
    "Not verified, as it can't be had now: the rate limit is used up\n",
  );
  assert(fake.requests.every(({ method }) => method === "GET"));
});

Deno.test("contract:live fails where the API has moved away", async () => {
  const { fetch } = await inState("a room with a name and webhooks exists");
  const { code, out } = await against({
    fetch: async (input, init) => {
      const { status, headers, body } = await fetch(input, init);
      const text = await new Response(body).text();
      return new Response(
        text.replaceAll("Resource not found", "").replace('"title"', '"name"'),
        { status, headers },
      );
    },
  });
  assertEquals(code, 1, out);
  assertStringIncludes(out, "does not keep the contract");
  assertStringIncludes(out, "missing the following keys: title");
});

Deno.test("contract:live fails with one line where the room can't be had", async () => {
  const { code, out, err } = await against(fakeRooms());
  assertEquals([code, out], [1, ""]);
  assert(/^contract:live: HTTP 404, not found[^\n]+\n$/.test(err), err);
});

Deno.test("statesOf() finds each state of a room in the fake that is in it", async () => {
  for (const [state, make] of Object.entries(states)) {
    if (!state.startsWith("a room") || state.includes("named")) continue;
    const { fetch } = await make();
    const room = await getRoom(fetch, "any", roomId, { includeSessions: true });
    assert(statesOf(room).has(state), state);
  }
  assertEquals([...statesOf({ id: roomId })], [
    "the token is unknown",
    "there is no such room",
    "rooms exist",
    "a room that never had a session exists",
  ]);
});
