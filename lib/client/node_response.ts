// The response of `httpFetch`: what this module needs of a web `Response`.
import type { IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import type { ResponseHeaders } from "../core/rate_limit.ts";
import {
  type BodyReader,
  readAtMost,
  type ReadBody,
  readWithin,
} from "./body.ts";
import type { FetchResponse } from "./fetch_fn.ts";
import { decodeBody, decodedStream, encodingsOf } from "./node_decoding.ts";
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

/** Waits until a stream may have more, or has ended in any way. */
function somethingOf(source: Readable): Promise<void> {
  const events = ["readable", "end", "error", "close"];
  return new Promise((resolve) => {
    const onEvent = () => {
      for (const event of events) source.off(event, onEvent);
      resolve();
    };
    for (const event of events) source.on(event, onEvent);
  });
}

/** Reads a body, or what decodes it, piece by piece. */
class IncomingReader implements BodyReader {
  #incoming: Incoming;
  #source: Readable;

  constructor(incoming: Incoming, source: Readable = incoming.message) {
    this.#incoming = incoming;
    this.#source = source;
    if (source === incoming.message) return;
    source.on("error", (error) => incoming.failure ??= { reason: error });
  }

  async read(): Promise<{ done: boolean; value?: Uint8Array }> {
    for (;;) {
      const { failure } = this.#incoming;
      if (failure) throw failure.reason;
      const value: Uint8Array | null = this.#source.read();
      if (value !== null) return { done: false, value };
      // Not sooner, although it may be known: its connection is free only now
      if (this.#source.readableEnded) {
        this.#incoming.release();
        return { done: true };
      }
      if (this.#source.destroyed) {
        this.#incoming.end();
        throw new TypeError("The connection was closed inside the body");
      }
      await somethingOf(this.#source);
    }
  }

  cancel(): Promise<void> {
    this.#incoming.end();
    return Promise.resolve();
  }
}

/** A view that is no `Buffer`, whose `slice` would not copy. */
function plainBytes(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** A body as a stream, which reads only as fast as it is read. */
function toWebStream(
  reader: BodyReader,
  onRead: () => void,
): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      onRead();
      const { done, value } = await reader.read();
      if (done) controller.close();
      else controller.enqueue(plainBytes(value as Uint8Array));
    },
    async cancel() {
      onRead();
      await reader.cancel();
    },
  }, { highWaterMark: 0 });
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
    // A few bytes can be larger when they are encoded
    const maxEncoded = encodings.length > 0 ? 2 * maxBytes + 65_536 : maxBytes;
    const encoded = await readAtMost(new IncomingReader(incoming), maxEncoded);
    if (encoded.problem || encodings.length === 0) return encoded;
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
