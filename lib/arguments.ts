import { type Decoder, jsonType, where } from "./decode.ts";
import { InvalidArgumentError } from "./errors.ts";

/**
 * Returns the argument, or throws what is wrong with it. A string is described,
 * never repeated: if two arguments are swapped, it may be the token.
 */
export function checkArgument<T>(
  argument: string,
  decoder: Decoder<T>,
  given: unknown,
): T {
  const wrong = decoder(given);
  if (!wrong) return given as T;
  const { pointer, expected, value } = wrong;
  const received = typeof value === "string"
    ? `${value.length} characters`
    : typeof value === "number"
    ? value
    : jsonType(value);
  throw new InvalidArgumentError(
    // An option is named as users write it: `retry.maxAttempts`
    `${argument}${pointer}`.replaceAll("/", ".").replace("opts.", ""),
    `must be ${expected}, received ${received}`,
  );
}

/** The longest that `setTimeout` can wait; past it, it fires at once. */
export const maxTimerMs = 2_147_483_647;

/** A UUID, of any version. */
export const uuid: Decoder<string> = /* @__PURE__ */ where(
  "a UUID",
  (value) =>
    typeof value === "string" &&
    /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(value),
);

/** A day of the calendar, as `YYYY-MM-DD`. */
export const day: Decoder<string> = /* @__PURE__ */ where(
  "a day, as YYYY-MM-DD",
  // Engines take February 30 for a day in March, or for none
  (value) =>
    typeof value === "string" && /^\d{4}-\d\d-\d\d$/.test(value) &&
    new Date(value).toJSON()?.startsWith(value) === true,
);

/** A name, which half a surrogate pair would change on its way. */
export const name: Decoder<string> = /* @__PURE__ */ where(
  "a name in whole characters",
  (value) => typeof value === "string" && /^\P{Cs}+$/u.test(value),
);

/** A token or an API key, as RFC 6750 has a bearer token: no space in it. */
export const visibleText: Decoder<string> = /* @__PURE__ */ where(
  "visible ASCII",
  (value) => typeof value === "string" && /^[!-~]+$/.test(value),
);

/** A URL written in full; `""` if it is none. */
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

/** A number from `min` to `max`; by default, to what a timer can wait. */
export function inRange(
  kind: "integer" | "number",
  min: number,
  max: number = maxTimerMs,
): Decoder<number> {
  return where(
    `${kind} from ${min} to ${max}`,
    (value) =>
      (kind === "number" ? typeof value === kind : Number.isInteger(value)) &&
      (value as number) >= min && (value as number) <= max,
  );
}

/** One of these texts. */
export function oneOf<T extends string>(...texts: T[]): Decoder<T> {
  return where(
    texts.map((text) => `"${text}"`).join(" or "),
    (value) => texts.includes(value as T),
  );
}
