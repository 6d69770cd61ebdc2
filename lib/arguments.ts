import { InvalidArgumentError } from "./errors.ts";

/** The longest that `setTimeout` can wait; past it, it fires at once. */
export const longestMs: number = 2 ** 31 - 1;

const uuid = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

/**
 * Says what was given in place of what was asked for. A string is described,
 * never repeated: whoever swaps two arguments has put the token there.
 */
export function received(value: unknown): string {
  return typeof value === "string"
    ? `received a string of ${value.length} characters`
    : typeof value === "number" || typeof value === "boolean"
    ? `current value is ${value}`
    : `received ${value === null ? "null" : typeof value}`;
}

/** Refuses what no `Authorization` header can carry. */
export function checkToken(token: unknown): asserts token is string {
  if (typeof token !== "string" || token === "") {
    throw new InvalidArgumentError(
      "token",
      `must be an API key: ${received(token)}`,
    );
  }
  // RFC 9110, section 5.5, less the space: no bearer token has one (RFC 6750)
  const wrong = token.search(/[^\x21-\x7e]/);
  if (wrong >= 0) {
    throw new InvalidArgumentError(
      "token",
      `must be the API key alone, in visible ASCII: it has another character ` +
        `(a space, line break or letter outside ASCII) at index ${wrong}`,
    );
  }
}

/** Whether it is a UUID, of any version. */
export function isUuid(value: unknown): value is string {
  return typeof value === "string" && uuid.test(value);
}

/** Refuses what is no UUID, of any version. */
export function checkUuid(
  argument: string,
  value: unknown,
): asserts value is string {
  if (!isUuid(value)) {
    throw new InvalidArgumentError(
      argument,
      `must be a UUID such as 7b61621f-62e0-4aad-ab11-9fd19e272e73: ` +
        received(value),
    );
  }
}

/** Refuses what is no number from `min` to `max`. */
export function checkNumber(
  argument: string,
  value: unknown,
  min: number,
  max: number,
  integer = false,
): number {
  if (
    typeof value === "number" && value >= min && value <= max &&
    (!integer || Number.isInteger(value))
  ) return value;
  throw new InvalidArgumentError(
    argument,
    `must be ${integer ? "an integer" : "a number"} from ${min} to ${max}: ` +
      received(value),
  );
}
