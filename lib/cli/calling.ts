import type { AttemptEvent, CallOptions } from "../core/call_options.ts";
import { webAddress } from "../core/request.ts";
import type { Context } from "./context.ts";
import { CommandError, printError, usageError } from "./failure.ts";
import { exitCodes } from "./manual.ts";
import { callingOptions } from "./option.ts";
import { readFileText } from "./read_file.ts";
import { printableJson } from "./text.ts";

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

/** The base URL, from the option or the environment; undefined for Telnyx's. */
function baseUrlOf(
  { "base-url": option }: CallingValues,
  { env }: Context,
): string | undefined {
  if (option !== undefined) return option;
  const { TELNYX_BASE_URL: url } = env;
  if (!url) return undefined;
  const mismatch = webAddress(url);
  if (mismatch) {
    throw new CommandError(
      `TELNYX_BASE_URL must be ${mismatch.expected}`,
      exitCodes.usage,
    );
  }
  return url;
}

/** The options of a call from those of the command line. */
export function callOptions(
  values: CallingValues,
  context: Context,
): CallOptions & { timeoutMs: number; signal: AbortSignal } {
  const { timeout } = values;
  const { stop: signal } = context;
  const baseUrl = baseUrlOf(values, context);
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

/** Whether requests to this address can be read on the way. */
function isUnencrypted(baseUrl: string): boolean {
  if (!URL.canParse(baseUrl)) return false; // the call refuses it
  const { protocol, hostname } = new URL(baseUrl);
  const isLoopback = /^(127\.[\d.]+|\[::1\]|(.+\.)?localhost\.?)$/;
  return protocol === "http:" && !isLoopback.test(hostname);
}

/**
 * The API key, from a file or from the environment. If it would be sent in clear,
 * a warning is printed.
 */
export async function readToken(
  values: CallingValues,
  context: Context,
): Promise<string> {
  const { env } = context;
  const { "token-file": file } = values;
  const baseUrl = baseUrlOf(values, context);
  const key = file === undefined
    ? env.TELNYX_API_KEY
    : await readFileText("--token-file", file, exitCodes.token);
  if (!key?.trim()) {
    throw new CommandError(
      file === undefined
        ? "No API key: set TELNYX_API_KEY, or name a file with --token-file"
        : "No API key: the file of --token-file is empty",
      exitCodes.token,
    );
  }
  if (baseUrl !== undefined && isUnencrypted(baseUrl)) {
    printError(
      "Warning: the base URL is http: on another machine, so anyone on the way " +
        "can read the API key",
      context,
    );
  }
  return key.trim();
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

/** JSON as the command prints it: on several lines, or on one. */
export function toJson(value: unknown, lines: "lines" | "line" = "lines") {
  const json = printableJson(value, lines === "lines" ? 2 : undefined);
  if (json !== undefined) return `${json}\n`;
  throw new CommandError(
    "The response is nested too deeply to print, or too long",
    exitCodes.failed,
  );
}
