/**
 * Errors travel to logs, so nothing on them may hold the token: a server can
 * echo it in an error body, and a `fetchFn` can throw it in a message.
 */

const deepest = 32;

/** A copy of JSON data in which `[token]` stands for the token. */
export function redact<T>(value: T, token: string, depth?: number): T;
export function redact(value: unknown, token: string, depth = 0): unknown {
  if (typeof value === "string") return value.replaceAll(token, "[token]");
  if (typeof value !== "object" || value === null) return value;
  if (depth === deepest) return null;
  const inner = <U>(item: U): U => redact(item, token, depth + 1);
  return Array.isArray(value) ? value.map(inner) : Object.fromEntries(
    Object.entries(value).map(([key, item]) => [inner(key), inner(item)]),
  );
}

/**
 * A copy of whatever was thrown with name, message, code, stack and causes,
 * and `[token]` for the token. The original may hold the whole request.
 */
export function redactError(thrown: unknown, token: string, depth = 0): Error {
  if (!(thrown instanceof Error)) return new Error(`${typeof thrown} thrown`);
  const { name, message, stack, code, cause } = thrown as Error & {
    code?: unknown;
  };
  const safe = (text: unknown) => redact(String(text), token);
  const copy: typeof thrown & { code?: unknown } = new Error(safe(message));
  copy.name = safe(name);
  copy.stack = safe(stack);
  if (typeof code === "string" || typeof code === "number") {
    copy.code = redact(code, token);
  }
  if (cause !== undefined && depth < deepest) {
    copy.cause = redactError(cause, token, depth + 1);
  }
  return copy;
}
