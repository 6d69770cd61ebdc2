// Classifies what `fetchFn` or a body threw: by codes, names and types, and by a
// platform's known words only where it gives nothing else.
import {
  InvalidArgumentError,
  NetworkError,
  type RoomsError,
} from "./errors.ts";
import { escapeInvisible } from "./foreign.ts";
import { isRecord, propertyOf, redactError } from "./redact.ts";

/** The codes of connections that could not be made, so that nothing was sent. */
const connectCodes: ReadonlySet<string> = /* @__PURE__ */ new Set([
  // The name could not be resolved
  "EAI_AGAIN",
  "EAI_FAIL",
  "EAI_NODATA",
  "EAI_NONAME",
  "ENOTFOUND",
  // The host could not be reached
  "ECONNREFUSED",
  "EHOSTDOWN",
  "EHOSTUNREACH",
  "ENETDOWN",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
  "ConnectionRefused",
  "FailedToOpenSocket",
  // The certificate is not trusted, which is found before anything is sent
  "CERT_HAS_EXPIRED",
  "CERT_NOT_YET_VALID",
  "CERT_UNTRUSTED",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "ERR_TLS_CERT_ALTNAME_INVALID",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "CERT_CHAIN_TOO_LONG",
  "CERT_REJECTED",
  "CERT_REVOKED",
  "CERT_SIGNATURE_FAILURE",
  "HOSTNAME_MISMATCH",
  "INVALID_CA",
  "INVALID_PURPOSE",
  "PATH_LENGTH_EXCEEDED",
  "UNKNOWN_CERTIFICATE_VERIFICATION_ERROR",
  // The TLS handshake failed: the two sides have no version, cipher or name in
  // common, or the port does not speak TLS. Not Bun's EPROTO, which it also gives
  // to a connection that breaks after the request
  "ERR_SSL_DH_KEY_TOO_SMALL",
  "ERR_SSL_NO_PROTOCOLS_AVAILABLE",
  "ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE", // Node 24's
  "ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE",
  "ERR_SSL_TLSV1_ALERT_INSUFFICIENT_SECURITY",
  "ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL",
  "ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION",
  "ERR_SSL_TLSV1_UNRECOGNIZED_NAME",
  "ERR_SSL_UNSAFE_LEGACY_RENEGOTIATION_DISABLED",
  "ERR_SSL_UNSUPPORTED_PROTOCOL",
  "ERR_SSL_WRONG_VERSION_NUMBER",
]);

/** Node's `ECONNRESET` tells only in words that it came before the request. */
const nodeHandshake =
  /^Client network socket disconnected before secure TLS connection was established$/;

/** Deno's `fetch` tells the phase of a failure only in words. */
const denoConnect = /client error \(Connect\)/;

/** An error as it was redacted: its text, code and causes. */
interface Cause {
  name?: string;
  message?: string;
  code?: string;
  cause?: unknown;
  errors?: unknown;
}

/** The code of an error; undefined if it has none, or an empty one. */
function codeOf({ code }: Cause): string | undefined {
  return code === "" ? undefined : code;
}

/** The errors that an error was caused by: one, several at once, or none. */
function causesOf({ cause, errors }: Cause): Cause[] {
  const causes = Array.isArray(errors) ? [...errors, cause] : [cause];
  return causes.filter(isRecord);
}

/** An error and everything that caused it, the outermost first. */
function chainOf(error: Cause): Cause[] {
  return [error, ...causesOf(error).flatMap(chainOf)];
}

/**
 * Whether an error says that no connection was made, so that nothing was sent.
 * Where several connections were tried at once, each of them has to say so.
 */
export function isConnectFailure(error: unknown): boolean {
  // A copy, since a cause of the caller's can be anything, without an end
  return isRecord(error) && saysNotConnected(redactError(error, []));
}

function saysNotConnected(error: Cause): boolean {
  const { message = "", cause, errors } = error;
  if (Array.isArray(errors) && errors.length > 0) {
    return errors.every(saysNotConnected);
  }
  const code = codeOf(error);
  if (code === "ECONNRESET" && nodeHandshake.test(message)) return true;
  if (code !== undefined) return connectCodes.has(code);
  return denoConnect.test(message) ||
    (isRecord(cause) && saysNotConnected(cause));
}

/** The deepest text that says something, or else the deepest code, as one line. */
function reasonOf(error: Cause): string {
  for (const cause of causesOf(error)) {
    const reason = reasonOf(cause);
    if (reason) return reason;
  }
  return (error.message ?? "").replace(/\s+/g, " ").trim() || error.code || "";
}

const closed = "must be open: its client was closed";
const unlike = "must be like fetch: wrap it";
const unbound =
  "must keep its this: pass (url, init) => env.SERVICE.fetch(url, init)";
const foreignDispatcher =
  "must be the fetch of its dispatcher's undici: pass (url, init) => " +
  "undici.fetch(url, { ...init, dispatcher })";
const blockedPort = "may not use this port: check 'baseUrl'";

/** What to do about a failure that no retry can mend, by its code or name. */
const permanent: ReadonlyMap<string, string> = /* @__PURE__ */ new Map([
  // Node's
  ["ERR_INVALID_PROTOCOL", "must have an agent for the protocol of 'baseUrl'"],
  // Deno's
  ["NotCapable", "needs permission: run Deno with --allow-net"],
  ["PermissionDenied", "needs permission: run Deno with --allow-net"],
  ["BadResource", closed],
  // undici's, and so Node's
  ["UND_ERR_CLOSED", closed],
  ["UND_ERR_DESTROYED", closed],
  ["UND_ERR_INVALID_ARG", unlike],
  ["UND_ERR_NOT_SUPPORTED", unlike],
  ["ERR_INVALID_ARG_TYPE", unlike],
  ["ERR_INVALID_ARG_VALUE", unlike],
]);

/**
 * The same, by the whole text of a platform that gives no code. Parts of texts
 * would not do: "Address family not supported" is a host without IPv6.
 */
const permanentWords: readonly [RegExp, string][] = [
  // workerd's, Chromium's, Firefox's and Safari's
  [/^(Failed to execute 'fetch' on '\w+': )?Illegal invocation/, unbound],
  [/^'fetch' called on an object that does not implement/, unbound],
  [/^Can only call \w+\.fetch on instances of/, unbound],
  // workerd's
  [/^The '\w+' field( on '\w+')? is not implemented/, unlike],
  [/^(Unsupported cache mode: |Invalid redirect value, )/, unlike],
  // that of functions which follow redirects always
  [/^request\.redirect not supported/, unlike],
  // undici's, and Deno's
  [/^(bad port|Fetch failed: Requests to port \d+ are blocked)$/, blockedPort],
];

/** What to do about a failure that can never succeed; undefined for others. */
function permanentProblem(error: Cause): string | undefined {
  for (const link of chainOf(error)) {
    const { name = "", message = "" } = link;
    const code = codeOf(link);
    // undici asks a handler for the methods of its own version
    if (
      code === "UND_ERR_INVALID_ARG" && /^invalid on\w+ method$/.test(message)
    ) {
      return foreignDispatcher;
    }
    const problem = permanent.get(code ?? name) ??
      (code === undefined
        ? permanentWords.find(([words]) => words.test(message))?.[1]
        : undefined);
    if (problem !== undefined) return problem;
  }
}

/** The error for a `fetchFn` that does not behave like `fetch`. */
export function unlikeFetch(
  reason: string,
  note = "",
  options?: { cause: unknown },
): InvalidArgumentError {
  const problem = `${unlike} (${reason})${note}`;
  return new InvalidArgumentError("fetchFn", problem, options);
}

/** Whether a thrown error tells a response: axios and ky throw for a status. */
export function hasResponse(thrown: unknown): boolean {
  return isRecord(propertyOf(thrown, "response"));
}

/** What is known of a request that failed. */
export interface FailedRequest {
  /** What did not arrive. */
  waitingFor: "response" | "body";
  /** The address. */
  url: string;
  /** Texts to redact. */
  secrets: readonly string[];
  /** What the message adds if the request may have been carried out. */
  note: string;
  /** Whether a web page sent it, so that CORS may be the reason. */
  isOfPage: boolean;
  /** Whether it was for a file, and not for the API. Default: false. */
  isForFile?: boolean;
}

/**
 * Makes the error of whatever `fetchFn` or a body threw. A failure that can
 * never succeed is an `InvalidArgumentError`, which is not retried.
 */
export function failureOf(thrown: unknown, request: FailedRequest): RoomsError {
  const { waitingFor, url, secrets, note, isOfPage, isForFile } = request;
  const cause = redactError(thrown, secrets) as Error & Cause;
  const reason = escapeInvisible(reasonOf(cause));
  if (hasResponse(thrown)) return unlikeFetch(reason, note, { cause });
  const problem = permanentProblem(cause);
  if (problem !== undefined && waitingFor === "response") {
    const { host } = new URL(url);
    const advice = problem.replace("--allow-net", `--allow-net=${host}`);
    return new InvalidArgumentError("fetchFn", `${advice} (${reason})`, {
      cause,
    });
  }
  const origin = isOfPage ? ", and whether its server allows this origin" : "";
  const missing = isForFile
    ? "file did not arrive whole: check the network"
    : `${waitingFor} did not arrive: check the network and 'baseUrl'`;
  return new NetworkError(
    `The ${missing}` +
      `${origin} (${reason})${isConnectFailure(cause) ? "" : note}`,
    { cause },
  );
}
