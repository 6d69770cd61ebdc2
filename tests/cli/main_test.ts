import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { getRoom } from "../../mod.ts";
import { serve } from "../../lib/cli/serve.ts";
import { fakeRooms } from "../../lib/testing/fake_rooms.ts";
import { root } from "../../scripts/sh.ts";
import { deno } from "../child.ts";
import { id } from "../example.ts";

const program = [
  "run",
  "--allow-net=127.0.0.1",
  "--allow-env",
  "--allow-read",
  "lib/cli/main.ts",
];
const plain = { TELNYX_API_KEY: "", NO_COLOR: "1" };

const ends = (args: string[], env: Record<string, string> = {}) =>
  deno([...program, ...args], { ...plain, ...env });

Deno.test("telnyx-rooms demo looks the example room up over HTTP", async () => {
  const { code, stdout, stderr } = await ends(["demo"]);
  assertEquals([code, stderr], [0, ""]);
  assertMatch(stdout, /http:\/\/127\.0\.0\.1:\d+\/v2/);
  for (const part of [id, "My Room", "Sessions (2)", "Alice", "Bob"]) {
    assertStringIncludes(stdout, part);
  }
  for (const line of stdout.split("\n")) assert(line.length <= 80, line);
});

Deno.test("telnyx-rooms ends with one line and a code of its own", async () => {
  const nobody = "http://127.0.0.1:9";
  const told = await Promise.all([
    ends(["get", "not-a-uuid"]),
    ends(["get", id]),
    ends(["get", id, "--base-url", nobody], { TELNYX_API_KEY: "KEY" }),
  ]);
  assertEquals(told.map(({ code }) => code), [2, 4, 5]);
  for (const { stdout, stderr } of told) {
    assertEquals(stdout, "");
    assertMatch(stderr, /^telnyx-rooms: [^\n]+\n$/);
    assert(!stderr.includes("KEY "), stderr);
  }
});

Deno.test("telnyx-rooms serve serves until it is interrupted", async () => {
  const server = new Deno.Command(Deno.execPath(), {
    args: [...program, "serve", "--port", "0"],
    cwd: root,
    env: plain,
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const lines = server.stdout.pipeThrough(new TextDecoderStream());
  let [said, baseUrl] = ["", ""];
  for await (const text of lines) {
    said += text;
    const listening = /http:\/\/127\.0\.0\.1:\d+\/v2/.exec(said);
    if (!listening || baseUrl) continue;
    [baseUrl] = listening;
    const room = await getRoom(fetch, "any", id, { baseUrl });
    assertEquals(room.unique_name, "My Room");
    const missing = id.replace("7", "8");
    const env = { TELNYX_API_KEY: "any" };
    const told = await ends(["get", missing, "--base-url", baseUrl], env);
    assertEquals(told.code, 3);
    assertMatch(told.stderr, /^telnyx-rooms: HTTP 404, not found[^\n]+\n$/);
    server.kill("SIGINT");
  }
  assertEquals((await server.status).code, 0);
  await server.stderr.cancel();
  assertStringIncludes(said, `GET /v2/rooms/${id} 200`);
});

Deno.test("telnyx-rooms get --watch tells of a change until it is interrupted", async () => {
  const fake = fakeRooms({ rooms: [{ id, max_participants: 8 }] });
  const { baseUrl, close } = await serve(fake, 0, () => {
    fake.changeRoom(id, { max_participants: 9 }); // after the first answer
  });
  const watching = new Deno.Command(Deno.execPath(), {
    args: [...program, "get", id, "--watch", "1", "--base-url", baseUrl],
    cwd: root,
    env: { ...plain, TELNYX_API_KEY: "any" },
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let said = "";
  for await (
    const text of watching.stdout.pipeThrough(new TextDecoderStream())
  ) {
    said += text;
    watching.kill("SIGINT");
  }
  assertEquals((await watching.status).code, 130);
  assertMatch(said, /^[\dT:.-]{23}Z max_participants: 8 → 9\n$/);
  assertEquals(await new Response(watching.stderr).text(), "");
  await close();
});

Deno.test("telnyx-rooms needs no more permissions than its start task gives", async () => {
  const { tasks } = JSON.parse(await Deno.readTextFile(`${root}/deno.json`));
  const allowed = tasks.start.command.split(" ").slice(1, -1)
    .filter((arg: string) => arg !== "run");
  const fake = fakeRooms({ rooms: [{ id }] });
  const { baseUrl, close } = await serve(fake, 0);
  const env = { ...plain, TELNYX_API_KEY: "any" };
  const run = (...args: string[]) =>
    deno(["run", "--no-prompt", ...allowed, "lib/cli/main.ts", ...args], env);
  const told = await Promise.all([
    run("demo"),
    run("completions", "bash"),
    run("get", id, id.replace("7", "8"), "--base-url", baseUrl),
  ]);
  assertEquals(told.map(({ code }) => code), [0, 0, 3]);
  assertEquals(told.slice(0, 2).map(({ stderr }) => stderr), ["", ""]);
  await close();
});
