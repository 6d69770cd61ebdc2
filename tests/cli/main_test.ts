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

/** Starts the command, which has 20 s, with an API key that any fake takes. */
const starts = (args: string[], stdin: "piped" | "null" = "null") =>
  new Deno.Command(Deno.execPath(), {
    args: [...program, ...args],
    cwd: root,
    env: { ...plain, TELNYX_API_KEY: "any" },
    stdin,
    stdout: "piped",
    stderr: "piped",
    signal: AbortSignal.timeout(20_000),
  }).spawn();

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
      "eyJ",
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
      "meeting.mp4  4.9 kB\n",
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
    runs(["end", "not-a-uuid"]),
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
    const args = ["token", id, "--refresh", "--json", "--base-url", url];
    const child = starts(args, "piped");
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
  const server = starts(["serve", "--port", "0"]);
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
  // What it says to try is a command that was started as this one was
  assertMatch(output, /^ +deno run .*\/lib\/cli\/main\.ts get /m);
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
  const watching = starts(["watch", id, "--base-url", baseUrl]);
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

/** A test that runs lines of a shell. */
const shellTest = (name: string, fn: () => Promise<void>) =>
  Deno.test({ name: `${name} (needs sh)`, ignore: !hasShell, fn });

shellTest(
  "telnyx-rooms prints one line and fails if the disk of stdout is full",
  async () => {
    for (const args of [["--help"], ["serve", "--port", "0"]]) {
      const { code, stderr } = await inShell('exec "$@" >/dev/full', args);
      const expected = "telnyx-rooms: Cannot write to stdout: ENOSPC\n";
      assertEquals([code, stderr], [1, expected]);
    }
  },
);

shellTest(
  "telnyx-rooms exits with the same code if stderr is closed, full or no longer read",
  async () => {
    const ended = '{ sleep 0.2; "$@" 2>&1 >/dev/null; echo "$?" >&3; }';
    const lines = ["/dev/full", "&-"].map((to) => `"$@" 2>${to}; echo $?`);
    for (const line of [...lines, `{ ${ended} | true; } 3>&1`]) {
      const { stdout } = await inShell(line, ["end", "x"]);
      assertEquals(stdout, "2\n", line);
    }
  },
);

/** The requests of a line of a shell, in which 100 pages of rooms are listed. */
async function requestsOf(
  line: string,
  args: string[],
): Promise<[number, string]> {
  let requests = 0;
  await using server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    (request) => {
      requests++;
      const url = new URL(request.url);
      const page = Number(url.searchParams.get("page[number]"));
      const data = Array.from({ length: 250 }, (_, i) => ({
        id: id.replace(/.{6}$/, `${100_000 + page * 250 + i}`),
        unique_name: `room ${page} ${i}`,
      }));
      const meta = { page_number: page, total_pages: 100 };
      return Response.json({ data, meta });
    },
  );
  const address = `http://127.0.0.1:${server.addr.port}`;
  const { stdout, stderr } = await inShell(line, [
    ...args,
    "--base-url",
    address,
  ]);
  assertEquals(stderr, "code 0\n");
  return [requests, stdout];
}

for (const args of [["--help"], ["list"], ["list", "--json"]]) {
  shellTest(
    `telnyx-rooms ${
      args.join(" ")
    } ends soon if its reader has had enough, and says nothing`,
    async () => {
      const line = '{ "$@"; echo "code $?" >&2; } | head -n 1';
      const [requests, output] = await requestsOf(line, args);
      assertEquals(output.split("\n").length, 2);
      // One, but for a machine so busy that `head` comes late
      assert(requests < 50, `${requests}`);
    },
  );
}

shellTest("telnyx-rooms list prints all 25,000 rooms into a pipe", async () => {
  const line = '{ "$@"; echo "code $?" >&2; } | wc -l';
  const [requests, count] = await requestsOf(line, ["list"]);
  assertEquals([requests, Number(count)], [100, 25_001]);
});

shellTest("telnyx-rooms get - reads ids from stdin to its end", async () => {
  const fake = fakeRooms({ rooms: [{ id }] });
  const { url, close } = await serveRooms(fake);
  const line = `{ echo ${id}; sleep 0.2; echo nobody; } | "$@"`;
  const args = ["get", "-", "--json", "--base-url", url];
  const { code, stdout } = await inShell(line, args);
  assertEquals([code, JSON.parse(stdout).length], [3, 2]);
  await close();
});

Deno.test("telnyx-rooms serve and watch end, and say so, when stdout is closed", async () => {
  const fake = fakeRooms({ rooms: [{ id }] });
  fake.join(id, { context: "Alice" });
  const { url, close } = await serveRooms(fake);
  const watch = ["watch", id, "--every", "1", "--base-url", url];
  for (const args of [["serve", "--port", "0"], watch]) {
    const running = starts(args);
    const reader = running.stdout.getReader();
    const first = new TextDecoder().decode((await reader.read()).value);
    await reader.cancel();
    // What is printed now is read by nobody
    const [baseUrl = url] = /http:\S+\/v2/.exec(first) ?? [];
    const opts = { baseUrl, retry: false } as const;
    await getRoom(fetch, "any", id, opts).catch(() => {});
    fake.join(id, { context: "Bob" });
    assertEquals((await running.status).code, 0);
    assertEquals(
      await new Response(running.stderr).text(),
      "telnyx-rooms: stdout is closed, so the command ends\n",
    );
  }
  await close();
});

const [url, host] = ["http://127.0.0.1:9/", "127.0.0.77"];
const ungranted: [args: string[], code: number, advice: string][] = [
  [["list"], 1, "run again with the --allow-env flag"],
  [
    ["list", "--api-key-file", "KEY-secret", "--base-url", url],
    4,
    "run again with the --allow-read flag",
  ],
  [
    ["serve", "--port", "0", "--rooms", "x"],
    2,
    "run again with the --allow-read flag",
  ],
  [["serve", "--port", "0"], 1, "run again with the --allow-net flag"],
  [["serve", "--port", "0", "--host", "KEY-secret"], 1, ""],
  [["serve", "--port", "0", "--host", host], 1, ""],
];
for (const [args, code, advice] of ungranted) {
  Deno.test(`telnyx-rooms ${args.join(" ")} without permission fails with one line: ${advice}`, async () => {
    const run = ["run", "--quiet", "--no-prompt", "lib/cli/main.ts"];
    const result = await deno([...run, ...args], plain);
    assertEquals([result.code, result.stdout], [code, ""]);
    assertMatch(result.stderr, /^telnyx-rooms: [^\n]+\n$/);
    assertStringIncludes(result.stderr, advice);
    // It may be a key in the wrong place
    assert(!result.stderr.includes("KEY-secret"), result.stderr);
    assert(!result.stderr.includes(host), result.stderr);
  });
}
