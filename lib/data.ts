import { type Decoder, object } from "./decode.ts";

/** What most responses are: an object with what was asked for in `data`. */
export interface Data<T> {
  /** What was asked for. */
  data: T;
}

/** The body around what `decoder` accepts. */
export function dataOf<T>(decoder: Decoder<T>): Decoder<Data<T>> {
  return object<Data<T>>({ data: [decoder, "required"] } as never);
}
