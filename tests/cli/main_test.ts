import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { createJoinToken, getRoom } from "../../mod.ts";
import {
  type FakeRooms,
  fakeRooms,
  serveRooms,
} from "../../lib/testing/fake_rooms.ts";
import { root, sh } from "../../scripts/sh.ts";
import { unread } from "../runtimes/streams.ts";
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

/** Starts the command, which has a minute, with an API key that any fake takes. */
const starts = (args: string[], stdin: "piped" | "null" = "null") =>
  new Deno.Command(Deno.execPath(), {
    args: [...program, ...args],
    cwd: root,
    env: { ...plain, TELNYX_API_KEY: "any" },
    stdin,
    stdout: "piped",
    stderr: "piped",
    signal: AbortSignal.timeout(60_000),
  }).spawn();

const { tasks } = JSON.parse(await Deno.readTextFile(`${root}/deno.json`));
const allowed: string[] = tasks.start.command.split(" ").slice(2, -1);

Deno.test("deno task start runs the commands of a demo over HTTP, in 80 columns", async () => {
  const start = ["run", "--no-prompt", ...allowed, "scripts/start.ts"];
  const { code, stdout, stderr } = await deno(start, plain);
  assertEquals([code, stderr], [0, ""]);
  assertMatch(stdout, /http:\/\/127\.0\.0\.1:\d+\/v2/);
  const parts = [
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
  ].map((part) => part.replaceAll(/[$.]/g, "\\$&"));
  assertMatch(stdout, new RegExp(parts.join("[^]*")));
  for (const line of stdout.split("\n")) assert(line.length <= 80, line);
  assert(!stdout.includes("\x1b"));
});

/** A fake with one room that is served while `use` runs. */
async function withServed(
  use: (fake: FakeRooms, baseUrl: string) => Promise<void>,
): Promise<void> {
  const fake = fakeRooms({ rooms: [{ id }] });
  const { url, close } = await serveRooms(fake);
  await use(fake, url);
  await close();
}

/** Runs the command with this on stdin, which may stay open as a terminal's. */
async function fed(args: string[], pieces: string[], stays = false) {
  const child = starts(args, "piped");
  const writer = child.stdin.getWriter();
  for (const text of pieces) {
    await writer.write(new TextEncoder().encode(text));
  }
  if (!stays) await writer.close();
  const { code, stdout } = await child.output();
  if (stays) await writer.close().catch(() => {}); // its reader is gone
  return { code, stdout: new TextDecoder().decode(stdout) };
}

Deno.test("telnyx-rooms token --refresh reads one line of stdin, and does not wait for more", () =>
  withServed(async (fake, url) => {
    const { refresh_token } = await createJoinToken(fake.fetch, "any", id);
    const args = ["token", id, "--refresh", "--json", "--base-url", url];
    for (const [text, stays] of [["", false], ["\nmore\n", true]] as const) {
      const { code, stdout } = await fed(args, [refresh_token + text], stays);
      fake.join(id, { token: JSON.parse(stdout).token });
      assertEquals(code, 0);
    }
    assertEquals(await fed(args, []), { code: 2, stdout: "" });
  }));

Deno.test("telnyx-rooms get - reads ids from stdin to its end", () =>
  withServed(async (_, url) => {
    const args = ["get", "-", "--json", "--base-url", url];
    const { code, stdout } = await fed(args, [`${id}\nnob`, "ody\n"]);
    assertEquals([code, JSON.parse(stdout).length], [3, 2]);
  }));

/** A test that needs what not every system has. */
const needs =
  (what: string, has: boolean) => (name: string, fn: () => Promise<void>) =>
    Deno.test({ name: `${name} (needs ${what})`, ignore: !has, fn });
const signalTest = needs("signals", Deno.build.os !== "windows");
const test = needs("sh and /dev/full", Deno.build.os === "linux");

signalTest("telnyx-rooms serve serves until it is interrupted", async () => {
  const server = starts(["serve", "--port", "0"]);
  let [output, baseUrl] = ["", ""];
  for await (
    const text of server.stdout.pipeThrough(new TextDecoderStream())
  ) {
    output += text;
    const listening = /http:\/\/127\.0\.0\.1:\d+\/v2/.exec(output);
    if (!listening || baseUrl) continue;
    [baseUrl] = listening;
    const room = await getRoom(fetch, "any", id, { baseUrl });
    assertEquals(room.unique_name, "stand-up");
    server.kill("SIGINT");
  }
  assertEquals((await server.status).code, 0);
  await server.stderr.cancel();
  assertStringIncludes(output, `GET /v2/rooms/${id} 200`);
  // What it says to try is a command that was started as this one was
  assertMatch(output, /^ +deno run .*\/lib\/cli\/main\.ts get /m);
});

signalTest(
  "telnyx-rooms watch prints events until it is interrupted",
  () =>
    withServed(async (fake, baseUrl) => {
      fake.join(id, { context: "Alice" });
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
    }),
);

Deno.test("telnyx-rooms needs only the permissions of its start task", () =>
  withServed(async (_, baseUrl) => {
    const env = { ...plain, TELNYX_API_KEY: "any", TELNYX_BASE_URL: baseUrl };
    const run = ["run", "--no-prompt", ...allowed, "lib/cli/main.ts"];
    const results = await Promise.all([
      deno([...run, "list"], env),
      deno([...run, "completions", "bash"], env),
      deno([...run, "get", id, id.replace("7", "8")], env),
    ]);
    assertEquals(results.map(({ code }) => code), [0, 0, 3]);
    const errors = results.map(({ stderr }) => stderr);
    assertEquals(errors.slice(0, 2), ["", ""]);
    assertMatch(`${errors[2]}`, /^telnyx-rooms: \S+: HTTP 404, [^\n]+\n$/);
  }));

/** Runs a line of a shell, in which `"$@"` is the command. */
const inShell = (line: string, args: string[] = []) =>
  sh("sh", ["-c", line, "sh", Deno.execPath(), ...program, ...args], {
    env: { ...plain, TELNYX_API_KEY: "any" },
  });

test(
  "telnyx-rooms prints one line and fails if the disk of stdout is full",
  async () => {
    for (const args of [["--help"], ["serve", "--port", "0"]]) {
      const { code, stderr } = await inShell('exec "$@" >/dev/full', args);
      const expected = "telnyx-rooms: Cannot write to stdout: ENOSPC\n";
      assertEquals([code, stderr], [1, expected]);
    }
  },
);

test(
  "telnyx-rooms exits with the same code if stderr is closed, full or no longer read",
  async () => {
    const ended = `{ ${unread} "$@" 2>&1 >/dev/null; echo "$?" >&3; }`;
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
  const all = [...args, "--base-url", address];
  const { stdout, stderr } = await inShell(line, all);
  assertEquals(stderr, "code 0\n");
  return [requests, stdout];
}

for (const args of [["--help"], ["list"], ["list", "--json"]]) {
  test(
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

test("telnyx-rooms list prints all 25,000 rooms into a pipe", async () => {
  const line = '{ "$@"; echo "code $?" >&2; } | wc -l';
  const [requests, count] = await requestsOf(line, ["list"]);
  assertEquals([requests, Number(count)], [100, 25_001]);
});

for (const name of ["serve", "watch"]) {
  Deno.test(`telnyx-rooms ${name} ends, and says so, when stdout is closed`, () =>
    withServed(async (fake, url) => {
      fake.join(id, { context: "Alice" });
      const running = starts(
        name === "serve"
          ? ["serve", "--port", "0"]
          : ["watch", id, "--every", "1", "--base-url", url],
      );
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
    }));
}

const refused: [line: string, code: number, why: string][] = [
  ["list", 1, "run again with the --allow-env flag"],
  ["list --api-key-file KEY-secret --base-url http://127.0.0.1:9/", 4, "read"],
  ["serve --port 0 --rooms x", 2, "run again with the --allow-read flag"],
  ["serve --port 0", 1, "run again with the --allow-net flag"],
  ["serve --port 0 --host KEY-secret", 1, ""],
  ["serve --port 0 --host 127.0.0.77", 1, ""],
];
for (const [line, code, why] of refused) {
  Deno.test(`telnyx-rooms ${line} without permission fails with one line: ${why}`, async () => {
    const run = ["run", "--quiet", "--no-prompt", "lib/cli/main.ts"];
    const result = await deno([...run, ...line.split(" ")], plain);
    assertEquals([result.code, result.stdout], [code, ""]);
    assertMatch(result.stderr, /^telnyx-rooms: [^\n]+\n$/);
    assertStringIncludes(result.stderr, why);
    // It may be a key in the wrong place
    assert(!/KEY-secret|127\.0\.0\.77/.test(result.stderr), result.stderr);
  });
}

Deno.test("telnyx-rooms serve --host says why it cannot listen there", async () => {
  const host = "192.0.2.1"; // of no machine (RFC 5737)
  const args = ["lib/cli/main.ts", "serve", "--port", "0", "--host", host];
  const { code, stderr } = await deno(["run", "--allow-net", ...args], plain);
  assertEquals(code, 1);
  assertMatch(stderr, /^telnyx-rooms: Cannot listen on port 0 of the host \(E/);
});
