import type { Page, PageOptions } from "../core/list.ts";
import type { Data, Ids, Operation } from "../core/operation.ts";
import { matching, slicePage } from "./filters.ts";
import type { Records } from "./records.ts";
import { refusal } from "./refusal.ts";
import type { State } from "./state.ts";

export interface Arguments<Path extends string, Options, Payload> {
  ids: Ids<Path> & Readonly<Record<string, string>>;
  opts: Options;
  payload: Payload;
}

/** An operation with the fake's implementation of it. */
export interface Route {
  operation: Operation;
  /** Returns the result, or throws a `Refusal`. */
  carryOut(state: State, args: Arguments<string, unknown, unknown>): unknown;
}

/** A route with the types of its operation. */
export function route<Path extends string, Options, Payload, Result>(
  operation: Operation<Path, Options, Payload, Result>,
  carryOut: (
    state: State,
    args: Arguments<Path, Options, Payload>,
  ) => Result,
): Route {
  return { operation, carryOut } as Route;
}

/** The record with this id; throws a 404 if there is none. */
export function existing<T extends { id: string }>(
  records: Records<T>,
  id: string | undefined,
): T {
  const record = records.get(id);
  if (record) return record;
  throw refusal(404, "The requested resource or URL could not be found.");
}

/** The records that operations look up and list, each shown in some way. */
interface Resource<T extends { id: string }, Options, View> {
  of(state: State): Records<T>;
  view(state: State, record: T, opts: Options): View;
}

export function lookUp<T extends { id: string }, Options, View>(
  operation: Operation<string, Options, undefined, Data<View>>,
  { of, view }: Resource<T, Options, View>,
): Route {
  return route(operation, (state, { ids, opts }) => ({
    data: view(state, existing(of(state), ids.id), opts),
  }));
}

/**
 * The route of a list.
 *
 * @param nested Its other path, with the id of an owner; and all owners.
 */
export function list<
  T extends { id: string },
  Shown,
  Options extends Shown & PageOptions,
  View,
>(
  operation: Operation<string, Options, undefined, Page<View>>,
  { of, view }: Resource<T, Shown, View>,
  nested?: { path: string; owners(state: State): Records<{ id: string }> },
): Route {
  const own = nested ? { ...operation, path: nested.path } : operation;
  return route(own, (state, { ids, opts }) => {
    for (const id of Object.values(ids)) {
      if (nested) existing(nested.owners(state), id);
    }
    const found = matching(of(state), { ...opts, ...ids });
    return slicePage(found, opts, (record) => view(state, record, opts));
  });
}

/** The fields of a payload that are given and that Telnyx knows. */
export function fieldsOf<T extends object>(
  payload: T,
  names: readonly (keyof T & string)[],
): object {
  return Object.fromEntries(
    names.filter((name) => payload[name] !== undefined)
      .map((name) => [name, payload[name]]),
  );
}

/** Fields that rooms and compositions have. */
export const webhookNames = [
  "webhook_event_url",
  "webhook_event_failover_url",
  "webhook_timeout_secs",
] as const;
