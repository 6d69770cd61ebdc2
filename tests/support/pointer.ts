/** Resolves a JSON Pointer (RFC 6901); undefined if there is no such value. */
export function resolve(document: unknown, pointer: string): unknown {
  const tokens = pointer.split("/").slice(1);
  return tokens.reduce((value: unknown, token) => {
    const key = token.replaceAll("~1", "/").replaceAll("~0", "~");
    return typeof value === "object" && value !== null &&
        Object.hasOwn(value, key)
      ? (value as Record<string, unknown>)[key]
      : undefined;
  }, document);
}
