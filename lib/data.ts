// The response body `{"data": …}`, and the operations that have it.
import { type Decoder, object } from "./decode.ts";
import type { Operation } from "./operation.ts";

/** The body of most responses: an object with the result in `data`. */
export interface Data<T> {
  /** The result. */
  data: T;
}

/** Makes the decoder of a body from that of its `data`. */
export function dataOf<T>(decoder: Decoder<T>): Decoder<Data<T>> {
  return object<Data<T>>({ data: [decoder, "required"] } as never);
}

/** An operation with a result and no payload. */
export type Get<Path extends string, Item, Options = unknown> = Operation<
  Path,
  Options,
  never,
  Data<Item>
>;

/** An operation with a payload and a result. */
export type Send<Path extends string, Payload, Item> = Operation<
  Path,
  unknown,
  Payload,
  Data<Item>
>;

/** An operation without a payload or a result. */
export type Delete<Path extends string> = Operation<
  Path,
  unknown,
  never,
  never
>;
