import type { Mismatch } from "../decode.ts";
import type { ApiErrorDetail } from "../errors.ts";

/** The provider's error codes by status (Telnyx API reference, *Errors*). */
const documented: Record<number, [code: string, title: string]> = {
  400: ["10015", "Bad Request"],
  401: ["10009", "Authentication failed"],
  403: ["10010", "Authorization failed"],
  404: ["10005", "Resource not found"],
  408: ["10008", "Request timeout"],
  422: ["10027", "Unprocessable Entity"],
  429: ["10011", "Too many requests"],
};

/** A response that says why a request was refused. */
export class Refusal {
  constructor(readonly status: number, readonly body: unknown) {}

  static notFound(): Refusal {
    const detail = "The requested resource or URL could not be found.";
    return refusal(404, detail);
  }

  static noSuchPath(): Refusal {
    return refusal(404, "There is nothing at this address.", {
      code: "10003",
      title: "Invalid URL",
    });
  }

  static notJson(): Refusal {
    return refusal(400, "The body is not JSON.", {
      code: "10023",
      title: "Invalid JSON",
    });
  }
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

/** The refusal of an id in the path. */
export function badId(name: string): Refusal {
  return refusal(400, `The ${name} in the path is not a UUID.`, {
    code: "10006",
    title: "Invalid ID",
  });
}

/** The refusal of a query parameter. */
export function badParameter(parameter: string, expected: string): Refusal {
  return refusal(400, `${parameter} must be ${expected}.`, {
    source: { parameter },
  });
}

/** The refusal of a field of the body, or of all of it. */
export function badPayload({ pointer, expected }: Mismatch): Refusal {
  return refusal(422, `${pointer || "The body"} must be ${expected}.`, {
    source: { pointer },
  });
}

/** The refusal of a field of the body for what its value means. */
export function badField(path: string, problem: string): Refusal {
  return refusal(422, `${path} ${problem}.`, {
    source: { pointer: `/${path}` },
  });
}
