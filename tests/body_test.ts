import { assert, assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { InvalidResponseError, ResponseTooLargeError } from "../mod.ts";
import { readText } from "../lib/body.ts";
import { countedSignal } from "./signals.ts";

const never = new AbortController().signal;

/** A stream of these pieces, that tells whether it was cancelled. */
function pieces(chunks: Iterable<unknown>, end = true) {
  const iterator = chunks[Symbol.iterator]();
  const told = { cancelled: false, pulled: 0 };
  const stream = new ReadableStream({
    pull(controller) {
      const { done, value } = iterator.next();
      if (!done) {
        told.pulled++;
        controller.enqueue(value);
      } else if (end) controller.close();
      else return new Promise(() => {});
    },
    cancel: () => void (told.cancelled = true),
  }, { highWaterMark: 0 });
  return { stream: stream as ReadableStream<Uint8Array>, told };
}

Deno.test("readText() of no body is empty", async () => {
  assertEquals(await readText(null, 1, never), "");
});

Deno.test("readText() puts any text together again, however it is cut", async () => {
  const input = fc.record({
    text: fc.string({ unit: "binary", maxLength: 200 }),
    cuts: fc.array(fc.nat({ max: 400 })),
  });
  await fc.assert(fc.asyncProperty(input, async ({ text, cuts }) => {
    const bytes = new TextEncoder().encode(text);
    const ends = [...cuts.filter((cut) => cut < bytes.length), bytes.length]
      .sort((a, b) => a - b);
    const chunks = ends.map((end, i) => bytes.slice(ends[i - 1] ?? 0, end));
    const { stream } = pieces(chunks);
    // U+FEFF at the start is a byte order mark, and no part of the text
    const expected = text.replace(/^\ufeff/, "");
    assertEquals(await readText(stream, bytes.length || 1, never), expected);
  }));
});

Deno.test("readText() takes exactly maxBytes, and not one more", async () => {
  await fc.assert(fc.asyncProperty(
    fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 20 }),
    async (sizes) => {
      const size = sizes.reduce((sum, n) => sum + n, 0);
      fc.pre(size > 0);
      const chunks = () => sizes.map((n) => new Uint8Array(n).fill(97));
      const whole = await readText(pieces(chunks()).stream, size, never);
      assertEquals(whole, "a".repeat(size));
      const error = await assertRejects(
        () => readText(pieces(chunks()).stream, size - 1, never),
        ResponseTooLargeError,
      );
      assertEquals(error.maxBodyBytes, size - 1);
    },
  ));
});

Deno.test("readText() stops a large body at the bound, and cancels it", async () => {
  function* large() {
    for (let i = 0; i < 10_000; i++) yield new Uint8Array(1000);
  }
  const { stream, told } = pieces(large());
  await assertRejects(
    () => readText(stream, 10_000, never),
    ResponseTooLargeError,
  );
  assert(told.cancelled);
  assertEquals(told.pulled, 11);
});

Deno.test("readText() refuses bytes that are not UTF-8", async () => {
  for (const bytes of [[0xff], [0xc3], [0x61, 0xed, 0xa0, 0x80]]) {
    const error = await assertRejects(
      () => readText(pieces([new Uint8Array(bytes)]).stream, 10, never),
      InvalidResponseError,
    );
    assertEquals([error.pointer, error.expected], ["", "UTF-8 text"]);
  }
});

Deno.test("readText() refuses a stream of anything but bytes", async () => {
  for (const chunk of ["text", 7, {}, undefined]) {
    const { stream, told } = pieces([chunk]);
    await assertRejects(
      () => readText(stream, 10, never),
      InvalidResponseError,
    );
    assert(told.cancelled);
  }
});

Deno.test("readText() cancels a body that stalls when its signal aborts", async () => {
  const { signal, abort, listeners } = countedSignal();
  const { stream, told } = pieces([new Uint8Array(1)], false);
  const reading = readText(stream, 10, signal);
  setTimeout(abort, 1);
  await reading;
  assert(told.cancelled);
  assertEquals(listeners(), 0);
});
