import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import FakeTimers from "@sinonjs/fake-timers";
import fc from "fast-check";
import { helpOf } from "../../lib/cli/commands.ts";
import { exampleRooms } from "../../lib/cli/example_rooms.ts";
import { messageOf } from "../../lib/cli/failure.ts";
import { run } from "../../lib/cli/run.ts";
import { fakeRooms } from "../../lib/testing/fake_rooms.ts";
import { id } from "../support/example.ts";
import { command, contextOf, fails, withFile, type World } from "./command.ts";

const missing = "0ccc7b54-4df3-4bca-a65a-3da1ecc777f0";

for (
  const [args, expected] of [
    [[], helpOf(undefined)],
    [["--help"], helpOf(undefined)],
    [["-h"], helpOf(undefined)],
    [["help"], helpOf(undefined)],
    [["help", "get"], helpOf("get")],
    [["get", "--help"], helpOf("get")],
    [["get", id, "-h"], helpOf("get")],
    [["--version"], "0.1.0\n"],
    [["-v"], "0.1.0\n"],
  ] as const
) {
  Deno.test(`telnyx-rooms ${args.join(" ")} prints help or version`, async () => {
    const { exitCode, stdout, stderr } = await command([...args]);
    assertEquals([exitCode, stdout, stderr], [0, expected, ""]);
  });
}

Deno.test("help fits the terminal", async () => {
  for (const columns of [40, 80, 200]) {
    const { stdout } = await command(["help"], { isTTY: true, columns });
    for (const line of stdout.split("\n")) {
      assert(line.length <= Math.min(columns, 80), line);
    }
  }
});

const wrongWords: [args: string[], message: string][] = [
  [["lists"], '"lists" is not a command: did you mean list?'],
  [["gte", id], '"gte" is not a command: did you mean get?'],
  [["part"], '"part" is not a command: did you mean participants?'],
  [["none", "--help"], '"none" is not a command; see --help'],
  [["toString"], '"toString" is not a command; see --help'],
  [["help", "creat"], '"creat" is not a command: did you mean create?'],
  [["get", "--jsno"], '"--jsno" is not an option of get: did you mean --json?'],
  [["get", id, "--token"], '"--token" is not an option of get'],
  [["get", "--__proto__=x"], '"--__proto__" is not an option of get'],
  [["get", "--constructor"], '"--constructor" is not an option of get; see'],
  [["list", "-x"], '"-x" is not an option of list; see --help'],
  [["trigger", "session.endd"], "did you mean session.ended?"],
  [["li\x1bst"], '"li\\u{1b}st" is not a command: did you mean list?'],
];
for (const [args, message] of wrongWords) {
  Deno.test(`telnyx-rooms ${messageOf(new Error(args.join(" ")))} names the wrong word`, async () => {
    const [exitCode, text] = await fails(args);
    assertEquals(exitCode, 2);
    assertStringIncludes(text, message);
  });
}

/** What is wrong, and how the command fails. */
const failures: [string[], World, number, string][] = [
  [["get", id], { env: {} }, 4, "set TELNYX_API_KEY"],
  [["list"], { env: {} }, 4, "or name a file with --api-key-file"],
  [["get", id], { env: { TELNYX_API_KEY: " " } }, 4, "No API key"],
  [["get", id], { env: { TELNYX_API_KEY: "other" } }, 4, "check the API key ("],
  [
    ["get", id, missing],
    { env: { TELNYX_API_KEY: "other" } },
    4,
    "check the API key (",
  ],
  [
    ["get", id],
    { env: { TELNYX_API_KEY: "a b" } },
    2,
    "The API key must be visible ASCII",
  ],
  [["get", id], { faults: [{ status: 403 }] }, 4, "forbidden"],
  [["get", missing], {}, 3, "not found"],
  [["watch", missing], {}, 3, "not found"],
  [["token", missing], {}, 3, "not found"],
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
  [["create", "--name", "My Room"], {}, 1, "unprocessable"],
  [["get"], {}, 2, "get takes <room>...; see --help"],
  [["watch"], {}, 2, "watch takes <room>...; see --help"],
  [["get", id, ""], {}, 2, "The id or name of a room is empty"],
  [["list", "more"], {}, 2, '"more" is one argument too many; see --help'],
  [["delete"], {}, 2, "delete takes <room>...; see --help"],
  [["mute", missing], {}, 2, "mute takes <session> all|<participant>..."],
  [["recordings", "--delete", "--yes"], {}, 2, "--delete needs an id, or opt"],
  [
    ["compositions", "--delete", "--yes"],
    {},
    2,
    "compositions --delete takes <composition>...; see --help",
  ],
  [
    ["recordings", id, "--room", missing],
    {},
    2,
    "--room cannot be used with the other arguments; see --help",
  ],
  [["sessions", id, "--limit", "2"], {}, 2, "--limit cannot be used with"],
  [["sessions", id, "--active"], {}, 2, "--active cannot be used with"],
  [["list", "--limit", "0"], {}, 2, "--limit must be an integer from 1"],
  [["list", "--limit", "2", "--all"], {}, 2, "--limit and --all exclude each"],
  [
    ["token", id, "--refresh", "--refresh-ttl", "600"],
    { line: "any" },
    2,
    "--refresh-ttl cannot be used with",
  ],
  [["end", "standup"], {}, 2, "'id' must be a UUID, received 7 characters"],
  [["end", id, "x", "--yes"], {}, 2, "received 1 character (id 2 of 2)"],
  [["mute", missing, "all", "Bob"], {}, 2, '<participant> must be "all" or an'],
  [
    ["mute", missing, "all", "--exclude=Bob"],
    {},
    2,
    "--exclude must be a UUID",
  ],
  [
    ["create", "--max-participants", "51"],
    {},
    2,
    "--max-participants must be an integer from 2 to 50, received 51; see",
  ],
  [["create", "--max-participants="], {}, 2, "received NaN"],
  [["create", "--recording=yes"], {}, 2, "--recording must be on or off; see"],
  [
    ["update", id, "--webhook-url", "hook"],
    {},
    2,
    "--webhook-url must be an http(s) URL, received 4 characters",
  ],
  [["list", "--since", "May"], {}, 2, "--since must be a day, as YYYY-MM-DD"],
  [["list", "--until", "May"], {}, 2, "--until must be a day, as YYYY-MM-DD"],
  [["recordings", "--session", "x"], {}, 2, "--session must be a UUID"],
  [
    ["recordings", "--status", "done"],
    {},
    2,
    "must be completed or processing",
  ],
  [["token", id, "--ttl", "5"], {}, 2, "--ttl must be an integer from 10 to 3"],
  ...["2147484", "soon", "0", ""].map((text): typeof failures[number] => [
    ["get", id, "--timeout", text],
    {},
    2,
    "--timeout must be a number of seconds",
  ]),
  [["get", id, "--timeout"], {}, 2, "--timeout needs a value; see"],
  [["get", id, "--timeout", "-5"], {}, 2, "--timeout=VALUE; see"],
  [["get", id, "--json=1"], {}, 2, "--json takes no value; see"],
  [["get", id, "--base-url", "nowhere"], {}, 2, "--base-url must be"],
  [["list", "--base-url", "no"], {}, 2, "--base-url must be"],
  ...["/none", "constructor"].map((file): typeof failures[number] => [
    ["get", id, "--api-key-file", file],
    {},
    4,
    "Cannot read the file of --api-key-file: no such file",
  ]),
  [["watch", id, "--every", "soon"], {}, 2, "--every must be"],
  [["watch", id, "--every", "0.9"], {}, 2, "at least 1"],
  [["completions"], {}, 2, "completions takes bash, zsh or fish"],
  [
    ["completions", "toString"],
    {},
    2,
    '"toString" is not bash, zsh or fish',
  ],
  [["list", "KEY0123456789ab"], {}, 2, "Too many arguments; see --help"],
  [["completions", "zsh", "more"], {}, 2, '"more" is one argument'],
];
for (const [args, world, exitCode, message] of failures) {
  Deno.test(`${args.join(" ")}: exit code ${exitCode}, "${message}"`, async () => {
    const [code, text] = await fails(args, world);
    assertStringIncludes(text, message);
    assertEquals(code, exitCode);
    assert(!text.includes("KEY "), text);
  });
}

Deno.test("a wrong argument is reported before a missing key", async () => {
  for (const args of [["end", "x"], ["get", ""], ["list", "--since=May"]]) {
    assertEquals((await fails(args, { env: {} }))[0], 2, args.join(" "));
  }
});

Deno.test("a key in the wrong place is neither printed nor sent", async () => {
  const digits = fc.stringMatching(/^[0-9A-F]{12,40}$/)
    .filter((text) => /\d/.test(text));
  const key = fc.tuple(digits, fc.stringMatching(/^[A-Za-z0-9]{0,22}$/))
    .map(([id, secret]) => `KEY${id}_${secret}`);
  const places = (key: string) => [
    [key],
    ["help", key],
    ["get", key],
    ["get", id, key],
    ["watch", key],
    ["delete", key, "--yes"],
    ["token", key],
    ["update", key],
    ["sessions", key],
    ["sessions", "--room", key],
    ["mute", key, "all"],
    ["download", key],
    ["list", key],
    ["list", `--${key}`],
    ["list", `-${key}`],
    ["list", "--api-key-file", key],
    ["list", "--base-url", key],
    ["list", "--timeout", key],
    ["list", "--limit", key],
    ["list", `--json=${key}`],
    ["watch", id, "--every", key],
    ["create", "--max-participants", key],
    ["create", "--recording", key],
    ["completions", key],
    ["trigger", key],
    ["serve", key],
    ["serve", "--rooms", key],
    ["serve", "--port", key],
    ["serve", "--port", "0", "--host", key],
    ["serve", "--fault", key],
    ["serve", "--fault-every", key],
    ["serve", "--rate-limit", key],
    ["serve", "--webhooks", key],
  ];
  const { length } = places("");
  await fc.assert(
    fc.asyncProperty(
      key,
      fc.integer({ min: 0, max: length - 1 }),
      async (key, place) => {
        const args = places(key)[place] ?? [];
        const { exitCode, stdout, stderr, requests } = await command(args);
        assert(exitCode > 0, args.join(" "));
        assert(!(stdout + stderr).includes(key), stderr);
        assertEquals(requests.length, 0);
      },
    ),
    { numRuns: 150 },
  );
});

Deno.test("--api-key-file is read instead of the environment, without its line break or byte order mark", async () => {
  const env = { TELNYX_API_KEY: "wrong" };
  for (const text of ["KEY\n", "\ufeffKEY\r\n"]) {
    await withFile(text, async (file) => {
      const args = ["get", id, "--api-key-file", file];
      assertEquals((await command(args, { env })).exitCode, 0);
    });
  }
  await withFile("\n", async (file) => {
    const args = ["get", id, "--api-key-file", file];
    const [exitCode, message] = await fails(args, { env });
    assertEquals(exitCode, 4);
    assertStringIncludes(message, "is empty");
  });
});

for (
  const [bytes, why] of [
    [[0xff, 0xfe, 0x4b, 0x00], "it is UTF-16; save it as UTF-8"],
    [[0xfe, 0xff, 0x00, 0x4b], "it is UTF-16; save it as UTF-8"],
    [[0x4b, 0xff], "it is not UTF-8"],
  ] as const
) {
  Deno.test(`--api-key-file and --rooms of the bytes ${bytes}: ${why}`, async () => {
    await withFile(Uint8Array.from(bytes), async (file) => {
      const cannot = "Cannot read the file of";
      const key = await fails(["get", id, "--api-key-file", file]);
      assertEquals(key, [4, `${cannot} --api-key-file: ${why}`]);
      const rooms = await fails(["serve", "--port", "0", "--rooms", file]);
      assertEquals(rooms, [2, `${cannot} --rooms: ${why}`]);
    });
  });
}

for (
  const [variable, option, expected] of [
    ["http://127.0.0.1:7070/v2", "", "http://127.0.0.1:7070/v2/rooms"],
    ["http://127.0.0.1:7070", "http://127.0.0.1:9/x", "http://127.0.0.1:9/x/"],
    ["", "", "https://api.telnyx.com/v2/rooms"],
  ] as const
) {
  Deno.test(`requests go to ${expected} by TELNYX_BASE_URL=${variable} and --base-url ${option}`, async () => {
    const env = { TELNYX_API_KEY: "KEY", TELNYX_BASE_URL: variable };
    const args = ["list", ...option ? ["--base-url", option] : []];
    const { requests: [request] } = await command(args, { env });
    assert(request?.url.startsWith(expected), request?.url);
  });
}

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
      const all = [...args, "--base-url", baseUrl];
      const { exitCode, stderr } = await command(all);
      assertEquals([exitCode, stderr], [0, warning]);
    }
    // Nothing is sent when the warning comes
    let printed = "";
    const context = contextOf({
      env: { TELNYX_API_KEY: "KEY" },
      stderr: { write: (text) => printed += text },
      fetch: () => {
        assertEquals(printed, warning);
        return Promise.reject(new Error("no network"));
      },
      stop: AbortSignal.timeout(50),
    });
    await run(["get", id, "--base-url", baseUrl], context);
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

Deno.test("an error is wrapped on a terminal, between words", async () => {
  const [, message] = await fails(["get", missing]);
  for (const columns of [40, 80]) {
    const world = { isTTY: true, columns };
    const { stderr } = await command(["get", missing], world);
    const lines = stderr.trimEnd().split("\n");
    assert(lines.length > 1);
    for (const line of lines) assert(line.length <= columns, line);
    assertEquals(lines.join(" "), `telnyx-rooms: ${message}`);
  }
});

Deno.test("a hostile error is one harmless line", async () => {
  const body = { code: "1", title: "\x1b[2J\nroot: all is well" };
  const faults = [{ status: 404, body }];
  const [, message] = await fails(["get", id], { faults });
  assertStringIncludes(message, "\\u{1b}[2J\\u{0a}root");
});

Deno.test("a wait for a retry is shown on a terminal only", async () => {
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
