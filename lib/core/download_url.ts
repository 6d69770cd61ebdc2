// Where a file may be downloaded from, without effects.
import { toHref } from "./arguments.ts";
import {
  fileError,
  type FilePart,
  isRefusal,
  type ResponseHead,
} from "./byte_range.ts";
import {
  ApiError,
  DownloadError,
  InvalidResponseError,
  type RoomsError,
} from "./errors.ts";
import { headerOf } from "./rate_limit.ts";
import { shown } from "./foreign.ts";
import { backoff, retryDelay, type RetryState, toPolicy } from "./retry.ts";

/** A recording or a composition: what has a file, once it is ready. */
export interface FileRecord {
  /** UUID of the record. */
  id: string;
  /** `"completed"` once there is a file. */
  status?: string | null;
  /** The URL of the file. */
  download_url?: string | null;
}

/** What messages call a record, and the function that waits for its file. */
export interface FileKind {
  /** Such as `"Recording"`. */
  readonly name: string;
  /** Such as `"waitForRecordings"`. */
  readonly wait: string;
}

/** The URL of a record's file. */
export function downloadUrl(
  record: FileRecord,
  { name, wait }: FileKind,
  isHttpAllowed: boolean,
  secrets: readonly string[],
): string {
  const { id, status, download_url } = record;
  const isCompleted = (status ?? "completed") === "completed";
  if (!isCompleted || !download_url) {
    const told = isCompleted
      ? "no download_url"
      : `status ${shown(`${status}`, secrets)}`;
    throw new DownloadError(
      "not_ready",
      `${name} ${shown(id, secrets)} has no file yet (${told}): ` +
        `wait for it with ${wait}()`,
    );
  }
  if (!isAllowed(download_url, isHttpAllowed)) {
    const expected = isHttpAllowed ? "an http(s) URL" : "an https URL";
    throw new InvalidResponseError(
      "/data/download_url",
      expected,
      "another text",
    );
  }
  return toHref(download_url);
}

/** Whether a file may be read from this URL; some runtimes read local files. */
export function isAllowed(url: string, isHttpAllowed: boolean): boolean {
  const href = toHref(url);
  return href.startsWith("https:") ||
    (isHttpAllowed && href.startsWith("http:"));
}

/** How many redirects are followed, one after the other. */
const maxRedirects = 10;

/** Where a redirect leads; undefined if the response is none. */
export function redirectUrl(
  head: ResponseHead,
  from: { url: string; count: number; isHttpAllowed: boolean },
): string | undefined {
  const { status, headers } = head;
  if (![301, 302, 303, 307, 308].includes(status)) return undefined;
  const refuse = (advice: string) => fileError(head, undefined, `: ${advice}`);
  if (from.count >= maxRedirects) {
    throw refuse(`more than ${maxRedirects} redirects`);
  }
  const location = headerOf(headers, "location") ?? "";
  const target = URL.canParse(location, from.url)
    ? new URL(location, from.url).href
    : "";
  if (location === "" || !isAllowed(target, from.isHttpAllowed)) {
    throw refuse("it redirects to no https URL");
  }
  return target;
}

/** Whether an error says that a link cannot be used any more. */
export function isRefusedLink(error: RoomsError): boolean {
  return error instanceof ApiError && isRefusal(error.status);
}

/** Whether another request can give what is missing: without a mix of two files. */
export function canResume({ offset, etag }: FilePart): boolean {
  return offset === 0 || etag !== undefined;
}

/**
 * How long to wait before the next request for a file; undefined to stop. A link
 * that was refused is replaced at once, at first.
 */
export function downloadDelay(
  error: RoomsError,
  state: RetryState,
): number | undefined {
  if (!isRefusedLink(error)) return retryDelay(error, state);
  const { attempt, random } = state;
  const policy = toPolicy(state.retry);
  if (attempt >= policy.maxAttempts) return undefined;
  if (attempt === 1) return 0;
  const waitMs = backoff(policy, attempt - 1, random);
  return waitMs < state.remainingMs ? waitMs : undefined;
}
