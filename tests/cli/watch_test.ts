import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import fc from "fast-check";
import { ApiError, InvalidResponseError, NetworkError } from "../../mod.ts";
import { exampleRooms } from "../../lib/cli/example_rooms.ts";
import { run } from "../../lib/cli/run.ts";
import { nextWait } from "../../lib/cli/watch.ts";
import {
  type FakeRooms,
  fakeRooms,
  type Fault,
} from "../../lib/testing/fake_rooms.ts";
import { id } from "../example.ts";

const network = new NetworkError("broke");
const limited = (retryAfterMs: number) =>
  new ApiError("", {
    code: "rate_limited",
    status: 429,
    details: [],
    retryAfterMs,
  });

Deno.test("nextWait() is the interval, or longer if the provider asks", () => {
  assertEquals(nextWait(5000, []), 5000);
  assertEquals(nextWait(5000, [network]), 5000);
  assertEquals(nextWait(5000, [limited(1000)]), 5000);
  assertEquals(nextWait(5000, [network, limited(60_000)]), 60_000);
  fc.assert(fc.property(fc.nat(), fc.array(fc.nat()), (interval, asked) => {
    const wait = nextWait(interval, asked.map(limited));
    assertEquals(wait, Math.max(interval, ...asked));
  }));
});

Deno.test("nextWait() is no longer than a timer can wait", () => {
  assertEquals(nextWait(5000, [limited(1e12)]), 2 ** 31 - 1);
});

Deno.test("nextWait() is none when a failure can't pass", () => {
  const failures = [
    new ApiError("", { code: "unauthorized", status: 401, details: [] }),
    new ApiError("", { code: "not_found", status: 404, details: [] }),
    new InvalidResponseError("", "JSON", "nothing"),
  ];
  for (const failure of failures) {
    assertEquals(nextWait(5000, [network, failure]), undefined);
  }
});

interface World {
  args?: string[];
  isTTY?: boolean;
  env?: Record<string, string>;
  /** What happens in each wait; the command is stopped in the one after. */
  waits: ((fake: FakeRooms) => void)[];
  faults?: Fault[];
  /** Milliseconds that pass whenever the command asks for the time. */
  tickMs?: number;
}

/** Watches the example in time that passes only when the command waits. */
async function watched(
  { args = [], isTTY = false, env = {}, waits, faults = [], tickMs = 0 }: World,
) {
  const fake = fakeRooms({ rooms: exampleRooms });
  for (const fault of faults) fake.fault(fault);
  const stop = new AbortController();
  let [stdout, stderr, now] = ["", "", Date.parse("2026-01-01T12:00:00Z")];
  const slept: number[] = [];
  const begun = now;
  const exitCode = await run(["get", id, "--watch", "5", ...args], {
    env: { TELNYX_API_KEY: "KEY", ...env },
    stdin: { readLine: () => Promise.resolve("") },
    stdout: { isTTY, columns: 80, rows: 50, write: (text) => stdout += text },
    stderr: { isTTY, write: (text) => stderr += text },
    fetch: fake.fetch,
    now: () => now += tickMs,
    sleep: (ms, signal) => {
      now += ms;
      waits[slept.push(ms) - 1]?.(fake) ?? stop.abort();
      return signal.aborted ? Promise.reject(signal.reason) : Promise.resolve();
    },
    stop: stop.signal,
  });
  if (!tickMs) {
    assertEquals(
      now - begun,
      slept.reduce((sum, ms) => sum + ms, 0),
    );
  }
  return { exitCode, stdout, stderr, slept, requests: fake.requests.length };
}

const nothing = () => true;
const off = (fake: FakeRooms) => {
  fake.changeRoom(id, { enable_recording: false });
  return true;
};
const broken = { disconnect: "before-response" } as const;

Deno.test("get --watch prints changes alone, a line each, until it is stopped", async () => {
  const told = await watched({ waits: [nothing, off, nothing] });
  assertEquals(told, {
    exitCode: 130,
    stdout: "2026-01-01T12:00:10.000Z enable_recording: true → false\n",
    stderr: "",
    slept: [5000, 5000, 5000, 5000],
    requests: 4,
  });
});

Deno.test("get --watch tells of who comes and goes with --sessions", async () => {
  const leaves = (fake: FakeRooms) => {
    const sessions = structuredClone(exampleRooms[0].sessions ?? []);
    const alice = sessions[0]?.participants?.[0];
    if (alice) alice.left_at = "2026-01-01T12:00:03Z";
    sessions[0]?.participants?.push({ id: "dora", context: "Dora" });
    fake.changeRoom(id, { sessions });
    return true;
  };
  const { stdout } = await watched({ args: ["--sessions"], waits: [leaves] });
  assertEquals(stdout.replace(/^\S+ /gm, ""), "Alice left\nDora joined\n");
});

Deno.test("get --watch --json prints a line of JSON a change, also on a terminal", async () => {
  for (const isTTY of [true, false]) {
    const args = ["--json"];
    const { stdout } = await watched({ args, isTTY, waits: [off] });
    assertEquals(JSON.parse(stdout), {
      time: "2026-01-01T12:00:05.000Z",
      id,
      field: "enable_recording",
      from: true,
      to: false,
    });
    assertEquals(stdout.split("\n").length, 2);
  }
});

Deno.test("get --watch of several names the room of each change", async () => {
  const other = id.replace("7", "8");
  const waits = [
    (fake: FakeRooms) => {
      fake.changeRoom(other, { max_participants: 3 });
      return true;
    },
  ];
  // It is made in time for the first look-up of both, since that one fails
  const made = (fake: FakeRooms) => {
    fake.addRoom({ id: other });
    return true;
  };
  const gone = await watched({ args: [other], waits: [nothing] });
  assertEquals([gone.exitCode, gone.stdout], [3, ""]);
  assertMatch(gone.stderr, /^telnyx-rooms: 8\S+: HTTP 404, not found/);
  const { stdout } = await watched({
    args: [other],
    faults: [broken, broken, broken, broken, broken, broken],
    waits: [made, ...waits],
  });
  assertEquals(
    stdout,
    `2026-01-01T12:00:10.000Z ${other} max_participants: 50 → 3\n`,
  );
});

Deno.test("get --watch goes on after a failure that may pass, and tells of it", async () => {
  const { exitCode, stdout, stderr, slept } = await watched({
    faults: [{}, { status: 503 }, { status: 503 }, { status: 503 }],
    waits: [nothing, off],
  });
  assertEquals([exitCode, slept], [130, [5000, 5000, 5000]]);
  assertMatch(
    stderr,
    /^telnyx-rooms: HTTP 503, server error[^\n]+; again in 5 s\n$/,
  );
  assertStringIncludes(stdout, "enable_recording");
});

Deno.test("get --watch waits as long as a rate limit says, and says so", async () => {
  const { stderr, slept } = await watched({
    faults: [{ status: 429, headers: { "retry-after": "60" } }],
    waits: [nothing],
  });
  assertEquals(slept, [60_000, 5000]);
  assertMatch(stderr, /; again in 60 s, as the provider asks\n$/);
});

Deno.test("get --watch ends with the code of a failure that can't pass", async () => {
  const removed = (fake: FakeRooms) => {
    fake.removeRoom(id);
    return true;
  };
  for (const isTTY of [true, false]) {
    const told = await watched({ isTTY, waits: [removed, nothing] });
    assertEquals([told.exitCode, told.slept], [3, [5000]]);
    assertMatch(told.stderr, /^telnyx-rooms: HTTP 404, not found[^]+\n$/);
  }
});

/** The pictures that were drawn, without what moves the cursor. */
const pictures = (stdout: string) =>
  stdout.split("\x1b[?7l").slice(1).map((text) =>
    // deno-lint-ignore no-control-regex
    text.replace(/\r|\x1b\[(\?7h|\d*[AJKH])/g, "")
  );

Deno.test("get --watch draws the room anew on a terminal, and marks what changed", async () => {
  const { stdout, stderr, exitCode } = await watched({
    isTTY: true,
    env: { NO_COLOR: "1" },
    waits: [off, nothing],
  });
  assertEquals([exitCode, stderr], [130, ""]);
  const [first = "", second = "", third = "", last = ""] = pictures(stdout);
  assertStringIncludes(first, "\n  Recording   on\n");
  assert(!/^\*/m.test(first), first);
  assertStringIncludes(second, "\n* Recording   off\n");
  assertMatch(
    second,
    /\n\nLast change at [\d:]{8}: enable_recording: true → false\n/,
  );
  assertMatch(second, /\nLooked up at [\d:]{8}, every 5 s; Ctrl\+C ends it$/);
  assertStringIncludes(third, "\n  Recording   off\n");
  assertStringIncludes(third, "Last change at");
  // The room stays, and the shell's prompt comes below it
  assertEquals(third.startsWith(last.trimEnd()), true);
  assert(last.endsWith("--sessions\n") && !last.includes("Ctrl+C"), last);
  assertEquals(pictures(stdout).length, 4);
});

Deno.test("get --watch marks nothing that only time has changed", async () => {
  const { stdout } = await watched({
    args: ["--sessions"],
    isTTY: true,
    env: { NO_COLOR: "1" },
    waits: [nothing],
    tickMs: 86_400_000,
  });
  assertStringIncludes(stdout, "so far");
  assertEquals(pictures(stdout).filter((text) => /^\*/m.test(text)), []);
});

Deno.test("get --watch of several shows every failure on a terminal", async () => {
  const other = id.replace("7", "8");
  const { stdout } = await watched({
    args: [other],
    isTTY: true,
    faults: Array(6).fill(broken),
    waits: [],
  });
  const failed = pictures(stdout).at(-2)?.replaceAll("\n", " ") ?? "";
  assertMatch(
    failed,
    / 7b\S+: The response did not come.+; 8b\S+: The response did not come.+; again in 5 s$/,
  );
});

Deno.test("get --watch shows failures below the room on a terminal, in 80 columns", async () => {
  const { stdout, stderr } = await watched({
    isTTY: true,
    env: { NO_COLOR: "1" },
    faults: [{}, broken, broken, broken],
    waits: [nothing],
  });
  assertEquals(stderr, "");
  const [, again = "", , failed = ""] = pictures(stdout);
  assertMatch(again, /My Room[^]+network[^]+; tried again in [\d.]+ s$/);
  assertMatch(failed.replace(/\n/g, " "), /My Room.+network.+; again in 5 s$/);
  for (const line of stdout.split("\n")) {
    assert(
      pictures(`\x1b[?7l${line}`).every((text) => text.length <= 80),
      line,
    );
  }
});

Deno.test("get --watch hides no cursor", async () => {
  const { stdout } = await watched({ isTTY: true, waits: [off] });
  assert(!stdout.includes("\x1b[?25l"));
  assert(stdout.endsWith("\x1b[?7h"));
});
