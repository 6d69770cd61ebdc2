/**
 * Stands in for `@std/assert` where JSR does not answer: the functions that the
 * tests use, with `node:assert`.
 */
import nodeAssert, { AssertionError } from "node:assert/strict";

// deno-lint-ignore no-explicit-any
type ErrorClass<E extends Error> = abstract new (...args: any[]) => E;

/** Fails with the message. */
function fail(message: string, suffix?: string): never {
  throw new AssertionError({
    message: suffix === undefined ? message : `${message}: ${suffix}`,
  });
}

export function assert(expr: unknown, msg = ""): asserts expr {
  if (!expr) fail(msg);
}

export function assertEquals<T>(actual: T, expected: T, msg?: string): void {
  nodeAssert.deepEqual(actual, expected, msg);
}

export function assertStrictEquals<T>(
  actual: unknown,
  expected: T,
  msg?: string,
): asserts actual is T {
  nodeAssert.equal(actual, expected, msg);
}

export function assertMatch(actual: string, expected: RegExp, msg?: string) {
  nodeAssert.match(actual, expected, msg);
}

export function assertStringIncludes(
  actual: string,
  expected: string,
  msg?: string,
): void {
  if (!actual.includes(expected)) {
    fail(`Expected "${actual}" to contain "${expected}"`, msg);
  }
}

export function assertInstanceOf<
  // deno-lint-ignore no-explicit-any
  T extends abstract new (...args: any[]) => any,
>(
  actual: unknown,
  expectedType: T,
  msg?: string,
): asserts actual is InstanceType<T> {
  if (!(actual instanceof expectedType)) {
    fail(`Expected an instance of ${expectedType.name}, got ${actual}`, msg);
  }
}

function check<E extends Error>(
  error: unknown,
  errorClass?: ErrorClass<E>,
  msgIncludes = "",
): unknown {
  if (errorClass) assertInstanceOf(error, errorClass);
  if (error instanceof Error) assertStringIncludes(error.message, msgIncludes);
  return error;
}

export function assertThrows(fn: () => unknown): unknown;
export function assertThrows<E extends Error = Error>(
  fn: () => unknown,
  errorClass: ErrorClass<E>,
  msgIncludes?: string,
): E;
export function assertThrows<E extends Error = Error>(
  fn: () => unknown,
  errorClass?: ErrorClass<E>,
  msgIncludes?: string,
): unknown {
  try {
    fn();
  } catch (error) {
    return check(error, errorClass, msgIncludes);
  }
  fail("Expected function to throw");
}

export function assertRejects(fn: () => PromiseLike<unknown>): Promise<unknown>;
export function assertRejects<E extends Error = Error>(
  fn: () => PromiseLike<unknown>,
  errorClass: ErrorClass<E>,
  msgIncludes?: string,
): Promise<E>;
export async function assertRejects<E extends Error = Error>(
  fn: () => PromiseLike<unknown>,
  errorClass?: ErrorClass<E>,
  msgIncludes?: string,
): Promise<unknown> {
  let promise: PromiseLike<unknown>;
  try {
    promise = fn();
  } catch {
    fail("Function throws when expected to reject");
  }
  try {
    await promise;
  } catch (error) {
    return check(error, errorClass, msgIncludes);
  }
  fail("Expected function to reject");
}
