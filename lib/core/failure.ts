// Classifies what `fetchFn` or a body threw: by codes, names and types, and by a
// platform's known words only where it gives nothing else.
import {
  InvalidArgumentError,
  NetworkError,
  type RoomsError,
} from "./errors.ts";
import { isRecord, propertyOf, redactError } from "./redact.ts";

/** The codes of connections that could not be made, so that nothing was sent. */
const connectCodes = new Set([
  "EAI_AGAIN",
  "EAI_NODATA",
  "EAI_NONAME",
  "ECONNREFUSED",
  "EHOSTDOWN",
  "EHOSTUNREACH",
  "ENETDOWN",
  "ENETUNREACH",
  "ENOTFOUND",
  "UND_ERR_CONNECT_TIMEOUT",
  // Bun's
  "ConnectionRefused",
  "FailedToOpenSocket",
]);

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
  if (!isRecord(error)) return false;
  const { code, message, errors } = error as Cause;
  if (Array.isArray(errors) && errors.length > 0) {
    return errors.every(isConnectFailure);
  }
  if (code !== undefined) return connectCodes.has(code);
  return denoConnect.test(message ?? "") ||
    isConnectFailure((error as Cause).cause);
}

/** The deepest text that says something, or else the deepest code. */
function reasonOf(error: Cause): string {
  for (const cause of causesOf(error)) {
    const reason = reasonOf(cause);
    if (reason) return reason;
  }
  return error.message || error.code || "";
}

/** The error for a `fetchFn` that does not behave like `fetch`. */
export function unlikeFetch(reason: string): InvalidArgumentError {
  return new InvalidArgumentError(
    "fetchFn",
    `must be like fetch: wrap it (${reason})`,
  );
}

/** What to do about failures that no retry can mend, by name or code. */
const permanentByCode = new Map<string, string>([
  ["ERR_INVALID_ARG_TYPE", "must accept the request: check its options"],
  ["ERR_INVALID_ARG_VALUE", "must accept the request: check its options"],
  ["UND_ERR_CLOSED", "must be open: its client was closed"],
  ["UND_ERR_DESTROYED", "must be open: its client was closed"],
  ["UND_ERR_INVALID_ARG", "must accept the request: check its dispatcher"],
  ["UND_ERR_NOT_SUPPORTED", "must accept the request: check its options"],
]);

/** The same, by the words of a platform that gives no code. */
const permanentByWords: readonly [RegExp, string][] = [
  [
    /Illegal invocation|incorrect `this` reference/,
    "must keep its `this`: pass (url, init) => env.SERVICE.fetch(url, init)",
  ],
  [/\bnot (implemented|supported)\b/i, "must be like fetch: wrap it"],
  [/^bad port$/, "may not use this port: check 'baseUrl'"],
];

/** What to do about a failure that can never succeed; undefined for others. */
function permanentProblem(error: Cause, host: string): string | undefined {
  for (const { name = "", code = "", message = "" } of chainOf(error)) {
    if (name === "NotCapable" || name === "PermissionDenied") {
      return `needs the permission to reach ${host}: run Deno with ` +
        `--allow-net=${host}`;
    }
    if (name === "BadResource") return "must be open: its client was closed";
    const byCode = permanentByCode.get(code);
    if (byCode !== undefined) return byCode;
    if (code !== "") continue;
    for (const [words, problem] of permanentByWords) {
      if (words.test(message)) return problem;
    }
  }
}

/**
 * Makes the error of whatever `fetchFn` or a body threw. A failure that can
 * never succeed is an `InvalidArgumentError`, which is not retried.
 *
 * @param thrown What was thrown.
 * @param waitingFor What did not arrive.
 * @param url The address of the request.
 * @param secrets Texts to redact.
 * @param isOfPage Whether a web page sent it, so that CORS may be the reason.
 * @param note What the message adds if the request may have been carried out.
 */
export function failureOf(
  thrown: unknown,
  waitingFor: "response" | "body",
  url: string,
  secrets: readonly string[],
  note: string,
  isOfPage = false,
): RoomsError {
  const cause = redactError(thrown, secrets);
  const reason = reasonOf(cause as Cause);
  // As errors of axios and ky, which throw for a status
  if (isRecord(propertyOf(thrown, "response"))) return unlikeFetch(reason);
  const problem = waitingFor === "response"
    ? permanentProblem(cause as Cause, new URL(url).host)
    : undefined;
  if (problem !== undefined) {
    return new InvalidArgumentError("fetchFn", `${problem} (${reason})`);
  }
  const advice = isOfPage
    ? "check the network, and whether the server of 'baseUrl' allows this origin"
    : "check the network and 'baseUrl'";
  return new NetworkError(
    `The ${waitingFor} did not arrive: ${advice} (${reason})${
      isConnectFailure(cause) ? "" : note
    }`,
    { cause },
  );
}
