import { fileURLToPath } from "node:url";

/** The page's folder. */
export const page: string = fileURLToPath(
  new URL("../../docs/playground", import.meta.url),
);

/** What the page is made of, and what each file is. */
export const files: Record<string, string> = {
  "index.html": "text/html; charset=utf-8",
  "style.css": "text/css; charset=utf-8",
  "icon.svg": "image/svg+xml",
  "playground.js": "text/javascript; charset=utf-8",
  "videorooms.js": "text/javascript; charset=utf-8",
};
