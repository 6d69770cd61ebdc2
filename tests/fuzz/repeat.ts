/**
 * Random conversations with a provider that breaks: how often what is asked is
 * carried out, and what the caller is told of it. In virtual time.
 */
import FakeTimers from "@sinonjs/fake-timers";
import fc from "fast-check";
import { type FetchFn, RoomsError } from "../../mod.ts";
import { fakeRooms } from "../../lib/testing/fake_rooms.ts";
import { example, id } from "../example.ts";
import { type Row, rows } from "../operations.ts";

/** What becomes of one request. */
interface Behaviour {
  /** Whether it is carried out. */
  done: boolean;
  /** How it ends: properly, or as something that says nothing of that. */
  end: "proper" | "break" | "silence" | "garbage" | "put off" | number;
}

/** A call of a function, by name, and what becomes of its requests. */
export type Conversation = [name: string, script: Behaviour[]];

const anyEnd = fc.constantFrom<Behaviour["end"]>(
  "break",
  "silence",
  "garbage",
  408,
  500,
  502,
  503,
  504,
);
const behaviour: fc.Arbitrary<Behaviour> = fc.oneof(
  fc.record({ done: fc.constant(true), end: fc.constant("proper" as const) }),
  fc.record({ done: fc.boolean(), end: anyEnd }),
  // A server that puts a request off, or refuses it, has not done it
  fc.record({
    done: fc.constant(false),
    end: fc.constantFrom<Behaviour["end"]>(429, "put off", 418),
  }),
);

/** Any conversation of one call. */
export const conversation: fc.Arbitrary<Conversation> = fc.tuple(
  fc.constantFrom(...rows.map(({ name }) => name)),
  fc.array(behaviour, { maxLength: 4 }),
);

/** The ends that another attempt may follow, of what may be repeated. */
const passing = /^(break|silence|put off|408|429|50[0234])$/;
/** The ends that say that nothing was done. */
const putOff = /^(put off|429)$/;

function responseOf(end: Behaviour["end"]): Response {
  if (end === "garbage") return new Response("<h1>", { status: 200 });
  return end === "put off"
    ? Response.json({}, { status: 503, headers: { "retry-after": "1" } })
    : Response.json({}, { status: end as number });
}

/** A fake with something of every kind, and what can be asked of it. */
function world() {
  const { active_session_id: _, ...room } = example.data;
  const fake = fakeRooms({ rooms: [{ ...room, sessions: [] }] });
  const person = fake.join(id, { context: "Alice" });
  return { fake, person };
}

/** The arguments of a row for what is there. */
function argumentsOf(
  { name, args }: Row,
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

/** Makes the call in a world of its own; tells the laws that it breaks. */
async function converse(row: Row, script: Behaviour[]): Promise<string[]> {
  const { operation: { repeatable, method, status } } = row;
  const here = world();
  const args = await argumentsOf(row, here);
  const ends: Behaviour["end"][] = [];
  let [carriedOut, isRefused] = [0, false];
  const fetchFn: FetchFn = async (url, init) => {
    const { done, end } = script[ends.length] ??
      { done: true, end: "proper" as const };
    ends.push(end);
    const response = done ? await here.fake.fetch(url, init) : undefined;
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
  const said = outcome instanceof Error ? outcome.message : "";
  const saysMaybe = said.includes("it may have been done");
  const last = `${ends.at(-1)}`;
  law(
    "What is not repeatable is carried out once at the most",
    repeatable || carriedOut <= 1,
  );
  law(
    "What is not repeatable and fails when it is done says so",
    repeatable || !outcome || carriedOut === 0 || saysMaybe,
  );
  law(
    "Nothing says that it may be done that is put off or may be repeated",
    !saysMaybe || (!repeatable && !putOff.test(last)),
  );
  law(
    "It goes on as long as that may help, three times at the most",
    ends.every((end, i) =>
      i + 1 < Math.min(3, ends.length)
        ? (repeatable ? passing : putOff).test(`${end}`)
        : ends.length === 3 ||
          !(repeatable ? passing : putOff).test(`${end}`)
    ),
  );
  law(
    "What was answered properly succeeds",
    last !== "proper" || isRefused || outcome === undefined,
  );
  law(
    "What was deleted before is a success",
    status !== 204 || last !== "proper" || outcome === undefined,
  );
  law(
    "What fails is a RoomsError with its attempts",
    outcome === undefined ||
      (outcome instanceof RoomsError && outcome.attempts === ends.length),
  );
  law("Nothing that reads is done for good", method !== "GET" || repeatable);
  return broken;
}

/** Plays a conversation, and tells which laws it breaks. */
export async function playCall(
  [name, script]: Conversation,
): Promise<string[]> {
  const row = rows.find((row) => row.name === name) as Row;
  const clock = FakeTimers.install({ now: Date.UTC(2026, 0, 1) });
  try {
    const playing = converse(row, script);
    await clock.tickAsync(60_000);
    return await playing;
  } finally {
    clock.uninstall();
  }
}
