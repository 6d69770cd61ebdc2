// Reads objects of the caller, whose getters and proxies may throw anything, and
// shows their names in errors.
import { InvalidArgumentError } from "./errors.ts";
import { cut, redact, redactError } from "./redact.ts";

/** An API key as a list of texts to redact; none if it is no text at all. */
export function secretsOf(token: unknown): string[] {
  return typeof token === "string" ? [token] : [];
}

/** Control characters, and others that are invisible, become escapes. */
export function escapeInvisible(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu,
    (character) =>
      `\\u{${character.codePointAt(0)?.toString(16).padStart(2, "0")}}`,
  );
}

/**
 * A foreign name or path as an error shows it: without secrets, bounded in
 * length, on one line. Redacted first, since half a secret would not be found.
 */
export function shown(name: string, secrets: readonly string[]): string {
  return cut(escapeInvisible(cut(redact(name, secrets))));
}

/**
 * Calls a function that only reads a foreign object. What a getter or a proxy
 * throws meanwhile becomes the cause of an error that names the argument.
 */
export function readForeign<T>(
  argument: string,
  secrets: readonly string[],
  read: () => T,
): T {
  try {
    return read();
  } catch (thrown) {
    throw new InvalidArgumentError(
      shown(argument, secrets),
      "cannot be read: a getter, proxy or method of it threw an error",
      { cause: redactError(thrown, secrets) },
    );
  }
}

/** The most items of a list, and the most values of a payload. */
export const maxValues = 100_000;

/** The length of a list of the caller; throws if it is absurd, as a proxy's. */
export function lengthOf(
  argument: string,
  list: object,
  secrets: readonly string[],
): number {
  const length: unknown = readForeign(
    argument,
    secrets,
    () => Reflect.get(list, "length"),
  );
  if (typeof length === "number" && length <= maxValues) return length;
  throw new InvalidArgumentError(
    shown(argument, secrets),
    `must have at most ${maxValues} items`,
  );
}
