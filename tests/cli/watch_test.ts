import { assert, assertEquals, assertMatch } from "@std/assert";
import FakeTimers from "@sinonjs/fake-timers";
import { readEvent } from "../../mod.ts";
import { type FakeRooms, fakeRooms } from "../../lib/testing/fake_rooms.ts";
import { id } from "../support/example.ts";
import { command, fails } from "./command.ts";

const other = id.replace("7", "8");

interface Watched {
  rooms?: string[];
  args?: string[];
  isTTY?: boolean;
  /** What happens before each poll, five seconds apart. */
  steps: ((fake: FakeRooms) => unknown)[];
}

/** Watches in virtual time, until the poll after the last step. */
async function watched(
  { rooms = [id], args = [], isTTY = false, steps }: Watched,
) {
  const clock = FakeTimers.install({ now: Date.UTC(2026, 0, 1, 12) });
  try {
    const sent: unknown[] = [];
    const fake = fakeRooms({
      rooms: [{ id, unique_name: "Standup" }, { id: other }],
      tokens: ["KEY"],
      webhookUrl: "https://example.com/",
      onWebhook: async (request) =>
        void sent.push(readEvent(await request.text())),
    });
    const stop = new AbortController();
    const watching = command(["watch", ...rooms, ...args], {
      fake,
      isTTY,
      now: () => clock.now,
      stop: stop.signal,
    });
    for (const step of steps) {
      step(fake);
      await clock.tickAsync(5000);
    }
    stop.abort();
    const { requests, ...result } = await watching;
    assertEquals(clock.countTimers(), 0);
    await fake.delivered();
    return { ...result, requests: requests.length, sent };
  } finally {
    clock.uninstall();
  }
}

const nothing = () => {};
const joins = (context: string, room = id) => (fake: FakeRooms) =>
  fake.join(room, { context });
const leaves = (fake: FakeRooms) => fake.leave(fake.present(id)[0]?.id ?? "");
const withoutIds = (text: string) => text.replace(/[\da-f-]{36}/g, "ID");

Deno.test("watch prints a line for each event, until it is stopped", async () => {
  const { exitCode, stdout, stderr } = await watched({
    steps: [joins("Alice"), joins("Bob\x1b[2J"), nothing, leaves, leaves],
  });
  assertEquals([exitCode, stderr], [130, ""]);
  assertEquals(withoutIds(stdout).split("\n"), [
    "2026-01-01T12:00:00.000000Z session.started ID",
    "2026-01-01T12:00:00.000000Z participant.joined Alice",
    "2026-01-01T12:00:05.000000Z participant.joined Bob\\u{1b}[2J",
    "2026-01-01T12:00:15.000000Z participant.left Alice",
    "2026-01-01T12:00:20.000000Z participant.left Bob\\u{1b}[2J",
    "2026-01-01T12:00:20.000000Z session.ended ID",
    "",
  ]);
});

Deno.test("watch --json prints the events of webhooks, a line each", async () => {
  const { stdout, sent } = await watched({
    args: ["--json"],
    isTTY: true, // where text would be wrapped
    steps: [joins("Alice"), joins("\x9b2J\x9d\x7f\u202e\u2028")],
  });
  assert(!/[\x7f-\x9f\u2028\u202e]/.test(stdout), stdout);
  const printed = stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
  // Polling makes ids of its own
  const withoutId = (events: unknown[]) =>
    events.map((event) => ({ ...event as { id: string }, id: "" }));
  assertEquals(withoutId(printed), withoutId(sent));
});

Deno.test("watch of several rooms prints the room of each event, as it was given", async () => {
  const { stdout } = await watched({
    rooms: ["Standup", other, id.toUpperCase()],
    steps: [joins("Alice"), joins("Bob", other)],
  });
  assertEquals(
    stdout.split("\n").filter((line) => line.includes("joined")),
    [
      `Standup: 2026-01-01T12:00:00.000000Z participant.joined Alice`,
      `${other}: 2026-01-01T12:00:05.000000Z participant.joined Bob`,
    ],
  );
});

Deno.test("watch reports a temporary failure, and continues to poll --every few seconds", async () => {
  const { exitCode, stdout, stderr } = await watched({
    args: ["--every", "2.5"],
    isTTY: true,
    steps: [
      (fake) => fake.fault({ status: 503 }, 3),
      nothing,
      joins("Alice"),
      nothing,
    ],
  });
  assertEquals(exitCode, 130);
  assertMatch(
    stderr,
    /^Polling every 2.5 s; Ctrl\+C stops\n[^]*telnyx-rooms: HTTP 503, server error[^]+; watching\s+continues\n$/,
  );
  assertMatch(stdout, /joined Alice\n$/);
});

Deno.test("watch waits as long as a rate limit says", async () => {
  const limited = { status: 429, headers: { "retry-after": "60" } };
  const { stderr, requests } = await watched({
    steps: [(fake) => fake.fault(limited), ...Array(10).fill(nothing)],
  });
  assertEquals(requests, 1);
  assertMatch(stderr, /^telnyx-rooms: HTTP 429[^\n]+; watching continues\n$/);
});

Deno.test("watch ends with the code of a permanent failure, of one room or of several", async () => {
  for (const rooms of [[id], [id, other]]) {
    const steps = [nothing, (fake: FakeRooms) => fake.removeRoom(id)];
    const ended = await watched({ rooms, steps });
    const which = rooms.length > 1 ? `${id}: ` : "";
    assertEquals(ended.exitCode, 3);
    assertMatch(
      ended.stderr,
      new RegExp(`^telnyx-rooms: ${which}HTTP 404, not found[^\n]+\n$`),
    );
    const later = [...steps, ...Array(12).fill(nothing)];
    const { requests } = await watched({ rooms, steps: later });
    assertEquals(requests, ended.requests);
  }
});

Deno.test("watch of a name that no room has says only that", async () => {
  const failure = await fails(["watch", "nobody"], { isTTY: true });
  assertEquals(failure, [3, 'No room is named "nobody"']);
});
