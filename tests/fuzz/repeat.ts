/**
 * Random conversations with an unreliable provider, in virtual time: how often an
 * operation is carried out, and whether the error says so.
 */
import FakeTimers from "@sinonjs/fake-timers";
import fc from "fast-check";
import { type FetchFn, RoomsError } from "../../mod.ts";
import { fakeRooms } from "../../lib/testing/fake_rooms.ts";
import { example, id } from "../support/example.ts";
import { type OperationRow, rows } from "../support/operations.ts";
import { temporaryStatuses } from "../support/statuses.ts";

/** What happens to one request. */
interface Behavior {
  /** Whether it is carried out. */
  done: boolean;
  /** How it ends: properly, or without a sign of whether it was carried out. */
  end: "proper" | "break" | "silence" | "garbage" | "postponed" | number;
}

/** A call of a function, by name, and what happens to each request. */
export type Conversation = [name: string, script: Behavior[]];

const anyEnd = fc.constantFrom<Behavior["end"]>(
  "break",
  "silence",
  "garbage",
  408,
  500,
  502,
  503,
  504,
);
const behavior: fc.Arbitrary<Behavior> = fc.oneof(
  fc.record({ done: fc.constant(true), end: fc.constant("proper" as const) }),
  fc.record({ done: fc.boolean(), end: anyEnd }),
  // A server that refuses or postpones a request does not carry it out
  fc.record({
    done: fc.constant(false),
    end: fc.constantFrom<Behavior["end"]>(429, "postponed", 418),
  }),
);

/** Any conversation of one call. */
export const conversation: fc.Arbitrary<Conversation> = fc.tuple(
  fc.constantFrom(...rows.map(({ name }) => name)),
  fc.array(behavior, { maxLength: 4 }),
);

/** The ends after which a repeatable operation is retried. */
const transient = new RegExp(
  `^(break|silence|postponed|${temporaryStatuses.join("|")})$`,
);
/** The ends that mean that nothing was done. */
const notDone = /^(postponed|429)$/;

function responseOf(end: Behavior["end"]): Response {
  if (end === "garbage") return new Response("<h1>", { status: 200 });
  return end === "postponed"
    ? Response.json({}, { status: 503, headers: { "retry-after": "1" } })
    : Response.json({}, { status: end as number });
}

/** A fake with a room and a participant. */
function world() {
  const { active_session_id: _, ...room } = example.data;
  const fake = fakeRooms({ rooms: [{ ...room, sessions: [] }] });
  const person = fake.join(id, { context: "Alice" });
  return { fake, person };
}

/** The arguments of a row in that fake. */
function argumentsOf(
  { name, args }: OperationRow,
  { fake, person }: ReturnType<typeof world>,
) {
  const get = async (path: string, method = "GET", body?: unknown) => {
    const response = await fake.fetch(`https://a.example${path}`, {
      method,
      headers: { authorization: "Bearer any" },
      ...body !== undefined && { body: JSON.stringify(body) },
    });
    return (await response.json()).data;
  };
  const session_id = person.session_id as string;
  const sample: Record<string, () => Promise<unknown[]> | unknown[]> = {
    createRoom: () => [{}],
    createComposition: () => [{ session_id }],
    deleteRecordings: () => [{ roomId: id, type: "audio" }],
    refreshJoinToken: async () => [
      id,
      (await get(`/rooms/${id}/actions/generate_join_client_token`, "POST", {}))
        .refresh_token,
    ],
    getRecording: async () => [(await get("/room_recordings"))[0].id],
    deleteRecording: async () => [(await get("/room_recordings"))[0].id],
    getComposition: async () => [
      (await get("/room_compositions", "POST", { session_id })).id,
    ],
    deleteComposition: async () => [
      (await get("/room_compositions", "POST", { session_id })).id,
    ],
    getParticipant: () => [person.id],
    getSession: () => [session_id],
    endSession: () => [session_id],
    muteParticipants: () => [session_id, "all"],
    unmuteParticipants: () => [session_id, [person.id]],
    kickParticipants: () => [session_id, [person.id]],
    updateRoom: () => [id, { max_participants: 3 }],
  };
  return sample[name]?.() ?? args.map(() => id);
}

/** Makes the call with a new fake; returns the laws that it breaks. */
async function converse(
  row: OperationRow,
  script: Behavior[],
): Promise<string[]> {
  const { operation: { repeatable, method, status } } = row;
  const fresh = world();
  const args = await argumentsOf(row, fresh);
  const ends: Behavior["end"][] = [];
  let [carriedOut, isRefused] = [0, false];
  const fetchFn: FetchFn = async (url, init) => {
    // endSession() looks up the session after a 422 that proves nothing
    if (init.method !== method) return fresh.fake.fetch(url, init);
    const { done, end } = script[ends.length] ??
      { done: true, end: "proper" as const };
    ends.push(end);
    const response = done ? await fresh.fake.fetch(url, init) : undefined;
    const isDone = response?.status === status;
    if (isDone) carriedOut++;
    if (end === "proper") isRefused = !isDone;
    if (end === "proper") return response as Response;
    if (end === "silence") return new Promise(() => {});
    if (end === "break") throw new TypeError("broke");
    return responseOf(end);
  };
  const outcome = await row.run(fetchFn, "any", ...args, {
    attemptTimeoutMs: 1000,
  }).then(() => undefined, (error: unknown) => error);

  const broken: string[] = [];
  const law = (name: string, holds: boolean) => holds || broken.push(name);
  const message = outcome instanceof Error ? outcome.message : "";
  const saysMaybe = message.includes("it may have been done");
  const last = `${ends.at(-1)}`;
  law(
    "An operation that is not repeatable is carried out at most once",
    repeatable || carriedOut <= 1,
  );
  law(
    "An error after it was carried out says so, if it is not repeatable",
    repeatable || !outcome || carriedOut === 0 || saysMaybe,
  );
  law(
    "No other error says that it may have been done",
    !saysMaybe || (!repeatable && !notDone.test(last)),
  );
  law(
    "It retries after transient failures, in at most three attempts",
    ends.every((end, i) =>
      i + 1 < Math.min(3, ends.length)
        ? (repeatable ? transient : notDone).test(`${end}`)
        : ends.length === 3 ||
          !(repeatable ? transient : notDone).test(`${end}`)
    ),
  );
  law(
    "It succeeds after a proper response",
    last !== "proper" || isRefused || outcome === undefined,
  );
  law(
    "A retry that finds the item already deleted succeeds",
    status !== 204 || last !== "proper" || outcome === undefined,
  );
  law(
    "An error is a RoomsError with the number of attempts",
    outcome === undefined ||
      (outcome instanceof RoomsError && outcome.attempts === ends.length),
  );
  law("A GET is repeatable", method !== "GET" || repeatable);
  return broken;
}

/** Plays a conversation; returns the laws that it breaks. */
export async function playCall(
  [name, script]: Conversation,
): Promise<string[]> {
  const row = rows.find((row) => row.name === name) as OperationRow;
  const clock = FakeTimers.install({ now: Date.UTC(2026, 0, 1) });
  try {
    const playing = converse(row, script);
    await clock.tickAsync(60_000);
    return await playing;
  } finally {
    clock.uninstall();
  }
}
