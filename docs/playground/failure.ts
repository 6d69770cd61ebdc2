import {
  type DownloadErrorCode,
  RoomsError,
  type RoomsErrorCode,
  type WaitErrorCode,
  type WebhookErrorCode,
} from "@videorooms/telnyx";

/** The codes that a call can fail with: the page waits for and downloads nothing. */
type CallErrorCode = Exclude<
  RoomsErrorCode,
  WebhookErrorCode | WaitErrorCode | DownloadErrorCode
>;

/** What to do about an error, by its code. */
const advice: Record<CallErrorCode, string> = {
  invalid_argument: "Fix the call. Nothing was sent.",
  bad_request: "Fix the request. Retrying it as it is would fail again.",
  unauthorized: "Use a valid API key. Do not retry with this one.",
  forbidden: "Ask for access, or use another account's API key.",
  not_found: "Check the id. Otherwise the room is gone: do not retry.",
  unprocessable: "Fix the request. Retrying it as it is would fail again.",
  rate_limited: "Try again after retryAfterMs, and send fewer requests.",
  server_error: "Try again later.",
  unexpected_status: "Check baseUrl, and any proxy in between.",
  network: "Check the connection, then try again.",
  timeout: "Try again, or allow more time.",
  invalid_response:
    "Do not use the response. pointer says which value is wrong.",
  response_too_large: "Leave out the sessions, or raise maxBodyBytes.",
};

/** An error as the page shows it. */
export interface FailureView {
  /** The error's class. */
  name: string;
  /** Absent for an abort, which is not an error of this module. */
  code?: RoomsErrorCode;
  message: string;
  /** What to do about it. */
  advice: string;
  /** The other fields of the error, as JSON. */
  fields: [name: string, value: string][];
}

/** Describes what a call failed with. */
export function failureView(thrown: unknown): FailureView {
  if (!(thrown instanceof RoomsError)) {
    const { name, message } = thrown as Error;
    return {
      name,
      message,
      advice:
        "Nothing: you aborted the call, and it rejected with your reason.",
      fields: [],
    };
  }
  const { name, code, message, cause } = thrown;
  const fields = Object.entries(thrown)
    .filter(([field, value]) =>
      field !== "code" && field !== "name" && value !== undefined
    )
    .map(([field, value]): [string, string] => [field, JSON.stringify(value)]);
  if (cause instanceof Error) {
    fields.push(["cause", `${cause.name}: ${cause.message}`]);
  }
  return {
    name,
    code,
    message,
    advice: advice[code as CallErrorCode],
    fields,
  };
}
