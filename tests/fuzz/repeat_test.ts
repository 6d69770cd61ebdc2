/**
 * Random conversations with an unreliable provider, in virtual time: how often an
 * operation is carried out, and whether the error says so.
 */
import { assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  createComposition,
  createJoinToken,
  type FetchFn,
  listRecordings,
  RoomsError,
} from "../../mod.ts";
import { fakeRooms } from "../../lib/testing/fake_rooms.ts";
import { example, id } from "../support/example.ts";
import { type OperationRow, rows } from "../support/operations.ts";
import { temporaryStatuses } from "../support/statuses.ts";
import { inVirtualTime } from "../support/virtual_time.ts";

/** How a request ends: properly, or without a sign of whether it was carried out. */
type End = "proper" | "break" | "silence" | "garbage" | "postponed" | number;

const end = (...ends: End[]) => fc.constantFrom(...ends);

/** What happens to one request: whether it is carried out, and how it ends. */
const behavior: fc.Arbitrary<{ done: boolean; end: End }> = fc.oneof(
  fc.record({ done: fc.constant(true), end: end("proper") }),
  fc.record({
    done: fc.boolean(),
    end: end("break", "silence", "garbage", 408, 500, 502, 503, 504),
  }),
  // A server that refuses or postpones a request does not carry it out
  fc.record({ done: fc.constant(false), end: end(429, "postponed", 418) }),
);

/** The ends after which a repeatable operation is retried. */
const transient = new RegExp(
  `^(break|silence|postponed|${temporaryStatuses.join("|")})$`,
);
/** The ends that mean that nothing was done. */
const notDone = /^(postponed|429)$/;

function responseOf(end: End): Response {
  if (end === "garbage") return new Response("<h1>", { status: 200 });
  return end === "postponed"
    ? Response.json({}, { status: 503, headers: { "retry-after": "1" } })
    : Response.json({}, { status: Number(end) });
}

/** A fake with a room and a participant, and the arguments of an operation. */
async function world({ name, operation }: OperationRow) {
  const { active_session_id: _, ...room } = example.data;
  const fake = fakeRooms({ rooms: [{ ...room, sessions: [] }] });
  const person = fake.join(id, { context: "Alice" });
  const session_id = `${person.session_id}`;
  const composition = { session_id };
  const { fetch } = fake;
  const { data: [recording] } = await listRecordings(fetch, "any");
  const tokens = await createJoinToken(fetch, "any", id);
  const film = await createComposition(fetch, "any", composition);
  /** The ids and payloads, by resource and by function. */
  const given: Record<string, unknown> = {
    rooms: id,
    room_sessions: session_id,
    room_participants: person.id,
    room_recordings: recording?.id,
    room_compositions: film.id,
    createRoom: {},
    createComposition: composition,
    updateRoom: { max_participants: 3 },
    deleteRecordings: { roomId: id, type: "audio" },
    refreshJoinToken: tokens.refresh_token,
    muteParticipants: "all",
    unmuteParticipants: [person.id],
    kickParticipants: [person.id],
  };
  const [, resource = ""] = operation.path.split("/");
  const ids = operation.path.includes("{") ? [given[resource]] : [];
  return { fake, args: [...ids, ...name in given ? [given[name]] : []] };
}

/** Makes a call with a new fake; returns the laws that it breaks. */
async function converse(
  row: OperationRow,
  script: { done: boolean; end: End }[],
): Promise<string[]> {
  const { operation: { repeatable, method, status } } = row;
  const { fake, args } = await world(row);
  const ends: End[] = [];
  let [carriedOut, isRefused] = [0, false];
  const fetchFn: FetchFn = async (url, init) => {
    // endSession() looks up the session after a 422 that proves nothing
    if (init.method !== method) return fake.fetch(url, init);
    const { done, end } = script[ends.length] ?? { done: true, end: "proper" };
    ends.push(end);
    const response = done ? await fake.fetch(url, init) : undefined;
    const isDone = response?.status === status;
    if (isDone) carriedOut++;
    if (end === "proper") isRefused = !isDone;
    if (end === "silence") return new Promise(() => {});
    if (end === "break") throw new TypeError("broke");
    return end === "proper" && response ? response : responseOf(end);
  };
  const error: unknown = await row.run(fetchFn, "any", ...args, {
    attemptTimeoutMs: 1000,
  }).then(() => undefined, (error: unknown) => error);

  const saysMaybe = error instanceof Error &&
    error.message.includes("it may have been done");
  const last = `${ends.at(-1)}`;
  const isProper = last === "proper";
  const retried = repeatable ? transient : notDone;
  const laws = {
    "An operation that is not repeatable is carried out at most once":
      repeatable || carriedOut <= 1,
    "An error after it was carried out says so, if it is not repeatable":
      repeatable || !error || carriedOut === 0 || saysMaybe,
    "No other error says that it may have been done": !saysMaybe ||
      (!repeatable && !notDone.test(last)),
    "It retries after transient failures, in at most three attempts":
      ends.length <= 3 &&
      ends.every((end, i) =>
        retried.test(`${end}`) === (i < ends.length - 1) || i === 2
      ),
    "It succeeds after a proper response": !isProper || isRefused || !error,
    "A retry that finds the item already deleted succeeds": status !== 204 ||
      !isProper || !error,
    "An error is a RoomsError with the number of attempts": !error ||
      (error instanceof RoomsError && error.attempts === ends.length),
    "A GET is repeatable": method !== "GET" || repeatable,
  };
  return Object.entries(laws).flatMap(([law, holds]) => holds ? [] : [law]);
}

Deno.test("Operations keep their laws of repetition, in any conversation", async () => {
  const anyRow = fc.constantFrom(...rows);
  const script = fc.array(behavior, { maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(anyRow, script, async (row, script) => {
      assertEquals(await inVirtualTime(() => converse(row, script)), []);
    }),
    { numRuns: 300 },
  );
});
