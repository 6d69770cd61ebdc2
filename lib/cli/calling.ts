// Calls of the API by a command: its options, the API key, and what it waits for.
import { checkArgument } from "../core/arguments.ts";
import type { AttemptEvent, CallOptions } from "../core/call_options.ts";
import { webAddress } from "../core/request.ts";
import type { Context, Options, Values } from "./command.ts";
import { CommandError, exitCodes, printError } from "./failure.ts";
import { toMs } from "./parse.ts";
import { readFileText } from "./files.ts";
import { waitText } from "./time.ts";

/** The options of every command that calls the API. */
export const callingOptions = {
  json: { about: "print JSON, with every field of the response" },
  "api-key-file": {
    value: "FILE",
    file: true,
    about: "a file with the API key, instead of TELNYX_API_KEY",
  },
  "base-url": {
    value: "URL",
    default: "https://api.telnyx.com/v2",
    about: "the address of the API",
  },
  timeout: {
    value: "SECONDS",
    default: "30",
    about: "the time limit of a request with its retries",
  },
} as const satisfies Options;

export type CallingValues = Values<typeof callingOptions>;

/** The options of a call, as a command sets them. */
export type Calling = CallOptions & {
  timeoutMs: number;
  signal: AbortSignal;
  onAttempt(event: AttemptEvent): void;
};

/** The base URL, from the option or the environment; undefined for Telnyx's. */
function baseUrlOf(
  { "base-url": option }: CallingValues,
  { env }: Context,
): string | undefined {
  if (option !== undefined) return checkArgument("baseUrl", webAddress, option);
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

/** The options of a call from those of the command line; its waits are printed. */
export function toCallOptions(
  values: CallingValues,
  context: Context,
): Calling {
  const { timeout } = values;
  const { stop: signal, stderr } = context;
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
    onAttempt({ attempt, status, error, waitMs }) {
      if (waitMs === undefined || !stderr.isTTY) return;
      const problem = status === undefined ? error?.code : `HTTP ${status}`;
      const wait = waitText(waitMs);
      const text = `Attempt ${attempt}: ${problem}; retrying in ${wait}`;
      stderr.write(`\r\x1b[K${text}\n`); // over a status line
    },
  };
}

/** Whether requests to this address can be read on the way. */
function isUnencrypted(baseUrl: string): boolean {
  const { protocol, hostname } = new URL(baseUrl);
  const isLoopback = /^(127\.[\d.]+|\[::1\]|(.+\.)?localhost\.?)$/;
  return protocol === "http:" && !isLoopback.test(hostname);
}

/**
 * The API key, from a file or from the environment. If it would be sent in clear,
 * a warning is printed.
 */
export async function readApiKey(
  values: CallingValues,
  context: Context,
): Promise<string> {
  const { env } = context;
  const { "api-key-file": file } = values;
  const baseUrl = baseUrlOf(values, context);
  const key = file === undefined
    ? env.TELNYX_API_KEY
    : await readFileText("--api-key-file", file, exitCodes.apiKey);
  if (!key?.trim()) {
    throw new CommandError(
      file === undefined
        ? "No API key: set TELNYX_API_KEY, or name a file with --api-key-file"
        : "No API key: the file of --api-key-file is empty",
      exitCodes.apiKey,
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
