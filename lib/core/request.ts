// Makes the request of an operation from its arguments, without effects.
import { checkArgument, toHref, uuid, visibleText } from "./arguments.ts";
import { optionNames } from "./call_options.ts";
import { type Decoder, where } from "./decode.ts";
import { InvalidArgumentError } from "./errors.ts";
import { lengthOf, readForeign, secretsOf } from "./foreign.ts";
import { boundNames } from "./list.ts";
import type { Ids, Operation } from "./operation.ts";
import { readOptions } from "./options.ts";
import { fillPath } from "./path.ts";
import { isPlain } from "./plain_json.ts";
import { isRecord } from "./redact.ts";

/** The option of every request. */
export interface RequestOptions {
  /**
   * The API's base URL: `http` or `https`, without credentials, query or
   * fragment.
   *
   * @default {"https://api.telnyx.com/v2"}
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

const telnyx = "https://api.telnyx.com/v2";

/** What `baseUrl` may be, in its normalized form. */
const normalAddress = /^https?:\/\/[^@/]+\/[^?#]*$/;

/** Accepts what `baseUrl` may be, as text. */
export const webAddress: Decoder<string> = /* @__PURE__ */ where(
  "an http(s) URL without credentials or query",
  (value) => normalAddress.test(toHref(value)),
);

/** The base URL without a trailing slash. */
function toBase(
  { baseUrl }: RequestOptions,
  secrets: readonly string[],
): string {
  if (baseUrl === undefined) return telnyx;
  // A URL object, also of another realm
  const href = readForeign(
    "baseUrl",
    secrets,
    () => isRecord(baseUrl) && "href" in baseUrl ? baseUrl.href : baseUrl,
  );
  const address = toHref(href); // parsed once: the check makes only the error
  if (!normalAddress.test(address)) {
    checkArgument("baseUrl", webAddress, href, secrets);
  }
  return address.endsWith("/") ? address.slice(0, -1) : address;
}

/** A copy of a list or of bounds: what is checked is what is sent. */
function snapshot(
  option: string,
  value: unknown,
  secrets: readonly string[],
): unknown {
  if (!isRecord(value)) return value;
  // A proxy may throw when it is asked for its type
  if (readForeign(option, secrets, () => Array.isArray(value))) {
    const length = lengthOf(option, value, secrets);
    return readForeign(
      option,
      secrets,
      () => Array.from({ length }, (_, i) => Reflect.get(value, i)),
    );
  }
  // A Date or a Map has no bounds that could be seen
  if (!readForeign(option, secrets, () => isPlain(value))) {
    throw new InvalidArgumentError(
      option,
      "must be a plain object, not one of another class",
    );
  }
  return readOptions(option, value, boundNames, secrets);
}

/** The parameters that an option becomes: one, or one for each of its bounds. */
function toParameters(name: string, value: unknown): [string, unknown][] {
  if (!isRecord(value) || Array.isArray(value)) return [[name, value]];
  return boundNames.filter((bound) => value[bound] !== undefined)
    .map((bound) => [`${name}[${bound}]`, value[bound]]);
}

/**
 * The options that are set, by their names on the wire. An object without bounds
 * sets nothing; it is refused where that would select more than was meant.
 */
function toFields(
  opts: object,
  { options = {}, needsFilter = false }: Operation,
  secrets: readonly string[],
): [name: string, value: unknown][] {
  const fields: [name: string, value: unknown][] = [];
  for (const [option, [name, decoder]] of Object.entries(options)) {
    const given: unknown = Reflect.get(opts, option);
    if (given === undefined) continue;
    const value = snapshot(option, given, secrets);
    checkArgument(option, decoder, value, secrets);
    const parameters = toParameters(name, value);
    if (needsFilter && parameters.length === 0) {
      throw new InvalidArgumentError(
        option,
        `must have at least one of '${boundNames.join("', '")}'`,
      );
    }
    fields.push(...parameters);
  }
  return fields;
}

/**
 * Makes the request of an operation, without sending it. A pure function.
 *
 * @param operation The operation, such as `getRoomOperation`.
 * @param token The account's API key: visible ASCII, without `Bearer`.
 * @param ids The ids in the path, by name; `{}` if it has none.
 * @param opts The operation's options, and `baseUrl`: own properties only.
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
  payload?: Payload,
): ApiRequest {
  const known = optionNames(operation);
  const options = readOptions("", opts, known, secretsOf(token));
  return makeRequest(operation, token, { ids, payload }, options);
}

/** What an operation is called with, but for its options. */
export interface CallArguments<Path extends string, Payload> {
  /** The ids in the path, by name; `{}` if it has none. */
  ids: Ids<Path>;
  /** The payload, if the operation has one. */
  payload?: Payload | undefined;
}

/** Makes the request of an operation from options that were read. */
export function makeRequest<Path extends string, Options, Payload, Result>(
  operation: Operation<Path, Options, Payload, Result>,
  token: string,
  { ids, payload }: CallArguments<Path, Payload>,
  options: object & RequestOptions,
): ApiRequest {
  const { method, needsFilter = false } = operation;
  // What a flaw elsewhere adds to Object.prototype is no body
  const body = Object.hasOwn(operation, "body") ? operation.body : undefined;
  // Or it could make the host of `baseUrl` another one
  if (!operation.path.startsWith("/")) {
    throw new InvalidArgumentError("operation.path", 'must begin with "/"');
  }
  const secrets = secretsOf(token);
  const path = fillPath(operation.path, (name) => {
    const id = readForeign(
      name,
      secrets,
      () => isRecord(ids) && Reflect.get(ids, name),
    );
    return checkArgument(name, uuid, id);
  });
  if (token === undefined || token === "") {
    const problem = "is missing: pass the account's API key";
    throw new InvalidArgumentError("token", problem);
  }
  checkArgument("token", visibleText, token);
  const fields = toFields(options, operation, secrets);
  if (needsFilter && fields.length === 0) {
    throw new InvalidArgumentError(
      "filter",
      "must have at least one condition: without any, it would be on everything",
    );
  }
  // Even an empty URLSearchParams takes a tenth of a call with a stubbed fetch
  const query = body || !fields[0] ? "" : `?${new URLSearchParams(
    fields.map(([name, value]) => [name, `${value}`]),
  )}`;
  return {
    method,
    url: toBase(options, secrets) + path + query,
    headers: {
      accept: "application/json",
      authorization: `Bearer ${token}`,
      ...body?.headers,
    },
    ...body && {
      body: body.toText(Object.fromEntries(fields), payload, secrets),
    },
    redirect: "manual",
  };
}
