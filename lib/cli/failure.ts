import { RoomsError, type RoomsErrorCode } from "../core/errors.ts";
import type { Context } from "./context.ts";
import { exitCodes } from "./manual.ts";
import { permissionAdvice } from "./permission.ts";
import { printable, wrap } from "./text.ts";

/** An error that ends the command with one line and this exit code. */
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

/** The flag or argument behind an argument that an error names. */
const flagOf: Record<string, string> = {
  baseUrl: "--base-url",
  timeoutMs: "--timeout",
  attemptTimeoutMs: "--timeout",
  who: "<participant>",
  refreshToken: "stdin",
};

/** The exit code for an error; undefined if the error is a bug. */
export function exitCodeOf(error: unknown): number | undefined {
  if (error instanceof CommandError) return error.exitCode;
  if (error instanceof RoomsError) {
    return codeOf[error.code] ?? exitCodes.failed;
  }
  if (permissionAdvice(error)) return exitCodes.failed;
}

/** An error's message as one line that is safe to print on a terminal. */
export function messageOf(error: Error): string {
  const advice = permissionAdvice(error);
  if (advice) return advice;
  return printable(
    error.message
      .replaceAll(/'(\w+)'/g, (quoted, argument) => flagFor(argument) ?? quoted)
      .replaceAll(/\((\w+)\)/g, (inBrackets, argument) => {
        const flag = flagFor(argument);
        return flag === undefined ? inBrackets : `(${flag})`;
      }),
  );
}

function flagFor(argument: string): string | undefined {
  return Object.hasOwn(flagOf, argument) ? flagOf[argument] : undefined;
}

/** Prints an error on stderr: one line, which is wrapped on a terminal. */
export function printError(
  message: string,
  { stderr }: Pick<Context, "stderr">,
): void {
  const line = `telnyx-rooms: ${message}`;
  const lines = stderr.isTTY ? wrap(line, stderr.columns ?? 80) : [line];
  stderr.write(`${lines.join("\n")}\n`);
}
