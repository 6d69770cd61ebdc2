// Makes the request of an operation from its arguments, without effects.
import { checkArgument, toHref, uuid, visibleText } from "./arguments.ts";
import { where } from "./decode.ts";
import { InvalidArgumentError } from "./errors.ts";
import { lengthOf, readForeign, secretsOf } from "./foreign.ts";
import { boundNames } from "./list.ts";
import type {
  Ids,
  Operation,
  OptionSpec,
  PayloadArgument,
} from "./operation.ts";
import { readOptions } from "./options.ts";
import { isPlain } from "./plain_json.ts";
import { isRecord } from "./redact.ts";

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

const telnyx = "https://api.telnyx.com/v2";

/** The base URL without a trailing slash. */
function toBase(
  { baseUrl }: RequestOptions,
  secrets: readonly string[],
): string {
  if (baseUrl === undefined) return telnyx;
  const url = readForeign(
    "baseUrl",
    secrets,
    () => (baseUrl as URL)?.href ?? baseUrl,
  );
  const href = toHref(url);
  const isBase = where(
    "an http(s) URL without credentials or query",
    () => /^https?:\/\/[^@/]+\/[^?#]*$/.test(href),
  );
  checkArgument("baseUrl", isBase, url);
  return href.replace(/\/$/, "");
}

/**
 * The names of the options of a call. A request needs only `baseUrl` of them, but
 * may be given all.
 */
export const callOptionNames: readonly string[] = [
  "baseUrl",
  "signal",
  "timeoutMs",
  "attemptTimeoutMs",
  "retry",
  "maxBodyBytes",
  "onAttempt",
];

/** The names of the options of an operation, and of its call. */
export function optionNames(
  { options }: Pick<Operation, "options">,
): readonly string[] {
  return [...Object.keys(options ?? {}), ...callOptionNames];
}

/** A copy of a list or of bounds: what is checked is what is sent. */
function snapshot(
  option: string,
  value: unknown,
  secrets: readonly string[],
): unknown {
  if (!isRecord(value)) return value;
  const [isList, isReadable] = readForeign(
    option,
    secrets,
    () => [Array.isArray(value), isPlain(value)],
  );
  if (isList) {
    const list = value as unknown as unknown[];
    const length = lengthOf(option, list, secrets);
    return readForeign(
      option,
      secrets,
      () => Array.from({ length }, (_, i) => list[i]),
    );
  }
  // A Date or a Map has no bounds that could be seen
  if (!isReadable) {
    throw new InvalidArgumentError(
      option,
      "must be a plain object, not one of another class",
    );
  }
  return readOptions(option, value, boundNames, secrets);
}

/**
 * The options that are set, by their names on the wire. An object without bounds
 * sets nothing; it is refused where that would select more than was meant.
 */
function toFields(
  opts: object,
  { options, needsFilter = false }: Operation,
  secrets: readonly string[],
): [name: string, value: unknown][] {
  const fields: [name: string, value: unknown][] = [];
  const specs: OptionSpec<Record<string, unknown>> = options ?? {};
  for (const [option, [name, decoder, toPairs]] of Object.entries(specs)) {
    const value = snapshot(option, Reflect.get(opts, option), secrets);
    if (value === undefined) continue;
    checkArgument(option, decoder, value, secrets);
    const pairs = toPairs ? toPairs(name, value) : [[name, value] as const];
    if (needsFilter && pairs.length === 0) {
      throw new InvalidArgumentError(
        option,
        `must have at least one of '${boundNames.join("', '")}'`,
      );
    }
    for (const [name, value] of pairs) fields.push([name, value]);
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
  ...payload: PayloadArgument<Payload>
): ApiRequest {
  const { method, body } = operation;
  const secrets = secretsOf(token);
  const path = operation.path.replace(/{(.*?)}/g, (_, id) => {
    const read = () => (ids as Record<string, string>)[id];
    return checkArgument(id, uuid, readForeign(id, secrets, read));
  });
  checkArgument("token", visibleText, token);
  const given = readOptions("", opts, optionNames(operation), secrets);
  const fields = toFields(given, operation, secrets);
  if (operation.needsFilter && fields.length === 0) {
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
    url: toBase(given, secrets) + path + query,
    headers: {
      accept: "application/json",
      authorization: `Bearer ${token}`,
      ...body?.headers,
    },
    ...body && {
      body: body.toText(Object.fromEntries(fields), payload[0], secrets),
    },
    redirect: "manual",
  };
}
