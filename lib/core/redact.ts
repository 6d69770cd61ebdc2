// Redacts secrets (the API key, a refresh token) from errors, which end up in
// logs: a server can echo one in an error body, and a `fetchFn` can throw one.

/** Replaces each non-empty secret in a text with `[token]`. */
export function redact(text: string, secrets: readonly string[]): string {
  return secrets.reduce(
    (redacted, secret) =>
      secret ? redacted.replaceAll(secret, "[token]") : redacted,
    text,
  );
}

/**
 * Copies JSON data and replaces the secrets in it with `[token]`.
 *
 * @throws {SyntaxError} If the replacement breaks the JSON, as that of a
 * secret `n` in `\n` does.
 */
export function redactJson<T>(value: T, secrets: readonly string[]): T {
  // Serialized again, since a server can escape any character of its JSON
  const inJson = secrets.map((secret) => JSON.stringify(secret).slice(1, -1));
  return JSON.parse(redact(JSON.stringify(value), inJson));
}

/**
 * Copies name, message, code, stack and causes of whatever was thrown, with the
 * secrets redacted. The original may contain the whole request.
 */
export function redactError(
  thrown: unknown,
  secrets: readonly string[],
  maxCauses = 32,
): Error {
  const copy: Error & { code?: string } = new Error(`${typeof thrown} thrown`);
  for (const key of ["name", "message", "stack", "code"] as const) {
    // No `instanceof`: in Jest, errors are from another realm
    const value = Object(thrown)[key];
    if (typeof value === "string") copy[key] = redact(value, secrets);
  }
  const { cause } = Object(thrown);
  if (cause !== undefined && maxCauses > 0) {
    copy.cause = redactError(cause, secrets, maxCauses - 1);
  }
  return copy;
}
