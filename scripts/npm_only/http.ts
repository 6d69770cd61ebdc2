/**
 * Stands in for `@std/http/status` where JSR can't be reached: the names that the
 * tests' servers use, with the same meaning.
 */

/** HTTP status codes by name (RFC 9110, section 15). */
export const STATUS_CODE = {
  OK: 200,
  Found: 302,
  InternalServerError: 500,
  Unauthorized: 401,
  NotFound: 404,
  TooManyRequests: 429,
  ServiceUnavailable: 503,
} as const;
