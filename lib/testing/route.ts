import type { Ids, Operation, ResultOf } from "../operation.ts";
import { Refusal } from "./refusal.ts";
import { find, type State } from "./state.ts";

/** What a route is asked. */
export interface Asked<Path extends string, Options, Payload> {
  ids: Ids<Path>;
  opts: Options;
  payload: Payload;
}

/** An operation, and how the fake carries it out. */
export interface Route {
  operation: Operation;
  /** Returns the result, or throws a `Refusal`. */
  carryOut(state: State, asked: Asked<string, never, never>): unknown;
}

/** A route, whose types are those of its operation. */
export function route<Path extends string, Options, Payload, Result>(
  operation: Operation<Path, Options, Payload, Result>,
  carryOut: (
    state: State,
    asked: Asked<Path, Options, Payload>,
  ) => ResultOf<Result>,
): Route {
  return { operation, carryOut } as Route;
}

/** The same operation at another path, which has ids of its own. */
export function at<Path extends string, Options, Payload, Result>(
  path: Path,
  operation: Operation<string, Options, Payload, Result>,
): Operation<Path, Options, Payload, Result> {
  return { ...operation, path };
}

/** The record of an id, or a 404. */
export function existing<T>(records: Map<string, T>, id: string): T {
  const record = find(records, id);
  if (!record) throw Refusal.notFound();
  return record;
}

/** The fields of a body that are given, of those that the provider knows. */
export function fieldsOf<T extends object>(
  payload: T,
  names: readonly (keyof T & string)[],
): object {
  return Object.fromEntries(
    names.filter((name) => payload[name] !== undefined)
      .map((name) => [name, payload[name]]),
  );
}

/** Fields of a body that rooms and compositions have. */
export const webhookNames = [
  "webhook_event_url",
  "webhook_event_failover_url",
  "webhook_timeout_secs",
] as const;
