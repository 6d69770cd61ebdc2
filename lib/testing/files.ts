// The files of recordings and compositions: links that expire, and the responses
// of the host that has them.
import type { RoomComposition } from "../core/compositions.ts";
import type { RoomRecording } from "../core/recordings.ts";
import {
  type Content,
  hash,
  madeContent,
  type Media,
  mediaBytes,
  mediaContent,
} from "./content.ts";
import type { Fault } from "./faults.ts";
import type { FakeRequest } from "./log.ts";
import { type Refusal, refusal } from "./refusal.ts";
import type { State } from "./state.ts";

export type FileKind = "recordings" | "compositions";

const linkMs = 3_600_000;

/** Where files are that nobody serves. */
export const unservedBase = "https://files.invalid";

const servedPath = "/_fake/files";

/** Where files are for who sent a request; no fake is served by `https`. */
export function baseOf(requestUrl: string): string {
  const { protocol, origin } = new URL(requestUrl);
  return protocol === "http:" ? origin + servedPath : unservedBase;
}

/** The path of a file below the base; undefined if the URL is of no file. */
function filePath(url: string): string | undefined {
  const { origin, pathname } = new URL(url);
  if (origin === unservedBase) return pathname;
  return pathname.startsWith(`${servedPath}/`)
    ? pathname.slice(servedPath.length)
    : undefined;
}

/** Whether a request is for the host of files, and not for the API. */
export function isFileUrl(url: string): boolean {
  return filePath(url) !== undefined;
}

/** A signature that is right for this link only, and no secret. */
export function signatureOf(path: string, expires: string): string {
  const signed = `${path}?expires=${expires}`;
  const words = [hash(signed), hash(signed, 0x9e3779b9)];
  return words.map((word) => word.toString(16).padStart(8, "0")).join("");
}

const mediaOf = (kind: FileKind): Media =>
  kind === "recordings" ? "webm" : "mp4";

/** A link to a file, which expires in an hour. */
export function linkTo(state: State, kind: FileKind, id: string): string {
  const path = `/${kind}/${id.toLowerCase()}.${mediaOf(kind)}`;
  const expires = `${Math.floor(state.now()) + linkMs}`;
  const signature = signatureOf(path, expires);
  const query = new URLSearchParams({ expires, signature });
  return `${state.fileBase}${path}?${query}`;
}

/** A record as in a response: with a link, if it has a file. */
export function withLink<T extends RoomRecording | RoomComposition>(
  state: State,
  kind: FileKind,
  record: T,
): T {
  const hasFile = record.status === "completed" &&
    record.download_url === undefined;
  if (!hasFile) return record;
  return { ...record, download_url: linkTo(state, kind, record.id) };
}

export function fileBytes(state: State, kind: FileKind, id: string): number {
  return state.fileSizes.get(id.toLowerCase()) ?? mediaBytes[mediaOf(kind)];
}

/** A size as records have it: in megabytes, and never 0. */
export function toMegabytes(bytes: number): number {
  return Math.max(0.01, Math.round(bytes / 10_000) / 100);
}

/** A file as its host has it. */
interface File {
  type: string;
  /** A strong one. */
  etag: string;
  content: Content;
}

/** The file of a link; a refusal if the link is not right, or not any more. */
function fileOf(
  state: State,
  url: string,
  version: string,
): File | Refusal {
  const path = filePath(url) ?? "";
  const { searchParams } = new URL(url);
  const expires = searchParams.get("expires") ?? "";
  if (searchParams.get("signature") !== signatureOf(path, expires)) {
    return refusal(403, "The link's signature is not right.");
  }
  if (state.now() >= Number(expires)) {
    return refusal(403, "The link has expired: get the record anew.");
  }
  const [, kind, id = ""] =
    /^\/(recordings|compositions)\/([\w-]+)\.\w+$/.exec(path) ?? [];
  const record = kind && state[kind as FileKind].get(id);
  if (!record) return refusal(404, "There is no such file any more.");
  const media = mediaOf(kind as FileKind);
  const size = state.fileSizes.get(id);
  const name = id + version;
  const content = size === undefined && version === ""
    ? mediaContent(media)
    : madeContent(size ?? mediaBytes[media], name);
  const isAudio = "type" in record && record.type === "audio";
  return {
    type: `${isAudio ? "audio" : "video"}/${media}`,
    etag: `"${signatureOf(name, `${content.size}`)}"`,
    content,
  };
}

/** A part of a file: from `start` up to, and without, `end`. */
interface Part {
  start: number;
  end: number;
}

/**
 * The part that a `Range` header asks for; undefined for the whole file: without
 * a range, with several, or with one in another form. `"unsatisfiable"` if the
 * file has nothing of it.
 */
function partOf(
  range: string,
  size: number,
): Part | "unsatisfiable" | undefined {
  const match = /^bytes=(\d*)-(\d*)$/i.exec(range.replaceAll(" ", ""));
  const [, first = "", last = ""] = match ?? [];
  if (first === "" && last === "") return undefined;
  if (first === "") {
    const start = Math.max(0, size - Number(last));
    return start < size ? { start, end: size } : "unsatisfiable";
  }
  const start = Number(first);
  const end = last === "" ? size : Math.min(size, Number(last) + 1);
  if (last !== "" && Number(last) < start) return undefined;
  return start < size ? { start, end } : "unsatisfiable";
}

/** A response before a fault changes its body. */
export interface FakeResponse {
  status: number;
  /** By default, the content type is that of JSON. */
  headers?: Record<string, string>;
  /** As JSON, unless it is a string; undefined for none. */
  body?: unknown;
  /** The bytes of a file, in place of a body. */
  file?: Content;
}

/** What is said about a request that has the API key. */
const keyNote = "has the API key, which must not be sent to the host of files";

/** The part of a content, as a content. */
function cutOut(content: Content, { start, end }: Part): Content {
  return {
    size: end - start,
    read: (from, to) => content.read(start + from, Math.min(start + to, end)),
  };
}

/** Responds to a request for a file, as a host of files does. */
export function respondWithFile(
  state: State,
  request: FakeRequest,
  { ignoreRange = false, changed = false }: Fault,
): FakeResponse {
  const { method, url, headers } = request;
  if (headers.authorization !== undefined) {
    request.note = keyNote;
    return refusal(400, `The request ${keyNote}.`);
  }
  if (method !== "GET" && method !== "HEAD") {
    const refused = refusal(405, "A file can only be read.", {
      code: "10003",
      title: "Method Not Allowed",
    });
    return { ...refused, headers: { allow: "GET, HEAD" } };
  }
  const file = fileOf(state, url, changed ? " changed" : "");
  if ("body" in file) return file;
  const { type, etag, content } = file;
  const { size } = content;
  const ifRange = headers["if-range"];
  const isRanged = method === "GET" && !ignoreRange &&
    (ifRange === undefined || ifRange === etag);
  const part = isRanged ? partOf(headers.range ?? "", size) : undefined;
  if (part === "unsatisfiable") {
    return {
      ...refusal(416, `The file has ${size} bytes.`),
      headers: { "content-range": `bytes */${size}`, etag },
    };
  }
  const { start, end } = part ?? { start: 0, end: size };
  return {
    status: part ? 206 : 200,
    headers: {
      "content-type": type,
      "content-length": `${end - start}`,
      etag,
      ...!ignoreRange && { "accept-ranges": "bytes" },
      ...part && { "content-range": `bytes ${start}-${end - 1}/${size}` },
    },
    ...method === "GET" && { file: cutOut(content, { start, end }) },
  };
}
