// How commands fail: exit codes, and messages of one line.
import { RoomsError, type RoomsErrorCode } from "../core/errors.ts";
import { distance, nearest } from "../core/known_names.ts";
import type { Context } from "./command.ts";
import { writeLine } from "./text.ts";

export const exitCodes = {
  done: 0,
  failed: 1,
  usage: 2,
  notFound: 3,
  apiKey: 4,
  network: 5,
  timeout: 6,
  rateLimited: 7,
  interrupted: 130,
} as const;

export const exitMeanings: Record<keyof typeof exitCodes, string> = {
  done: "done",
  failed: "any other failure",
  usage: "wrong usage, such as an id that is not a UUID",
  notFound: "not found",
  apiKey: "API key missing or refused",
  network: "no connection",
  timeout: "timed out",
  rateLimited: "rate limited",
  interrupted: "interrupted",
};

/** An error that ends the command with one line and this exit code. */
export class CommandError extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode: number) {
    super(message);
    this.exitCode = exitCode;
  }
}

export function usageError(message: string): CommandError {
  return new CommandError(`${message}; see --help`, exitCodes.usage);
}

/**
 * Whether a word may be a secret in the wrong place: Telnyx's API keys begin with
 * KEY and have digits, join tokens begin with eyJ.
 */
export function looksSecret(word: string): boolean {
  return /^-*(KEY(?=\w*\d)\w{6}|eyJ)/.test(word);
}

/** The most characters of a wrong word that a message repeats. */
export const longestWord = 30;

/**
 * The error of a word that is none of those that are known. It is named, with the
 * one that was meant, unless it may be a secret.
 */
export function unknownWord(
  word: string,
  what: string,
  known: readonly string[],
): CommandError {
  if (looksSecret(word) || word.length > longestWord) {
    return usageError(`This is not ${what}`);
  }
  const begun = word.length > 2 && known.find((it) => it.startsWith(word));
  const near = nearest(word, known);
  // Of a word as short as an option, no more than two letters are wrong
  const isNear = near !== undefined && distance(word.toLowerCase(), near) <= 2;
  const meant = begun || (isNear ? near : undefined);
  const problem = `"${word}" is not ${what}`;
  return meant === undefined
    ? usageError(problem)
    : new CommandError(`${problem}: did you mean ${meant}?`, exitCodes.usage);
}

const codeOf: Partial<Record<RoomsErrorCode, number>> = {
  invalid_argument: exitCodes.usage,
  not_found: exitCodes.notFound,
  unauthorized: exitCodes.apiKey,
  forbidden: exitCodes.apiKey,
  network: exitCodes.network,
  timeout: exitCodes.timeout,
  wait_timeout: exitCodes.timeout,
  rate_limited: exitCodes.rateLimited,
};

/** The flag or argument behind an argument that an error names. */
const flagOf = new Map(Object.entries({
  token: "The API key",
  baseUrl: "--base-url",
  timeoutMs: "--timeout",
  attemptTimeoutMs: "--timeout",
  fetchFn: "The request",
  refreshToken: "stdin",
  uniqueName: "The name of a room",
}));

/** The exit code for an error; undefined if the error is a bug. */
export function exitCodeOf(error: unknown): number | undefined {
  if (error instanceof CommandError) return error.exitCode;
  if (error instanceof RoomsError) {
    return codeOf[error.code] ?? exitCodes.failed;
  }
  if (permissionAdvice(error)) return exitCodes.failed;
}

/** Whether a failure is of one among several, and does not stop the others. */
export function isOfOne(error: unknown, { stop }: Context): error is Error {
  const code = exitCodeOf(error);
  // A key that is refused is refused for all
  return error instanceof Error && code !== undefined &&
    code !== exitCodes.apiKey && !stop.aborted;
}

/**
 * What to do about a permission that Deno does not grant; undefined for any other
 * error. The resource is not named: it may be a key in the wrong place.
 */
export function permissionAdvice(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  // Deno 1 called it PermissionDenied, as the system's own refusals are called
  if (!/^(NotCapable|PermissionDenied)$/.test(error.name)) return undefined;
  const [, kind, flag] =
    /^Requires (\w+) access\b.*(--allow-[a-z]+)/s.exec(error.message) ?? [];
  if (!kind || !flag) return undefined;
  return `Deno needs permission (${kind} access): run again with the ` +
    `${flag} flag`;
}

/** An error's message, with the flags of the command line for the options. */
export function messageOf(error: Error): string {
  const advice = permissionAdvice(error);
  if (advice) return advice;
  return error.message.replaceAll(
    /'(\w+)'|\((\w+)\)/g,
    (text, quoted, bare) => {
      const flag = flagOf.get(quoted ?? bare);
      return flag === undefined ? text : quoted ? flag : `(${flag})`;
    },
  );
}

/** Prints an error on stderr: one line, which is wrapped on a terminal. */
export function printError(
  message: string,
  { stderr }: Pick<Context, "stderr">,
): void {
  writeLine(`telnyx-rooms: ${message}`, stderr);
}
