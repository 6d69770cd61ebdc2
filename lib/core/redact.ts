// Redacts secrets (the API key, a refresh token) from errors, which end up in
// logs: a server can echo one in an error body, and a `fetchFn` can throw one.

/** What stands in place of a secret. */
const replacement = "[token]";

/** A secret shorter than any real one is not searched for: it is in any text. */
const minSecretLength = 8;

/** The most characters of a foreign text in an error. */
const maxTextLength = 500;

/** The most items of a foreign list or object in an error, and their depth. */
const maxItems = 20;
const maxJsonDepth = 8;

/** Whether a value is an object, so that it may have properties. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

/** A property of a foreign value; undefined if it cannot be read. */
export function propertyOf(value: unknown, name: string): unknown {
  if (!isRecord(value) && typeof value !== "function") return undefined;
  try {
    return Reflect.get(value, name);
  } catch {
    return undefined;
  }
}

/** A secret as a text can show it: as it is, in JSON, or in a JSON Pointer. */
function formsOf(secret: string): string[] {
  const inJson = JSON.stringify(secret).slice(1, -1);
  const inJsonText = JSON.stringify(inJson).slice(1, -1);
  const inPointer = secret.replaceAll("~", "~0").replaceAll("/", "~1");
  const forms = [secret, inJson, inJsonText, inPointer];
  return [...forms, ...forms.map((form) => form.replaceAll("/", "\\/"))];
}

/** Where a text contains one of the forms: pairs of start and end. */
function occurrences(text: string, forms: Iterable<string>): number[][] {
  const found: number[][] = [];
  for (const form of forms) {
    let start = text.indexOf(form);
    while (start >= 0) {
      found.push([start, start + form.length]);
      start = text.indexOf(form, start + 1);
    }
  }
  return found.sort(([a = 0], [b = 0]) => a - b);
}

/**
 * Replaces the secrets in a text with `[token]`. All are found in the text as
 * it is, and overlapping ones are replaced together, so that one cannot hide
 * another. A secret of less than 8 characters is not searched for.
 */
export function redact(text: string, secrets: readonly string[]): string {
  const forms = new Set(
    secrets.filter((secret) => secret.length >= minSecretLength)
      .flatMap(formsOf),
  );
  let redacted = "";
  let end = 0;
  for (const [from = 0, to = 0] of occurrences(text, forms)) {
    if (from >= end) redacted += text.slice(end, from) + replacement;
    end = Math.max(end, to);
  }
  return redacted + text.slice(end);
}

/** Cuts a foreign text to what an error may hold. */
export function cut(text: string): string {
  return text.length > maxTextLength
    ? `${text.slice(0, maxTextLength - 1)}…`
    : text;
}

/** Copies JSON data without the secrets, bounded in texts, items and depth. */
export function redactJson(
  value: unknown,
  secrets: readonly string[],
  depth = 0,
): unknown {
  if (typeof value === "string") return cut(redact(value, secrets));
  if (!isRecord(value)) return value;
  if (depth >= maxJsonDepth) return null;
  if (Array.isArray(value)) {
    return value.slice(0, maxItems)
      .map((item) => redactJson(item, secrets, depth + 1));
  }
  return Object.fromEntries(
    Object.entries(value).filter(([, item]) => item !== undefined)
      .slice(0, maxItems).map(([key, item]) => [
        cut(redact(key, secrets)),
        redactJson(item, secrets, depth + 1),
      ]),
  );
}

/** A thrown value in words, if it is no error. */
function describe(thrown: unknown): string {
  return typeof thrown === "string" ? thrown : `${typeof thrown} thrown`;
}

/** The items of a foreign list that can be read; none if it is no list. */
function itemsOf(value: unknown): unknown[] {
  try {
    if (!Array.isArray(value)) return [];
    const length = Math.min(value.length, maxItems);
    return Array.from({ length }, (_, i) => value[i]);
  } catch {
    return [];
  }
}

/**
 * Copies name, message, code, stack and causes of whatever was thrown, with the
 * secrets redacted. The original may contain the whole request.
 *
 * @param left How many errors may still be copied, in the whole tree of causes.
 */
export function redactError(
  thrown: unknown,
  secrets: readonly string[],
  left = { errors: 32 },
): Error {
  left.errors--;
  const copy: Error & { code?: string; errors?: Error[] } = new Error(
    cut(redact(describe(thrown), secrets)),
  );
  for (const key of ["name", "message", "stack", "code"] as const) {
    // No `instanceof`: in Jest, errors are from another realm
    const value = propertyOf(thrown, key);
    if (typeof value !== "string") continue;
    const redacted = redact(value, secrets);
    copy[key] = key === "stack" ? redacted.slice(0, 10_000) : cut(redacted);
  }
  const errors: Error[] = [];
  for (const error of itemsOf(propertyOf(thrown, "errors"))) {
    if (left.errors > 0) errors.push(redactError(error, secrets, left));
  }
  if (errors.length > 0) copy.errors = errors;
  const cause = propertyOf(thrown, "cause");
  if (cause !== undefined && left.errors > 0) {
    copy.cause = redactError(cause, secrets, left);
  }
  return copy;
}
