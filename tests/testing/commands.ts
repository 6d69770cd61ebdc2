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

const nobody = "ffffffff-ffff-4fff-8fff-ffffffffffff";
const retry = { retry: false } as const;

/** A command with arguments. */
function command<Args>(
  name: string,
  args: fc.Arbitrary<Args>,
  run: (model: Model, real: Real, args: Args) => Promise<void> | void,
): fc.Arbitrary<Command> {
  return args.map((value) => ({
    check: () => true,
    async run(model, real) {
      model.reached.add(name);
      await run(model, real, value);
    },
    toString: () => `${name}(${JSON.stringify(value)})`,
  }));
}

/** The result of a call, or the status of its error. */
const outcome = (calling: Promise<unknown>): Promise<unknown> =>
  calling.catch((error) => {
    if (error instanceof rooms.ApiError) return error.status;
    throw error;
  });

/** The index of a record, which may be deleted; undefined for an unknown id. */
const which = fc.option(fc.nat({ max: 9 }), { nil: undefined, freq: 20 });
const pick = <T>(things: T[], n: number | undefined): T | undefined =>
  n === undefined ? undefined : things[n % things.length];

const days = ["2026-01-30", "2026-01-31", "2026-02-01", "2026-02-02"];
const day = fc.constantFrom(...days);
const bounds = fc.oneof(
  day.map((eq) => ({ eq })),
  day.map((gte) => ({ gte })),
  day.map((lte) => ({ lte })),
  fc.record({ gte: day, lte: day }),
);
const secs = fc.constantFrom(0, 5, 9000);

/** Values of options; any other is that of a record in the list. */
const valuesOf: Record<string, fc.Arbitrary<unknown>> = {
  pageNumber: fc.constantFrom(1, 1, 2, 3),
  pageSize: fc.integer({ min: 1, max: 4 }),
  includeSessions: fc.boolean(),
  includeParticipants: fc.boolean(),
  durationSecs: fc.oneof(
    secs,
    secs.map((gte) => ({ gte })),
    secs.map((lte) => ({ lte })),
  ),
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
  const given = fc.shuffledSubarray(options, { maxLength: 2 }).chain((names) =>
    fc.record(Object.fromEntries(
      // One more, as a deletion of everything is refused
      [...names, ...isDeletion ? ["sessionId"] : []].map((option) => [
        option,
        option.endsWith("At")
          ? bounds
          : valuesOf[option] ?? fc.constant(undefined),
      ]),
    ))
  );
  return command(
    name,
    fc.tuple(which, given),
    async (model, { fetch }, [n, given]) => {
      const isWhole = Object.entries(given)
        .some(([option, value]) => /^include/.test(option) && value === true);
      const all = model.views(kind, isWhole);
      const one = pick(all, n) ?? {};
      const opts = Object.fromEntries(
        Object.entries(given)
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
    },
  );
}

/** Looks a record up, with what it can include or without, or deletes it. */
function ofOne({ name, operation, run }: OperationRow, kind: string) {
  const [include = ""] = Object.keys(operation.options ?? {});
  return command(
    name,
    fc.tuple(which, fc.boolean()),
    async (model, { fetch }, [n, isWhole]) => {
      const thing = pick(model.all[kind] ?? [], n);
      const id = thing?.id ?? nobody;
      const view = model.views(kind, isWhole).find((it) => it.id === id);
      const opts = include ? { [include]: isWhole } : retry;
      const got = await outcome(run(fetch, "any", id, opts));
      const isDeletion = operation.method === "DELETE";
      assertEquals(got, !view ? 404 : isDeletion ? undefined : view);
      if (view && "status" in view) {
        model.reached.add(`${name}: ${view.status}`);
      }
      if (view && thing && isDeletion) model.delete(thing);
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

const fields = fc.record({
  unique_name: fc.constantFrom("a", "b", "A"),
  max_participants: fc.constantFrom(2, 3, 50),
  enable_recording: fc.boolean(),
  webhook_timeout_secs: fc.constantFrom(null, 0, 30),
  webhook_event_url: fc.constantFrom("https://a.example/"),
}, { requiredKeys: [] });

const roomCommands: fc.Arbitrary<Command>[] = [
  command("createRoom", fields, async (model, { fetch }, given) => {
    const { now } = model;
    const isTaken = model.isTaken(given.unique_name);
    const made = await outcome(rooms.createRoom(fetch, "any", given, retry));
    if (isTaken) {
      model.reached.add("createRoom: a taken name");
      return assertEquals(made, 422);
    }
    const { id } = made as rooms.Room;
    const room = { id, fields: given, madeAt: now, changedAt: now };
    model.rooms.push(room);
    assertEquals(made, model.room(room));
  }),
  command(
    "updateRoom",
    fc.tuple(which, fields),
    async (model, { fetch }, [n, given]) => {
      const room = pick(model.rooms, n);
      const { id = nobody } = room ?? {};
      const calling = rooms.updateRoom(fetch, "any", id, given, retry);
      const changed = await outcome(calling);
      if (!room || room.gone) return assertEquals(changed, 404);
      if (model.isTaken(given.unique_name, room)) {
        model.reached.add("updateRoom: a taken name");
        return assertEquals(changed, 422);
      }
      room.fields = { ...room.fields, ...given };
      room.changedAt = model.now;
      assertEquals(changed, model.room(room));
    },
  ),
];

/** When a token expires; its lifetime begins with a whole second. */
const endOf = (now: number, secs: number) =>
  Math.floor(now / 1000) * 1000 + secs * 1000;
const seconds = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}Z`;

const tokenCommands: fc.Arbitrary<Command>[] = [
  command(
    "createJoinToken",
    fc.tuple(
      which,
      fc.record({
        tokenTtlSecs: fc.constantFrom(10, 3600),
        refreshTokenTtlSecs: fc.constantFrom(60, 86_400),
      }, { requiredKeys: [] }),
    ),
    async (model, { fetch }, [n, opts]) => {
      const room = pick(model.rooms, n);
      const { id = nobody } = room ?? {};
      const made = await outcome(rooms.createJoinToken(fetch, "any", id, opts));
      if (!room || room.gone) return assertEquals(made, 404);
      const { token, refresh_token, ...ends } = made as rooms.JoinToken;
      const to = endOf(model.now, opts.tokenTtlSecs ?? 600);
      const refreshTo = endOf(model.now, opts.refreshTokenTtlSecs ?? 3600);
      assertEquals(ends, {
        token_expires_at: seconds(to),
        refresh_token_expires_at: seconds(refreshTo),
      });
      model.tokens.push(
        { text: token, kind: "access", room, to },
        { text: refresh_token, kind: "refresh", room, to: refreshTo },
      );
    },
  ),
  command(
    "refreshJoinToken",
    fc.tuple(fc.option(which), which, fc.constantFrom(10, undefined)),
    async (model, { fetch }, [n, m, tokenTtlSecs]) => {
      const known = pick(model.tokens, m);
      const room = n === null ? known?.room : pick(model.rooms, n);
      const { id = nobody } = room ?? {};
      const { text = "e30.e30.x" } = known ?? {};
      const opts = { tokenTtlSecs };
      const made = await outcome(
        rooms.refreshJoinToken(fetch, "any", id, text, opts),
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
  [room, context]: [ARoom, string | undefined],
): Promise<void> {
  const from = model.now;
  let session = model.active(room);
  if (!session) {
    session = { id: `${person.session_id}`, room, from };
    model.sessions.push(session);
  }
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
    fc.tuple(
      which,
      fc.constantFrom("Alice", "alice", undefined),
      fc.option(which, { nil: undefined, freq: 2 }),
    ),
    async (model, real, [n, context, m]) => {
      const room = pick(model.rooms, n);
      const token = pick(model.tokens, m);
      const opts = { context, token: token?.text };
      const join = () => real.fake.join(room?.id ?? nobody, opts);
      if (!room || room.gone) return void assertThrows(join);
      const isFull = model.isFull(room);
      const isBadToken = token && !model.isValid(token, "access", room);
      if (token && !isFull) {
        model.reached.add(`join: ${isBadToken ? "wrong" : "valid"} token`);
      }
      if (isFull || isBadToken) assertThrows(join);
      else await joined(model, real, join(), [room, context]);
    },
  ),
  command("crowd", which, async (model, real, n) => {
    const room = pick(model.rooms, n);
    if (!room || room.gone) return;
    const join = () => real.fake.join(room.id);
    // Up to ten, as a room of 50 takes long to fill
    for (let i = 0; i < 10 && !model.isFull(room); i++) {
      await joined(model, real, join(), [room, undefined]);
    }
    if (!model.isFull(room)) return;
    model.reached.add("join: a full room");
    assertThrows(join, Error, "it is full");
  }),
  command("leave", which, (model, { fake }, n) => {
    const person = pick(model.people, n);
    const leave = () => fake.leave(person?.id ?? nobody);
    if (!person || person.to !== undefined) return void assertThrows(leave);
    leave();
    model.remove([person]);
  }),
  command("look", fc.constant(undefined), (model, { fake }) => {
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
  }),
];

const actions = [
  rooms.muteParticipants,
  rooms.unmuteParticipants,
  rooms.kickParticipants,
];

const sessionCommands: fc.Arbitrary<Command>[] = [
  command("endSession", which, async (model, { fetch }, n) => {
    const session = pick(model.sessions, n);
    const { id = nobody } = session ?? {};
    const ended = await outcome(rooms.endSession(fetch, "any", id, retry));
    if (!session) return assertEquals(ended, 404);
    const isOver = session.to !== undefined;
    model.reached.add(`endSession: ${isOver ? "over" : "done"}`);
    assertEquals(ended, isOver ? 422 : undefined);
    model.endSession(session);
  }),
  ...actions.map((act) =>
    command(
      act.name,
      fc.tuple(
        which,
        fc.oneof(
          fc.constant("all" as const),
          fc.array(which, { minLength: 1, maxLength: 2 }),
        ),
        fc.array(which, { maxLength: 1 }),
      ),
      async (model, { fetch }, [n, indexes, excludedIndexes]) => {
        const session = pick(model.sessions, n);
        const { id = nobody } = session ?? {};
        const people = model.people.filter((it) => it.session === session);
        const all = indexes === "all"
          ? people
          : indexes.map((m) => pick(people, m));
        const ids = all.map((person) => person?.id ?? nobody);
        const excluded = excludedIndexes.map((m) => pick(people, m));
        const exclude = excluded.map((person) => person?.id ?? nobody);
        const who = indexes === "all" ? indexes : ids;
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
      },
    )
  ),
  command("createComposition", which, async (model, { fetch }, n) => {
    const session = pick(model.sessions, n);
    const { id: session_id = nobody } = session ?? {};
    const made = await outcome(
      rooms.createComposition(fetch, "any", { session_id }, retry),
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
  }),
];

const time = command(
  "wait",
  fc.oneof(
    fc.integer({ min: 1, max: 1500 }),
    fc.constantFrom(1000, 10_000, 60_000, 600_000, 3_600_000, 43_200_000),
  ),
  (model, _, ms) => {
    model.now += ms;
  },
);

/** Any sequence of commands; those that others depend on are more frequent. */
export const commands: fc.Arbitrary<Iterable<Command>> = fc.commands([
  ...derived,
  ...roomCommands,
  ...Array(4).fill(tokenCommands).flat(),
  ...Array(4).fill(clientCommands).flat(),
  ...Array(2).fill(sessionCommands).flat(),
  ...Array(4).fill(time),
], { size: "max", maxCommands: 80 });

/** Runs commands on a new fake with two rooms; returns what they reached. */
export async function runCommands(
  commands: Iterable<Command>,
  observe: (request: Request, response: Response) => Promise<void> = () =>
    Promise.resolve(),
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
      await observe(new Request(input, init), response.clone());
      return response;
    };
    // A small one, which gets full, with a session and recordings
    const small = { enable_recording: true, max_participants: 2 };
    for (const fields of [small, {}]) {
      const { id } = await rooms.createRoom(fetch, "any", fields);
      const { now } = model;
      model.rooms.push({ id, fields, madeAt: now, changedAt: now });
    }
    const real = { fake, fetch };
    const [room] = model.rooms;
    for (const context of ["Alice", "Bob"]) {
      if (!room) break;
      await joined(model, real, fake.join(room.id, { context }), [
        room,
        context,
      ]);
    }
    for (const { id } of model.people) fake.leave(id);
    model.remove(model.people);
    model.now += 2000;
    return { model, real };
  }, commands);
  return model.reached;
}
