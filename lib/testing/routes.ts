import { uuid } from "../arguments.ts";
import { boolean, type Decoder, type Mismatch } from "../decode.ts";
import type { DateFilter } from "../date_filter.ts";
import type { Ids, Operation, ResultOf } from "../operation.ts";
import type { Page, PageOptions } from "../page.ts";
import {
  createRoomOperation,
  deleteRoomOperation,
  getRoomOperation,
  listRoomsOperation,
  type Room,
  updateRoomOperation,
} from "../rooms.ts";
import { badId, badParameter, badPayload, Refusal, taken } from "./refusal.ts";
import {
  completeRoom,
  createRoom,
  findRoom,
  type State,
  updateRoom,
} from "./state.ts";

/** What a route is asked. */
interface Asked<Path extends string, Query, Payload> {
  ids: Ids<Path>;
  opts: Query;
  payload: Payload;
}

/** An operation, and how the fake carries it out. */
interface Route {
  operation: Operation;
  /** Returns the result, or throws a `Refusal`. */
  carryOut(state: State, asked: Asked<string, never, never>): unknown;
}

function route<Path extends string, Query, Payload, Result>(
  operation: Operation<Path, Query, Payload, Result>,
  carryOut: (
    state: State,
    asked: Asked<Path, Query, Payload>,
  ) => ResultOf<Result>,
): Route {
  return { operation, carryOut } as Route;
}

function existing(state: State, { id }: { id: string }): Room {
  const room = findRoom(state, id);
  if (!room) throw Refusal.notFound();
  return room;
}

/** Refuses a name that another room has. */
function checkName({ rooms }: State, name: unknown, own?: Room): void {
  if (typeof name !== "string") return;
  for (const room of rooms.values()) {
    if (room.id !== own?.id && completeRoom(room, false).unique_name === name) {
      throw taken("unique_name");
    }
  }
}

/** Whether the day of a timestamp is as the filter says. */
function isWithin(
  timestamp: string | null | undefined,
  { eq, gte, lte }: DateFilter = {},
): boolean {
  const bounds = [eq, gte, lte].filter((bound) => bound !== undefined);
  if (bounds.length === 0) return true;
  const at = timestamp?.slice(0, 10);
  return at !== undefined && (eq === undefined || at === eq) &&
    (gte === undefined || at >= gte) && (lte === undefined || at <= lte);
}

/** The page of the items, in their order, that is asked for. */
function pageOf<Item>(
  items: Item[],
  { pageNumber = 1, pageSize = 20 }: PageOptions,
): Page<Item> {
  return {
    data: items.slice((pageNumber - 1) * pageSize, pageNumber * pageSize),
    meta: {
      page_number: pageNumber,
      page_size: pageSize,
      total_pages: Math.ceil(items.length / pageSize),
      total_results: items.length,
    },
  };
}

/** Every operation that the fake carries out. */
export const routes: readonly Route[] = [
  route(getRoomOperation, (state, { ids, opts }) => ({
    data: completeRoom(existing(state, ids), opts.includeSessions ?? false),
  })),
  route(listRoomsOperation, ({ rooms }, { opts }) => {
    const { includeSessions = false, uniqueName, createdAt, updatedAt } = opts;
    const found = Array.from(
      rooms.values(),
      (room) => completeRoom(room, includeSessions),
    ).filter(({ unique_name, created_at, updated_at }) =>
      (uniqueName === undefined || unique_name === uniqueName) &&
      isWithin(created_at, createdAt) && isWithin(updated_at, updatedAt)
    );
    return pageOf(found, opts);
  }),
  route(createRoomOperation, (state, { payload }) => {
    checkName(state, payload.unique_name);
    return { data: completeRoom(createRoom(state, payload), false) };
  }),
  route(updateRoomOperation, (state, { ids, payload }) => {
    const room = existing(state, ids);
    checkName(state, payload.unique_name, room);
    return { data: completeRoom(updateRoom(state, room, payload), false) };
  }),
  route(deleteRoomOperation, (state, { ids }) => {
    state.rooms.delete(existing(state, ids).id.toLowerCase());
    return undefined;
  }),
];

/** What a text of the query may mean. */
function meanings(text: string): unknown[] {
  const other = text === "true" || text === "false"
    ? text === "true"
    : /^\d+$/.test(text)
    ? Number(text)
    : text;
  return [text, other];
}

/** The options that a query stands for, by the operation's own decoders. */
function readQuery({ query }: Operation, params: URLSearchParams) {
  const opts: Record<string, unknown> = {};
  const entries = Object.entries(query ?? {}) as [
    string,
    [name: string, decoder: Decoder<unknown>],
  ][];
  for (const [option, [name, decoder]] of entries) {
    const bounds = ["eq", "gte", "lte"].flatMap((bound) => {
      const day = params.get(`${name}[${bound}]`);
      return day === null ? [] : [[bound, day]];
    });
    const text = params.get(name);
    const values = bounds.length > 0
      ? [Object.fromEntries(bounds)]
      : text === null
      ? []
      : meanings(text);
    if (values.length === 0) continue;
    const right = values.find((value) => !decoder(value));
    if (right === undefined) {
      const { pointer, expected } = decoder(values.at(-1)) as Mismatch;
      throw badParameter(
        name + pointer.replace(/^\/(.*)/, "[$1]"),
        decoder === boolean ? "true or false" : expected,
      );
    }
    opts[option] = right;
  }
  return opts;
}

function readPayload({ payload }: Operation, body: string): unknown {
  if (!payload) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(body || "{}");
  } catch {
    throw Refusal.notJson();
  }
  const wrong = payload[1](value);
  if (wrong) throw badPayload(wrong);
  return value;
}

/** What is asked of the fake: a request without its headers. */
export interface Call {
  method: string;
  url: string;
  /** The body; `""` if there is none. */
  body: string;
}

/** The status and body of the response to a call. */
export function respond(
  state: State,
  { method, url, body }: Call,
): { status: number; body: unknown } {
  const { pathname, searchParams } = new URL(url);
  try {
    for (const { operation, carryOut } of routes) {
      if (operation.method !== method) continue;
      const pattern = operation.path.replaceAll(/\{(\w+)\}/g, "(?<$1>[^/]+)");
      const match = new RegExp(`${pattern}$`).exec(pathname);
      if (!match) continue;
      const ids = { ...match.groups };
      for (const [name, id] of Object.entries(ids)) {
        if (uuid(id)) throw badId(name);
      }
      const opts = readQuery(operation, searchParams);
      const payload = readPayload(operation, body);
      const asked = { ids, opts, payload } as Asked<string, never, never>;
      return { status: operation.status, body: carryOut(state, asked) };
    }
    throw Refusal.noSuchPath();
  } catch (thrown) {
    if (thrown instanceof Refusal) return thrown;
    throw thrown;
  }
}
