import { RoomsError } from "./errors.ts";
import { mayBeDone } from "./retry.ts";

/**
 * The call of an operation that is not repeatable. If it fails although it may
 * have been carried out, the error says so.
 */
export async function notRepeatable<T>(calling: Promise<T>): Promise<T> {
  try {
    return await calling;
  } catch (error) {
    if (error instanceof RoomsError && error.attempts && mayBeDone(error)) {
      const { message, stack } = error;
      error.message +=
        "; it may have been carried out all the same: check before you repeat it";
      // The stack begins with the message, and is what consoles print
      if (stack) error.stack = stack.replace(message, () => error.message);
    }
    throw error;
  }
}
