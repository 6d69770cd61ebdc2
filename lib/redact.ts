/**
 * Errors travel to logs, so nothing on them may hold the token: a server can
 * echo it in an error body, and a `fetchFn` can throw it in a message.
 */

/** How many causes of an error are kept. */
const maxCauses = 32;

/** A text in which `[token]` stands for the token, unless that is empty. */
export function redact(text: string, token: string): string {
  return token ? text.replaceAll(token, "[token]") : text;
}

/**
 * A copy of JSON data in which `[token]` stands for the token.
 *
 * @throws {SyntaxError} If what stands around the token makes other JSON of it,
 * such as `\n` before the rest of a token that begins with `n`.
 */
export function redactJson<T>(value: T, token: string): T {
  // Written anew, since a server can escape any character in the JSON it sends
  const inJson = JSON.stringify(token).slice(1, -1);
  return JSON.parse(redact(JSON.stringify(value), inJson));
}

/**
 * A copy of whatever was thrown with name, message, code, stack and causes,
 * and `[token]` for the token. The original may hold the whole request.
 */
export function redactError(thrown: unknown, token: string, depth = 0): Error {
  if (!(thrown instanceof Error)) return new Error(`${typeof thrown} thrown`);
  const copy: Error & { code?: unknown } = new Error("");
  for (const key of ["name", "message", "stack", "code"] as const) {
    const value = (thrown as typeof copy)[key];
    if (typeof value === "string") copy[key] = redact(value, token);
    else if (typeof value === "number") copy.code = value;
  }
  if (thrown.cause !== undefined && depth < maxCauses) {
    copy.cause = redactError(thrown.cause, token, depth + 1);
  }
  return copy;
}
