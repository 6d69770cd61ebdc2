// Makes the error of a non-repeatable call say if the operation may be done.
import { type ApiError, RoomsError } from "../core/errors.ts";
import { isNotDone } from "../core/retry.ts";

/** Whether the operation may have been carried out despite the error. */
function mayBeDone(error: RoomsError): boolean {
  const { status } = error as Partial<ApiError>;
  if (status === undefined) return error.attempts > 0;
  const isSuccess = status >= 200 && status < 300; // an undocumented one
  return (isSuccess || status >= 500 || status === 408) && !isNotDone(error);
}

/**
 * Awaits the call of an operation that is not repeatable. If the call fails
 * although the operation may have been carried out, the error says so.
 */
export async function notRepeatable<T>(result: Promise<T>): Promise<T> {
  try {
    return await result;
  } catch (error) {
    if (error instanceof RoomsError && mayBeDone(error)) {
      const { message, stack } = error;
      error.message += "; check before you repeat it: it may have been done";
      // The stack starts with the message, and consoles print the stack
      if (stack) error.stack = stack.replace(message, () => error.message);
    }
    throw error;
  }
}
