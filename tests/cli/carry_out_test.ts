import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import fc from "fast-check";
import { apiCommands } from "../../lib/cli/api_commands.ts";
import { callingOptions } from "../../lib/cli/option.ts";
import type { Command } from "../../lib/cli/command.ts";
import { fakeRooms } from "../../lib/testing/fake_rooms.ts";
import { routes } from "../../lib/testing/routes.ts";
import { id } from "../support/example.ts";
import { command, fails, type World } from "./command.ts";

const other = "0ccc7b54-4df3-4bca-a65a-3da1ecc777f0";

/** A room that records, with Alice and Bob in it, and a clock to set forward. */
function world() {
  let now = Date.parse("2026-01-01T12:00:00Z");
  let made = 0;
  const fake = fakeRooms({
    now: () => now,
    newId: () => `00000000-0000-4000-8000-${`${++made}`.padStart(12, "0")}`,
    rooms: [{ id, unique_name: "standup", enable_recording: true }],
  });
  const [alice, bob] = ["Alice", "Bob"].map((context) =>
    fake.join(id, { context })
  );
  return {
    fake,
    now: () => now,
    later: (ms: number) => void (now += ms),
    session: alice?.session_id ?? "",
    alice: alice?.id ?? "",
    bob: bob?.id ?? "",
  };
}

const commands: [string, Command][] = Object.entries(apiCommands);

Deno.test("every operation has a command, except those that get and the lists cover", () => {
  const used = new Set(
    commands.flatMap(([, { uses = [] }]) =>
      uses.map(({ operation: { method, path } }) => `${method} ${path}`)
    ),
  );
  const left = routes
    .map(({ operation: { method, path } }) => `${method} ${path}`)
    .filter((route) =>
      !used.has(route.replaceAll(/\w*id\}/gi, "id}")) && !used.has(route)
    );
  assertEquals(left, [
    "GET /rooms/{id}",
    "GET /rooms/{roomId}/sessions",
    "GET /room_sessions/{sessionId}/participants",
    "POST /room_compositions", // by compose
  ]);
});

Deno.test("every option sets an option or a field of an operation of its command", () => {
  for (const [name, { options, uses = [] }] of commands) {
    for (const [option, { sets }] of Object.entries(options)) {
      if (option in callingOptions || option === "yes") continue;
      if (!sets) {
        assert(uses.some(({ flag }) => flag === option), `${name} ${option}`);
        continue;
      }
      const [field = ""] = sets.split(".");
      assert(
        uses.some(({ operation: { options, body } }) =>
          body?.decoder && !body.field || Object.hasOwn(options ?? {}, field)
        ),
        `${name} --${option}`,
      );
    }
  }
});

Deno.test("list shows rooms as a table", async () => {
  const { fake } = world();
  fake.addRoom({ id: other, unique_name: null, max_participants: 8 });
  const { stdout, exitCode } = await command(["list"], { fake });
  assertEquals(exitCode, 0);
  assertEquals(
    stdout,
    "ID                                    STATE       MAX  REC  NAME\n" +
      "7b61621f-62e0-4aad-ab11-9fd19e272e73  in session  50   on   standup\n" +
      "0ccc7b54-4df3-4bca-a65a-3da1ecc777f0  idle        8\n",
  );
});

Deno.test("list --json prints the rooms of every page", async () => {
  const rooms = Array.from(
    { length: 251 },
    (_, i) => ({ id: id.replace(/...$/, `${100 + i}`) }),
  );
  const fake = fakeRooms({ rooms });
  const { stdout } = await command(["list", "--json"], { fake });
  assertEquals(
    JSON.parse(stdout).map(({ id }: { id: string }) => id),
    rooms.map(({ id }) => id),
  );
  assertEquals(fake.requests.length, 2);
});

Deno.test("list filters by its options", async () => {
  const options = ["--name", "stand up", "--since=2026-01-01"];
  const { stdout, requests } = await command(
    ["list", ...options, "--until", "2026-01-31"],
  );
  assertEquals(stdout, "None\n");
  const { searchParams } = new URL(requests[0]?.url ?? "");
  assertEquals(Object.fromEntries(searchParams), {
    "filter[unique_name]": "stand up",
    "filter[date_created_at][gte]": "2026-01-01",
    "filter[date_created_at][lte]": "2026-01-31",
    "page[number]": "1",
    "page[size]": "250",
  });
});

Deno.test("create and update send their options, and show the room", async () => {
  const { fake, now } = world();
  const made = await command([
    "create",
    "--name=retro",
    "--max-participants=4",
    "--recording=on",
    "--webhook-url=https://example.com/hook",
    "--webhook-timeout=5",
  ], { fake, now });
  assertEquals(JSON.parse(fake.requests.at(-1)?.body ?? ""), {
    unique_name: "retro",
    max_participants: 4,
    enable_recording: true,
    webhook_event_url: "https://example.com/hook",
    webhook_timeout_secs: 5,
  });
  assertMatch(made.stdout, /^id {20}[\da-f-]{36}\nunique_name +retro\n/);
  const changed = await command(
    ["update", id, "--recording", "off", "--json"],
    { fake, now },
  );
  assertEquals(fake.requests.at(-1)?.body, '{"enable_recording":false}');
  const { unique_name, enable_recording } = JSON.parse(changed.stdout);
  assertEquals([unique_name, enable_recording], ["standup", false]);
});

Deno.test("create is not repeated if it may have succeeded, and says so", async () => {
  const { fake } = world();
  const [exitCode, message] = await fails(["create"], {
    fake,
    faults: [{ disconnect: "before-response" }],
  });
  assertEquals([exitCode, fake.requests.length], [5, 1]);
  assertStringIncludes(message, "it may have been done");
});

Deno.test("token creates tokens that are valid for joining, and prints them on stdout only", async () => {
  const { fake, now } = world();
  const { stdout, stderr } = await command(
    ["token", id, "--ttl", "60", "--refresh-ttl", "600", "--json"],
    { fake, now, isTTY: true },
  );
  const { token, token_expires_at, refresh_token_expires_at } = JSON.parse(
    stdout,
  );
  assertEquals([token_expires_at, refresh_token_expires_at, stderr], [
    "2026-01-01T12:01:00Z",
    "2026-01-01T12:10:00Z",
    "",
  ]);
  assertEquals(fake.join(id, { token, context: "Carol" }).context, "Carol");
  const text = await command(["token", id], { fake, now });
  assertMatch(text.stdout, /^token {10,}\S{100,}\ntoken_expires_at +2026/);
});

Deno.test("token --refresh reads the refresh token from stdin, and never prints it", async () => {
  const { fake, now, later } = world();
  const minted = await command(["token", id, "--json"], { fake, now });
  const { refresh_token } = JSON.parse(minted.stdout);
  later(1_200_000);
  const args = ["token", id, "--refresh"];
  const line = `${refresh_token}\n`;
  const { stdout } = await command([...args, "--json"], { fake, now, line });
  const { token } = JSON.parse(stdout);
  assertEquals(fake.present(id).length, 2);
  fake.join(id, { token });
  assertEquals(fake.present(id).length, 3);

  later(3_000_000);
  const refused = await fails(args, { fake, now, line });
  assertEquals(refused[0], 4);
  assert(!refused[1].includes(refresh_token));
  assertEquals(await fails(args, { line: "two words" }), [
    2,
    "stdin must be visible ASCII, received 9 characters",
  ]);
  assertEquals(await fails(args, { isTTY: false, line: "" }), [
    2,
    "stdin must be visible ASCII, received 0 characters",
  ]);
  const onTerminal = await command(args, { isTTY: true, line });
  assertEquals(onTerminal.exitCode, 2);
  assertStringIncludes(onTerminal.stderr, "Pipe the refresh token into stdin");
});

Deno.test("sessions lists sessions, or shows one with its participants", async () => {
  const { fake, now, later, session, alice, bob } = world();
  later(1_500_000);
  fake.leave(alice);
  const list = await command(["sessions", "--room", id, "--active"], {
    fake,
    now,
  });
  assertEquals(
    list.stdout,
    "ID                                    STATE   BEGAN (UTC)       LENGTH\n" +
      `${session}  active  2026-01-01 12:00  25 min\n`,
  );
  const one = await command(["sessions", session], { fake, now });
  assertStringIncludes(one.stdout, `room_id      ${id}\n`);
  assertStringIncludes(
    one.stdout,
    "\n\nID                                    STAY       NAME\n" +
      `${alice}  25 min     Alice\n${bob}  there now  Bob\n`,
  );
  const json = await command(["sessions", session, "--json"], { fake, now });
  assertEquals(JSON.parse(json.stdout).participants.length, 2);
});

Deno.test("mute, unmute and kick act on some participants, or on all but some", async () => {
  const { fake, session, alice, bob } = world();
  const run = async (...args: string[]) =>
    (await command(args, { fake })).stdout;
  assertEquals(await run("mute", session, alice), "Muted\n");
  assertEquals(fake.muted, [alice]);
  assertEquals(await run("mute", session, "all"), "Muted\n");
  assertEquals(
    await run("unmute", session, "all", "--exclude", bob),
    "Unmuted\n",
  );
  assertEquals(fake.muted, [bob]);
  assertEquals(
    await run("kick", session, "all", `--exclude=${alice},${alice}`, "--yes"),
    "Kicked\n",
  );
  assertEquals(fake.present(id).map(({ context }) => context), ["Alice"]);
});

Deno.test("end ends a session, and delete deletes a room", async () => {
  const { fake, session } = world();
  const ended = await command(["end", session, "--yes"], { fake });
  assertEquals([ended.stdout, fake.present(id)], ["Ended\n", []]);
  const again = await fails(["end", session, "--yes"], { fake });
  assertEquals(again[0], 1);
  const deleted = await command(["delete", id, "--yes", "--json"], { fake });
  assertEquals([deleted.stdout, fake.rooms.length], ["null\n", 0]);
  assertEquals((await fails(["delete", id, "--yes"], { fake }))[0], 3);
});

Deno.test("recordings lists recordings, shows one, and deletes them", async () => {
  const { fake, now, later, session, alice } = world();
  later(90_000);
  fake.leave(alice);
  later(5000);
  const list = await command(["recordings", "--participant", alice], {
    fake,
    now,
  });
  const [head, sound = "", picture] = list.stdout.split("\n");
  assertEquals(
    head,
    "ID                                    TYPE   STATUS     LENGTH      SIZE",
  );
  const recording = sound.slice(0, 36);
  assertEquals(sound.slice(36), "  audio  completed  1 min 30 s  0.01 MB");
  assertStringIncludes(picture ?? "", "  video  completed ");
  const one = await command(["recordings", recording], { fake, now });
  assertMatch(one.stdout, /\ndownload_url +https:\S+\n/);
  const deleting = async (...args: string[]) => {
    const all = ["recordings", ...args, "--delete", "--yes"];
    return (await command(all, { fake, now })).stdout;
  };
  assertEquals(await deleting(recording), "Deleted\n");
  const day = ["--since=2026-01-01", "--until=2026-01-01", "--type=video"];
  assertEquals(
    await deleting("--session", session, ...day),
    "Deleted: 2\n",
  );
});

Deno.test("compositions lists compositions, shows one, and deletes it", async () => {
  const { fake, now, later, session } = world();
  const ordered = await fake.fetch("http://127.0.0.1/room_compositions", {
    method: "POST",
    headers: { authorization: "Bearer KEY" },
    body: JSON.stringify({ session_id: session }),
  });
  const { data } = await ordered.json();
  later(60_000);
  const compositions = async (...args: string[]) =>
    (await command(["compositions", ...args], { fake, now })).stdout;
  assertMatch(
    await compositions("--session", session, "--status", "completed"),
    /^ID {36}STATUS {5}LENGTH {2}SIZE\n\S{36} {2}completed {2}0 s {5}0\.01 MB\n$/,
  );
  assertStringIncludes(
    await compositions(data.id),
    "resolution     1280x720\n",
  );
  assertEquals(await compositions(data.id, "--delete", "--yes"), "Deleted\n");
  assertEquals(await compositions(), "None\n");
});

const destroying: [string[], question: string][] = [
  [["delete", id], "Delete this room and end its session?"],
  [["end", other], "End this session for everyone?"],
  [["kick", other, "all"], "Kick these participants?"],
  [["recordings", other, "--delete"], "Delete this recording?"],
  [
    ["recordings", "--room", id, "--delete"],
    "Delete every recording that the options match?",
  ],
  [["compositions", other, "--delete"], "Delete this composition?"],
];
for (const [args, question] of destroying) {
  Deno.test(`${args.join(" ")} asks for confirmation on a terminal, and needs --yes elsewhere`, async () => {
    for (const line of ["", "n", "no", "maybe", "yn", "yess", "ay"]) {
      const no = await command(args, { isTTY: true, line });
      assertEquals([no.exitCode, no.stdout, no.requests.length], [1, "", 0]);
      assertEquals(
        no.stderr,
        `${question} [y/N] telnyx-rooms: Nothing was done\n`,
      );
    }
    const piped = await command(args, { line: "y" });
    assertEquals([piped.exitCode, piped.requests.length], [2, 0]);
    assertStringIncludes(piped.stderr, "add --yes");
    for (
      const world of [{ isTTY: true, line: "y" }, { isTTY: true, line: "YES " }]
    ) {
      const { requests } = await command(args, world);
      assertEquals(requests.length, 1);
    }
    assertEquals((await command([...args, "--yes"])).requests.length, 1);
  });
}

Deno.test("every command that deletes, ends or kicks asks first", () => {
  for (const [name, { uses = [], options }] of commands) {
    for (const { operation: { method, path }, question } of uses) {
      const destroys = method === "DELETE" || /\/(end|kick)$/.test(path);
      assertEquals(question !== undefined, destroys, name);
      if (question) assert("yes" in options, name);
    }
  }
});

const refusals: [string[], World, number, string][] = [
  [["list", "more"], {}, 2, "Too many arguments; see --help"],
  [["delete"], {}, 2, "delete takes <room>; see --help"],
  [["delete", id, other], {}, 2, "delete takes <room>; see --help"],
  [["mute", other], {}, 2, "mute takes <session> all|<participant>..."],
  [["recordings", id, other], {}, 2, "recordings takes [<recording>]; see"],
  [
    ["recordings", "--delete", "--yes"],
    {},
    2,
    "--delete needs an id, or options to match; see --help",
  ],
  [
    ["compositions", "--delete", "--yes"],
    {},
    2,
    "compositions --delete takes <composition>; see --help",
  ],
  [
    ["recordings", id, "--room", other],
    {},
    2,
    "--room cannot be used with the other arguments; see --help",
  ],
  [
    ["token", id, "--refresh", "--refresh-ttl", "600"],
    { line: "any" },
    2,
    "--refresh-ttl cannot be used with",
  ],
  [["delete", "standup"], {}, 2, "'id' must be a UUID, received 7 characters"],
  [
    ["mute", other, "all", "Bob"],
    {},
    2,
    '<participant> must be "all" or an array of UUIDs',
  ],
  [["mute", other, "all", "--exclude=Bob"], {}, 2, "--exclude must be a UUID"],
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
  [["sessions", "--room", "x"], {}, 2, "--room must be a UUID"],
  [
    ["recordings", "--status", "done"],
    {},
    2,
    "--status must be completed or processing; see --help",
  ],
  [
    ["token", id, "--ttl", "5"],
    {},
    2,
    "--ttl must be an integer from 10 to 3600",
  ],
  [["token", id, "--timeout", "0"], {}, 2, "--timeout must be"],
  [["list", "--base-url", "no"], {}, 2, "--base-url must be"],
  [["list"], { env: {} }, 4, "set TELNYX_API_KEY"],
  [["list"], { env: { TELNYX_API_KEY: "other" } }, 4, "check the token"],
  [["create", "--name", "My Room"], {}, 1, "unprocessable"],
  [["token", other], {}, 3, "not found"],
];
for (const [args, world, exitCode, message] of refusals) {
  Deno.test(`${args.join(" ")}: exit code ${exitCode}, "${message}"`, async () => {
    const [code, text] = await fails(args, world);
    assertEquals(code, exitCode);
    assertStringIncludes(text, message);
  });
}

Deno.test("a wrong argument is neither printed nor sent", async () => {
  const secret = fc.stringMatching(/^[A-Za-z]{12,40}$/);
  await fc.assert(fc.asyncProperty(
    secret,
    fc.constantFrom("delete", "end", "sessions", "token", "update"),
    async (text, name) => {
      const { stderr, requests } = await command([name, text, "--json"]);
      assert(!stderr.includes(text), stderr);
      assertEquals(requests.length, 0);
    },
  ));
});

Deno.test("tables fit the terminal, with dim headings", async () => {
  const { fake, now } = world();
  fake.changeRoom(id, { unique_name: "a name that is rather long".repeat(3) });
  const lines = async (columns: number, env = {}) => {
    const { stdout } = await command(["list"], {
      fake,
      now,
      isTTY: true,
      columns,
      env: { TELNYX_API_KEY: "any", ...env },
    });
    return stdout.trimEnd().split("\n");
  };
  for (const columns of [50, 60, 80, 120]) {
    const all = await lines(columns, { NO_COLOR: "1" });
    for (const line of all) assert(line.length <= columns, line);
    assertMatch(all[1] ?? "", /^7b61\S{32} .*a name.*…$/);
  }
  assertEquals((await lines(80))[0]?.startsWith("\x1b[2mID "), true);
});

Deno.test("a list of more than 1000 pages is refused, when it is seen", async () => {
  let requests = 0;
  const fetch = () => {
    requests++;
    const body = { data: [{ id }], meta: { total_pages: 1_000_000 } };
    return Promise.resolve(Response.json(body));
  };
  const [code, line] = await fails(["list"], { fetch });
  assertEquals([code, requests], [1, 1]);
  assertStringIncludes(
    line,
    "/meta/total_pages must be at most 1000 for a list as a whole",
  );
  assertStringIncludes(line, "narrow the list with filters");
});
