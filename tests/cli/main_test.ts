import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { createJoinToken, getRoom } from "../../mod.ts";
import { fakeRooms, serveRooms } from "../../lib/testing/fake_rooms.ts";
import { root, sh } from "../../scripts/sh.ts";
import { deno } from "../support/child.ts";
import { id } from "../support/example.ts";

const program = [
  "run",
  "--allow-net=127.0.0.1",
  "--allow-env",
  "--allow-read",
  "lib/cli/main.ts",
];
const plain = { TELNYX_API_KEY: "", NO_COLOR: "1" };

const runs = (args: string[], env: Record<string, string> = {}) =>
  deno([...program, ...args], { ...plain, ...env });

const { tasks } = JSON.parse(await Deno.readTextFile(`${root}/deno.json`));
const allowed: string[] = tasks.start.command.split(" ").slice(2, -1);

Deno.test("deno task start runs the commands of a demo over HTTP, in 80 columns", async () => {
  const start = ["run", "--no-prompt", ...allowed, "scripts/start.ts"];
  const { code, stdout, stderr } = await deno(start, plain);
  assertEquals([code, stderr], [0, ""]);
  assertMatch(stdout, /http:\/\/127\.0\.0\.1:\d+\/v2/);
  let from = 0;
  for (
    const part of [
      "$ telnyx-rooms create --name standup",
      "$ telnyx-rooms token ",
      "refresh_token ",
      "Alice and Bob join.",
      "$ telnyx-rooms get ",
      "in session, 2 people there",
      "Alice leaves",
      "$ telnyx-rooms sessions ",
      "  25 min     Alice\n",
      "  there now  Bob\n",
      "$ telnyx-rooms end ",
      "Ended\n",
      "$ telnyx-rooms list",
      "  idle   10   on   standup\n",
      "$ telnyx-rooms recordings ",
      "  video  completed  25 min  ",
      "$ telnyx-rooms compose ",
      "$ telnyx-rooms download ",
      "meeting.mp4  9.0 kB\n",
      "What to try next:\n",
      " task start serve --simulate ",
    ]
  ) {
    const at = stdout.indexOf(part, from);
    assert(at >= 0, `${part} is missing, or in another place, in\n${stdout}`);
    from = at + part.length;
  }
  for (const line of stdout.split("\n")) assert(line.length <= 80, line);
  assert(!stdout.includes("\x1b"));
});

Deno.test("telnyx-rooms fails with one line and an exit code", async () => {
  const nobody = "http://127.0.0.1:40009"; // not a port that fetch blocks
  const results = await Promise.all([
    runs(["get", "not-a-uuid"]),
    runs(["get", id]),
    runs(["get", id, "--base-url", nobody], { TELNYX_API_KEY: "KEY" }),
  ]);
  assertEquals(results.map(({ code }) => code), [2, 4, 5]);
  for (const { stdout, stderr } of results) {
    assertEquals(stdout, "");
    assertMatch(stderr, /^telnyx-rooms: [^\n]+\n$/);
    assert(!stderr.includes("KEY "), stderr);
  }
});

Deno.test("telnyx-rooms serve --host says why it cannot listen there", async () => {
  const host = "192.0.2.1"; // of no machine (RFC 5737)
  const args = ["lib/cli/main.ts", "serve", "--port", "0", "--host", host];
  const result = await deno(["run", "--allow-net", ...args], plain);
  assertEquals([result.code, result.stdout], [1, ""]);
  assertMatch(
    result.stderr,
    /^telnyx-rooms: Cannot listen on port 0 of the host \(E[A-Z]+\)/,
  );
});

Deno.test("telnyx-rooms token --refresh reads one line of stdin, and does not wait for more", async () => {
  const fake = fakeRooms({ rooms: [{ id }] });
  const { url, close } = await serveRooms(fake);
  const { refresh_token } = await createJoinToken(fake.fetch, "any", id);
  for (const text of [refresh_token, `${refresh_token}\nmore\n`, ""]) {
    const child = new Deno.Command(Deno.execPath(), {
      args: [...program, "token", id, "--refresh", "--json", "--base-url", url],
      cwd: root,
      env: { ...plain, TELNYX_API_KEY: "any" },
      stdin: "piped",
      signal: AbortSignal.timeout(20_000),
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const writer = child.stdin.getWriter();
    await writer.write(new TextEncoder().encode(text));
    const stays = text.endsWith("\n"); // as a terminal's stdin does
    if (!stays) await writer.close();
    const { code, stdout, stderr } = await child.output();
    if (stays) await writer.close().catch(() => {}); // its reader is gone
    const output = new TextDecoder().decode(stdout);
    if (text) fake.join(id, { token: JSON.parse(output).token });
    else assertStringIncludes(new TextDecoder().decode(stderr), "stdin must");
    assertEquals([code, output !== ""], text ? [0, true] : [2, false]);
  }
  await close();
});

/** Windows has no signals: a process that is sent one just ends. */
const hasSignals = Deno.build.os !== "windows";

Deno.test({
  name: "telnyx-rooms serve serves until it is interrupted (needs signals)",
  ignore: !hasSignals,
  fn: servesUntilInterrupted,
});

async function servesUntilInterrupted(): Promise<void> {
  const server = new Deno.Command(Deno.execPath(), {
    args: [...program, "serve", "--port", "0"],
    cwd: root,
    env: plain,
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const lines = server.stdout.pipeThrough(new TextDecoderStream());
  let [output, baseUrl] = ["", ""];
  for await (const text of lines) {
    output += text;
    const listening = /http:\/\/127\.0\.0\.1:\d+\/v2/.exec(output);
    if (!listening || baseUrl) continue;
    [baseUrl] = listening;
    const room = await getRoom(fetch, "any", id, { baseUrl });
    assertEquals(room.unique_name, "stand-up");
    const missing = id.replace("7", "8");
    const env = { TELNYX_API_KEY: "any" };
    const result = await runs(["get", missing, "--base-url", baseUrl], env);
    assertEquals(result.code, 3);
    assertMatch(result.stderr, /^telnyx-rooms: HTTP 404, not found[^\n]+\n$/);
    server.kill("SIGINT");
  }
  assertEquals((await server.status).code, 0);
  await server.stderr.cancel();
  assertStringIncludes(output, `GET /v2/rooms/${id} 200`);
}

Deno.test({
  name:
    "telnyx-rooms watch prints events until it is interrupted (needs signals)",
  ignore: !hasSignals,
  fn: watchesUntilInterrupted,
});

async function watchesUntilInterrupted(): Promise<void> {
  const fake = fakeRooms({ rooms: [{ id }] });
  fake.join(id, { context: "Alice" });
  const { url: baseUrl, close } = await serveRooms(fake);
  const watching = new Deno.Command(Deno.execPath(), {
    args: [...program, "watch", id, "--base-url", baseUrl],
    cwd: root,
    env: { ...plain, TELNYX_API_KEY: "any" },
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let output = "";
  for await (
    const text of watching.stdout.pipeThrough(new TextDecoderStream())
  ) {
    output += text;
    if (output.includes("Alice")) watching.kill("SIGINT");
  }
  assertEquals((await watching.status).code, 130);
  assertMatch(
    output,
    /^\S+Z session.started \S+\n\S+Z participant.joined Alice\n$/,
  );
  assertEquals(await new Response(watching.stderr).text(), "");
  await close();
}

Deno.test("telnyx-rooms needs only the permissions of its start task", async () => {
  const fake = fakeRooms({ rooms: [{ id }] });
  const { url: baseUrl, close } = await serveRooms(fake);
  const env = { ...plain, TELNYX_API_KEY: "any" };
  const run = (...args: string[]) =>
    deno(["run", "--no-prompt", ...allowed, "lib/cli/main.ts", ...args], env);
  const results = await Promise.all([
    run("list", "--base-url", baseUrl),
    run("completions", "bash"),
    run("get", id, id.replace("7", "8"), "--base-url", baseUrl),
  ]);
  assertEquals(results.map(({ code }) => code), [0, 0, 3]);
  assertEquals(results.slice(0, 2).map(({ stderr }) => stderr), ["", ""]);
  await close();
});

const hasShell = Deno.build.os === "linux";

/** Runs a line of a shell, in which `"$@"` is the command. */
const inShell = (line: string, args: string[] = []) =>
  sh("sh", ["-c", line, "sh", Deno.execPath(), ...program, ...args], {
    env: { ...plain, TELNYX_API_KEY: "any" },
  });

Deno.test({
  name:
    "telnyx-rooms prints one line and fails if the disk of stdout is full (needs sh)",
  ignore: !hasShell,
  async fn() {
    for (const args of [["--help"], ["serve", "--port", "0"]]) {
      const result = await inShell('exec "$@" >/dev/full', args);
      assertEquals([result.code, result.stderr], [
        1,
        "telnyx-rooms: Cannot write to stdout: ENOSPC\n",
      ]);
    }
  },
});

Deno.test({
  name:
    "telnyx-rooms exits with the same code if stderr is closed or full (needs sh)",
  ignore: !hasShell,
  async fn() {
    for (const target of ["/dev/full", "&-"]) {
      const { code } = await inShell(`exec "$@" 2>${target}`, ["get", "x"]);
      assertEquals(code, 2, target);
    }
  },
});

Deno.test({
  name:
    "telnyx-rooms exits with the same code if nobody reads stderr any more (needs sh)",
  ignore: !hasShell,
  async fn() {
    const command = '{ sleep 0.2; "$@" 2>&1 >/dev/null; echo "code $?" >&3; }';
    const { stdout } = await inShell(`{ ${command} | true; } 3>&1`, [
      "get",
      "x",
    ]);
    assertEquals(stdout, "code 2\n");
  },
});

Deno.test({
  name:
    "telnyx-rooms says nothing if the reader of its output stops early (needs sh)",
  ignore: !hasShell,
  async fn() {
    const line = '{ "$@"; echo "code $?" >&2; } | head -n 1';
    const { stdout, stderr } = await inShell(line, ["--help"]);
    assertEquals(stdout.split("\n").length, 2);
    assertEquals(stderr, "code 0\n");
  },
});

Deno.test("telnyx-rooms serve ends, and says so, when its stdout is closed", async () => {
  const server = new Deno.Command(Deno.execPath(), {
    args: [...program, "serve", "--port", "0"],
    cwd: root,
    env: plain,
    stdout: "piped",
    stderr: "piped",
    signal: AbortSignal.timeout(20_000),
  }).spawn();
  const reader = server.stdout.getReader();
  const first = new TextDecoder().decode((await reader.read()).value);
  const [baseUrl = ""] = /http:\S+\/v2/.exec(first) ?? [];
  await reader.cancel();
  const opts = { baseUrl, retry: false } as const;
  await getRoom(fetch, "any", id, opts).catch(() => {}); // printed nowhere
  assertEquals((await server.status).code, 0);
  assertEquals(
    await new Response(server.stderr).text(),
    "telnyx-rooms: stdout is closed, so the command ends\n",
  );
});

Deno.test("telnyx-rooms watch ends, and says so, when its stdout is closed", async () => {
  const fake = fakeRooms({ rooms: [{ id }] });
  fake.join(id, { context: "Alice" });
  const { url, close } = await serveRooms(fake);
  const every = ["--every", "1", "--base-url", url];
  const watching = new Deno.Command(Deno.execPath(), {
    args: [...program, "watch", id, ...every],
    cwd: root,
    env: { ...plain, TELNYX_API_KEY: "any" },
    stdout: "piped",
    stderr: "piped",
    signal: AbortSignal.timeout(20_000),
  }).spawn();
  const reader = watching.stdout.getReader();
  await reader.read();
  await reader.cancel();
  fake.join(id, { context: "Bob" }); // printed nowhere
  assertEquals((await watching.status).code, 0);
  assertEquals(
    await new Response(watching.stderr).text(),
    "telnyx-rooms: stdout is closed, so the command ends\n",
  );
  await close();
});

const ungranted: [args: string[], code: number, flag: string][] = [
  [["list"], 1, "--allow-env"],
  [
    [
      "list",
      "--token-file",
      "KEY-secret",
      "--base-url",
      "http://127.0.0.1:9/",
    ],
    4,
    "--allow-read",
  ],
  [["serve", "--port", "0", "--rooms", "x"], 2, "--allow-read"],
  [["serve", "--port", "0"], 1, "--allow-net"],
];
for (const [args, code, flag] of ungranted) {
  Deno.test(`telnyx-rooms ${args.join(" ")} without permission asks for ${flag}`, async () => {
    const run = ["run", "--quiet", "--no-prompt", "lib/cli/main.ts"];
    const result = await deno([...run, ...args], plain);
    assertEquals([result.code, result.stdout], [code, ""]);
    assertMatch(result.stderr, /^telnyx-rooms: [^\n]+\n$/);
    assertStringIncludes(result.stderr, `run again with the ${flag} flag`);
    assert(!result.stderr.includes("KEY-secret"));
  });
}

for (const host of ["KEY-secret", "127.0.0.77"]) {
  Deno.test(`telnyx-rooms serve --host ${host} without permission does not print the host`, async () => {
    const run = ["run", "--quiet", "--no-prompt", "lib/cli/main.ts"];
    const args = ["serve", "--port", "0", "--host", host];
    const { code, stdout, stderr } = await deno([...run, ...args], plain);
    assertEquals([code, stdout], [1, ""]);
    assertMatch(stderr, /^telnyx-rooms: [^\n]+\n$/);
    assert(!stderr.includes(host), stderr);
  });
}
