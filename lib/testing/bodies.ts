// Bodies that are read and made where a test may have faked `queueMicrotask`.

/** The text of a request's body, and the content type that it implies. */
export interface ReadBody {
  text: string;
  type?: string;
}

/**
 * Reads the body that was given to `fetch`. It leaves to the platform only what
 * cannot be read otherwise: jsdom has no `Request`, and Node reads bytes and text
 * with `queueMicrotask`, which never ends under a fake one.
 */
export async function readBodyInit(
  body: BodyInit | null | undefined,
): Promise<ReadBody> {
  if (body === null || body === undefined) return { text: "" };
  if (typeof body === "string") return { text: body };
  // Classes are told by their names, since there may be another realm's
  const name = Object.prototype.toString.call(body).slice(8, -1);
  if (name === "URLSearchParams") {
    const type = "application/x-www-form-urlencoded;charset=UTF-8";
    return { text: `${body}`, type };
  }
  if (name === "ArrayBuffer" || ArrayBuffer.isView(body)) {
    return { text: new TextDecoder().decode(body as BufferSource) };
  }
  if ("text" in body && typeof body.text === "function") {
    return { text: await body.text(), ...body.type && { type: body.type } };
  }
  const read = new Response(body);
  const type = read.headers.get("content-type");
  return { text: await read.text(), ...type && { type } };
}

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
