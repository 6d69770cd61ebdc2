/**
 * The operations of the provider, to run in any order: each command calls one of
 * the fake, and compares the result with that of the model. Look-ups, lists and
 * deletions follow from the operations themselves.
 */
import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import * as rooms from "../../mod.ts";
import { type FakeRooms, fakeRooms } from "../../lib/testing/fake_rooms.ts";
import { type OperationRow, rows } from "../support/operations.ts";
import { type APerson, type ARoom, Model, type Thing } from "./model.ts";

/** The fake, and a `fetch` that calls it. */
interface Real {
  fake: FakeRooms;
  fetch: FakeRooms["fetch"];
}
type Command = fc.AsyncCommand<Model, Real>;

/** What a command is given. */
interface Given<T, Args> extends Real {
  model: Model;
  /** The record that it is about; undefined if it is deleted or unknown. */
  it: T | undefined;
  id: string;
  args: Args;
}

const nobody = "ffffffff-ffff-4fff-8fff-ffffffffffff";
const retry = { retry: false } as const;

/** The index of a record, which may be deleted; undefined for an unknown id. */
const which = fc.option(fc.nat({ max: 9 }), { nil: undefined, freq: 20 });
const pick = <T>(things: T[], n: number | undefined): T | undefined =>
  n === undefined ? undefined : things[n % things.length];

/** A command about one of some records. */
function command<T extends Thing, Args>(
  name: string,
  recordsOf: (model: Model) => T[],
  args: fc.Arbitrary<Args>,
  run: (given: Given<T, Args>) => Promise<void> | void,
): fc.Arbitrary<Command> {
  return fc.tuple(which, args).map(([n, args]) => ({
    check: () => true,
    async run(model, real) {
      model.reached.add(name);
      const known = pick(recordsOf(model), n);
      const it = known?.gone ? undefined : known;
      await run({ ...real, model, it, id: known?.id ?? nobody, args });
      look(model, real.fake);
    },
    toString: () => `${name}(${n}, ${JSON.stringify(args)})`,
  }));
}

/** Compares what no operation tells: who is present, and who is muted. */
function look(model: Model, fake: FakeRooms): void {
  const ids = (things: Thing[]) => things.map(({ id }) => id);
  assertEquals(
    [...fake.muted].sort(),
    ids(model.people.filter(({ muted }) => muted)).sort(),
  );
  for (const room of model.rooms.filter(({ gone }) => !gone)) {
    assertEquals(
      ids(fake.present(room.id)),
      ids(model.present(model.active(room))),
    );
  }
}

/** The result of a call, or the status of its error. */
const outcome = (calling: Promise<unknown>): Promise<unknown> =>
  calling.catch((error) => {
    if (error instanceof rooms.ApiError) return error.status;
    throw error;
  });

const day = fc.constantFrom(
  ...["2026-01-30", "2026-01-31", "2026-02-01", "2026-02-02"],
);
const secs = fc.constantFrom(0, 5, 9000);
const bounds = <T>(value: fc.Arbitrary<T>) =>
  fc.oneof(
    ...["eq", "gte", "lte"].map((bound) => fc.record({ [bound]: value })),
    fc.record({ gte: value, lte: value }),
  );

/** Values of options; any other is that of a record in the list. */
const valuesOf: Record<string, fc.Arbitrary<unknown>> = {
  pageNumber: fc.constantFrom(1, 1, 2, 3),
  pageSize: fc.integer({ min: 1, max: 4 }),
  includeSessions: fc.boolean(),
  includeParticipants: fc.boolean(),
  durationSecs: fc.oneof(secs, bounds(secs)),
};

/** The field that an option filters by: `created_at` for `createdAt`. */
const fieldOf = (record: object, option: string): unknown =>
  Reflect.get(record, option.replace(/[A-Z]/g, "_$&").toLowerCase());

const comparisons: Record<string, (a: number, b: number) => boolean> = {
  eq: (a, b) => a === b,
  gte: (a, b) => a >= b,
  lte: (a, b) => a <= b,
};

/** Whether a record matches an option of a list. */
function matches(record: object, option: string, filter: unknown): boolean {
  if (/^(page|include)/.test(option)) return true;
  const field = fieldOf(record, option);
  if (typeof filter === "number") return Number(field) >= filter;
  if (typeof filter !== "object") return field === filter;
  const toNumber = option.endsWith("At")
    ? (time: unknown) => Date.parse(`${time}`.slice(0, 10))
    : Number;
  return Object.entries(filter ?? {}).every(([bound, limit]) =>
    comparisons[bound]?.(toNumber(field), toNumber(limit))
  );
}

/** The expected page of a list. */
function expectedPage(
  items: object[],
  { pageNumber = 1, pageSize = 20 }: rooms.ListRoomsOptions,
) {
  return {
    data: items.filter((_, i) => Math.floor(i / pageSize) === pageNumber - 1),
    meta: {
      page_number: pageNumber,
      page_size: pageSize,
      total_pages: Math.ceil(items.length / pageSize),
      total_results: items.length,
    },
  };
}

/** Lists the records that match some options, or deletes all of them. */
function ofSome({ name, operation, run }: OperationRow, kind: string) {
  const isDeletion = operation.needsFilter === true;
  const options = Object.keys(operation.options ?? {});
  const chosen = fc.shuffledSubarray(options, { maxLength: 2 }).chain((names) =>
    fc.record(Object.fromEntries(
      // One more, as a deletion of everything is refused
      [...names, ...isDeletion ? ["sessionId"] : []].map((option) => [
        option,
        option.endsWith("At")
          ? bounds(day)
          : valuesOf[option] ?? fc.constant(undefined),
      ]),
    ))
  );
  const args = fc.tuple(which, chosen);
  return command(name, () => [], args, async ({ model, fetch, args }) => {
    const [n, chosen] = args;
    const isWhole = Object.entries(chosen)
      .some(([option, value]) => /^include/.test(option) && value === true);
    const all = model.views(kind, isWhole);
    const one = pick(all, n) ?? {};
    const opts = Object.fromEntries(
      Object.entries(chosen)
        .map(([option, value]) => [option, value ?? fieldOf(one, option)])
        .filter(([, value]) => value !== undefined && value !== null),
    );
    const found = all.filter((record) =>
      Object.entries(opts)
        .every(([option, filter]) => matches(record, option, filter))
    );
    for (const option of found.length > 0 ? Object.keys(opts) : []) {
      model.reached.add(`${name}: ${option}`);
    }
    if (!isDeletion) {
      const page = await run(fetch, "any", opts);
      return assertEquals(page, expectedPage(found, opts));
    }
    if (opts.sessionId === undefined) return;
    assertEquals(await run(fetch, "any", opts), found.length);
    const ids = found.map(({ id }) => id);
    for (const it of model.all[kind] ?? []) {
      if (ids.includes(it.id)) model.delete(it);
    }
  });
}

/** Looks a record up, with what it can include or without, or deletes it. */
function ofOne({ name, operation, run }: OperationRow, kind: string) {
  const [include = ""] = Object.keys(operation.options ?? {});
  return command(
    name,
    (model) => model.all[kind] ?? [],
    fc.boolean(),
    async ({ model, fetch, it, id, args: isWhole }) => {
      const view = model.views(kind, isWhole).find((view) => view.id === id);
      const opts = include ? { [include]: isWhole } : retry;
      const got = await outcome(run(fetch, "any", id, opts));
      const isDeletion = operation.method === "DELETE";
      assertEquals(got, !view ? 404 : isDeletion ? undefined : view);
      if (view && "status" in view) {
        model.reached.add(`${name}: ${view.status}`);
      }
      if (it && isDeletion) model.delete(it);
    },
  );
}

const derived = rows.flatMap((row) => {
  const [, kind = "", many] = /^(?:get|list|delete)([A-Z][a-z]+?)(s?)$/
    .exec(row.name) ?? [];
  if (kind === "") return [];
  // Lists have many options
  const times = /^list/.test(row.name) ? 3 : 1;
  return Array(times).fill(many ? ofSome(row, kind) : ofOne(row, kind));
});

const roomsOf = (model: Model) => model.rooms;
const sessionsOf = (model: Model) => model.sessions;

const fields = fc.record({
  unique_name: fc.constantFrom("a", "b", "A"),
  max_participants: fc.constantFrom(2, 3, 50),
  enable_recording: fc.boolean(),
  webhook_timeout_secs: fc.constantFrom(null, 0, 30),
  webhook_event_url: fc.constantFrom("https://a.example/"),
}, { requiredKeys: [] });

const roomCommands: fc.Arbitrary<Command>[] = [
  command("createRoom", roomsOf, fields, async ({ model, fetch, args }) => {
    const { now } = model;
    const isTaken = model.isTaken(args.unique_name);
    const made = await outcome(rooms.createRoom(fetch, "any", args, retry));
    if (isTaken) {
      model.reached.add("createRoom: a taken name");
      return assertEquals(made, 422);
    }
    const { id } = made as rooms.Room;
    const room = { id, fields: args, madeAt: now, changedAt: now };
    model.rooms.push(room);
    assertEquals(made, model.room(room));
  }),
  command("updateRoom", roomsOf, fields, async (given) => {
    const { model, fetch, it: room, id, args } = given;
    const calling = rooms.updateRoom(fetch, "any", id, args, retry);
    const changed = await outcome(calling);
    if (!room) return assertEquals(changed, 404);
    if (model.isTaken(args.unique_name, room)) {
      model.reached.add("updateRoom: a taken name");
      return assertEquals(changed, 422);
    }
    room.fields = { ...room.fields, ...args };
    room.changedAt = model.now;
    assertEquals(changed, model.room(room));
  }),
];

/** When a token expires; its lifetime begins with a whole second. */
const endOf = (now: number, secs: number) =>
  Math.floor(now / 1000) * 1000 + secs * 1000;
const seconds = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}Z`;

const ttls = fc.record({
  tokenTtlSecs: fc.constantFrom(10, 3600),
  refreshTokenTtlSecs: fc.constantFrom(60, 86_400),
}, { requiredKeys: [] });

const tokenCommands: fc.Arbitrary<Command>[] = [
  command("createJoinToken", roomsOf, ttls, async (given) => {
    const { model, fetch, it: room, id, args } = given;
    const made = await outcome(rooms.createJoinToken(fetch, "any", id, args));
    if (!room) return assertEquals(made, 404);
    const { token, refresh_token, ...ends } = made as rooms.JoinToken;
    const to = endOf(model.now, args.tokenTtlSecs ?? 600);
    const refreshTo = endOf(model.now, args.refreshTokenTtlSecs ?? 3600);
    assertEquals(ends, {
      token_expires_at: seconds(to),
      refresh_token_expires_at: seconds(refreshTo),
    });
    model.tokens.push(
      { text: token, kind: "access", room, to },
      { text: refresh_token, kind: "refresh", room, to: refreshTo },
    );
  }),
  command(
    "refreshJoinToken",
    roomsOf,
    fc.tuple(fc.boolean(), which, fc.constantFrom(10, undefined)),
    async ({ model, fetch, it, id, args: [isOwn, m, tokenTtlSecs] }) => {
      const known = pick(model.tokens, m);
      const { text = "e30.e30.x" } = known ?? {};
      // Most tokens are of another room
      const room = isOwn && known ? known.room : it;
      const roomId = isOwn && known ? known.room.id : id;
      const opts = { tokenTtlSecs };
      const made = await outcome(
        rooms.refreshJoinToken(fetch, "any", roomId, text, opts),
      );
      if (!room || room.gone) return assertEquals(made, 404);
      const isValid = model.isValid(known, "refresh", room);
      if (!isValid) return assertEquals(made, 403);
      model.reached.add("refreshJoinToken: done");
      const { token, ...ends } = made as rooms.RefreshedJoinToken;
      const to = endOf(model.now, tokenTtlSecs ?? 600);
      assertEquals(ends, { token_expires_at: seconds(to) });
      model.tokens.push({ text: token, kind: "access", room, to });
    },
  ),
];

/** Adds a participant to the model, with the session and the recordings. */
async function joined(
  model: Model,
  { fetch }: Real,
  person: rooms.RoomParticipant,
  room: ARoom,
): Promise<void> {
  const from = model.now;
  let session = model.active(room);
  if (!session) {
    session = { id: `${person.session_id}`, room, from };
    model.sessions.push(session);
  }
  const context = person.context ?? undefined;
  const there: APerson = { id: person.id, session, context, from };
  model.people.push(there);
  assertEquals(person, model.person(there));
  const { data } = await rooms.listRecordings(fetch, "any", {
    participantId: person.id,
  });
  const types = data.map(({ type }) => type);
  const { enable_recording: records } = room.fields;
  assertEquals(types, records ? ["audio", "video"] : []);
  for (const { id, type } of data) {
    const of = type as "audio" | "video";
    model.recordings.push({ id, person: there, type: of });
  }
}

const clientCommands: fc.Arbitrary<Command>[] = [
  command(
    "join",
    roomsOf,
    fc.tuple(
      fc.constantFrom("Alice", "alice", undefined),
      fc.option(which, { nil: undefined, freq: 2 }),
    ),
    async (given) => {
      const { model, fake, it: room, id, args: [context, m] } = given;
      const token = pick(model.tokens, m);
      const join = () => fake.join(id, { context, token: token?.text });
      if (!room) return void assertThrows(join);
      const isFull = model.isFull(room);
      const isBadToken = token && !model.isValid(token, "access", room);
      if (isFull) model.reached.add("join: a full room");
      else if (token) {
        model.reached.add(`join: ${isBadToken ? "wrong" : "valid"} token`);
      }
      if (isFull || isBadToken) assertThrows(join);
      else await joined(model, given, join(), room);
    },
  ),
  command(
    "leave",
    (model) => model.people,
    fc.constant(undefined),
    ({ model, fake, it: person, id }) => {
      const leave = () => fake.leave(id);
      if (!person || person.to !== undefined) return void assertThrows(leave);
      leave();
      model.remove([person]);
    },
  ),
];

const actions = [
  rooms.muteParticipants,
  rooms.unmuteParticipants,
  rooms.kickParticipants,
];
const some = fc.tuple(
  fc.oneof(
    fc.constant("all" as const),
    fc.array(which, { minLength: 1, maxLength: 2 }),
  ),
  fc.array(which, { maxLength: 1 }),
);

const sessionCommands: fc.Arbitrary<Command>[] = [
  command("endSession", sessionsOf, fc.constant(undefined), async (given) => {
    const { model, fetch, it: session, id } = given;
    const ended = await outcome(rooms.endSession(fetch, "any", id, retry));
    if (!session) return assertEquals(ended, 404);
    const isOver = session.to !== undefined;
    model.reached.add(`endSession: ${isOver ? "over" : "done"}`);
    assertEquals(ended, isOver ? 422 : undefined);
    model.endSession(session);
  }),
  ...actions.map((act) =>
    command(act.name, sessionsOf, some, async (given) => {
      const { model, fetch, it: session, id, args: [among, but] } = given;
      const people = model.people.filter((it) => it.session === session);
      const all = among === "all" ? people : among.map((m) => pick(people, m));
      const ids = all.map((person) => person?.id ?? nobody);
      const excluded = but.map((m) => pick(people, m));
      const exclude = excluded.map((person) => person?.id ?? nobody);
      const who = among === "all" ? among : ids;
      const opts = { exclude, ...retry };
      const done = await outcome(act(fetch, "any", id, who, opts));
      if (!session) return assertEquals(done, 404);
      const isRefused = session.to !== undefined || ids.includes(nobody);
      if (isRefused) return assertEquals(done, 422);
      model.reached.add(`${act.name}: done`);
      assertEquals(done, undefined);
      const targets = model.present(session)
        .filter((it) => all.includes(it) && !excluded.includes(it));
      if (act === rooms.kickParticipants) return model.remove(targets);
      const muted = act === rooms.muteParticipants;
      for (const person of targets) person.muted = muted;
    })
  ),
  command(
    "createComposition",
    sessionsOf,
    fc.constant(retry),
    async (given) => {
      const { model, fetch, it: session, id: session_id, args } = given;
      const made = await outcome(
        rooms.createComposition(fetch, "any", { session_id }, args),
      );
      if (!session) return assertEquals(made, 422);
      const first = model.recordings
        .find((it) => !it.gone && it.person.session === session);
      const composition = {
        id: (made as rooms.RoomComposition).id,
        session,
        from: first?.person.from ?? session.from,
        to: session.to ?? model.now,
        madeAt: model.now,
      };
      model.compositions.push(composition);
      assertEquals(made, model.composition(composition));
    },
  ),
];

const time = command(
  "wait",
  () => [],
  fc.oneof(
    fc.integer({ min: 1, max: 1500 }),
    fc.constantFrom(1000, 10_000, 60_000, 600_000, 3_600_000, 43_200_000),
  ),
  ({ model, args: ms }) => {
    model.now += ms;
  },
);

/** Any sequence of commands; those that others depend on are more frequent. */
export const commands: fc.Arbitrary<Iterable<Command>> = fc.commands([
  ...derived,
  ...roomCommands,
  ...Array(4).fill(tokenCommands).flat(),
  ...Array(6).fill(clientCommands).flat(),
  ...Array(2).fill(sessionCommands).flat(),
  ...Array(4).fill(time),
], { size: "max", maxCommands: 80 });

/** Runs commands on a new fake with two rooms; returns what they reached. */
export async function runCommands(
  commands: Iterable<Command>,
  observe?: (request: Request, response: Response) => Promise<void>,
): Promise<Set<string>> {
  const model = new Model();
  await fc.asyncModelRun(async () => {
    let ids = 0;
    const fake = fakeRooms({
      now: () => model.now,
      newId: () => `00000000-0000-4000-8000-${`${++ids}`.padStart(12, "0")}`,
    });
    const fetch: FakeRooms["fetch"] = async (input, init) => {
      const response = await fake.fetch(input, init);
      await observe?.(new Request(input, init), response.clone());
      return response;
    };
    const real = { fake, fetch };
    // A small one, which gets full, with a session and recordings
    const small = { enable_recording: true, max_participants: 2 };
    for (const fields of [small, {}]) {
      const { id } = await rooms.createRoom(fetch, "any", fields);
      const { now } = model;
      const room = { id, fields, madeAt: now, changedAt: now };
      model.rooms.push(room);
      for (const context of fields === small ? ["Alice", "Bob"] : []) {
        await joined(model, real, fake.join(id, { context }), room);
      }
    }
    for (const { id } of model.people) fake.leave(id);
    model.remove(model.people);
    model.now += 2000;
    return { model, real };
  }, commands);
  return model.reached;
}
