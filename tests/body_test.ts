import { assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import {
  type FetchFn,
  InvalidResponseError,
  ResponseTooLargeError,
} from "../mod.ts";
import { type BodyReader, isFramed, readText } from "../lib/body.ts";

/** A reader of these pieces, that counts how many were asked for. */
function pieces(chunks: Iterable<unknown>) {
  const iterator = chunks[Symbol.iterator]();
  const told = { pulled: 0 };
  const stream = new ReadableStream({
    pull(controller) {
      const { done, value } = iterator.next();
      if (!done) {
        told.pulled++;
        controller.enqueue(value);
      } else controller.close();
    },
  }, { highWaterMark: 0 });
  return { reader: stream.getReader() as BodyReader, told };
}

Deno.test("readText() of an empty body is empty", async () => {
  assertEquals(await readText(pieces([]).reader, 1), "");
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
    const { reader } = pieces(chunks);
    // U+FEFF at the start is a byte order mark, and no part of the text
    const expected = text.replace(/^\ufeff/, "");
    assertEquals(await readText(reader, bytes.length || 1), expected);
  }));
});

Deno.test("readText() takes exactly maxBytes, and not one more", async () => {
  await fc.assert(fc.asyncProperty(
    fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 20 }),
    async (sizes) => {
      const size = sizes.reduce((sum, n) => sum + n, 0);
      fc.pre(size > 0);
      const chunks = () => sizes.map((n) => new Uint8Array(n).fill(97));
      const whole = await readText(pieces(chunks()).reader, size);
      assertEquals(whole, "a".repeat(size));
      const error = await assertRejects(
        () => readText(pieces(chunks()).reader, size - 1),
        ResponseTooLargeError,
      );
      assertEquals(error.maxBodyBytes, size - 1);
    },
  ));
});

Deno.test("readText() stops a large body at the bound", async () => {
  function* large() {
    for (let i = 0; i < 10_000; i++) yield new Uint8Array(1000);
  }
  const { reader, told } = pieces(large());
  await assertRejects(
    () => readText(reader, 10_000),
    ResponseTooLargeError,
  );
  assertEquals(told.pulled, 11);
});

Deno.test("readText() refuses bytes that are not UTF-8", async () => {
  for (const bytes of [[0xff], [0xc3], [0x61, 0xed, 0xa0, 0x80]]) {
    const error = await assertRejects(
      () => readText(pieces([new Uint8Array(bytes)]).reader, 10),
      InvalidResponseError,
    );
    assertEquals([error.pointer, error.expected], ["", "UTF-8"]);
  }
});

Deno.test("readText() refuses a stream of anything but bytes", async () => {
  for (const chunk of ["text", 7, {}]) {
    await assertRejects(
      () => readText(pieces([chunk]).reader, 10),
      InvalidResponseError,
    );
  }
});

Deno.test("readText() ends at a piece that is nothing", async () => {
  await assertRejects(
    () => readText(pieces([undefined]).reader, 10),
    TypeError,
  );
});

Deno.test("readText() takes a replacement character that was sent for what it is", async () => {
  const bytes = new TextEncoder().encode('"\ufffd"');
  assertEquals(await readText(pieces([bytes]).reader, 10), '"\ufffd"');
});

Deno.test("readText() of a body in very many pieces keeps their order", async () => {
  const text = Array.from({ length: 5000 }, (_, i) => i).join(",");
  const bytes = new TextEncoder().encode(text);
  const { reader } = pieces(Array.from(bytes, (byte) => Uint8Array.of(byte)));
  assertEquals(await readText(reader, bytes.length), text);
});

/** A response as Deno's `fetch` gives it. */
function fetched(headers: Record<string, string>, url = "http://x.example/") {
  return Object.defineProperty(new Response("", { headers }), "url", {
    value: url,
  });
}

const framings: [what: string, response: Response, framed: boolean][] = [
  ["a length within the bound", fetched({ "content-length": "10" }), true],
  ["a length past the bound", fetched({ "content-length": "11" }), false],
  ["no length", fetched({}), false],
  ["two lengths", fetched({ "content-length": "5, 5" }), false],
  [
    "a length before compression",
    fetched({ "content-length": "5", "content-encoding": "gzip" }),
    false,
  ],
  [
    "a length and chunks",
    fetched({ "content-length": "5", "transfer-encoding": "chunked" }),
    false,
  ],
  ["no URL", fetched({ "content-length": "5" }, ""), false],
];

for (const [what, response, framed] of framings) {
  Deno.test(`isFramed() is ${framed} of a response with ${what}`, () => {
    assertEquals(isFramed(fetch, response, 10), framed);
  });
}

Deno.test("isFramed() is false of a response that came by another function than fetch", () => {
  const wrapper: FetchFn = (url, init) => fetch(url, init);
  const response = fetched({ "content-length": "5" });
  assertEquals(isFramed(wrapper, response, 10), false);
});
