import { type Decoder, object } from "./decode.ts";
import type { Operation } from "./operation.ts";

/** What most responses are: an object with what was asked for in `data`. */
export interface Data<T> {
  /** What was asked for. */
  data: T;
}

/** The body around what `decoder` accepts. */
export function dataOf<T>(decoder: Decoder<T>): Decoder<Data<T>> {
  return object<Data<T>>({ data: [decoder, "required"] } as never);
}

/** An operation that results in one thing, and has no payload. */
export type Get<Path extends string, Item, Options = unknown> = Operation<
  Path,
  Options,
  never,
  Data<Item>
>;

/** An operation that sends something, and results in one thing. */
export type Send<Path extends string, Payload, Item> = Operation<
  Path,
  unknown,
  Payload,
  Data<Item>
>;

/** An operation that has no payload and no result. */
export type Delete<Path extends string> = Operation<
  Path,
  unknown,
  never,
  never
>;
