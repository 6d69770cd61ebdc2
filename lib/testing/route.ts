import type { Ids, Operation } from "../core/operation.ts";
import { refusal } from "./refusal.ts";
import { find, type State } from "./state.ts";

/** The arguments of an operation. */
export interface Arguments<Path extends string, Options, Payload> {
  ids: Ids<Path>;
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

/** The same operation at another path, with its own ids. */
export function at<Path extends string, Options, Payload, Result>(
  path: Path,
  operation: Operation<string, Options, Payload, Result>,
): Operation<Path, Options, Payload, Result> {
  return { ...operation, path };
}

/** The record with this id; throws a 404 if there is none. */
export function existing<T>(records: Map<string, T>, id: string): T {
  const record = find(records, id);
  if (record) return record;
  throw refusal(404, "The requested resource or URL could not be found.");
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
