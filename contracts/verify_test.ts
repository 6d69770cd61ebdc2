import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { createComposition } from "../mod.ts";
import {
  type FakeRooms,
  fakeRooms,
  serveRooms,
  type ServeRoomsOptions,
} from "../lib/testing/fake_rooms.ts";
import { toolsLock } from "../scripts/registry.ts";
import { root } from "../scripts/sh.ts";
import { fails, until } from "../tests/cli/command.ts";
import { contractProgram, deno } from "../tests/support/child.ts";
import { findStates, ofRoom } from "../lib/cli/verify_states.ts";
import { examples } from "./names.ts";
import { inState } from "./states.ts";

const secret = "KEYlive9876543210";

const env = { NO_COLOR: "1", TELNYX_API_KEY: secret };
const verify = ["lib/cli/main.ts", "verify"];

/** Runs `telnyx-rooms verify` against a fake that accepts only the secret. */
async function against(
  fake: Pick<FakeRooms, "fetch">,
  args: string[],
  options: ServeRoomsOptions = { control: false },
) {
  const { url, close } = await serveRooms(fake, options);
  const { code, stdout: out, stderr: err } = await contractProgram(
    [...verify, "--base-url", url, ...args],
    env,
  ).finally(close);
  assert(!`${out}${err}`.includes(secret), "the API key is in the output");
  return { code, out, err };
}

/** An account with an active session, a recording and a composition. */
async function inUse(): Promise<FakeRooms> {
  let now = Date.now();
  const [id, other] = [examples.room_id, examples.room_session_id];
  const fake = fakeRooms({
    rooms: [{ id }, { id: other, enable_recording: true }],
    tokens: [secret],
    now: () => now,
  });
  const { id: person, session_id } = fake.join(other, { context: "Bob" });
  now += 3_600_000;
  fake.leave(person);
  fake.join(id, { context: "Alice" });
  await createComposition(fake.fetch, secret, {
    session_id,
    video_layout: { all: { width: 640, height: 480, video_sources: ["*"] } },
  });
  now += 60_000;
  return fake;
}

Deno.test("deno task contract:live verifies by reading only, and lists what it cannot verify", async () => {
  const fake = await inUse();
  const { length } = fake.requests;
  const { url, close } = await serveRooms(fake, { control: false });
  const { code, stdout, stderr } = await deno(
    ["task", "--quiet", "contract:live", examples.room_id],
    // A name that no list of --allow-net has
    { ...env, TELNYX_BASE_URL: url.replace("127.0.0.1", "localhost") },
  ).finally(close);
  assertEquals(code, 0, stdout + stderr);
  assert(
    !`${stdout}${stderr}`.includes(secret),
    "the API key is in the output",
  );
  for (
    const line of [
      "keeps the contract in 13 of 50 interactions",
      "Not verified, as the account is not in this state: the rate limit is used up\n",
      "Not verified, as it would write: a request to end the session\n",
    ]
  ) assertStringIncludes(stdout, line);
  const made = fake.requests.slice(length);
  assert(made.every(({ method }) => method === "GET"));
});

Deno.test("verify --write leaves nothing behind, and changes nothing else", async () => {
  const fake = await inUse();
  const { length } = fake.requests;
  const before = JSON.stringify(fake.rooms);
  const { code, out } = await against(fake, [examples.room_id, "--write"]);
  assertEquals(code, 0, out);
  assertStringIncludes(out, "keeps the contract in 23 of 50 interactions");
  assertStringIncludes(
    out,
    "Not verified, as --write does not create this state: a room with an active session",
  );
  assertEquals(JSON.stringify(fake.rooms), before);
  const carriedOut = fake.requests.slice(length)
    .filter(({ method, status = 0 }) => method !== "GET" && status < 300);
  assert(carriedOut.length > 10);
  for (const { url } of carriedOut) {
    assert(!url.includes(examples.room_id), url);
    assert(/\/rooms(\/|$)/.test(new URL(url).pathname), url);
  }
});

Deno.test("verify --write of the fake with its routes makes every state that they can", async () => {
  const fake = await inUse();
  const before = JSON.stringify(fake.rooms);
  const { code, out } = await against(fake, ["--write"], {});
  assertEquals(code, 0, out);
  assertEquals(
    out.match(/^Not verified.*$/gm),
    [
      "a recording of April 2021 is ready",
      "the rate limit is used up",
      "the token may not see the room",
      "there is no such room, reported by a bare error",
      "there are no rooms",
      "a composition of April 2021 is ready",
    ].map((state) =>
      `Not verified, as the account is not in this state: ${state}`
    ).concat(
      "Not verified, as --write does not create this state: " +
        "a recording of April 2021 is ready",
    ),
  );
  assertEquals(JSON.stringify(fake.rooms), before);
});

Deno.test("verify says how to install the verifier", async () => {
  // Nothing may be downloaded, and nothing is cached
  const dir = await Deno.makeTempDir();
  const { code, stdout, stderr } = await deno(
    ["run", "-A", "--no-lock", "--no-check", "--cached-only", "lib/cli/main.ts"]
      .concat("verify", "--base-url", "http://127.0.0.1:9"),
    { ...env, DENO_DIR: dir },
  );
  await Deno.remove(dir, { recursive: true });
  assertEquals([code, stdout], [1, ""]);
  assert(
    /^telnyx-rooms: verify needs @pact-foundation\/pact beside this package[^\n]*: npm install --save-dev @pact-foundation\/pact\n$/
      .test(stderr),
    stderr,
  );
});

Deno.test({
  name: "verify --write cleans up and ends when it is interrupted",
  ignore: Deno.build.os === "windows",
  async fn() {
    const fake = await inUse();
    const { length } = fake.rooms;
    const { url, close } = await serveRooms(fake, { control: false });
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "--allow-all", "--no-check", `--lock=${toolsLock}`].concat(
        [...verify, "--write", "--base-url", url],
      ),
      cwd: root,
      env,
      signal: AbortSignal.timeout(60_000),
      stdout: "null",
      stderr: "null",
    }).spawn();
    await until(() => fake.rooms.length > length);
    child.kill("SIGINT");
    assertEquals((await child.status).code, 130);
    assertEquals(fake.rooms.length, length);
    await close();
  },
});

Deno.test("verify --write fails when the API breaks the contract, and cleans up", async () => {
  const fake = await inUse();
  const changing: typeof fake.fetch = async (input, init) => {
    const { status, headers, body } = await fake.fetch(input, init);
    const text = (await new Response(body).text())
      .replace('"title"', '"name"').replace('"unique_name"', '"name"');
    return new Response(text || null, { status, headers });
  };
  const { code, out } = await against({ fetch: changing }, ["--write"]);
  assertEquals(code, 1, out);
  assertStringIncludes(out, "does not keep the contract");
  assertStringIncludes(out, "missing the following keys: title");
  assertStringIncludes(out, "missing the following keys: unique_name");
  assertEquals(fake.rooms.length, 2);
});

Deno.test("verify fails with one line without the room", async () => {
  const world = { fake: fakeRooms() };
  const [code, line] = await fails(["verify", examples.room_id], world);
  assertEquals(code, 3);
  assertStringIncludes(line, "HTTP 404, not found");
});

Deno.test("findStates() finds each state of a room", async () => {
  for (const state of Object.keys(ofRoom)) {
    const { given, ...account } = await inState(state);
    const { unique_name: _, ...ids } = given;
    const found = await findStates({ ...account, roomId: given.room_id });
    assertEquals(found.get(state), ids, state);
  }
  const id = examples.room_id;
  assertEquals(
    Object.entries(ofRoom).flatMap(([state, find]) =>
      find({ id }) ? [state] : []
    ),
    ["a room that never had a session exists"],
  );
});
