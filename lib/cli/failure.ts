import { RoomsError, type RoomsErrorCode } from "../errors.ts";
import type { Context } from "./context.ts";
import { exitCodes } from "./manual.ts";
import { printable } from "./printable.ts";
import { wrap } from "./wrap.ts";

/** A failure that ends the command with one line and this exit code. */
export class CommandError extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode: number) {
    super(message);
    this.exitCode = exitCode;
  }
}

export function usageError(message: string): CommandError {
  return new CommandError(`${message}; see --help`, exitCodes.usage);
}

const codeOf: Partial<Record<RoomsErrorCode, number>> = {
  invalid_argument: exitCodes.usage,
  not_found: exitCodes.notFound,
  unauthorized: exitCodes.token,
  forbidden: exitCodes.token,
  network: exitCodes.network,
  timeout: exitCodes.timeout,
  rate_limited: exitCodes.rateLimited,
};

/** What a message names by its option, the user knows by its flag. */
const flagOf: Record<string, string> = {
  baseUrl: "--base-url",
  timeoutMs: "--timeout",
  attemptTimeoutMs: "--timeout",
  who: "<participant>",
  refreshToken: "stdin",
};

/** The exit code of a failure; undefined of a defect, which is to be thrown. */
export function exitCodeOf(error: unknown): number | undefined {
  return error instanceof CommandError
    ? error.exitCode
    : error instanceof RoomsError
    ? codeOf[error.code] ?? exitCodes.failed
    : undefined;
}

/** A failure's message in one line that is safe on a terminal. */
export function messageOf({ message }: Error): string {
  return printable(
    message.replaceAll(
      /'(\w+)'/g,
      (quoted, option) => flagOf[option] ?? quoted,
    ),
  );
}

/** Says on stderr what went wrong: in one line, which a terminal has wrapped. */
export function printError(message: string, { stderr }: Context): void {
  const line = `telnyx-rooms: ${message}`;
  const lines = stderr.isTTY ? wrap(line, stderr.columns ?? 80) : [line];
  stderr.write(`${lines.join("\n")}\n`);
}
