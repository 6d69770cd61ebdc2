// Reads the body of a message: whole, or piece by piece.
import type { BodyReader, ReadBody } from "./body.ts";
import type { Readable } from "./node_builtin.ts";
import type { Incoming } from "./node_exchange.ts";

/** The error of a body that ended early, if the runtime gave none. */
function closedEarly(): TypeError {
  return new TypeError("The connection was closed inside the body");
}

/** Reads a body of at most `maxBytes` bytes to its end. */
export function collect(
  incoming: Incoming,
  maxBytes: number,
): Promise<ReadBody> {
  const { message } = incoming;
  let bytes = new Uint8Array(0);
  let size = 0;
  const add = (piece: Uint8Array) => {
    const newSize = size + piece.byteLength;
    if (newSize > bytes.byteLength) {
      // Copied, since a piece of one byte can hold 64 KiB; most bodies are one
      const capacity = size === 0 ? newSize : 2 * newSize;
      const grown = new Uint8Array(Math.min(capacity, maxBytes));
      grown.set(bytes.subarray(0, size));
      bytes = grown;
    }
    bytes.set(piece, size);
    size = newSize;
  };
  return new Promise((resolve, reject) => {
    const onClose = () => {
      incoming.release();
      reject(incoming.failure ? incoming.failure.reason : closedEarly());
    };
    // What failed before there was anyone to be told
    if (incoming.failure || message.destroyed) return onClose();
    message.on("data", (piece: Uint8Array) => {
      if (size + piece.byteLength <= maxBytes) return add(piece);
      resolve({ problem: "too_large" });
      incoming.end();
    });
    // Not sooner, although it may be known: its connection is free only now
    message.on("end", () => {
      message.off("close", onClose); // an error would be made for nothing
      incoming.release();
      if (incoming.failure) reject(incoming.failure.reason);
      else resolve({ bytes: bytes.subarray(0, size) });
    });
    message.on("close", onClose);
  });
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
export class IncomingReader implements BodyReader {
  #incoming: Incoming;
  #source: Readable;

  constructor(incoming: Incoming, source: Readable) {
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
        throw closedEarly();
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
export function toWebStream(
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
