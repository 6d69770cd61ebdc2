import {
  apiKey,
  baseAddress,
  checkArgument,
  toHref,
  uuid,
} from "./arguments.ts";
import { anyObject, type Decoder } from "./decode.ts";

/**
 * The ids in a path, by their names: `{ id: string }` of `"/rooms/{id}"`.
 */
export type Ids<Path extends string> = Path extends
  `${string}{${infer Name}}${infer Rest}`
  ? { readonly [Key in Name]: string } & Ids<Rest>
  : unknown;

/**
 * The options of a query, each with its name on the wire and its decoder. The
 * fields of one that is an object travel as `name[field]`.
 */
export type QuerySpec<Query> = {
  readonly [Option in keyof Query]-?: readonly [
    name: string,
    decoder: Decoder<NonNullable<Query[Option]>>,
  ];
};

/** `Then`, or undefined if there is no `T`; either, if that is not known. */
export type IfHas<T, Then> = [T] extends [never] ? undefined
  : unknown extends T ? Then | undefined
  : Then;

/**
 * One operation of the API, declared once: its request, the checks of what it
 * is called with, and the decoder of its response all come from here. `never`
 * is a `Payload` or a `Result` that it does not have.
 */
export interface Operation<
  Path extends string = string,
  // deno-lint-ignore no-explicit-any
  Query = any,
  // deno-lint-ignore no-explicit-any
  Payload = any,
  // deno-lint-ignore no-explicit-any
  Result = any,
> {
  /** The HTTP method. */
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  /** The path after the API's base; ids, which are UUIDs, stand in braces. */
  readonly path: Path;
  /** The options that travel in the query, if there are any. */
  readonly query?: QuerySpec<Query>;
  /** The payload's name in error messages, and its decoder, if it has one. */
  readonly payload?: IfHas<
    Payload,
    readonly [name: string, decoder: Decoder<Payload>]
  >;
  /** The status of success; any other is an `ApiError`. */
  readonly status: number;
  /** Whether it may be sent again when it may have been carried out. */
  readonly repeatable: boolean;
  /** The decoder of the body; absent if success has none. */
  readonly result?: IfHas<Result, Decoder<Result>>;
}

/** What an operation resolves to: the body, or nothing if it has none. */
export type ResultOf<Result> = IfHas<Result, Result>;

/** The option that every request has. */
export interface RequestOptions {
  /**
   * The API's address: `http` or `https`, without credentials, query or
   * fragment. Default: `https://api.telnyx.com/v2`.
   */
  baseUrl?: string | URL | undefined;
}

/** A request as data: `fetch(url, request)` sends it. */
export interface ApiRequest {
  /** The HTTP method. */
  method: "GET" | "POST" | "PATCH" | "DELETE";
  /** The absolute URL. */
  url: string;
  /**
   * `accept`, `authorization` with the token in it, and with a body
   * `content-type`.
   */
  headers: Record<string, string>;
  /** The payload as JSON; absent if there is none. */
  body?: string;
  /** Always `"manual"`: a redirect must not carry the token away. */
  redirect: "manual";
}

/** The payload of an operation, as an argument: none, or one. */
export type PayloadArgument<Payload> = [Payload] extends [never] ? []
  : unknown extends Payload ? [payload?: Payload]
  : [payload: Payload];

/** The API's address, without a slash at its end. */
function toBase({ baseUrl }: RequestOptions): string {
  if (baseUrl === undefined) return "https://api.telnyx.com/v2";
  return toHref(checkArgument("baseUrl", baseAddress, baseUrl))
    .replace(/\/$/, "");
}

/** The query, with the `?` before it; empty if nothing is asked for. */
function toQuery<Query>(opts: Query, spec: QuerySpec<Query>): string {
  type Entry = QuerySpec<Record<string, unknown>>[string];
  const pairs = Object.entries<Entry>(spec as never)
    .flatMap(([option, [name, decoder]]): [string, unknown][] => {
      const value: unknown = opts[option as keyof Query];
      if (value !== undefined) checkArgument(option, decoder, value);
      if (typeof value !== "object") return [[name, value]];
      return Object.entries(value as object)
        .map(([field, inner]) => [`${name}[${field}]`, inner]);
    })
    .filter(([, value]) => value !== undefined);
  const query = `${new URLSearchParams(pairs as [string, string][])}`;
  return query && `?${query}`;
}

/**
 * Makes the request of an operation, without sending it. It has no effects and
 * always gives the same request for the same arguments.
 *
 * @param operation The operation, such as `getRoomOperation`.
 * @param token The account's API key: visible ASCII, without `Bearer`.
 * @param ids The ids in the path, by their names; `{}` if it has none.
 * @param opts What to ask for, and where.
 * @param payload What to send, if the operation has a payload.
 * @returns The request, for any HTTP client.
 * @throws {InvalidArgumentError} If no request can be made of the arguments.
 *
 * @example
 * ```ts
 * import { getRoomOperation, toRequest } from "@videorooms/telnyx/core";
 * import { assertEquals } from "@std/assert";
 *
 * const id = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
 * const { url } = toRequest(getRoomOperation, "KEY", { id }, {
 *   includeSessions: true,
 * });
 * assertEquals(
 *   url,
 *   `https://api.telnyx.com/v2/rooms/${id}?include_sessions=true`,
 * );
 * ```
 */
export function toRequest<Path extends string, Query, Payload, Result>(
  operation: Operation<Path, Query, Payload, Result>,
  token: string,
  ids: Ids<Path>,
  opts: Query & RequestOptions = {} as Query & RequestOptions,
  ...payload: PayloadArgument<Payload>
): ApiRequest {
  const { method, query = {} } = operation;
  const expected = operation.payload as
    | readonly [name: string, decoder: Decoder<Payload>]
    | undefined;
  const path = operation.path.replaceAll(
    /\{(\w+)\}/g,
    (_, name) =>
      checkArgument(name, uuid, (ids as Record<string, string>)[name]),
  );
  checkArgument("token", apiKey, token);
  checkArgument("opts", anyObject, opts);
  const search = toQuery(opts, query as QuerySpec<Query>);
  const request: ApiRequest = {
    method,
    url: toBase(opts) + path + search,
    headers: {
      accept: "application/json",
      authorization: `Bearer ${token}`,
    },
    redirect: "manual",
  };
  if (expected) {
    request.headers["content-type"] = "application/json";
    request.body = JSON.stringify(checkArgument(...expected, payload[0]));
  }
  return request;
}
