// A request as a command line of curl.
import type { Operation } from "../core/operation.ts";
import { type CallArguments, toRequest } from "../core/request.ts";
import type { Options } from "./command.ts";
import { printableJson } from "./text.ts";

/** The option of every command of one request. */
export const curlOption = {
  curl: { about: "print the request as a command of curl, and send nothing" },
} as const satisfies Options;

/** A refresh token that is not printed: a variable of the shell stands for it. */
export const hiddenRefreshToken = "TELNYX_REFRESH_TOKEN";

/** A text as a word of a POSIX shell. */
export function shellWord(text: string): string {
  if (/^[\w%+,./:=@-]+$/.test(text)) return text;
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** A body as a word, in which a variable stands for a hidden payload. */
function bodyWord(body: string, payload: unknown): string {
  // JSON's own escapes keep the terminal safe
  const json = printableJson(JSON.parse(body)) ?? body;
  return payload === hiddenRefreshToken
    ? json.split(payload).map(shellWord).join(`"$${payload}"`)
    : shellWord(json);
}

/**
 * The command line of curl that sends what a call would. It takes the API key from
 * the variable TELNYX_API_KEY of the shell.
 */
export function curlOf(
  operation: Operation,
  { ids, payload }: CallArguments<string, unknown>,
  opts: object,
): string {
  const { method, url, headers, body } = toRequest(
    operation,
    "hidden",
    ids,
    opts,
    payload,
  );
  const words = [`curl ${shellWord(url)}`];
  // Brackets and braces would stand for several addresses
  if (/[[\]{}]/.test(url)) words.push("--globoff");
  if (method !== (body === undefined ? "GET" : "POST")) {
    words.push(`--request ${method}`);
  }
  for (const [name, value] of Object.entries(headers)) {
    words.push(
      name === "authorization"
        ? '--header "authorization: Bearer $TELNYX_API_KEY"'
        : `--header ${shellWord(`${name}: ${value}`)}`,
    );
  }
  if (body !== undefined) words.push(`--data ${bodyWord(body, payload)}`);
  return `${words.join(" \\\n  ")}\n`;
}
