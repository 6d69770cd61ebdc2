import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { exampleRooms } from "../support/example_rooms.ts";
import { fakeRooms } from "../../lib/testing/fake_rooms.ts";
import { example, id } from "../support/example.ts";
import { command, missing } from "./command.ts";

Deno.test("get --json prints the room as it is received", async () => {
  const { stdout } = await command(["get", "--json", "--sessions", id]);
  assertEquals(JSON.parse(stdout), exampleRooms[0]);
});

Deno.test("get uses color on a terminal, unless NO_COLOR is set", async () => {
  for (
    const [isTTY, NO_COLOR, expected] of [
      [true, "", true],
      [true, "1", false],
      [false, "", false],
    ] as const
  ) {
    const env = { TELNYX_API_KEY: "KEY", NO_COLOR };
    const { stdout } = await command(["get", id], { isTTY, env });
    assertEquals(stdout.includes("\x1b["), expected);
  }
});

Deno.test("get looks up several rooms and names at once, and prints them in the order given, each once", async () => {
  const ids = ["1", "2", "3", "4", "5", "6"].map((n) => id.replace("7", n));
  const fake = fakeRooms({
    rooms: ids.map((id, i) => ({ id, unique_name: `Room ${i}` })),
  });
  // The first response comes last
  const faults = [{ delayMs: 90 }, ...Array(8).fill({ delayMs: 20 })];
  const again = ids[2]?.toUpperCase() ?? "";
  const words = ids.map((id, i) => i % 2 === 0 ? id : `Room ${i}`);
  let [running, most] = [0, 0];
  const { exitCode, stdout, stderr, requests } = await command(
    ["get", ...words, again],
    {
      fake,
      faults,
      fetch(url, init) {
        most = Math.max(most, ++running);
        return fake.fetch(url, init).finally(() => running--);
      },
    },
  );
  assertEquals([exitCode, stderr, requests.length, most], [0, "", 9, 4]);
  assertEquals(stdout.match(/Room \d/g), ids.map((_, i) => `Room ${i}`));
  assertEquals(stdout.split("\n\nRoom").length, 6);
});

Deno.test("get of several rooms continues after a failure, and ends with the first one's code", async () => {
  const args = ["get", missing, "nobody", id];
  const { exitCode, stdout, stderr } = await command(args);
  assertEquals(exitCode, 3);
  assertStringIncludes(stdout, "My Room");
  assertMatch(
    stderr,
    /^telnyx-rooms: 0ccc7b54-\S+: HTTP 404, not found[^\n]+\ntelnyx-rooms: No room is named "nobody"\n$/,
  );
  const faults = [{ status: 400 }];
  const other = await command(["get", id, missing], { faults });
  assertEquals([other.exitCode, other.stdout], [1, ""]);
  assertEquals(other.stderr.split("\n").length, 3);
});

Deno.test("get --json of several rooms is an array, with an error in place of a failure", async () => {
  const { exitCode, stdout, stderr } = await command(
    ["get", "--json", "--sessions", missing, id, "nobody"],
  );
  const [failed, room, unnamed, ...more] = JSON.parse(stdout);
  assertEquals([exitCode, room, more], [3, exampleRooms[0], []]);
  assertEquals([failed.id, failed.error.code], [missing, "not_found"]);
  assertEquals(unnamed, {
    unique_name: "nobody",
    error: { code: "not_found", message: 'No room is named "nobody"' },
  });
  assertStringIncludes(stderr, failed.error.message);
  // Two were given, so it is an array, although they are the same
  for (const again of [id.toUpperCase(), "My Room"]) {
    const twice = await command(["get", "--json", id, again]);
    assertEquals(JSON.parse(twice.stdout).length, 1);
  }
});

Deno.test("other commands take several as get does: what they print depends on how many are given", async () => {
  const session = `${example.data.active_session_id}`;
  const outputs = async (...words: string[]) => {
    const given: [args: string[], line: string][] = [
      [[session, session], ""],
      [["-"], session],
    ];
    const run = ([args, line]: typeof given[0]) =>
      command([...words, ...args], { line });
    return (await Promise.all(given.map(run))).map(({ stdout }) => stdout);
  };
  for (const stdout of await outputs("sessions", "--json")) {
    assertEquals(JSON.parse(stdout).length, 1);
  }
  for (const stdout of await outputs("end", "--yes")) {
    assertEquals(stdout, `${session}  Ended\n`);
  }
});

Deno.test("get of several rooms shows the progress and rate limits in one line of a terminal, and clears it", async () => {
  const args = ["get", id, missing, missing.replace("0", "1")];
  const { stderr } = await command(args, { isTTY: true });
  assertEquals(
    stderr.split("\x1b[K").map((text) => text.split("\r")[1]).filter(Boolean),
    [0, 1, 2, 3].map((n) => `${n} of 3 rooms`),
  );
  assert(stderr.endsWith("\r\x1b[K"));
  assertEquals(stderr.split("\r\x1b[Ktelnyx-rooms: ").length, 3);
  const limited = await command(args, {
    isTTY: true,
    faults: [{ status: 429, headers: { "retry-after": "0.04" } }],
  });
  const wait = " rooms; rate limited, continuing in 0.0 s\x1b[K";
  assertStringIncludes(limited.stderr, wait);
  assertEquals((await command(args)).stderr.includes(" of 3"), false);
});

Deno.test("get - reads ids and names from stdin, one on each line", async () => {
  const line = `${id}\r\n\n  nobody \n`;
  const { exitCode, stdout } = await command(["get", "-", "--json"], { line });
  assertEquals([exitCode, JSON.parse(stdout).length], [3, 2]);
  const args = ["get", "-", "--json"];
  const { stdout: one } = await command(args, { line: id });
  assertEquals(JSON.parse(one).length, 1);
  const typed = await command(["get", "-"], { line, isTTY: true });
  assertStringIncludes(typed.stderr, "Pipe ids into stdin");
});
