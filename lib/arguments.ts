import { jsonType } from "./decode.ts";
import { InvalidArgumentError } from "./errors.ts";

/** The longest that `setTimeout` can wait; past it, it fires at once. */
export const longestMs = 2 ** 31 - 1;

const day = /^\d{4}-\d\d-\d\d$/;
const uuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/**
 * Says what was given in place of what was asked for. A string is described,
 * never repeated: whoever swaps two arguments has put the token there.
 */
export function refusal(
  argument: string,
  expected: string,
  value: unknown,
): InvalidArgumentError {
  const received = typeof value === "string"
    ? `${value.length} characters`
    : typeof value === "number"
    ? value
    : jsonType(value);
  return new InvalidArgumentError(
    argument,
    `must be ${expected}, received ${received}`,
  );
}

/** Whether it is a UUID, of any version. */
export function isUuid(value: unknown): value is string {
  return typeof value === "string" && uuid.test(value);
}

/** Whether it is a day of the calendar, as `YYYY-MM-DD`. */
export function isDate(value: unknown): value is string {
  // Engines take February 30 for a day in March, or for none
  return typeof value === "string" && day.test(value) &&
    new Date(value).toJSON()?.startsWith(value) === true;
}

/** Refuses what is no time that a timer can wait. */
export function checkMs(argument: string, value: number, min: number): void {
  if (typeof value !== "number" || !(value >= min && value <= longestMs)) {
    throw refusal(argument, `a number from ${min} to ${longestMs}`, value);
  }
}

/** Refuses what is no positive integer. */
export function checkCount(argument: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 1) {
    throw refusal(argument, "a positive integer", value);
  }
}

/** Refuses what is not of this type. */
export function checkType(
  argument: string,
  type: string,
  value: unknown,
): void {
  if (jsonType(value) !== type) throw refusal(argument, type, value);
}
