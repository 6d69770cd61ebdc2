// Requests as commands for a shell.
import type { RequestEntry } from "./types.ts";

/** A text as one word of a shell. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Headers that curl sends by itself, or that only the first sender has. */
const own = new Set([
  "accept",
  "accept-encoding",
  "accept-language",
  "connection",
  "content-length",
  "host",
  "origin",
  "referer",
  "user-agent",
]);

/** A request as a command. The API key comes from the environment. */
export function toCurl({ method, url, headers, body }: RequestEntry): string {
  const sent = Object.entries(headers)
    .filter(([name]) => !own.has(name) && !name.startsWith("sec-"))
    .map(([name, value]) =>
      name === "authorization"
        ? `-H "authorization: Bearer $TELNYX_API_KEY"`
        : `-H ${quoted(`${name}: ${value}`)}`
    );
  return [
    // Brackets are a pattern for curl, unless it is told otherwise
    `curl ${/[[\]{}]/.test(url) ? "-g " : ""}${
      method === "GET" ? "" : `-X ${method} `
    }${quoted(url)}`,
    ...sent,
    ...body === undefined ? [] : [`-d ${quoted(body)}`],
  ].join(" \\\n  ");
}
