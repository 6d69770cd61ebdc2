// Decides whether a request may have been carried out although it failed.
import {
  ApiError,
  InvalidArgumentError,
  NetworkError,
  type RoomsError,
} from "./errors.ts";
import { isConnectFailure } from "./failure.ts";
import type { Operation } from "./operation.ts";

/** Whether a response with this status proves that nothing was done. */
export function statusProvesNoEffect(
  status: number,
  retryAfterMs: number | undefined,
): boolean {
  if (status === 503) return retryAfterMs !== undefined;
  const isSuccess = status >= 200 && status < 300; // an undocumented one
  return !isSuccess && status !== 408 && status < 500;
}

/** Whether an error proves that nothing was sent, or that nothing was done. */
export function provesNoEffect(error: RoomsError): boolean {
  if (error instanceof InvalidArgumentError) return true;
  if (error instanceof NetworkError) return isConnectFailure(error.cause);
  return error instanceof ApiError &&
    statusProvesNoEffect(error.status, error.retryAfterMs);
}

/**
 * Whether an attempt that failed may have changed something.
 *
 * @param isAnswered Whether `fetchFn` gave an answer that is no response, so that
 * nothing is known of what was done.
 */
export function mayHaveTakenEffect(
  { method }: Pick<Operation, "method">,
  error: RoomsError,
  isAnswered = false,
): boolean {
  return method !== "GET" && (isAnswered || !provesNoEffect(error));
}

/** What the message of such an error adds, if the operation is not idempotent. */
export function effectNote(
  { repeatable }: Pick<Operation, "repeatable">,
): string {
  return repeatable
    ? ""
    : "; check before you repeat it: it may have been done";
}
