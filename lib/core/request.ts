// What an operation is, and how its arguments become a request.
import { checkArgument, toHref, uuid, visibleText } from "./arguments.ts";
import { anyObject, type Decoder, where } from "./decode.ts";

/** The ids in a path, by name: `{ id: string }` for `"/rooms/{id}"`. */
export type Ids<Path extends string> = Path extends
  `${string}{${infer Name}}${infer Rest}`
  ? { readonly [Key in Name]: string } & Ids<Rest>
  : unknown;

/** The options of an operation, each with its name on the wire and decoder. */
export type OptionSpec<Options> = {
  readonly [Option in keyof Options]-?: readonly [
    name: string,
    decoder: Decoder<NonNullable<Options[Option]>>,
    toPairs?: ToPairs,
  ];
};

/** Turns an option into several parameters. */
export type ToPairs = (name: string, value: unknown) => [string, unknown][];

/** How a payload and the options become the body of a request. */
export interface Body<Payload> {
  /** The decoder of the payload, if there is one. */
  readonly decoder?: IfHas<Payload, Decoder<Payload>>;
  /** The body's field for the payload; if absent, the payload is the body. */
  readonly field?: string;
  /** The headers of the body. */
  readonly headers: Record<string, string>;
  /** Makes the body as text. */
  toText(options: Record<string, unknown>, payload: unknown): string;
}

/** Undefined if `T` is `never`, else `Then`; either if `T` is unknown. */
export type IfHas<T, Then> = [T] extends [never] ? undefined
  : unknown extends T ? Then | undefined
  : Then;

/**
 * One operation of the API, declared once: its request, the checks of its
 * arguments and the decoder of its response are derived from it. `Payload` and
 * `Result` are `never` if it has none.
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
  /** The options, sent in the body if there is one, or else in the query. */
  readonly options?: OptionSpec<Options>;
  /** The decoder of the options as a whole. Default: any object. */
  readonly allOptions?: Decoder<object>;
  /** The body of the request, if any: see `jsonBody`. */
  readonly body?: unknown extends Payload ? Body<Payload> | Body<never>
    : Body<Payload>;
  /** Whether the payload is a secret, to be redacted from errors. */
  readonly isSecret?: boolean;
  /** The success status; any other is an `ApiError`. */
  readonly status: number;
  /** Whether it may be sent again after it may have been carried out. */
  readonly repeatable: boolean;
  /** The decoder of the response body; absent if success has none. */
  readonly result?: IfHas<Result, Decoder<Result>>;
}

/** The result of an operation: the response body, or undefined. */
export type ResultOf<Result> = IfHas<Result, Result>;

/** The option of every request. */
export interface RequestOptions {
  /**
   * The API's base URL: `http` or `https`, without credentials, query or
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
   * `accept`; `authorization`, which contains the token; and `content-type` if
   * there is a body.
   */
  headers: Record<string, string>;
  /** The body as JSON text; absent if there is none. */
  body?: string;
  /** Always `"manual"`: a redirect must not forward the token. */
  redirect: "manual";
}

/** The payload of an operation as rest arguments: none, or one. */
export type PayloadArgument<Payload> = [Payload] extends [never] ? []
  : unknown extends Payload ? [payload?: Payload]
  : [payload: Payload];

const telnyx = "https://api.telnyx.com/v2";

/** The last base URL and its result: a check takes 4 % of a call. */
let lastUrl: unknown = telnyx;
let lastBase = telnyx;

/** The base URL without a trailing slash. */
function toBase({ baseUrl = telnyx }: RequestOptions): string {
  const url = (baseUrl as URL)?.href ?? baseUrl;
  if (url !== lastUrl) {
    const href = toHref(url);
    const isBase = where(
      "an http(s) URL without credentials or query",
      () => /^https?:\/\/[^@/]+\/[^?#]*$/.test(href),
    );
    checkArgument("baseUrl", isBase, url);
    lastUrl = url;
    lastBase = href.replace(/\/$/, "");
  }
  return lastBase;
}

/** The options that are set, by their names on the wire. */
function toFields<Options>(
  opts: Options,
  spec: OptionSpec<Options> | undefined,
): [name: string, value: unknown][] {
  const fields: [name: string, value: unknown][] = [];
  for (const option in spec) {
    const value = opts[option];
    if (value === undefined) continue;
    const [name, decoder, toPairs] = (spec as OptionSpec<Options>)[option];
    checkArgument(option, decoder, value);
    if (toPairs) fields.push(...toPairs(name, value));
    else fields.push([name, value]);
  }
  return fields;
}

/**
 * Makes the request of an operation, without sending it. A pure function.
 *
 * @param operation The operation, such as `getRoomOperation`.
 * @param token The account's API key: visible ASCII, without `Bearer`.
 * @param ids The ids in the path, by name; `{}` if it has none.
 * @param opts The operation's options, and `baseUrl`.
 * @param payload The payload, if the operation has one.
 * @returns The request, for any HTTP client.
 * @throws {InvalidArgumentError} If an argument is invalid.
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
  const { method, body, options, allOptions = anyObject } = operation;
  const path = operation.path.replace(
    /{(.*?)}/g,
    (_, id) => checkArgument(id, uuid, (ids as Record<string, string>)[id]),
  );
  checkArgument("token", visibleText, token);
  checkArgument("opts", allOptions, opts);
  const fields = toFields(opts, options);
  // Even an empty URLSearchParams takes a tenth of a call with a stubbed fetch
  const query = body || !fields[0]
    ? ""
    : "?" + new URLSearchParams(fields as never);
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
