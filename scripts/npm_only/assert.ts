/**
 * Stands in for `@std/assert` where JSR does not answer: the functions that the
 * tests use, with `node:assert`.
 */
import nodeAssert, { AssertionError } from "node:assert/strict";

// deno-lint-ignore no-explicit-any
type ErrorClass<E extends Error> = abstract new (...args: any[]) => E;

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

export function assertInstanceOf<T>(
  actual: unknown,
  // deno-lint-ignore no-explicit-any
  expectedType: abstract new (...args: any[]) => T,
  msg?: string,
): asserts actual is T {
  if (!(actual instanceof expectedType)) {
    fail(`Expected an instance of ${expectedType.name}, got ${actual}`, msg);
  }
}

/** Checks what a function threw, or with what a promise was rejected. */
function check<E extends Error>(
  error: unknown,
  errorClass?: ErrorClass<E>,
  msgIncludes = "",
): E {
  assertInstanceOf(error, errorClass ?? Error);
  assertStringIncludes(error.message, msgIncludes);
  return error as E;
}

export function assertThrows<E extends Error = Error>(
  fn: () => unknown,
  errorClass?: ErrorClass<E>,
  msgIncludes?: string,
): E {
  try {
    fn();
  } catch (error) {
    return check(error, errorClass, msgIncludes);
  }
  fail("Expected function to throw");
}

export async function assertRejects<E extends Error = Error>(
  fn: () => PromiseLike<unknown>,
  errorClass?: ErrorClass<E>,
  msgIncludes?: string,
): Promise<E> {
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
