import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { commands } from "../../lib/cli/commands.ts";
import { usesOf } from "../../lib/cli/operation_command.ts";
import { fakeRooms } from "../../lib/testing/fake_rooms.ts";
import { id } from "../support/example.ts";
import { command, fails, type World } from "./command.ts";

const other = "0ccc7b54-4df3-4bca-a65a-3da1ecc777f0";

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
  const [alice, bob] = ["Alice", "Bob"].map((context) =>
    fake.join(id, { context }).id
  );
  const session = `${carol.session_id}`;
  now += 60_000;
  fake.leave(carol.id);
  now += 60_000;
  const ordered = await fake.fetch("http://127.0.0.1/room_compositions", {
    method: "POST",
    headers: { authorization: "Bearer any" },
    body: JSON.stringify({ session_id: session }),
  });
  const composition: string = (await ordered.json()).data.id;
  now += 60_000;
  const { id: recording } = fake.addRecording({ bytes: 18_200_000 });
  const { length: before } = fake.requests;
  const requests = () => fake.requests.slice(before);
  const world = (more: World = {}): World => ({
    fake,
    now: () => now,
    ...more,
  });
  return { fake, world, requests, session, alice, bob, composition, recording };
}

type Arranged = Awaited<ReturnType<typeof arrange>>;

const destroying: [
  args: (arranged: Arranged) => (string | undefined)[],
  what: string,
  calls: number,
][] = [
  [() => ["delete", id], 'Delete "Standup" (2 people in it)', 1],
  [() => ["delete", "Standup"], 'Delete "Standup" (2 people in it)', 1],
  [() => ["delete", other], `Delete room ${other}`, 1],
  [() => ["delete", id, other], "Delete 2 rooms (2 people in them)", 2],
  [
    ({ session }) => ["end", session],
    'End the session in "Standup" (2 people in it)',
    1,
  ],
  [({ session, bob }) => ["kick", session, bob], "Kick Bob", 1],
  [({ session }) => ["kick", session, "all"], "Kick Alice and Bob", 1],
  [
    ({ session, bob }) => ["kick", session, "all", `--exclude=${bob}`],
    "Kick Alice",
    1,
  ],
  [
    ({ recording }) => ["recordings", recording, "--delete"],
    "Delete 1 recording (18.2 MB)",
    1,
  ],
  [
    () => ["recordings", "--room", id, "--delete"],
    "Delete 6 recordings (20.0 kB)",
    1,
  ],
  [
    ({ composition }) => ["compositions", composition, "--delete"],
    "Delete 1 composition (10.0 kB)",
    1,
  ],
];
for (const [argsOf, what, calls] of destroying) {
  const changes = ({ requests }: Arranged) =>
    requests().filter(({ method }) => method !== "GET").length;

  Deno.test(`"${what}?" is asked on a terminal, and done after yes`, async () => {
    for (const line of ["", "n", "no", "maybe", "yn", "yess", "ay"]) {
      const arranged = await arrange();
      const args = argsOf(arranged).map(String);
      const world = arranged.world({ isTTY: true, line });
      const { exitCode, stdout, stderr } = await command(args, world);
      assertEquals([exitCode, stdout, changes(arranged)], [1, "", 0]);
      const asked = `${what}? [y/N] telnyx-rooms: Nothing was done\n`;
      // After the lines of the progress, if there were any
      assertEquals(stderr.split("\x1b[K").at(-1), asked);
    }
    for (const line of ["y", "YES "]) {
      const arranged = await arrange();
      const args = argsOf(arranged).map(String);
      await command(args, arranged.world({ isTTY: true, line }));
      assertEquals(changes(arranged), calls);
    }
  });

  Deno.test(`"${what}" needs --yes without a terminal, and looks nothing up then`, async () => {
    const arranged = await arrange();
    const args = argsOf(arranged).map(String);
    const [code, text] = await fails(args, arranged.world({ line: "y" }));
    assertEquals([code, arranged.requests().length], [2, 0]);
    assertStringIncludes(text, "add --yes");
    const done = await command([...args, "--yes"], arranged.world());
    assertEquals([done.exitCode, changes(arranged)], [0, calls]);
    const lookUps = args.includes("Standup") ? 1 : 0;
    assertEquals(arranged.requests().length, calls + lookUps);
  });

  Deno.test(`"${what}" is only said with --dry-run, even with --yes`, async () => {
    const arranged = await arrange();
    const args = argsOf(arranged).map(String);
    const dry = await command(
      [...args, "--dry-run", "--yes"],
      arranged.world(),
    );
    const [verb = ""] = what.split(" ");
    const said = what.replace(verb, `Would ${verb.toLowerCase()}`);
    assertEquals([dry.exitCode, dry.stdout], [0, `${said}\n`]);
    const json = [...args, "--dry-run", "--json"];
    const { stdout } = await command(json, arranged.world());
    assert(JSON.parse(stdout).every(({ id }: { id: string }) => id));
    assertEquals(changes(arranged), 0);
  });
}

Deno.test("every command that deletes, ends or kicks says what, and asks", () => {
  for (const [name, command] of Object.entries(commands)) {
    for (const { operation: { method, path }, destroys } of usesOf(command)) {
      const isDestroying = method === "DELETE" || /\/(end|kick)$/.test(path);
      assertEquals(destroys !== undefined, isDestroying, name);
      if (!destroys) continue;
      assert("yes" in command.options && "dry-run" in command.options, name);
    }
  }
});

Deno.test("several are destroyed one by one; a failure does not stop the others", async () => {
  const { fake, world } = await arrange();
  const missing = id.replace("7", "8");
  const args = ["delete", missing, other, id, other.toUpperCase(), "--yes"];
  const { exitCode, stdout, stderr } = await command(args, world());
  assertEquals([exitCode, fake.rooms.length], [3, 0]);
  assertEquals(stdout, `${other}  Deleted\n${id}  Deleted\n`);
  assertStringIncludes(stderr, `telnyx-rooms: ${missing}: HTTP 404, not found`);
});

Deno.test("ids on stdin are destroyed with --yes", async () => {
  const { fake, world } = await arrange();
  const line = `${id}\n${other}\n`;
  const args = ["delete", "-", "--json", "--yes"];
  const { stdout } = await command(args, world({ line }));
  assertEquals([JSON.parse(stdout), fake.rooms], [[null, null], []]);
});

Deno.test("with --json, an id that fails is an error with its code", async () => {
  const { world } = await arrange();
  const missing = "0ccc7b54-4df3-4bca-a65a-3da1ecc777f1";
  const args = ["delete", other, missing, "--json", "--yes"];
  const { exitCode, stdout } = await command(args, world());
  const [done, failed] = JSON.parse(stdout);
  assertEquals([exitCode, done, failed.id], [3, null, missing]);
  assertEquals(failed.error.code, "not_found");
});

Deno.test("a name or a person's context cannot change the question", async () => {
  const { fake, world, session } = await arrange();
  fake.changeRoom(id, { unique_name: "\x1b[2Ja\n" });
  const { stderr } = await command(["end", session], world({ isTTY: true }));
  assertStringIncludes(stderr, '"\\u{1b}[2Ja\\u{0a}"');
});

Deno.test("what matches nothing is None, and nobody is asked", async () => {
  const { world } = await arrange();
  const args = ["recordings", "--session", other, "--delete"];
  const { exitCode, stdout } = await command(args, world({ isTTY: true }));
  assertEquals([exitCode, stdout], [0, "None\n"]);
});

Deno.test("a session that has probably ended is said beside the API's own text", async () => {
  const { world, session, bob } = await arrange();
  await command(["end", session, "--yes"], world());
  for (const args of [["end", session, "--yes"], ["mute", session, `${bob}`]]) {
    const [code, text] = await fails(args, world());
    assertEquals(code, 1);
    assertStringIncludes(text, "No private_ip for room");
    assertStringIncludes(text, "; the session has probably ended");
  }
});
