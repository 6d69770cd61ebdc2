// The page of the fake, as it is served. It is loaded only when it is asked for.
import { files } from "./page_files.ts";

const types: Record<string, string> = {
  html: "text/html; charset=utf-8",
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  svg: "image/svg+xml",
};

/** What the page may do: run its own script, and ask this server. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "media-src 'self' blob:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** A file of the page; undefined if there is none at this path. */
export function pageFile(
  path: string,
  from: Readonly<Record<string, string>> = files,
): Response | undefined {
  const name = path || "index.html";
  const text = Object.hasOwn(from, name) ? from[name] : undefined;
  if (text === undefined) return undefined;
  return new Response(text, {
    headers: {
      "content-type": types[name.split(".").at(-1) ?? ""] ?? "text/plain",
      "content-security-policy": policy,
      "cache-control": "no-cache",
      "referrer-policy": "no-referrer",
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
    },
  });
}
