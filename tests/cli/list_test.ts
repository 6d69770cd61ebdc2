import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { fakeRooms } from "../../lib/testing/fake_rooms.ts";
import { id } from "../support/example.ts";
import { test } from "../support/virtual_time.ts";
import { command } from "./command.ts";

const idOf = (i: number) => id.replace(/.{6}$/, `${100_000 + i}`);

/** A fake with this many rooms. */
const manyRooms = (count: number) =>
  fakeRooms({
    rooms: Array.from(
      { length: count },
      (_, i) => ({ id: idOf(i), unique_name: `room ${i}` }),
    ),
  });

const namesIn = (text: string) => text.match(/room \d+/g) ?? [];

for (
  const [args, isTTY, listed, requests] of [
    [[], true, 30, 1],
    [[], false, 600, 3],
    [["--all"], true, 600, 3],
    [["--limit", "40"], true, 40, 1],
    [["--limit", "251"], false, 251, 2],
    [["--limit", "9000"], true, 600, 3],
  ] as const
) {
  Deno.test(`list ${args.join(" ")} prints ${listed} of 600 rooms ${isTTY ? "on a terminal" : "into a pipe"}, as a table and as JSON`, async () => {
    const names = Array.from({ length: listed }, (_, i) => `room ${i}`);
    const fake = manyRooms(600);
    const table = await command(["list", ...args], { fake, isTTY });
    assertEquals(namesIn(table.stdout), names);
    assertEquals(fake.requests.length, requests);
    const json = await command(["list", ...args, "--json"], { fake, isTTY });
    const rooms = JSON.parse(json.stdout) as { unique_name: string }[];
    assertEquals(rooms.map(({ unique_name }) => unique_name), names);
    assertEquals(json.stdout, `${JSON.stringify(rooms, null, 2)}\n`);
    const isCut = isTTY && listed < 600;
    assertEquals(table.stderr.includes(`The first ${listed}; --all`), isCut);
  });
}

Deno.test("list says what it left out of its last page", async () => {
  // Two pages of 126 hold all of them
  for (const [count, isCut] of [[252, true], [251, false]] as const) {
    const { stderr } = await command(["list", "--limit", "251"], {
      fake: manyRooms(count),
      isTTY: true,
    });
    assertEquals(stderr.includes("The first 251; --all"), isCut);
  }
});

Deno.test("list prints each page as it comes, and asks for the next when it is printed", async () => {
  const fake = manyRooms(600);
  const seen: [requests: number, rows: number][] = [];
  await command(["list"], {
    fake,
    onWrite: (text) => {
      if (text) seen.push([fake.requests.length, namesIn(text).length]);
    },
  });
  assertEquals(seen.slice(0, 2), [[1, 249], [1, 1]]);
});

for (const args of [["list"], ["list", "--json"]]) {
  Deno.test(`${args.join(" ")} ends within one page if its reader has had enough`, async () => {
    const stop = new AbortController();
    let writes = 0;
    const { requests } = await command(args, {
      fake: manyRooms(600),
      stop: stop.signal,
      // `head` has closed the pipe when the last row of the page is written
      onWrite: () => ++writes === 2 && stop.abort(),
    });
    assertEquals(requests.length, 1);
  });
}

test("list waits until what it wrote is taken", async () => {
  const fake = manyRooms(2000);
  let [taken, most] = [0, 0];
  await command(["list", "--json"], {
    fake,
    async onWrite(text) {
      most = Math.max(most, fake.requests.length * 250 - taken);
      await new Promise((resolve) => setTimeout(resolve, 5));
      taken += namesIn(text).length;
    },
  });
  assertEquals([taken, fake.requests.length], [2000, 8]);
  // What is looked ahead, and the page that is printed
  assert(most <= 250 * 6, `${most}`);
});

Deno.test("list --active prints rooms in session, until there are enough", async () => {
  const fake = manyRooms(600);
  for (const n of [3, 299, 598]) fake.join(idOf(n));
  const active = async (...args: string[]) =>
    namesIn((await command(["list", "--active", ...args], { fake })).stdout);
  assertEquals(await active(), ["room 3", "room 299", "room 598"]);
  const { length: before } = fake.requests;
  assertEquals(await active("--limit", "2"), ["room 3", "room 299"]);
  assertEquals(fake.requests.length - before, 2);
});

Deno.test("a list of nothing is None, or []", async () => {
  const fake = manyRooms(3);
  for (const arg of ["--name=x", "--active"]) {
    const { stdout } = await command(["list", arg], { fake });
    assertEquals(stdout, "None\n");
  }
  const json = await command(["list", "--active", "--json"], { fake });
  assertEquals(json.stdout, "[]\n");
});

Deno.test("a list shows its progress on stderr if that is a terminal, and clears it", async () => {
  const fake = manyRooms(600);
  let isShown = false;
  const { stdout, stderr } = await command(["list"], {
    fake,
    stderrIsTTY: true,
    onStderr: (text) => isShown = text.includes("Page"),
    onWrite: (text) => assert(!text || !isShown, "in front of a row"),
  });
  assertStringIncludes(stderr, "\rPage 1 of 3\x1b[K");
  assertStringIncludes(stderr, "\rPage 2 of 3\x1b[K");
  assert(stderr.endsWith("\r\x1b[K"), JSON.stringify(stderr));
  assert(!stdout.includes("Page"));
  assertEquals((await command(["list"], { fake })).stderr, "");
});

Deno.test("the columns of a list keep the widths of its first page", async () => {
  const fake = manyRooms(251);
  fake.join(idOf(250));
  const { stdout } = await command(["list"], { fake });
  const [, ...lines] = stdout.trimEnd().split("\n");
  const wider = lines.pop() ?? "";
  assertEquals(lines.length, 250);
  assertEquals(new Set(lines.map((line) => line.indexOf("room"))).size, 1);
  // A wider cell is shown whole
  assertStringIncludes(wider, "in session");
});

Deno.test("a list that fails on a later page has printed those before it", async () => {
  const fake = manyRooms(600);
  const { exitCode, stdout, stderr } = await command(["list"], {
    stderrIsTTY: true,
    fetch: (url, init) =>
      `${url}`.includes("=2&")
        ? Promise.resolve(Response.json({}, { status: 400 }))
        : fake.fetch(`${url}`, init),
  });
  assertEquals([exitCode, namesIn(stdout).length], [1, 250]);
  const line = "\r\x1b[Ktelnyx-rooms: HTTP 400, bad request";
  assertStringIncludes(stderr, line);
});
