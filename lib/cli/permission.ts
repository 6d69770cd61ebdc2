/**
 * What to do about a permission that Deno does not grant; undefined for any other
 * error. The resource is not named: it may be a key in the wrong place.
 */
export function permissionAdvice(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  // Deno 1 called it PermissionDenied, as the system's own refusals are called
  if (!/^(NotCapable|PermissionDenied)$/.test(error.name)) return undefined;
  const [, kind, flag] =
    /^Requires (\w+) access\b.*(--allow-[a-z]+)/s.exec(error.message) ?? [];
  if (!kind || !flag) return undefined;
  return `Deno needs permission (${kind} access): run again with the ` +
    `${flag} flag`;
}
