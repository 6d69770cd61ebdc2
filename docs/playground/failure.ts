import {
  RoomsError,
  type RoomsErrorCode,
  type WebhookErrorCode,
} from "@videorooms/telnyx";

/** The codes of what a look-up can fail with. */
type LookUpErrorCode = Exclude<RoomsErrorCode, WebhookErrorCode>;

/** What a program does about an error, by its code. */
const advice: Record<LookUpErrorCode, string> = {
  invalid_argument: "Mend the call. Nothing was sent.",
  bad_request: "Mend the request: another attempt would fare the same.",
  unauthorized: "Put a current API key in place; until then, stop asking.",
  forbidden: "Ask for access, or use a key of another account.",
  not_found: "Take the room as gone: check the id, and do not try again.",
  unprocessable: "Mend the request: another attempt would fare the same.",
  rate_limited: "Come back after retryAfterMs, and ask less often.",
  server_error: "Try again later: the module has done so already.",
  unexpected_status: "Check baseUrl and what lies between: a proxy?",
  network: "Check the connection, then try again.",
  timeout: "Try again, or allow more time.",
  invalid_response: "Do not use the answer: pointer says what is wrong in it.",
  response_too_large: "Ask without sessions, or raise maxBodyBytes.",
};

/** A failure for a reader. */
export interface FailureView {
  /** The error's class. */
  name: string;
  /** Absent for an abort, which is no error of the module. */
  code?: RoomsErrorCode;
  message: string;
  /** What to do about it. */
  advice: string;
  /** What else the error says, by the names of its fields. */
  fields: [name: string, value: string][];
}

/** Says what a look-up has failed with. */
export function failureView(thrown: unknown): FailureView {
  if (!(thrown instanceof RoomsError)) {
    const { name, message } = thrown as Error;
    return {
      name,
      message,
      advice: "Nothing: the promise was rejected with the abort's own reason.",
      fields: [],
    };
  }
  const { name, code, message, cause } = thrown;
  const fields = Object.entries(thrown)
    .filter(([field]) => field !== "code")
    .map(([field, value]): [string, string] => [field, JSON.stringify(value)]);
  if (cause instanceof Error) {
    fields.push(["cause", `${cause.name}: ${cause.message}`]);
  }
  return {
    name,
    code,
    message,
    advice: advice[code as LookUpErrorCode],
    fields,
  };
}
