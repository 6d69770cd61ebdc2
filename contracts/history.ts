/** What may happen at the provider, for hundreds of random histories. */
import fc from "fast-check";
import {
  createJoinTokenOperation,
  listParticipantsOperation,
  listRecordingsOperation,
  listSessionsOperation,
  type Operation,
  refreshJoinTokenOperation,
  toRequest,
} from "../lib/core.ts";
import { type FakeRooms, fakeRooms } from "../lib/testing/fake_rooms.ts";
import { operations } from "./interactions.ts";
import { token } from "./names.ts";

/** What may be asked, now and then. */
const asked: Operation[] = [
  ...operations,
  // It takes a token that was made, and for that room
  createJoinTokenOperation,
  refreshJoinTokenOperation,
  // The provider has these lists as well
  { ...listSessionsOperation, path: "/rooms/{roomId}/sessions" },
  {
    ...listParticipantsOperation,
    path: "/room_sessions/{sessionId}/participants",
  },
];

/** All that the provider is known to have made, by the kind of its id. */
type Known = Record<string, string[]>;

/** A value that depends on what there is. */
type Chosen = (known: Known) => unknown;

const noOne = "00000000-0000-4000-8000-000000000000";

/** One of what there is of a kind; now and then, one that there is not. */
const one = (kind: string): fc.Arbitrary<(known: Known) => string> =>
  fc.nat({ max: 12 }).map((n) => ({ [kind]: ids = [] }) =>
    (n === 0 ? undefined : ids[n % ids.length]) ?? noOne
  );
const some = (kind: string): fc.Arbitrary<Chosen> =>
  fc.array(one(kind), { minLength: 1, maxLength: 3 })
    .map((ids) => (known: Known) => ids.map((id) => id(known)));
const fixed = (values: fc.Arbitrary<unknown>): fc.Arbitrary<Chosen> =>
  values.map((value) => () => value);

const names = fc.constantFrom("Standup", "Retro", "Planning");
const days = fixed(
  fc.dictionary(
    fc.constantFrom("eq", "gte", "lte"),
    fc.constantFrom("2021-04-15", "2021-04-16", "2021-04-17"),
  ),
);
const flag = fixed(fc.boolean());

/** Values of each option, by its name on the wire. */
const options: Record<string, fc.Arbitrary<Chosen>> = {
  "include_sessions": flag,
  "include_participants": flag,
  "filter[active]": flag,
  "filter[unique_name]": fixed(names),
  "filter[context]": fixed(names),
  "filter[room_id]": one("rooms"),
  "filter[session_id]": one("room_sessions"),
  "filter[participant_id]": one("room_participants"),
  "filter[status]": fixed(fc.constantFrom("completed", "processing")),
  "filter[type]": fixed(fc.constantFrom("audio", "video")),
  "filter[duration_secs]": fixed(
    fc.oneof(fc.nat(4000), fc.record({ gte: fc.nat(4000) })),
  ),
  "page[number]": fixed(fc.integer({ min: 1, max: 3 })),
  "page[size]": fixed(fc.integer({ min: 1, max: 3 })),
  "token_ttl_secs": fixed(fc.integer({ min: 10, max: 3600 })),
  "refresh_token_ttl_secs": fixed(fc.integer({ min: 60, max: 86_400 })),
  "exclude": some("room_participants"),
};
const optionOf = (name: string): fc.Arbitrary<Chosen> =>
  options[name] ??
    (name.includes("_at]") ? days : fc.constant(() => undefined));

const webhooks = {
  webhook_event_url: fc.webUrl(),
  webhook_event_failover_url: fc.constantFrom("", null, "https://a.example"),
  webhook_timeout_secs: fc.oneof(fc.constant(null), fc.nat(30)),
};
const pixels = fc.oneof(fc.constant(null), fc.integer({ min: 16, max: 1280 }));
const region = fc.record({
  x_pos: pixels,
  z_pos: fc.integer({ min: -99, max: 99 }),
  width: pixels,
  max_columns: fc.integer({ min: 1, max: 1000 }),
  video_sources: fc.constantFrom(["*"], [noOne]),
}, { requiredKeys: [] });

const room = fixed(fc.record({
  unique_name: names,
  max_participants: fc.integer({ min: 2, max: 3 }),
  enable_recording: fc.boolean(),
  ...webhooks,
}, { requiredKeys: [] }));
const who = fc.oneof(fc.constant(() => "all"), some("room_participants"));
const composition = fc.tuple(
  one("room_sessions"),
  fc.record({
    format: fc.constantFrom("mp4", null),
    resolution: fc.constantFrom("640x480", null),
    video_layout: fc.dictionary(fc.constantFrom("a", "b"), region),
    audio_sources: fc.constantFrom(null, ["*"]),
    ...webhooks,
  }, { requiredKeys: [] }),
).map(([session, more]) => (known: Known) => ({
  session_id: session(known),
  ...more,
}));

/** Payloads of an operation, by the field of the body or the path. */
function payloadOf({ body, path }: Operation): fc.Arbitrary<Chosen> {
  if (body?.field === "refresh_token") return one("refresh_tokens");
  if (body?.field === "participants") return who;
  return path === "/room_compositions" ? composition : room;
}

/** A request of an operation, nearly always a good one. */
const request = fc.constantFrom(...asked).chain((operation) =>
  fc.record({
    operation: fc.constant(operation),
    id: one(operation.path.split("/")[1] ?? ""),
    opts: fc.record(
      Object.fromEntries(
        Object.entries<readonly [string, ...unknown[]]>(operation.options ?? {})
          .map(([option, [name]]) => [option, optionOf(name)]),
      ),
      { requiredKeys: [] },
    ),
    payload: payloadOf(operation),
    wrong: fc.oneof(
      { weight: 9, arbitrary: fc.constant(undefined) },
      {
        weight: 1,
        arbitrary: fc.constantFrom("token", "id", "query", "body", "json"),
      },
    ),
  })
);

const step = fc.oneof(
  { weight: 6, arbitrary: request },
  {
    weight: 2,
    arbitrary: fc.record({
      join: one("rooms"),
      context: fc.option(names, { nil: undefined }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ leave: one("room_participants") }) },
  {
    weight: 1,
    arbitrary: fc.record({ wait: fc.constantFrom(1, 2, 90, 4000, 90_000) }),
  },
);

type Request = typeof request extends fc.Arbitrary<infer T> ? T : never;
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** One history: how the provider begins, and what is done then. */
export interface History {
  bareErrors: boolean;
  /** Requests in a minute, if there is a limit. */
  limit: number | undefined;
  steps: Step[];
}

export const histories: fc.Arbitrary<History> = fc.record({
  bareErrors: fc.boolean(),
  limit: fc.constantFrom(undefined, 20),
  steps: fc.array(step, { minLength: 10, maxLength: 40 }),
}).map((history) => ({
  ...history,
  // What is in it are functions; `play` says what came of them
  [fc.toStringMethod]: () => `${history.steps.length} steps`,
}));

/** What a request of a history is, on its way. */
function toInit(
  { operation, id, opts, payload, wrong }: Request,
  known: Known,
): [url: string, RequestInit] {
  const [, name] = /\{(\w+)\}/.exec(operation.path) ?? [];
  const chosen = Object.fromEntries(
    Object.entries(opts).map(([option, value]) => [option, value?.(known)]),
  );
  const { url, ...init } = toRequest(
    { ...operation, allOptions: () => undefined },
    wrong === "token" ? "unknown" : token,
    name ? { [name]: id(known) } : {},
    chosen,
    payload(known),
  );
  if (wrong === "body" && init.body) {
    init.body = `{"max_participants":1,"participants":[7],"format":7}`;
  }
  if (wrong === "json" && init.body) init.body = "{";
  if (wrong === "id") return [url.replace(id(known), "7"), init];
  if (wrong === "query") return [url.replace(/\?.*|$/, "?page[size]=0"), init];
  return [url, init];
}

/** Notes what a response tells of. */
function note(known: Known, kind: string, body: string): void {
  const { data } = JSON.parse(body || "{}");
  for (const { id, refresh_token } of [data].flat().map(Object)) {
    if (id) known[kind]?.push(id);
    if (refresh_token) known.refresh_tokens?.push(refresh_token);
  }
}

/** What `play` is told of each request. */
type OnResponse = (
  method: string,
  url: string,
  response: { status: number; headers: Headers; text(): Promise<string> },
) => Promise<void>;

/** Has someone join, or leave, if they can. */
function tryTo(known: Known, fake: FakeRooms, step: Step): void {
  try {
    if ("leave" in step) fake.leave(step.leave(known));
    if (!("join" in step)) return;
    const { join, context } = step;
    const { id, session_id } = fake.join(
      join(known),
      context === undefined ? {} : { context },
    );
    known.room_participants?.push(id);
    known.room_sessions?.push(session_id ?? "");
  } catch (error) {
    if (!/^Cannot (find|join)/.test((error as Error).message)) throw error;
  }
}

/** Plays a history with a fake, and tells every response. */
export async function play(
  { bareErrors, limit, steps }: History,
  onResponse: OnResponse,
): Promise<void> {
  let now = Date.parse("2021-04-16T09:46:20.954Z");
  const id = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
  const fake = fakeRooms({
    rooms: [{ id, enable_recording: true }],
    tokens: [token],
    ...limit && { rateLimit: { limit, windowMs: 60_000 } },
    bareErrors,
    now: () => now,
  });
  const known: Known = {
    rooms: [id],
    room_sessions: [],
    room_participants: [],
    room_recordings: [],
    room_compositions: [],
    refresh_tokens: [],
  };
  const sent: string[] = [];
  const send = async (
    { method, path }: Operation,
    [url, init]: [url: string, init: RequestInit],
  ) => {
    const response = await fake.fetch(url, init);
    const { status, headers } = response;
    const body = await response.text();
    sent.push(`${method} ${url} ${init.body ?? ""} → ${status}`);
    try {
      await onResponse(method, url, {
        status,
        headers,
        text: () => Promise.resolve(body),
      });
    } catch (cause) {
      throw new Error(`It fails after\n${sent.join("\n")}`, { cause });
    }
    if (status < 300) note(known, path.split("/")[1] ?? "", body);
  };
  for (const step of steps) {
    if ("wait" in step) now += step.wait * 1000;
    else if ("operation" in step) {
      await send(step.operation, toInit(step, known));
    } else {
      tryTo(known, fake, step);
      // What is recorded now has ids that were never told
      const { url, ...init } = toRequest(listRecordingsOperation, token, {});
      await send(listRecordingsOperation, [url, init]);
    }
  }
}
