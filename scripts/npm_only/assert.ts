/**
 * Stands in for `@std/assert` where JSR does not answer: the functions that the
 * tests use, with `node:assert`.
 */
import nodeAssert from "node:assert/strict";

export {
  match as assertMatch,
  strictEqual as assertStrictEquals,
} from "node:assert/strict";

// deno-lint-ignore no-explicit-any
type ErrorClass<E extends Error> = abstract new (...args: any[]) => E;

// Without a message, Node would read the source for one
export function assert(expr: unknown, msg = ""): asserts expr {
  nodeAssert.ok(expr, msg);
}

export function assertEquals<T>(actual: T, expected: T, msg?: string): void {
  nodeAssert.deepEqual(actual, expected, msg);
}

export function assertStringIncludes(
  actual: string,
  expected: string,
  msg?: string,
): void {
  if (actual.includes(expected)) return;
  nodeAssert.fail(`Expected "${actual}" to contain "${expected}" ${msg ?? ""}`);
}

export function assertInstanceOf<T>(
  actual: unknown,
  // deno-lint-ignore no-explicit-any
  expectedType: abstract new (...args: any[]) => T,
  msg?: string,
): asserts actual is T {
  if (actual instanceof expectedType) return;
  const { name } = expectedType;
  nodeAssert.fail(msg ?? `Expected an instance of ${name}, got ${actual}`);
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
  let thrown: unknown;
  nodeAssert.throws(fn, (error) => {
    thrown = error;
    return true;
  });
  return check(thrown, errorClass, msgIncludes);
}

export async function assertRejects<E extends Error = Error>(
  fn: () => PromiseLike<unknown>,
  errorClass?: ErrorClass<E>,
  msgIncludes?: string,
): Promise<E> {
  let reason: unknown;
  // What it throws at once is no rejection
  await nodeAssert.rejects(() => Promise.resolve(fn()), (error) => {
    reason = error;
    return true;
  });
  return check(reason, errorClass, msgIncludes);
}
