import type { AttemptEvent, CallOptions } from "../call.ts";
import type { Context } from "./context.ts";
import { CommandError, usageError } from "./failure.ts";
import { exitCodes } from "./manual.ts";
import { callingOptions } from "./option.ts";
import { readFileText } from "./read_file.ts";

/** The values of the options that every command has which asks the API. */
export interface CallingValues {
  "token-file"?: string;
  "base-url"?: string;
  timeout?: string;
}

/** Seconds of an option, in milliseconds. */
export function toMs(flag: string, text: string, least: number): number {
  const seconds = text.trim() === "" ? NaN : Number(text);
  if (seconds >= least && seconds <= 2_147_483) return seconds * 1000;
  throw usageError(
    `${flag} must be a number of seconds, such as 5 or ` +
      (least < 1 ? "0.5" : `2.5, and at least ${least}`),
  );
}

/** What these values make of a call's options. */
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
    : await readFileText("the token file", file, exitCodes.token);
  if (token?.trim()) return token.trim();
  throw new CommandError(
    file === undefined
      ? "No token: set TELNYX_API_KEY, or name a file with --token-file"
      : `No token: the file '${file}' is empty`,
    exitCodes.token,
  );
}

/** Tells on a terminal why the call waits. */
export function tellWaits({ stderr }: Context): (event: AttemptEvent) => void {
  return ({ attempt, status, error, waitMs }) => {
    if (waitMs === undefined || !stderr.isTTY) return;
    const what = status === undefined ? error?.code : `HTTP ${status}`;
    const wait = (waitMs / 1000).toFixed(1);
    stderr.write(`Attempt ${attempt}: ${what}; the next one in ${wait} s\n`);
  };
}

/** JSON as the command prints it. */
export const toJson = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
