/**
 * Errors travel to logs, so nothing on them may hold a secret, which is the API
 * key or a refresh token: a server can echo it in an error body, and a `fetchFn`
 * can throw it in a message.
 */

/** A text in which `[token]` stands for each secret that is not empty. */
export function redact(text: string, secrets: readonly string[]): string {
  return secrets.reduce(
    (rest, secret) => secret ? rest.replaceAll(secret, "[token]") : rest,
    text,
  );
}

/**
 * A copy of JSON data in which `[token]` stands for the secrets.
 *
 * @throws {SyntaxError} If what stands around a secret makes other JSON of it,
 * such as `\n` before the rest of one that begins with `n`.
 */
export function redactJson<T>(value: T, secrets: readonly string[]): T {
  // Written anew, since a server can escape any character in the JSON it sends
  const inJson = secrets.map((secret) => JSON.stringify(secret).slice(1, -1));
  return JSON.parse(redact(JSON.stringify(value), inJson));
}

/**
 * A copy of whatever was thrown with name, message, code, stack and causes,
 * and `[token]` for the secrets. The original may hold the whole request.
 */
export function redactError(
  thrown: unknown,
  secrets: readonly string[],
  maxCauses = 32,
): Error {
  const copy: Error & { code?: string } = new Error(`${typeof thrown} thrown`);
  for (const key of ["name", "message", "stack", "code"] as const) {
    // Whatever realm it is from: in Jest, it is no Error of this one
    const value = Object(thrown)[key];
    if (typeof value === "string") copy[key] = redact(value, secrets);
  }
  const { cause } = Object(thrown);
  if (cause !== undefined && maxCauses > 0) {
    copy.cause = redactError(cause, secrets, maxCauses - 1);
  }
  return copy;
}
