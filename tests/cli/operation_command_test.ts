import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { callingOptions } from "../../lib/cli/calling.ts";
import { commands } from "../../lib/cli/commands.ts";
import { curlOption } from "../../lib/cli/curl.ts";
import { destroyOptions } from "../../lib/cli/destroy.ts";
import { listOptions } from "../../lib/cli/list.ts";
import { usesOf } from "../../lib/cli/operation_command.ts";
import { fakeRooms } from "../../lib/testing/fake_rooms.ts";
import { routes } from "../../lib/testing/routes.ts";
import { id } from "../support/example.ts";
import { command, fails } from "./command.ts";

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

Deno.test("every operation has a command, except those that get and the lists cover", () => {
  const used = new Set(
    Object.values(commands).flatMap(usesOf)
      .map(({ operation: { method, path } }) => `${method} ${path}`),
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
  const shared = {
    ...callingOptions,
    ...curlOption,
    ...listOptions,
    ...destroyOptions,
  };
  for (const [name, command] of Object.entries(commands)) {
    const uses = usesOf(command);
    if (uses.length === 0) continue;
    for (const [option, { sets }] of Object.entries(command.options)) {
      if (option in shared) continue;
      const [field = ""] = (sets ?? "").split(".");
      assert(
        uses.some(({ flag, keeps, operation: { options, body } }) =>
          sets
            ? body?.decoder && !body.field ||
              Object.hasOwn(options ?? {}, field)
            : flag === option || option in (keeps ?? {})
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
  assertMatch(made.stdout, /^retro\n[\da-f-]{36}\n\n +State +idle/);
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
  const piped = await command(["token", id], { fake, now });
  assertMatch(piped.stdout, /^\S{100,}\n$/);
  const shown = await command(["token", id], {
    fake,
    now,
    isTTY: true,
    env: { TELNYX_API_KEY: "KEY", NO_COLOR: "1" },
  });
  assertMatch(shown.stdout, / Refresh +\S{100,}\n +Expires +2026-01-01 /);
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
  assertStringIncludes(one.stdout, `  Room        ${id}\n`);
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
  assertEquals(sound.slice(36), "  audio  completed  1 min 30 s  10.0 kB");
  assertStringIncludes(picture ?? "", "  video  completed ");
  const one = await command(["recordings", recording], { fake, now });
  assertMatch(one.stdout, /\n +File +https:\S+\n/);
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
    /^ID {36}STATUS {5}LENGTH {2}SIZE\n\S{36} {2}completed {2}0 s {5}10\.0 kB\n$/,
  );
  assertStringIncludes(
    await compositions(data.id),
    "  Resolution  1280x720\n",
  );
  assertEquals(await compositions(data.id, "--delete", "--yes"), "Deleted\n");
  assertEquals(await compositions(), "None\n");
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
