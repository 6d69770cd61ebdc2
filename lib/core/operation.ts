// What an operation is, and the pieces that operations are made of.
import { checkArgument } from "./arguments.ts";
import type { CallOptions } from "./call_options.ts";
import { type Decoder, requiredField } from "./decode.ts";
import { checkSpelling } from "./known_names.ts";
import { toPlainJson } from "./plain_json.ts";
import { isRecord } from "./redact.ts";

/** The ids in a path, by name: `{ id: string }` for `"/rooms/{id}"`. */
export type Ids<Path extends string> = Path extends
  `${string}{${infer Name}}${infer Rest}`
  ? { readonly [Key in Name]: string } & Ids<Rest>
  : unknown;

/** How a payload and the options become the body of a request. */
export interface Body<Payload> {
  /** The decoder of the payload, if there is one. */
  readonly decoder?: Decoder<Payload>;
  /** The body's field for the payload; if absent, the payload is the body. */
  readonly field?: string;
  /** The headers of the body. */
  readonly headers: Record<string, string>;
  /** Makes the body as text; errors must not show the secrets. */
  toText(
    options: Record<string, unknown>,
    payload: unknown,
    secrets?: readonly string[],
  ): string;
}

/**
 * One operation of the API, declared once: its request, the checks of its
 * arguments and the decoder of its response are derived from it. `Payload` and
 * `Result` are `undefined` if it has none.
 */
export interface Operation<
  Path extends string = string,
  // deno-lint-ignore no-explicit-any
  Options = any,
  // deno-lint-ignore no-explicit-any
  Payload = any,
  // deno-lint-ignore no-explicit-any
  Result = any,
> {
  /** The HTTP method. */
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  /** The path after the base URL, with ids (UUIDs) in braces. */
  readonly path: Path;
  /**
   * The operation's own options, each with its name on the wire and its decoder.
   * They are sent in the body if there is one, or else in the query; the bounds
   * of a range as `name[gte]`.
   */
  readonly options?: {
    readonly [Option in Exclude<keyof Options, keyof CallOptions>]-?: readonly [
      name: string,
      decoder: Decoder<NonNullable<Options[Option]>>,
    ];
  };
  /**
   * Whether at least one option has to be in the query, since without any the
   * operation would be on everything.
   *
   * @default {false}
   */
  readonly needsFilter?: boolean;
  /** The body of the request, if any: see `jsonBody`. */
  readonly body?: Body<Payload>;
  /** Whether the payload is a secret, to be redacted from errors. */
  readonly isSecret?: boolean;
  /** The success status; any other is an `ApiError`. */
  readonly status: number;
  /** Whether it may be sent again after it may have been carried out. */
  readonly repeatable: boolean;
  /**
   * The status that means "this had been done already" after an attempt that may
   * have been carried out: the 404 of a delete. Such an operation has no result.
   */
  readonly doneStatus?: number;
  /** The decoder of the response body; absent if success has none. */
  readonly result?: Decoder<Result>;
}

/** The body of most responses: an object with the result in `data`. */
export interface Data<T> {
  /** The result. */
  data: T;
}

/**
 * Makes the decoder of a body from that of its `data`.
 *
 * @param decoder The decoder of the `data`.
 * @returns The decoder of the body.
 *
 * @example
 * ```ts
 * import { dataOf, string } from "@videorooms/telnyx/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(dataOf(string)({ data: 1 })?.pointer, "/data");
 * ```
 */
export function dataOf<T>(decoder: Decoder<T>): Decoder<Data<T>> {
  return (value) => requiredField(value, "data", decoder);
}

/**
 * Makes the JSON body of an operation: the payload, or an object with the
 * payload in one field, together with the options.
 *
 * @param name The payload's name in errors; omitted if there is no payload.
 * @param decoder The decoder of the payload.
 * @param opts How the payload is checked and placed.
 * @param opts.field The body's field for the payload. Default: the payload is the
 * body.
 * @param opts.names The payload's known fields: a field that is one of them in
 * another spelling, such as `uniqueName`, is an error. Any other is sent.
 *
 * @example
 * ```ts
 * import { jsonBody, string } from "@videorooms/telnyx/core";
 * import { assertEquals } from "@std/assert";
 *
 * const body = jsonBody<string>("name", string, { field: "unique_name" });
 * assertEquals(body.toText({}, "Standup"), '{"unique_name":"Standup"}');
 * ```
 */
export function jsonBody<Payload>(
  name?: string,
  decoder?: Decoder<Payload>,
  opts: { field?: string; names?: readonly string[] } = {},
): Body<Payload> {
  const { field, names = [] } = opts;
  return {
    headers: { "content-type": "application/json" },
    ...decoder && { decoder },
    ...field && { field },
    toText(
      options: Record<string, unknown>,
      payload: unknown,
      secrets: readonly string[] = [],
    ) {
      const data = name === undefined
        ? undefined
        : toPlainJson(name, payload, secrets);
      if (decoder) checkArgument(name ?? "", decoder, data, secrets);
      const given = isRecord(data) ? Object.keys(data) : [];
      for (const word of given) {
        checkSpelling(name ?? "", word, names, secrets);
      }
      const fields = field ? { [field]: data } : data as object;
      // An option of the operation wins over a field of the payload
      return JSON.stringify({ ...fields, ...options });
    },
  };
}
