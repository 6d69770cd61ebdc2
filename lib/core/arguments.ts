// Checks arguments: the error of a wrong one, and the decoders for them.
import { type Decoder, jsonType, problemOf, where } from "./decode.ts";
import { InvalidArgumentError } from "./errors.ts";
import { readForeign, shown } from "./foreign.ts";

/**
 * Returns an argument's value, or throws if it is wrong. The error describes a
 * string but never quotes it: if two arguments are swapped, it may be a token.
 */
export function checkArgument<T>(
  argument: string,
  decoder: Decoder<T>,
  given: unknown,
  secrets: readonly string[] = [],
): T {
  const wrong = readForeign(argument, secrets, () => {
    const mismatch = decoder(given);
    if (!mismatch) return undefined;
    const { pointer, expected, value } = mismatch;
    return {
      pointer,
      problem: problemOf(expected, described(value, expected)),
    };
  });
  if (!wrong) return given as T;
  // An option is named as users write it: `retry.maxAttempts`
  throw new InvalidArgumentError(
    shown(`${argument}${wrong.pointer}`, secrets)
      .replaceAll("/", ".").replace("opts.", ""),
    wrong.problem,
  );
}

/** A wrong value in words, without its text. */
function described(value: unknown, expected: string): string {
  if (value === "") return "an empty string";
  if (typeof value === "string") {
    return value.length === 1 ? "1 character" : `${value.length} characters`;
  }
  // A number is quoted only where one belongs: elsewhere it may be a key
  const isQuoted = typeof value === "number" &&
    /\b(integer|number)\b/.test(expected);
  return isQuoted ? `${value}` : jsonType(value);
}

/** The longest delay of `setTimeout`; with a longer one, it fires at once. */
export const maxTimerMs = 2_147_483_647;

/** A UUID, of any version. */
export const uuid: Decoder<string> = /* @__PURE__ */ where(
  "a UUID",
  (value) =>
    typeof value === "string" &&
    /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(value),
);

/** A calendar day, as `YYYY-MM-DD`. */
export const day: Decoder<string> = /* @__PURE__ */ where(
  "a day, as YYYY-MM-DD",
  // Engines parse February 30 as a day in March, or reject it
  (value) =>
    typeof value === "string" && /^\d{4}-\d\d-\d\d$/.test(value) &&
    new Date(value).toJSON()?.startsWith(value) === true,
);

/** A non-empty name, without lone surrogates: encoding would replace them. */
export const nameText: Decoder<string> = /* @__PURE__ */ where(
  "a name in whole characters",
  (value) => typeof value === "string" && /^\P{Cs}+$/u.test(value),
);

/** A token or an API key: visible ASCII without spaces, as in RFC 6750. */
export const visibleText: Decoder<string> = /* @__PURE__ */ where(
  "visible ASCII without spaces or line breaks",
  (value) => typeof value === "string" && /^[!-~]+$/.test(value),
);

/** The normalized text of an absolute URL; `""` if it is not one. */
export function toHref(value: unknown): string {
  try {
    return new URL(value as string).href;
  } catch {
    return "";
  }
}

/** An absolute `http` or `https` URL, as text. */
export const webUrl: Decoder<string> = /* @__PURE__ */ where(
  "an http(s) URL",
  (value) => typeof value === "string" && /^https?:/.test(toHref(value)),
);

/**
 * Accepts an integer from `min` to `max`.
 *
 * @param min The least value.
 * @param max The greatest value; if left out, there is none.
 * @returns The decoder.
 *
 * @example
 * ```ts
 * import { integerInRange } from "@videorooms/telnyx/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(integerInRange(2, 50)(51)?.expected, "an integer from 2 to 50");
 * ```
 */
export function integerInRange(
  min: number,
  max: number = Number.MAX_SAFE_INTEGER,
): Decoder<number> {
  return where(
    max === Number.MAX_SAFE_INTEGER
      ? `an integer of at least ${min}`
      : `an integer from ${min} to ${max}`,
    (value) =>
      Number.isSafeInteger(value) && Number(value) >= min &&
      Number(value) <= max,
  );
}

/** A number from `min` to `max`. */
export function numberInRange(min: number, max: number): Decoder<number> {
  return where(
    `a number from ${min} to ${max}`,
    (value) => typeof value === "number" && value >= min && value <= max,
  );
}

/** A time in milliseconds, from `min` to the longest delay of a timer. */
export function delayFrom(min: number): Decoder<number> {
  return numberInRange(min, maxTimerMs);
}

/**
 * Accepts one of the given strings.
 *
 * @param options The strings.
 * @returns The decoder.
 *
 * @example
 * ```ts
 * import { oneOf } from "@videorooms/telnyx/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(oneOf("audio", "video")("text")?.expected, '"audio" or "video"');
 * ```
 */
export function oneOf<T extends string>(...options: T[]): Decoder<T> {
  return where(
    options.map((option) => `"${option}"`).join(" or "),
    (value) => options.includes(value as T),
  );
}
