/**
 * The operations of the provider, to run in any order: each command calls one of
 * the fake, and compares the result with that of the model.
 */
import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import * as rooms from "../../mod.ts";
import { type FakeRooms, fakeRooms } from "../../lib/testing/fake_rooms.ts";
import {
  type APerson,
  type AToken,
  expectedPage,
  Model,
  type Thing,
} from "./model.ts";

/** The fake, and a `fetch` that calls it. */
interface Real {
  fake: FakeRooms;
  fetch: FakeRooms["fetch"];
}
export type Command = fc.AsyncCommand<Model, Real>;

const nobody = "ffffffff-ffff-4fff-8fff-ffffffffffff";
const retry = { retry: false } as const;

/** A command with arguments. */
function command<Args>(
  name: string,
  args: fc.Arbitrary<Args>,
  run: (model: Model, real: Real, args: Args) => Promise<void>,
): fc.Arbitrary<Command> {
  return args.map((value) => ({
    check: () => true,
    run: (model, real) => run(model, real, value),
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

/** The result for a record, or 404 if it is unknown or deleted. */
const found = <T extends { gone?: boolean }>(
  thing: T | undefined,
  result: (thing: T) => unknown,
): unknown => thing && !thing.gone ? result(thing) : 404;

/** A few of these fields; a filter with all of them would match nothing. */
function some<T extends object>(
  fields: { [K in keyof T]: fc.Arbitrary<T[K]> },
  max = 3,
): fc.Arbitrary<Partial<T>> {
  const names = Object.keys(fields) as (keyof T)[];
  return fc.shuffledSubarray(names, { maxLength: max })
    .chain((names) =>
      fc.record(
        Object.fromEntries(names.map((name) => [name, fields[name]])),
      ) as unknown as fc.Arbitrary<Partial<T>>
    );
}

const name = fc.constantFrom("a", "b", "A");
const fields = fc.record({
  unique_name: name,
  max_participants: fc.constantFrom(2, 3, 50),
  enable_recording: fc.boolean(),
  webhook_timeout_secs: fc.constantFrom(null, 0, 30),
  webhook_event_url: fc.constantFrom("https://a.example/"),
}, { requiredKeys: [] });
const pages = {
  pageNumber: fc.constantFrom(1, 1, 2, 3),
  pageSize: fc.integer({ min: 1, max: 4 }),
};
const days = ["2026-01-30", "2026-01-31", "2026-02-01", "2026-02-02"];
const day = fc.constantFrom(...days);
const bounds = some({ eq: day, gte: day, lte: day }, 2);

/** Whether a time is within the bounds of a filter for days. */
function within(
  time: string | null | undefined,
  { eq, gte, lte }: rooms.DateFilter = {},
): boolean {
  if (!eq && !gte && !lte) return true;
  if (!time) return false;
  const day = Date.parse(time.slice(0, 10));
  return (!eq || day === Date.parse(eq)) && (!gte || day >= Date.parse(gte)) &&
    (!lte || day <= Date.parse(lte));
}

/** Whether the days of a record are within the bounds of every filter for days. */
const isOfDays = (record: object, opts: object): boolean =>
  Object.entries(opts).filter(([option]) => option.endsWith("At"))
    .every(([option, bounds]) =>
      within(Reflect.get(record, option.replace("At", "_at")), bounds)
    );

type Fetch = FakeRooms["fetch"];

/** Looks a record up, with what it can include or without. */
const lookUp = <T extends Thing>(
  name: string,
  thingsOf: (model: Model) => T[],
  get: (fetch: Fetch, id: string, include: boolean) => Promise<unknown>,
  expected: (model: Model, thing: T, include: boolean) => unknown,
) =>
  command(
    name,
    fc.tuple(which, fc.boolean()),
    async (model, { fetch }, [n, include]) => {
      const thing = pick(thingsOf(model), n);
      assertEquals(
        await outcome(get(fetch, thing?.id ?? nobody, include)),
        found(thing, (it) => expected(model, it, include)),
      );
    },
  );

/** Deletes a record. */
const deletion = <T extends Thing>(
  name: string,
  thingsOf: (model: Model) => T[],
  remove: typeof rooms.deleteRoom,
  also: (model: Model, thing: T) => void = () => {},
) =>
  command(name, which, async (model, { fetch }, n) => {
    const thing = pick(thingsOf(model), n);
    const id = thing?.id ?? nobody;
    const deleted = await outcome(remove(fetch, "any", id, retry));
    const expected = found(thing, (it) => {
      also(model, it);
      it.gone = true;
    });
    assertEquals(deleted, expected);
  });

/** Lists records, of one owner or of all, and notes which options found some. */
const list = <Opts extends object>(
  name: string,
  all: (fetch: Fetch, token: string, opts: Opts) => Promise<unknown>,
  opts: fc.Arbitrary<Opts>,
  ownerOf: (model: Model, n: number | undefined) => Partial<Opts>,
  expected: (model: Model, opts: Opts) => object[],
) =>
  command(name, fc.tuple(which, opts), async (model, { fetch }, [n, given]) => {
    const opts = { ...given, ...ownerOf(model, n) };
    const matching = expected(model, opts)
      .filter((record) => isOfDays(record, given));
    for (const [option, value] of Object.entries(opts)) {
      if (matching.length === 0 || value === undefined) continue;
      model.reached.add(`${name}: ${option}`);
    }
    assertEquals(await all(fetch, "any", opts), expectedPage(matching, given));
  });

const ofSession = ({ sessions }: Model, n: number | undefined) => ({
  sessionId: pick(sessions, n)?.id,
});

const isTaken = (model: Model, name: unknown, own?: unknown) =>
  name !== undefined &&
  model.rooms.some((it) =>
    !it.gone && it !== own && it.fields.unique_name === name
  );

const roomCommands: fc.Arbitrary<Command>[] = [
  command("createRoom", fields, async (model, { fetch }, given) => {
    const { now } = model;
    const isRefused = isTaken(model, given.unique_name);
    const made = await outcome(rooms.createRoom(fetch, "any", given, retry));
    if (isRefused) {
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
      const expected = found(room, (room) => {
        if (isTaken(model, given.unique_name, room)) {
          model.reached.add("updateRoom: a taken name");
          return 422;
        }
        Object.assign(room.fields = { ...room.fields }, given);
        room.changedAt = model.now;
        return model.room(room);
      });
      assertEquals(changed, expected);
    },
  ),
  deletion(
    "deleteRoom",
    ({ rooms }) => rooms,
    rooms.deleteRoom,
    (model, it) => {
      const session = model.active(it);
      if (!session) return;
      model.reached.add("deleteRoom: in use");
      model.endSession(session);
    },
  ),
  lookUp(
    "getRoom",
    ({ rooms }) => rooms,
    (fetch, id, includeSessions) =>
      rooms.getRoom(fetch, "any", id, { includeSessions }),
    (model, room, withSessions) => model.room(room, withSessions),
  ),
  list(
    "listRooms",
    rooms.listRooms,
    some<rooms.ListRoomsOptions>({
      includeSessions: fc.boolean(),
      uniqueName: name,
      createdAt: bounds,
      updatedAt: bounds,
      ...pages,
    }),
    () => ({}),
    (model, { uniqueName, includeSessions }) =>
      model.rooms.filter((it) => !it.gone)
        .map((it) => model.room(it, includeSessions))
        .filter((room) => !uniqueName || room.unique_name === uniqueName),
  ),
];

/** Whether a token is valid for this use. */
const isValid = (
  { now }: Model,
  token: AToken | undefined,
  kind: AToken["kind"],
  roomId: string,
) => token?.kind === kind && token.room.id === roomId && token.to > now;

/** When a token expires; its lifetime begins with a whole second. */
const endOf = (now: number, secs: number) =>
  Math.floor(now / 1000) * 1000 + secs * 1000;

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
      const made = await outcome(
        rooms.createJoinToken(fetch, "any", id, opts),
      );
      if (!room || room.gone) return assertEquals(made, 404);
      const { token, refresh_token, ...ends } = made as rooms.JoinToken;
      const { tokenTtlSecs = 600, refreshTokenTtlSecs = 3600 } = opts;
      const to = endOf(model.now, tokenTtlSecs);
      const refreshTo = endOf(model.now, refreshTokenTtlSecs);
      const seconds = (ms: number) => new Date(ms).toISOString().slice(0, 19);
      assertEquals(ends, {
        token_expires_at: `${seconds(to)}Z`,
        refresh_token_expires_at: `${seconds(refreshTo)}Z`,
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
      const token = pick(model.tokens, m);
      const room = n === null ? token?.room : pick(model.rooms, n);
      const { id = nobody } = room ?? {};
      const { text = "e30.e30.x" } = token ?? {};
      const opts = { tokenTtlSecs };
      const made = await outcome(
        rooms.refreshJoinToken(fetch, "any", id, text, opts),
      );
      if (!room || room.gone) return assertEquals(made, 404);
      if (!isValid(model, token, "refresh", id)) return assertEquals(made, 403);
      const to = endOf(model.now, tokenTtlSecs ?? 600);
      model.reached.add("refreshJoinToken: done");
      const refreshed = made as rooms.RefreshedJoinToken;
      assertEquals(Date.parse(`${refreshed.token_expires_at}`), to);
      model.tokens.push({ text: refreshed.token, kind: "access", room, to });
    },
  ),
];

/** Adds a participant to the model, with the session and the recordings. */
async function joined(
  model: Model,
  { fetch }: Real,
  person: rooms.RoomParticipant,
  [room, context]: [Model["rooms"][0], string | undefined],
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
      fc.constantFrom("Alice", "Bob", undefined),
      fc.option(which, { nil: undefined, freq: 2 }),
    ),
    async (model, real, [n, context, m]) => {
      const room = pick(model.rooms, n);
      const token = pick(model.tokens, m);
      const opts = {
        ...context && { context },
        ...token && { token: token.text },
      };
      const join = () => real.fake.join(room?.id ?? nobody, opts);
      if (!room || room.gone) return void assertThrows(join);
      const isFull = model.isFull(room);
      const isBadToken = token && !isValid(model, token, "access", room.id);
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
    if (!person || person.to !== undefined) assertThrows(leave);
    else {
      leave();
      model.remove([person]);
    }
    return Promise.resolve();
  }),
  command("look", fc.constant(undefined), (model, { fake }) => {
    const ids = (things: { id: string }[]) => things.map(({ id }) => id);
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
    return Promise.resolve();
  }),
];

const actions = {
  mute: rooms.muteParticipants,
  unmute: rooms.unmuteParticipants,
  kick: rooms.kickParticipants,
};

const sessionCommands: fc.Arbitrary<Command>[] = [
  command("endSession", which, async (model, { fetch }, n) => {
    const session = pick(model.sessions, n);
    const { id = nobody } = session ?? {};
    const ended = await outcome(rooms.endSession(fetch, "any", id, retry));
    const isOver = session?.to !== undefined;
    if (session) model.reached.add(`endSession: ${isOver ? "over" : "done"}`);
    assertEquals(ended, found(session, () => isOver ? 422 : undefined));
    if (session) model.endSession(session);
  }),
  command(
    "actOnParticipants",
    fc.tuple(
      fc.constantFrom("mute" as const, "unmute" as const, "kick" as const),
      which,
      fc.oneof(
        fc.constant("all" as const),
        fc.array(which, { minLength: 1, maxLength: 2 }),
      ),
      fc.array(which, { maxLength: 1 }),
    ),
    async (model, { fetch }, [action, n, indexes, excludedIndexes]) => {
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
      const done = await outcome(
        actions[action](fetch, "any", id, who, { exclude, ...retry }),
      );
      if (!session) return assertEquals(done, 404);
      const isRefused = session.to !== undefined || ids.includes(nobody);
      if (isRefused) return assertEquals(done, 422);
      model.reached.add(`${action}: done`);
      assertEquals(done, undefined);
      const targets = model.present(session)
        .filter((person) => all.includes(person) && !excluded.includes(person));
      if (action === "kick") model.remove(targets);
      else for (const person of targets) person.muted = action === "mute";
    },
  ),
  lookUp(
    "getSession",
    ({ sessions }) => sessions,
    (fetch, id, includeParticipants) =>
      rooms.getSession(fetch, "any", id, { includeParticipants }),
    (model, session, withPeople) => model.session(session, withPeople),
  ),
  list(
    "listSessions",
    rooms.listSessions,
    some<rooms.ListSessionsOptions>({
      includeParticipants: fc.boolean(),
      active: fc.boolean(),
      createdAt: bounds,
      updatedAt: bounds,
      endedAt: bounds,
      ...pages,
    }),
    (model, n) => ({ roomId: pick(model.rooms, n)?.id }),
    (model, { roomId, active, includeParticipants }) =>
      model.sessions.filter((it) => !roomId || it.room.id === roomId)
        .map((it) => model.session(it, includeParticipants))
        .filter((it) => active === undefined || it.active === active),
  ),
  lookUp(
    "getParticipant",
    ({ people }) => people,
    (fetch, id) => rooms.getParticipant(fetch, "any", id),
    (model, person) => model.person(person),
  ),
  list(
    "listParticipants",
    rooms.listParticipants,
    some<rooms.ListParticipantsOptions>({
      context: fc.constantFrom("Alice", "alice"),
      joinedAt: bounds,
      updatedAt: bounds,
      leftAt: bounds,
      ...pages,
    }),
    ofSession,
    (model, { sessionId, context }) =>
      model.people.filter((it) => !sessionId || it.session.id === sessionId)
        .map((it) => model.person(it))
        .filter((it) => !context || it.context === context),
  ),
];

const filter = some({
  status: fc.constantFrom("completed" as const, "processing" as const),
  type: fc.constantFrom("audio" as const, "video" as const),
  startedAt: bounds,
  endedAt: bounds,
  durationSecs: fc.oneof(
    fc.constantFrom(0, 5),
    fc.record({ gte: fc.constantFrom(0, 5), lte: fc.constantFrom(5, 9000) }, {
      requiredKeys: [],
    }),
  ),
}, 2);

/** A filter for a deletion, which refuses a range without bounds. */
const deletionFilter = filter.filter((conditions) =>
  Object.values(conditions).every((value) =>
    typeof value !== "object" || Object.keys(value).length > 0
  )
);

/** The recordings that match a filter. */
function recordingsOf(model: Model, opts: rooms.RecordingFilter) {
  const { durationSecs = {} } = opts;
  const { gte, lte } = typeof durationSecs === "number"
    ? { gte: durationSecs, lte: undefined }
    : durationSecs;
  return model.recordings.filter((it) => {
    if (it.gone) return false;
    const recording = model.recording(it);
    const { duration_secs: secs } = recording;
    return (!opts.roomId || recording.room_id === opts.roomId) &&
      (!opts.sessionId || recording.session_id === opts.sessionId) &&
      (!opts.status || recording.status === opts.status) &&
      (!opts.type || recording.type === opts.type) &&
      isOfDays(recording, opts) &&
      (gte === undefined || (secs ?? -1) >= gte) &&
      (lte === undefined || (secs ?? Infinity) <= lte);
  });
}

const recordingCommands: fc.Arbitrary<Command>[] = [
  lookUp(
    "getRecording",
    ({ recordings }) => recordings,
    (fetch, id) => rooms.getRecording(fetch, "any", id),
    (model, it) => {
      const expected = model.recording(it);
      model.reached.add(`getRecording: ${expected.status}`);
      return expected;
    },
  ),
  list(
    "listRecordings",
    rooms.listRecordings,
    fc.tuple(filter, some<rooms.ListRecordingsOptions>(pages, 1))
      .map(([filter, page]) => ({ ...filter, ...page })),
    ofSession,
    (model, opts) => recordingsOf(model, opts).map((it) => model.recording(it)),
  ),
  deletion(
    "deleteRecording",
    ({ recordings }) => recordings,
    rooms.deleteRecording,
  ),
  command(
    "deleteRecordings",
    fc.tuple(which, deletionFilter),
    async (model, { fetch }, [n, filter]) => {
      const opts = { ...filter, roomId: pick(model.rooms, n)?.id ?? nobody };
      const targets = recordingsOf(model, opts);
      if (targets.length > 0) model.reached.add("deleteRecordings: some");
      assertEquals(
        await rooms.deleteRecordings(fetch, "any", opts),
        targets.length,
      );
      for (const recording of targets) recording.gone = true;
    },
  ),
];

const compositionCommands: fc.Arbitrary<Command>[] = [
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
  lookUp(
    "getComposition",
    ({ compositions }) => compositions,
    (fetch, id) => rooms.getComposition(fetch, "any", id),
    (model, it) => {
      const expected = model.composition(it);
      model.reached.add(`getComposition: ${expected.status}`);
      return expected;
    },
  ),
  list(
    "listCompositions",
    rooms.listCompositions,
    some<rooms.ListCompositionsOptions>({
      status: fc.constantFrom("completed", "processing", "enqueued"),
      createdAt: bounds,
      ...pages,
    }),
    ofSession,
    (model, { sessionId, status }) =>
      model.compositions
        .filter((it) => !it.gone && (!sessionId || it.session.id === sessionId))
        .map((it) => model.composition(it))
        .filter((it) => !status || it.status === status),
  ),
  deletion(
    "deleteComposition",
    ({ compositions }) => compositions,
    rooms.deleteComposition,
  ),
];

const time = command(
  "wait",
  fc.oneof(
    fc.integer({ min: 1, max: 1500 }),
    fc.constantFrom(1000, 10_000, 60_000, 600_000, 3_600_000, 43_200_000),
  ),
  (model, _, ms) => {
    model.now += ms;
    return Promise.resolve();
  },
);

/** Any sequence of commands; those that others depend on are more frequent. */
export const commands: fc.Arbitrary<Iterable<Command>> = fc.commands([
  ...roomCommands,
  ...Array(4).fill(tokenCommands).flat(),
  ...Array(4).fill(clientCommands).flat(),
  ...sessionCommands,
  ...Array(2).fill(recordingCommands).flat(),
  ...compositionCommands,
  ...compositionCommands.slice(0, 3),
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
    // A small one, which gets full
    const small = { enable_recording: true, max_participants: 2 };
    for (const fields of [small, {}]) {
      const { id } = await rooms.createRoom(fetch, "any", fields);
      const { now } = model;
      model.rooms.push({ id, fields, madeAt: now, changedAt: now });
    }
    return { model, real: { fake, fetch } };
  }, commands);
  return model.reached;
}
