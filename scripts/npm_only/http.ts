/**
 * Stands in for `@std/http/status` where JSR does not answer: the names that the
 * tests use.
 */

/** HTTP status codes by name (RFC 9110, section 15). */
export const STATUS_CODE = {
  OK: 200,
  Found: 302,
  InternalServerError: 500,
} as const;
