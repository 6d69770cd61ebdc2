import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { commands } from "../../lib/cli/commands.ts";
import { usesOf } from "../../lib/cli/operation_command.ts";
import type { FetchFn } from "../../lib/client/fetch_fn.ts";
import { fakeRooms } from "../../lib/testing/fake_rooms.ts";
import { id } from "../support/example.ts";
import { command, fails, missing, type World } from "./command.ts";

const other = id.replace("7", "8");

/** Two rooms, with Alice and Bob in the first, and what was recorded there. */
async function arrange() {
  let now = Date.parse("2026-01-01T12:00:00Z");
  const fake = fakeRooms({
    now: () => now,
    rooms: [
      { id, unique_name: "Standup", enable_recording: true },
      { id: other, unique_name: null },
    ],
  });
  const carol = fake.join(id, { context: "Carol" });
  const [, bob = ""] = ["Alice", "Bob"].map((context) =>
    fake.join(id, { context }).id
  );
  const session = `${carol.session_id}`;
  now += 60_000;
  fake.leave(carol.id);
  now += 60_000;
  const ordered = await command(["compose", session, "--json"], { fake });
  const { id: composition } = JSON.parse(ordered.stdout);
  now += 60_000;
  const { id: recording } = fake.addRecording({ bytes: 18_200_000 });
  const { length: before } = fake.requests;
  return {
    fake,
    session,
    /** Runs a command in which SESSION, BOB and so on stand for ids. */
    async run(words: readonly string[], world: World = {}) {
      const names: Record<string, string> = {
        SESSION: session,
        BOB: bob,
        RECORDING: recording,
        COMPOSITION: composition,
      };
      const args = words.map((word) =>
        word.replace(/[A-Z]{3,}/, (name) => names[name] ?? name)
      );
      return await command(args, { fake, now: () => now, ...world });
    },
    /** The methods of the requests so far. */
    methods: () => fake.requests.slice(before).map(({ method }) => method),
    changes: () =>
      fake.requests.slice(before).filter(({ method }) => method !== "GET")
        .length,
  };
}

const destroying: [args: string[], what: string, calls?: number][] = [
  [["delete", id], 'Delete "Standup" (2 people in it)'],
  [["delete", "Standup"], 'Delete "Standup" (2 people in it)'],
  [["delete", other], `Delete room ${other}`],
  [["delete", id, other], "Delete 2 rooms (2 people in them)", 2],
  [["end", "SESSION"], 'End the session in "Standup" (2 people in it)'],
  [["kick", "SESSION", "BOB"], "Kick Bob"],
  [["kick", "SESSION", "all"], "Kick Alice and Bob"],
  [["kick", "SESSION", "all", "--exclude=BOB"], "Kick Alice"],
  [["recordings", "RECORDING", "--delete"], "Delete 1 recording (18.2 MB)"],
  [
    ["recordings", "--room", id, "--delete"],
    "Delete 6 recordings (20.0 kB)",
  ],
  [
    ["compositions", "COMPOSITION", "--delete"],
    "Delete 1 composition (10.0 kB)",
  ],
];
for (const [args, what, calls = 1] of destroying) {
  Deno.test(`"${what}?" is asked on a terminal, and done after yes`, async () => {
    const { run, changes } = await arrange();
    for (const line of ["", "n", "no", "maybe", "yn", "yess", "ay"]) {
      const { exitCode, stdout, stderr } = await run(args, {
        isTTY: true,
        line,
      });
      assertEquals([exitCode, stdout, changes()], [1, "", 0]);
      const asked = `${what}? [y/N] telnyx-rooms: Nothing was done\n`;
      // After the lines of the progress, if there were any
      assertEquals(stderr.split("\r\x1b[K").at(-1), asked);
    }
    for (const line of ["y", "YES "]) {
      const { run, changes } = await arrange();
      await run(args, { isTTY: true, line });
      assertEquals(changes(), calls);
    }
  });

  Deno.test(`"${what}" needs --yes without a terminal, and is only said with --dry-run`, async () => {
    const { run, changes, methods } = await arrange();
    const worlds = [
      {},
      { stderrIsTTY: true }, // nobody to answer
      { isTTY: true, stderrIsTTY: false }, // nobody sees the question
    ];
    for (const world of worlds) {
      const refused = await run(args, { line: "y", ...world });
      assertEquals([refused.exitCode, methods().length], [2, 0]);
      assertStringIncludes(refused.stderr, "add --yes");
    }

    const dry = await run([...args, "--dry-run", "--yes"]);
    const said = what.replace(/^\w+/, (verb) => `Would ${verb.toLowerCase()}`);
    assertEquals([dry.exitCode, dry.stdout], [0, `${said}\n`]);
    const { stdout } = await run([...args, "--dry-run", "--json"]);
    assert(JSON.parse(stdout).every(({ id }: { id: string }) => id));
    assertEquals(changes(), 0);

    const { length: before } = methods();
    assertEquals((await run([...args, "--yes"])).exitCode, 0);
    const lookUps = args.includes("Standup") ? 1 : 0;
    const sent = methods().length - before;
    assertEquals([changes(), sent], [calls, calls + lookUps]);
  });
}

Deno.test("every command that deletes, ends or kicks says what, and asks", () => {
  for (const [name, command] of Object.entries(commands)) {
    for (const { operation: { method, path }, destroys } of usesOf(command)) {
      const isDestroying = method === "DELETE" || /\/(end|kick)$/.test(path);
      assertEquals(destroys !== undefined, isDestroying, name);
    }
  }
});

Deno.test("several are destroyed one by one; a failure does not stop the others, and with --json is an error with its code", async () => {
  const ids = [missing, other, id, other.toUpperCase()];
  const { fake, run } = await arrange();
  const { exitCode, stdout, stderr } = await run(["delete", ...ids, "--yes"]);
  assertEquals([exitCode, fake.rooms.length], [3, 0]);
  assertEquals(stdout, `${other}  Deleted\n${id}  Deleted\n`);
  assertStringIncludes(stderr, `telnyx-rooms: ${missing}: HTTP 404, not found`);

  const again = await arrange();
  const line = `${missing}\n${other}\n`;
  const json = await again.run(["delete", "-", "--json", "--yes"], { line });
  const [failed, done] = JSON.parse(json.stdout);
  assertEquals([json.exitCode, done], [3, null]);
  assertEquals([failed.id, failed.error.code], [missing, "not_found"]);
});

Deno.test("a key that is refused is refused for all of several", async () => {
  const { run, changes } = await arrange();
  const faults = [{ status: 401 }];
  const refused = await run(["delete", id, other, "--yes"], { faults });
  assertEquals([refused.exitCode, changes()], [4, 1]);
});

Deno.test("Ctrl+C at the question ends its line, and nothing is done", async () => {
  const { run, changes } = await arrange();
  const stop = new AbortController();
  const { exitCode, stderr } = await run(["delete", id], {
    isTTY: true,
    stop: stop.signal,
    onStderr(text) {
      if (text.includes("[y/N]")) stop.abort();
    },
  });
  assertEquals([exitCode, changes()], [130, 0]);
  assert(stderr.endsWith("? [y/N] \n"), stderr);
});

Deno.test("a session that does not say whether it is active goes on until it has ended", async () => {
  const { fake, run } = await arrange();
  const unsaid: FetchFn = async (url, init) => {
    const { data } = await (await fake.fetch(url, init)).json();
    return Response.json({ data: { ...data, active: null } });
  };
  const dry = ["kick", "SESSION", "all", "--dry-run"];
  const { stdout } = await run(dry, { fetch: unsaid });
  assertEquals(stdout, "Would kick Alice and Bob\n");
  const shown = await run(["sessions", "SESSION"], { fetch: unsaid });
  assertMatch(shown.stdout, /State +active\n/);
});

Deno.test("what matches nothing is None, and nobody is asked", async () => {
  const { run } = await arrange();
  const args = ["recordings", "--session", other, "--delete"];
  const { exitCode, stdout } = await run(args, { isTTY: true });
  assertEquals([exitCode, stdout], [0, "None\n"]);
});

Deno.test("a session that has probably ended is said beside the API's own text", async () => {
  const { run, fake, session } = await arrange();
  await run(["end", "SESSION", "--yes"]);
  for (const args of [["end", session, "--yes"], ["mute", session, id]]) {
    const [code, text] = await fails(args, { fake });
    assertEquals(code, 1);
    assertStringIncludes(text, "No private_ip for room");
    assertStringIncludes(text, "; the session has probably ended");
  }
  const source = { pointer: "/participants" };
  const body = { errors: [{ detail: "Who?", source }] };
  const faults = [{ status: 422, body }];
  const [, text] = await fails(["mute", session, id], { fake, faults });
  assertEquals(text.includes("probably"), false, text);
});

Deno.test("a session whose room is gone can still be ended", async () => {
  const { run, fake } = await arrange();
  const { stdout } = await run(["end", "SESSION", "--dry-run"], {
    fetch: (url, init) =>
      url.includes("/rooms/")
        ? Promise.resolve(Response.json({}, { status: 404 }))
        : fake.fetch(url, init),
  });
  assertEquals(stdout, "Would end the session (2 people in it)\n");
});
