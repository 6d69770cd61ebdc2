// What a response with a file, or with the rest of one, means. The bytes that a
// reader gets are those of one file, or there is an error: never a mix of two.
import { ApiError, DownloadError } from "./errors.ts";
import { headerOf, type ResponseHeaders, retryAfter } from "./rate_limit.ts";
import { codeOf } from "./response.ts";

/** How much of a file was read, and what is known of it. */
export interface FilePart {
  /** The position of the next byte. */
  readonly offset: number;
  /** The strong `ETag` of the file; undefined if none is known. */
  readonly etag: string | undefined;
  /** The size of the whole, in bytes; undefined if it is not known. */
  readonly size: number | undefined;
  /**
   * Whether it comes compressed, although that was not asked for. A range would
   * be one of the compressed bytes, so none is asked for.
   */
  readonly isCompressed: boolean;
}

/** What the body of a response has. */
export interface FileBody {
  /** The file; its offset is that of the first byte that is new. */
  readonly part: FilePart;
  /** How many bytes at the start are known already. */
  readonly skip: number;
  /** How many bytes come, with those; undefined if it does not say. */
  readonly length: number | undefined;
}

/** A response without its body. */
export interface ResponseHead {
  /** The HTTP status. */
  status: number;
  /** The headers. */
  headers: ResponseHeaders;
}

/** Whether an `ETag` is a strong one (RFC 9110, section 8.8.3). */
export function isStrongEtag(value: unknown): value is string {
  return typeof value === "string" && /^"[!\x23-\x7e\x80-\xff]*"$/.test(value);
}

/** The first byte to ask for; undefined to ask for the whole file. */
function firstAsked(part: FilePart): number | undefined {
  const { offset, etag, size, isCompressed } = part;
  if (offset === 0 || etag === undefined || isCompressed) return undefined;
  // Where a part may be complete, there may be no byte at its end: the one before
  // is there unless the file has changed
  return size === undefined ? offset - 1 : offset;
}

/** The headers of a request for the rest of a file. */
export function fileHeaders(part: FilePart): Record<string, string> {
  const headers = { "accept": "*/*", "accept-encoding": "identity" };
  const first = firstAsked(part);
  return first === undefined || part.etag === undefined
    ? headers
    : { ...headers, "range": `bytes=${first}-`, "if-range": part.etag };
}

/** An integer in a header; undefined if it is missing, or not one. */
function integerOf(text: string | null | undefined): number | undefined {
  const isInteger = /^\d{1,15}$/.test(text ?? "");
  return isInteger ? Number(text) : undefined;
}

function changed(problem: string): DownloadError {
  return new DownloadError(
    "file_changed",
    `The file has changed since its first bytes were read (${problem}): ` +
      "download it from the start",
  );
}

function notResumable(problem: string): DownloadError {
  return new DownloadError(
    "not_resumable",
    `The rest of the file cannot be had, as ${problem}: download it from the start`,
  );
}

/** Throws if a size is not the one that is known. */
function checkSize(known: number | undefined, size: number | undefined): void {
  if (known === undefined || size === undefined || known === size) return;
  throw changed(`it had ${known} bytes, and has ${size}`);
}

/** The body of a response that has the whole file. */
function wholeFile(part: FilePart, { headers }: ResponseHead): FileBody {
  const sent = headerOf(headers, "etag");
  const etag = isStrongEtag(sent) ? sent : undefined;
  const encoding = headerOf(headers, "content-encoding") ?? "identity";
  const isCompressed = encoding.trim().toLowerCase() !== "identity";
  const size = isCompressed
    ? undefined
    : integerOf(headerOf(headers, "content-length"));
  const { offset } = part;
  if (part.etag !== undefined && etag !== part.etag) {
    throw changed(
      etag === undefined ? "it has no ETag" : "it has another ETag",
    );
  }
  checkSize(part.size, size);
  if (size !== undefined && size < offset) {
    throw changed(`${offset} bytes were read, and it has ${size}`);
  }
  const whole = size ?? part.size;
  return {
    part: { offset, etag, size: whole, isCompressed },
    skip: offset,
    length: whole,
  };
}

/** The body of a response that has the part of the file that was asked for. */
function restOfFile(
  part: FilePart,
  first: number,
  { headers }: ResponseHead,
): FileBody {
  const { offset, etag } = part;
  const sent = headerOf(headers, "etag");
  if (sent === null) throw notResumable("its host sent it without an ETag");
  if (sent !== etag) throw changed("it has another ETag");
  if (headerOf(headers, "content-encoding") !== null) {
    throw notResumable("its host sent it compressed");
  }
  const range = headerOf(headers, "content-range") ?? "";
  const [, ...numbers] = /^bytes (\d+)-(\d+)\/(\d+|\*)$/i.exec(range) ?? [];
  const [start, last, total] = numbers.map(integerOf);
  const size = total ?? part.size;
  const isRange = start === first && last !== undefined && last >= start &&
    size !== undefined && (last < size || total === undefined);
  if (!isRange) {
    throw notResumable("its host did not send the range that was asked for");
  }
  checkSize(part.size, total);
  if (last >= size) throw changed(`it had ${size} bytes, and has more`);
  return {
    part: { ...part, size },
    skip: offset - start,
    length: last - start + 1,
  };
}

/** What to do about a status of the file's host, for the message. */
function adviceOf(status: number): string {
  if (status === 404) return ": its host has no such file";
  if (isRefusal(status)) return ": its host refuses the link";
  return status === 429 || status >= 500 ? ": try again later" : "";
}

/** Makes the error of a response that has no bytes of the file. */
export function fileError(
  { status, headers }: ResponseHead,
  now?: number,
  advice: string = adviceOf(status),
): ApiError {
  const code = codeOf(status);
  const retryAfterMs = retryAfter(headers, now);
  return new ApiError(
    `The file: HTTP ${status}, ${code.replace("_", " ")}${advice}`,
    { code, status, details: [], retryAfterMs },
  );
}

/** Whether a status means that a link cannot be used any more. */
export function isRefusal(status: number): boolean {
  return status === 401 || status === 403 || status === 410;
}

/** Reads the head of a response to `fileHeaders(part)`; may throw. */
export function readFileHead(
  part: FilePart,
  head: ResponseHead,
  now: number,
): FileBody {
  const first = firstAsked(part);
  if (head.status === 200) return wholeFile(part, head);
  if (first === undefined) throw fileError(head, now);
  if (head.status === 206) return restOfFile(part, first, head);
  if (head.status === 416) {
    throw changed(`${part.offset} bytes were read, and it has fewer`);
  }
  throw fileError(head, now);
}
