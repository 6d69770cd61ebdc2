import type { ApiErrorDetail } from "../core/errors.ts";

/** Telnyx's error codes by status (Telnyx API reference, *Errors*). */
const documented: Record<number, [code: string, title: string]> = {
  400: ["10015", "Bad Request"],
  401: ["10009", "Authentication failed"],
  403: ["10010", "Authorization failed"],
  404: ["10005", "Resource not found"],
  408: ["10008", "Request timeout"],
  422: ["10027", "Unprocessable Entity"],
  429: ["10011", "Too many requests"],
};

/** A response that refuses a request. */
export class Refusal {
  constructor(readonly status: number, readonly body: unknown) {}
}

/** A refusal in the general form, `{"errors": […]}`. */
export function refusal(
  status: number,
  detail: string,
  more: Partial<ApiErrorDetail> = {},
): Refusal {
  const [code, title] = documented[status] ?? ["10007", "Unexpected error"];
  return new Refusal(status, { errors: [{ code, title, detail, ...more }] });
}

/** The error of a number that a method of the fake is given. */
export function rangeError(
  doing: string,
  name: string,
  expected: string,
  value: number,
): RangeError {
  return new RangeError(
    `Cannot ${doing} as '${name}' must be ${expected}: current value is ${value}`,
  );
}

/** The refusal of a field of the body. */
export function badField(pointer: string, problem: string): Refusal {
  return refusal(422, `${pointer.slice(1) || "The body"} ${problem}.`, {
    source: { pointer },
  });
}
