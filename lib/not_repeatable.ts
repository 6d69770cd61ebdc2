import { type ApiError, RoomsError } from "./errors.ts";
import { isPutOff } from "./retry.ts";

/** Whether the request may have been carried out although it failed. */
function mayBeDone(error: RoomsError): boolean {
  const { status } = error as Partial<ApiError>;
  if (status === undefined) return error.attempts > 0;
  const isSuccess = status >= 200 && status < 300; // though not the documented one
  return (isSuccess || status >= 500 || status === 408) && !isPutOff(error);
}

/**
 * The call of an operation that is not repeatable. If it fails although it may
 * have been carried out, the error says so.
 */
export async function notRepeatable<T>(calling: Promise<T>): Promise<T> {
  try {
    return await calling;
  } catch (error) {
    if (error instanceof RoomsError && mayBeDone(error)) {
      const { message, stack } = error;
      error.message += "; check before you repeat it: it may have been done";
      // The stack begins with the message, and is what consoles print
      if (stack) error.stack = stack.replace(message, () => error.message);
    }
    throw error;
  }
}
