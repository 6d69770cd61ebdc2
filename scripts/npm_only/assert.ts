/**
 * Stands in for `@std/assert` where JSR does not answer: the functions that the
 * tests use, with `node:assert`.
 */
import nodeAssert, { AssertionError } from "node:assert/strict";

// deno-lint-ignore no-explicit-any
type Class<T> = abstract new (...args: any[]) => T;

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
  expectedType: Class<T>,
  msg?: string,
): asserts actual is T {
  if (!(actual instanceof expectedType)) {
    fail(`Expected an instance of ${expectedType.name}, got ${actual}`, msg);
  }
}

function check<E extends Error>(
  error: unknown,
  errorClass: Class<E>,
  msgIncludes: string,
): E {
  assertInstanceOf(error, errorClass);
  assertStringIncludes(error.message, msgIncludes);
  return error;
}

/** Asserts that a function throws; whatever it is, without a class. */
export function assertThrows(fn: () => unknown): unknown;
export function assertThrows<E extends Error>(
  fn: () => unknown,
  errorClass: Class<E>,
  msgIncludes?: string,
): E;
export function assertThrows<E extends Error>(
  fn: () => unknown,
  errorClass?: Class<E>,
  msgIncludes = "",
): unknown {
  try {
    fn();
  } catch (error) {
    return errorClass ? check(error, errorClass, msgIncludes) : error;
  }
  fail("Expected function to throw");
}

/** Asserts that a promise rejects, likewise. */
export function assertRejects(fn: () => PromiseLike<unknown>): Promise<unknown>;
export function assertRejects<E extends Error>(
  fn: () => PromiseLike<unknown>,
  errorClass: Class<E>,
  msgIncludes?: string,
): Promise<E>;
export async function assertRejects<E extends Error>(
  fn: () => PromiseLike<unknown>,
  errorClass?: Class<E>,
  msgIncludes = "",
): Promise<unknown> {
  const promise = fn();
  try {
    await promise;
  } catch (error) {
    return errorClass ? check(error, errorClass, msgIncludes) : error;
  }
  fail("Expected function to reject");
}
