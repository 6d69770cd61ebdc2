/**
 * A body in one piece. Node ends a body of text with `queueMicrotask`, so that it
 * would never end while a test has faked that. jsdom has no streams.
 */
export function wholeBody(text: string): BodyInit {
  const hasStreams = typeof ReadableStream === "function" &&
    typeof TextEncoder === "function";
  if (!hasStreams) return text;
  return new ReadableStream({
    start(controller) {
      if (text !== "") controller.enqueue(new TextEncoder().encode(text));
      controller.close();
    },
  });
}
