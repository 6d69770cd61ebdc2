/** Whether this runtime has streams: jsdom has none. */
function hasStreams(): boolean {
  return typeof ReadableStream === "function" &&
    typeof TextEncoder === "function";
}

/**
 * Bytes as a body in one piece. Node ends a body of text or bytes with
 * `queueMicrotask`, so that it would never end while a test has faked that.
 */
export function wholeBytes(bytes: Uint8Array<ArrayBuffer>): BodyInit {
  if (!hasStreams()) return bytes;
  return new ReadableStream({
    start(controller) {
      if (bytes.length > 0) controller.enqueue(bytes);
      controller.close();
    },
  });
}

/** A text as a body in one piece, likewise. */
export function wholeBody(text: string): BodyInit {
  return hasStreams() ? wholeBytes(new TextEncoder().encode(text)) : text;
}
