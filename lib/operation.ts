import { checkArgument, toHref, uuid, visibleText } from "./arguments.ts";
import { anyObject, type Decoder, where } from "./decode.ts";

/**
 * The ids in a path, by their names: `{ id: string }` of `"/rooms/{id}"`.
 */
export type Ids<Path extends string> = Path extends
  `${string}{${infer Name}}${infer Rest}`
  ? { readonly [Key in Name]: string } & Ids<Rest>
  : unknown;

/**
 * The options of an operation, each with its name on the wire and its decoder.
 */
export type OptionSpec<Options> = {
  readonly [Option in keyof Options]-?: readonly [
    name: string,
    decoder: Decoder<NonNullable<Options[Option]>>,
    toPairs?: ToPairs,
  ];
};

/** How an option that is not one value travels: as fields of several names. */
export type ToPairs = (name: string, value: unknown) => [string, unknown][];

/** How a payload, and the options beside it, become the body of a request. */
export interface Body<Payload> {
  /** The decoder of the payload, if there is one. */
  readonly decoder?: IfHas<Payload, Decoder<Payload>>;
  /** The field of the body that the payload is; without it, it is the body. */
  readonly field?: string;
  /** The headers that tell what it is. */
  readonly headers: Record<string, string>;
  /** The body as text. */
  toText(options: Record<string, unknown>, payload: unknown): string;
}

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
  Options = any,
  // deno-lint-ignore no-explicit-any
  Payload = any,
  // deno-lint-ignore no-explicit-any
  Result = any,
> {
  /** The HTTP method. */
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  /** The path after the API's base; ids, which are UUIDs, stand in braces. */
  readonly path: Path;
  /**
   * Its options, if it has any. They travel in the query, or in the body if it
   * has one.
   */
  readonly options?: OptionSpec<Options>;
  /** What the options have to be as a whole. Default: any object. */
  readonly allOptions?: Decoder<object>;
  /** The body of the request, if it has one: see `jsonBody`. */
  readonly body?: unknown extends Payload ? Body<Payload> | Body<never>
    : Body<Payload>;
  /** Whether the payload is a secret, to be kept out of errors. */
  readonly isSecret?: boolean;
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
  const href = toHref(baseUrl);
  const isBase = where(
    "an http(s) URL without credentials or query",
    () => /^https?:\/\/[^@/]+\/[^?#]*$/.test(href),
  );
  checkArgument("baseUrl", isBase, baseUrl);
  return href.replace(/\/$/, "");
}

/** The options that are given, by their names on the wire. */
function toFields<Options>(
  opts: Options,
  spec: OptionSpec<Options>,
): [name: string, value: unknown][] {
  type Entry = OptionSpec<Record<string, unknown>>[string];
  return Object.entries<Entry>(spec as never)
    .flatMap(([option, [name, decoder, toPairs]]) => {
      const value: unknown = opts[option as keyof Options];
      if (value === undefined) return [];
      checkArgument(option, decoder, value);
      return toPairs ? toPairs(name, value) : [[name, value]];
    });
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
export function toRequest<Path extends string, Options, Payload, Result>(
  operation: Operation<Path, Options, Payload, Result>,
  token: string,
  ids: Ids<Path>,
  opts: Options & RequestOptions = {} as Options & RequestOptions,
  ...payload: PayloadArgument<Payload>
): ApiRequest {
  const { method, body, options = {}, allOptions = anyObject } = operation;
  const path = operation.path.split(/[{}]/).map((part, i) =>
    i % 2
      ? checkArgument(part, uuid, (ids as Record<string, string>)[part])
      : part
  ).join("");
  checkArgument("token", visibleText, token);
  checkArgument("opts", allOptions, opts);
  const fields = toFields(opts, options as OptionSpec<Options>);
  // Empty ones would still take a tenth of a call over a stub
  const query = body || !fields[0]
    ? ""
    : `?${new URLSearchParams(fields as never)}`;
  return {
    method,
    url: toBase(opts) + path + query,
    headers: {
      accept: "application/json",
      authorization: `Bearer ${token}`,
      ...body?.headers,
    },
    ...body && { body: body.toText(Object.fromEntries(fields), payload[0]) },
    redirect: "manual",
  };
}
