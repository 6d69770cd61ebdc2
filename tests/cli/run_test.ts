import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import FakeTimers from "@sinonjs/fake-timers";
import { messageOf } from "../../lib/cli/failure.ts";
import { run } from "../../lib/cli/run.ts";
import { getRoom } from "../../mod.ts";
import { help } from "../../lib/cli/help.ts";
import { exampleRooms } from "../../lib/cli/example_rooms.ts";
import { fakeRooms } from "../../lib/testing/fake_rooms.ts";
import { id } from "../support/example.ts";
import { command, fails, type World } from "./command.ts";

Deno.test("get shows a room", async () => {
  const { exitCode, stdout, stderr } = await command(["get", id]);
  assertEquals([exitCode, stderr], [0, ""]);
  assertStringIncludes(stdout, "My Room");
  assertStringIncludes(stdout, "--sessions");
});

Deno.test("get --sessions shows the sessions and their participants", async () => {
  const { stdout, requests } = await command(["get", id, "--sessions"]);
  assertStringIncludes(stdout, "Alice");
  assertStringIncludes(requests[0]?.url ?? "", "include_sessions=true");
});

Deno.test("get --json prints the room as it is received", async () => {
  const { stdout } = await command(["get", "--json", "--sessions", id]);
  assertEquals(JSON.parse(stdout), exampleRooms[0]);
});

Deno.test("get uses color on a terminal only, and not with NO_COLOR", async () => {
  const colored = async (isTTY: boolean, env = {}) =>
    (await command(["get", id], {
      isTTY,
      env: { TELNYX_API_KEY: "KEY", ...env },
    })).stdout.includes("\x1b[");
  assertEquals(await colored(true), true);
  assertEquals(await colored(false), false);
  assertEquals(await colored(true, { NO_COLOR: "1" }), false);
  assertEquals(await colored(true, { NO_COLOR: "" }), true);
});

Deno.test("get prints waits and retries on a terminal only", async () => {
  const faults = [
    { status: 503, headers: { "retry-after": "0.01" } },
    { disconnect: "before-response" as const, headers: {} },
  ];
  const shown = await command(["get", id], { faults, isTTY: true });
  assertEquals(shown.exitCode, 0);
  assertStringIncludes(
    shown.stderr,
    "Attempt 1: HTTP 503; retrying in 0.0 s\nAttempt 2: network; retrying",
  );
  assertEquals((await command(["get", id], { faults })).stderr, "");
});

Deno.test("get --token-file reads the token, without its line break", async () => {
  const file = await Deno.makeTempFile();
  try {
    await Deno.writeTextFile(file, "KEY\n");
    const args = ["get", id, "--token-file", file];
    const env = { TELNYX_API_KEY: "wrong" };
    assertEquals((await command(args, { env })).exitCode, 0);
    await Deno.writeTextFile(file, "\n");
    const [exitCode, message] = await fails(args, { env });
    assertEquals(exitCode, 4);
    assertStringIncludes(message, "is empty");
  } finally {
    await Deno.remove(file);
  }
});

/** Writes a file for `use`, and removes it. */
async function withFile<T>(
  bytes: Uint8Array<ArrayBuffer>,
  use: (file: string) => Promise<T>,
): Promise<T> {
  const file = await Deno.makeTempFile();
  try {
    await Deno.writeFile(file, bytes);
    return await use(file);
  } finally {
    await Deno.remove(file);
  }
}

Deno.test("get --token-file reads a file with a byte order mark", async () => {
  const bytes = new TextEncoder().encode("\ufeffKEY\r\n");
  await withFile(bytes, async (file) => {
    const { exitCode, stderr } = await command(
      ["get", id, "--token-file", file],
      { env: {} },
    );
    assertEquals([exitCode, stderr], [0, ""]);
  });
});

for (
  const [bytes, why] of [
    [[0xff, 0xfe, 0x4b, 0x00], "it is UTF-16; save it as UTF-8"],
    [[0xfe, 0xff, 0x00, 0x4b], "it is UTF-16; save it as UTF-8"],
    [[0x4b, 0xff], "it is not UTF-8"],
  ] as const
) {
  Deno.test(`--token-file and --rooms of the bytes ${bytes}: ${why}`, async () => {
    await withFile(Uint8Array.from(bytes), async (file) => {
      const token = await fails(["get", id, "--token-file", file]);
      assertEquals(token, [4, `Cannot read the file of --token-file: ${why}`]);
      const rooms = await fails(["serve", "--port", "0", "--rooms", file]);
      assertEquals(rooms, [2, `Cannot read the file of --rooms: ${why}`]);
    });
  });
}

Deno.test("a key in the wrong place is never printed", async () => {
  const key = "KEY0123secret";
  const wrong = [
    [key],
    ["get", key],
    ["get", id, key],
    ["list", key],
    ["list", `--${key}`],
    ["list", `-${key}`],
    ["list", "--token-file", key],
    ["list", "--base-url", key],
    ["list", "--timeout", key],
    ["list", `--json=${key}`],
    ["watch", id, "--every", key],
    ["create", "--max-participants", key],
    ["create", "--recording", key],
    ["completions", key],
    ["serve", key],
    ["serve", "--rooms", key],
    ["serve", "--port", key],
    ["serve", "--port", "0", "--host", key],
    ["serve", "--fault", key],
    ["serve", "--fault-every", key],
    ["serve", "--rate-limit", key],
    ["serve", "--webhooks", key],
  ];
  for (const args of wrong) {
    const [exitCode, text] = await fails(args);
    assert(exitCode > 0);
    assert(!text.includes(key), text);
  }
});

Deno.test("TELNYX_BASE_URL is where requests go, unless --base-url is given", async () => {
  const env = {
    TELNYX_API_KEY: "KEY",
    TELNYX_BASE_URL: "http://127.0.0.1:7070/v2",
  };
  const [byEnvironment] = (await command(["list"], { env })).requests;
  assertStringIncludes(byEnvironment?.url ?? "", env.TELNYX_BASE_URL);
  const args = ["list", "--base-url", "http://127.0.0.1:9090/v2"];
  const [byOption] = (await command(args, { env })).requests;
  assertStringIncludes(byOption?.url ?? "", "http://127.0.0.1:9090/v2");
  const empty = { ...env, TELNYX_BASE_URL: "" };
  const [byDefault] = (await command(["list"], { env: empty })).requests;
  assertStringIncludes(byDefault?.url ?? "", "https://api.telnyx.com/v2");
});

Deno.test("TELNYX_BASE_URL that is no base URL is refused by its name", async () => {
  for (const url of ["localhost:7070", "https://user:pass@example.com/"]) {
    const env = { TELNYX_API_KEY: "KEY", TELNYX_BASE_URL: url };
    assertEquals(await fails(["list"], { env }), [
      2,
      "TELNYX_BASE_URL must be an http(s) URL without credentials or query",
    ]);
  }
});

const inClear = "telnyx-rooms: Warning: the base URL is http: on another " +
  "machine, so anyone on the way can read the API key\n";
for (
  const [baseUrl, warning] of [
    ["http://example.com/v2", inClear],
    ["http://127.0.0.1.example.com/", inClear],
    ["http://192.168.0.2", inClear],
    ["https://example.com/v2", ""],
    ["http://127.0.0.1:7070/v2", ""],
    ["http://127.1", ""],
    ["http://[::1]:7070", ""],
    ["http://localhost/", ""],
  ] as const
) {
  Deno.test(`--base-url ${baseUrl} prints ${warning ? "a" : "no"} warning before the key goes`, async () => {
    for (const args of [["get", id], ["list"]]) {
      const { exitCode, stderr } = await command([
        ...args,
        "--base-url",
        baseUrl,
      ]);
      assertEquals([exitCode, stderr], [0, warning]);
    }
    // Nothing is sent when the warning comes
    let printed = "";
    await run(["get", id, "--base-url", baseUrl], {
      env: { TELNYX_API_KEY: "KEY" },
      stdin: { readLine: () => Promise.resolve("") },
      stdout: { write: () => {} },
      stderr: { write: (text) => printed += text },
      fetch: () => {
        assertEquals(printed, warning);
        return Promise.reject(new Error("no network"));
      },
      now: Date.now,
      stop: AbortSignal.timeout(50),
    });
  });
}

Deno.test("--timeout is the limit of a single attempt as well", async () => {
  const clock = FakeTimers.install();
  try {
    const fake = fakeRooms({ rooms: exampleRooms });
    fake.fault({ delayMs: 15_000 });
    const running = command(["get", id, "--timeout", "20"], { fake });
    await clock.tickAsync(15_001);
    const { exitCode, requests } = await running;
    assertEquals([exitCode, requests.length], [0, 1]);
  } finally {
    clock.uninstall();
  }
});

Deno.test("a message names the option of an argument, in quotes or in brackets", () => {
  const named = (text: string) => messageOf(new Error(text));
  assertEquals(named("'baseUrl' must be a URL"), "--base-url must be a URL");
  assertEquals(
    named("no complete response within 20 ms (attemptTimeoutMs)"),
    "no complete response within 20 ms (--timeout)",
  );
  for (const text of ["'constructor'", "(toString)", "'__proto__'"]) {
    assertEquals(named(text), text);
  }
});

Deno.test("get --base-url sends the request there", async () => {
  const args = ["get", id, "--base-url", "http://127.0.0.1:9/x"];
  const { requests } = await command(args);
  assertEquals(requests[0]?.url, `http://127.0.0.1:9/x/rooms/${id}`);
});

const missing = "0ccc7b54-4df3-4bca-a65a-3da1ecc777f0";
const failures: [string[], World, number, string][] = [
  [["get", "not-a-uuid"], {}, 2, "'id' must be a UUID"],
  [["get", "not-a-uuid"], { env: {} }, 2, "'id' must be a UUID"],
  [["get", id], { env: {} }, 4, "set TELNYX_API_KEY"],
  [["get", id], { env: { TELNYX_API_KEY: " " } }, 4, "No API key"],
  [["get", id], { faults: [{ status: 403 }] }, 4, "forbidden"],
  [["get", id, "--timeout", "2147484"], {}, 2, "a number of seconds"],
  [["get", id], { env: { TELNYX_API_KEY: "other" } }, 4, "check the token"],
  [["get", id], { env: { TELNYX_API_KEY: "a b" } }, 2, "'token' must"],
  [
    ["get", id, "--token-file", "/none"],
    {},
    4,
    "Cannot read the file of --token-file: no such file",
  ],
  [["get", missing], {}, 3, "not found"],
  [
    ["get", id, "--timeout", "0.02"],
    { faults: [{ delayMs: Infinity }] },
    6,
    "20 ms",
  ],
  [
    ["get", id],
    { fetch: () => Promise.reject(new Error("refused")) },
    5,
    "check the network and --base-url (refused)",
  ],
  [
    ["get", id],
    { faults: [{ status: 429, headers: { "retry-after": "60" } }] },
    7,
    "rate limited",
  ],
  [["get", id], { faults: [{ status: 400 }] }, 1, "bad request"],
  [["get", id], { faults: [{ body: "<html>" }] }, 1, "must be JSON"],
  [["get", id, "--timeout", "soon"], {}, 2, "--timeout must be"],
  [["get", id, "--timeout", "0"], {}, 2, "--timeout must be"],
  [["get", id, "--timeout", ""], {}, 2, "--timeout must be"],
  [["get", id, "--timeout"], {}, 2, "--timeout"],
  [["get", id, "--base-url", "nowhere"], {}, 2, "--base-url must be"],
  [["get", id, "--token", "KEY"], {}, 2, "Argument 3 is not an option of get"],
  [["get", id, "--json=1"], {}, 2, "--json takes no value; see"],
  [["get", id, "--timeout", "-5"], {}, 2, "--timeout=VALUE; see"],
  [["get", id, "--timeout"], {}, 2, "--timeout needs a value; see"],
  [["get", "--constructor"], {}, 2, "Argument 2 is not an option of get"],
  [["get", "--__proto__=x"], {}, 2, "Argument 2 is not an option of get"],
  [["get", id, "-KEY"], {}, 2, "Argument 3 is not an option of get"],
  [
    ["get", id, "--token-file", "constructor"],
    {},
    4,
    "Cannot read the file of --token-file: no such file",
  ],
  [["get", id, "x", id], {}, 2, "received 1 character (id 2 of 3)"],
  [["get", id, id, "--base-url", "no"], {}, 2, "--base-url must be"],
  [
    ["get", id, missing],
    { env: { TELNYX_API_KEY: "other" } },
    4,
    "check the token",
  ],
  [["watch", id, "--every", "soon"], {}, 2, "--every must be"],
  [["watch", id, "--every", "0.9"], {}, 2, "at least 1"],
  [["watch", missing], {}, 3, "not found"],
  [["watch", "x"], {}, 2, "'id' must be a UUID"],
  [["watch"], {}, 2, "watch needs the id"],
  [["get"], {}, 2, "get needs the id"],
  [["lists"], {}, 2, "Unknown command: use list, get, watch, create, "],
  [["toString"], {}, 2, "serve, trigger or completions; see --help"],
  [["completions"], {}, 2, "completions needs bash, zsh or fish"],
  [["completions", "toString"], {}, 2, "completions needs bash"],
  [["completions", "zsh", "more"], {}, 2, "Too many arguments"],
  [["get", "--prot"], {}, 2, "Argument 2 is not an option of get"],
  [[], {}, 2, "No command given: use list, get, watch, create, "],
];

for (const [args, world, exitCode, message] of failures) {
  Deno.test(`${args.join(" ")}: exit code ${exitCode}, "${message}"`, async () => {
    const [code, text] = await fails(args, world);
    assertEquals(code, exitCode);
    assertStringIncludes(text, message);
    assert(!text.includes("KEY "), text);
  });
}

Deno.test("get wraps its errors on a terminal, between words", async () => {
  const { stderr } = await command(["get", missing], { isTTY: true });
  const lines = stderr.trimEnd().split("\n");
  assert(lines.length > 1);
  for (const line of lines) assert(line.length <= 80, line);
  const [, message] = await fails(["get", missing]);
  assertEquals(lines.join(" "), `telnyx-rooms: ${message}`);
});

Deno.test("get prints a hostile error as one harmless line", async () => {
  const body = { code: "1", title: "\x1b[2J\nroot: all is well" };
  const [, message] = await fails(["get", id], {
    faults: [{ status: 404, body }],
  });
  assertStringIncludes(message, "\\u{1b}[2J\\u{0a}root");
});

Deno.test("--help and --version print help and version", async () => {
  for (const args of [["--help"], ["-h"], ["none", "--help"]]) {
    assertEquals((await command(args)).stdout, help());
  }
  for (const args of [["get", "--help"], ["get", id, "-h"]]) {
    assertEquals((await command(args)).stdout, help("get"));
  }
  for (const args of [["--version"], ["-v"]]) {
    assertEquals((await command(args)).stdout.trim(), "0.1.0");
  }
});

Deno.test("get of several rooms prints them in the order given, each once", async () => {
  const ids = ["1", "2", "3", "4", "5", "6"].map((n) => id.replace("7", n));
  const fake = fakeRooms({
    rooms: ids.map((id, i) => ({ id, unique_name: `Room ${i}` })),
  });
  // The first response comes last
  fake.fault({ delayMs: 30 });
  const again = ids[2]?.toUpperCase() ?? "";
  const { exitCode, stdout, stderr } = await command(
    ["get", ...ids, again],
    { fetch: fake.fetch },
  );
  assertEquals([exitCode, stderr, fake.requests.length], [0, "", 6]);
  assertEquals(
    stdout.match(/Room \d/g),
    ids.map((_, i) => `Room ${i}`),
  );
  assertEquals(stdout.split("\n\nRoom").length, 6);
});

Deno.test("get of several rooms continues after a failure, and ends with the first one's code", async () => {
  const malformed = fakeRooms({ rooms: exampleRooms });
  malformed.fault({ status: 400 });
  const result = await command(["get", missing, id]);
  assertEquals(result.exitCode, 3);
  assertStringIncludes(result.stdout, "My Room");
  assert(
    /^telnyx-rooms: 0ccc7b54-\S+: HTTP 404, not found[^\n]+\n$/.test(
      result.stderr,
    ),
    result.stderr,
  );
  const other = await command(["get", id, missing], {
    fetch: malformed.fetch,
  });
  assertEquals([other.exitCode, other.stdout], [1, ""]);
  assertEquals(other.stderr.split("\n").length, 3);
});

Deno.test("get --json of several rooms is an array, with an error in place of a failure", async () => {
  const { exitCode, stdout, stderr } = await command(
    ["get", "--json", "--sessions", missing, id],
  );
  const [failed, room, ...more] = JSON.parse(stdout);
  assertEquals([exitCode, room, more], [3, exampleRooms[0], []]);
  assertEquals([failed.id, failed.error.code], [missing, "not_found"]);
  assertStringIncludes(stderr, failed.error.message);
  // Two ids were given, so it is an array, although they are the same
  const twice = await command(["get", "--json", id, id.toUpperCase()]);
  assertEquals(JSON.parse(twice.stdout).length, 1);
});

Deno.test("get of several rooms shows the progress in one line, and clears it", async () => {
  const args = ["get", id, missing, missing.replace("0", "1")];
  const { stderr } = await command(args, { isTTY: true });
  assertEquals(stderr.split("\x1b[K").slice(0, 5), [
    "\r0 of 3 rooms",
    "\r1 of 3 rooms",
    "\r2 of 3 rooms",
    "\r3 of 3 rooms",
    "\r",
  ]);
  assertEquals(stderr.match(/telnyx-rooms: /g)?.length, 2);
  assertEquals((await command(args)).stderr.includes(" of 3"), false);
});

Deno.test("get of several rooms shows a rate limit on a terminal", async () => {
  const { exitCode, stderr } = await command(["get", id, missing], {
    isTTY: true,
    faults: [{ status: 429, headers: { "retry-after": "0.04" } }],
  });
  assertEquals(exitCode, 3);
  assertStringIncludes(
    stderr,
    " rooms; rate limited, continuing in 0.0 s\x1b[K",
  );
});

Deno.test("an API key given as a number is not printed", async () => {
  const error = await getRoom(fetch, 1234567890 as never, id)
    .then(() => undefined, (error: Error) => error);
  assertStringIncludes(error?.message ?? "", "received a number");
});
