// Which entries of the log are shown.
import type { Entry } from "./types.ts";

/** The kinds of entries that can be chosen. */
export const kinds = ["All", "Requests", "Webhooks", "Problems"] as const;
export type Kind = typeof kinds[number];

/** Whether something went wrong, or was sent that nobody reads. */
export function isProblem(entry: Entry): boolean {
  if (entry.kind === "webhook") {
    return entry.attempts.some(({ status = 0 }) =>
      status < 200 || status > 299
    );
  }
  return entry.ignored.length > 0 || entry.note !== undefined ||
    entry.fault !== undefined || (entry.status ?? 0) >= 400 ||
    entry.outcome === "broken" || entry.outcome === "left";
}

/** The text of an entry that a search looks in. */
function textOf(entry: Entry): string {
  const parts = entry.kind === "webhook"
    ? [JSON.stringify(entry.event), ...entry.urls]
    : [
      entry.method,
      entry.url,
      `${entry.status ?? ""}`,
      entry.body ?? "",
      entry.responseBody ?? "",
      ...entry.ignored,
    ];
  return parts.join(" ").toLowerCase();
}

/** Whether an entry is shown. */
export function isShown(entry: Entry, kind: Kind, search: string): boolean {
  const isOfKind = kind === "All" ||
    (kind === "Requests" && entry.kind === "request") ||
    (kind === "Webhooks" && entry.kind === "webhook") ||
    (kind === "Problems" && isProblem(entry));
  const words = search.toLowerCase().split(/\s+/);
  return isOfKind &&
    words.every((word) => word === "" || textOf(entry).includes(word));
}
