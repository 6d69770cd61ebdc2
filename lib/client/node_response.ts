// The response of `httpFetch`: what this module needs of a web `Response`.
import type { IncomingMessage } from "node:http";
import type { ResponseHeaders } from "../core/rate_limit.ts";
import { readAtMost, type ReadBody, readWithin } from "./body.ts";
import type { FetchResponse } from "./fetch_fn.ts";
import { collect, IncomingReader, toWebStream } from "./node_body.ts";
import {
  decodeBody,
  decodedStream,
  encodingsOf,
  maxEncodedBytes,
} from "./node_decoding.ts";
import type { Incoming } from "./node_exchange.ts";

/** The statuses of responses that have no body. */
const bodiless: ReadonlySet<number> = /* @__PURE__ */ new Set([204, 205, 304]);

/** The headers of a message. */
export function headersOf({ headers }: IncomingMessage): ResponseHeaders {
  return {
    get(name) {
      const key = name.toLowerCase();
      const value = Object.hasOwn(headers, key) ? headers[key] : undefined;
      return Array.isArray(value) ? value.join(", ") : value ?? null;
    },
  };
}

/** A response of `httpFetch`. */
export class HttpResponse implements FetchResponse {
  readonly type = "basic";
  readonly status: number;
  readonly url: string;
  readonly headers: ResponseHeaders;
  #incoming: Incoming;
  #hasBody: boolean;
  #isRead = false;
  #stream: ReadableStream<Uint8Array> | undefined;

  constructor(incoming: Incoming, url: string, method: string) {
    const { message } = incoming;
    this.#incoming = incoming;
    this.status = message.statusCode ?? 0;
    this.url = url;
    this.headers = headersOf(message);
    this.#hasBody = method !== "HEAD" && !bodiless.has(this.status);
    if (this.#hasBody) return;
    message.resume(); // its connection is free then
    message.once("end", () => incoming.release());
  }

  get ok(): boolean {
    return this.status >= 200 && this.status < 300;
  }

  get statusText(): string {
    return this.#incoming.message.statusMessage ?? "";
  }

  get bodyUsed(): boolean {
    return this.#isRead;
  }

  /** The body as a stream; null if there is none. */
  get body(): ReadableStream<Uint8Array> | null {
    if (!this.#hasBody) return null;
    if (!this.#stream) {
      const encodings = encodingsOf(this.headers.get("content-encoding"));
      const source = decodedStream(encodings, this.#incoming.message);
      const reader = new IncomingReader(this.#incoming, source);
      this.#stream = toWebStream(reader, () => this.#isRead = true);
    }
    return this.#stream;
  }

  /** Reads the body if it is, decoded, of at most `maxBytes` bytes. */
  async [readWithin](maxBytes: number): Promise<ReadBody> {
    if (this.#isRead) throw new TypeError("The body was read already");
    if (!this.#hasBody) return { bytes: new Uint8Array(0) };
    if (this.#stream) return readAtMost(this.#stream.getReader(), maxBytes);
    this.#isRead = true;
    const incoming = this.#incoming;
    const encodings = encodingsOf(this.headers.get("content-encoding"));
    if (encodings.length === 0) return collect(incoming, maxBytes);
    const encoded = await collect(incoming, maxEncodedBytes(maxBytes));
    if (encoded.problem) return encoded;
    const decoded = await decodeBody(encodings, encoded.bytes, maxBytes);
    if (incoming.failure) throw incoming.failure.reason;
    return decoded;
  }

  /** Reads the body. */
  async arrayBuffer(): Promise<ArrayBuffer> {
    const { bytes } = await this[readWithin](Infinity);
    return new Uint8Array(bytes ?? []).buffer;
  }

  /** Reads the body as text. */
  async text(): Promise<string> {
    return new TextDecoder().decode(await this.arrayBuffer());
  }

  /** Reads the body as JSON. */
  // deno-lint-ignore no-explicit-any
  async json(): Promise<any> {
    return JSON.parse(await this.text());
  }
}
