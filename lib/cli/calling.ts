import type { AttemptEvent, CallOptions } from "../client/call.ts";
import type { Context } from "./context.ts";
import { CommandError, usageError } from "./failure.ts";
import { exitCodes } from "./manual.ts";
import { callingOptions } from "./option.ts";
import { readFileText } from "./read_file.ts";

/** The values of the options of every command that calls the API. */
export interface CallingValues {
  "token-file"?: string;
  "base-url"?: string;
  timeout?: string;
}

/** An option's seconds, in milliseconds. */
export function toMs(flag: string, text: string, min: number): number {
  const seconds = text.trim() === "" ? NaN : Number(text);
  if (seconds >= min && seconds <= 2_147_483) return seconds * 1000;
  throw usageError(
    `${flag} must be a number of seconds, such as 5 or ` +
      (min < 1 ? "0.5" : `2.5, and at least ${min}`),
  );
}

/** The options of a call from those of the command line. */
export function callOptions(
  { timeout, "base-url": baseUrl }: CallingValues,
  { stop: signal }: Context,
): CallOptions & { timeoutMs: number; signal: AbortSignal } {
  const timeoutMs = toMs(
    "--timeout",
    timeout ?? callingOptions.timeout.default,
    0.001,
  );
  return {
    signal,
    timeoutMs,
    ...timeout !== undefined && { attemptTimeoutMs: timeoutMs },
    ...baseUrl !== undefined && { baseUrl },
  };
}

/** The API key, from a file or from the environment. */
export async function readToken(
  { "token-file": file }: CallingValues,
  { env }: Context,
): Promise<string> {
  const token = file === undefined
    ? env.TELNYX_API_KEY
    : await readFileText(file, exitCodes.token);
  if (token?.trim()) return token.trim();
  throw new CommandError(
    file === undefined
      ? "No token: set TELNYX_API_KEY, or name a file with --token-file"
      : `No token: the file '${file}' is empty`,
    exitCodes.token,
  );
}

/** Prints on a terminal why a call waits. */
export function printWaits(
  { stderr }: Context,
): (event: AttemptEvent) => void {
  return ({ attempt, status, error, waitMs }) => {
    if (waitMs === undefined || !stderr.isTTY) return;
    const problem = status === undefined ? error?.code : `HTTP ${status}`;
    const seconds = (waitMs / 1000).toFixed(1);
    stderr.write(`Attempt ${attempt}: ${problem}; retrying in ${seconds} s\n`);
  };
}

/** JSON as the command prints it. */
export const toJson = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
