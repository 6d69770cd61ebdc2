import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  type FetchFn,
  InvalidResponseError,
  ResponseTooLargeError,
} from "../../mod.ts";
import {
  type BodyReader,
  decodeUtf8,
  isFramed,
  readText,
} from "../../lib/client/body.ts";

/** A reader of these chunks, which counts how many were read. */
function readerOf(chunks: Iterable<unknown>) {
  const iterator = chunks[Symbol.iterator]();
  const counts = { read: 0 };
  const stream = new ReadableStream({
    pull(controller) {
      const { done, value } = iterator.next();
      if (!done) {
        counts.read++;
        controller.enqueue(value);
      } else controller.close();
    },
  }, { highWaterMark: 0 });
  return { reader: stream.getReader() as BodyReader, counts };
}

Deno.test("readText() returns an empty string for an empty body", async () => {
  assertEquals(await readText(readerOf([]).reader, 1), "");
});

Deno.test("readText() restores any text, however it is split", async () => {
  const input = fc.record({
    text: fc.string({ unit: "binary", maxLength: 200 }),
    splits: fc.array(fc.nat({ max: 400 })),
  });
  await fc.assert(fc.asyncProperty(input, async ({ text, splits }) => {
    const bytes = new TextEncoder().encode(text);
    const ends = [...splits.filter((at) => at < bytes.length), bytes.length]
      .sort((a, b) => a - b);
    const chunks = ends.map((end, i) => bytes.slice(ends[i - 1] ?? 0, end));
    const { reader } = readerOf(chunks);
    // U+FEFF at the start is a byte order mark, not part of the text
    const expected = text.replace(/^\ufeff/, "");
    assertEquals(await readText(reader, bytes.length || 1), expected);
  }));
});

Deno.test("readText() accepts maxBytes bytes, but not one more", async () => {
  await fc.assert(fc.asyncProperty(
    fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 20 }),
    async (sizes) => {
      const size = sizes.reduce((sum, n) => sum + n, 0);
      fc.pre(size > 0);
      const chunks = () => sizes.map((n) => new Uint8Array(n).fill(97));
      const whole = await readText(readerOf(chunks()).reader, size);
      assertEquals(whole, "a".repeat(size));
      const error = await assertRejects(
        () => readText(readerOf(chunks()).reader, size - 1),
        ResponseTooLargeError,
      );
      assertEquals(error.maxBodyBytes, size - 1);
    },
  ));
});

Deno.test("readText() stops reading a large body at maxBytes", async () => {
  function* large() {
    for (let i = 0; i < 10_000; i++) yield new Uint8Array(1000);
  }
  const { reader, counts } = readerOf(large());
  await assertRejects(
    () => readText(reader, 10_000),
    ResponseTooLargeError,
  );
  assertEquals(counts.read, 11);
});

Deno.test("readText() rejects bytes that are not UTF-8", async () => {
  for (const bytes of [[0xff], [0xc3], [0x61, 0xed, 0xa0, 0x80]]) {
    const error = await assertRejects(
      () => readText(readerOf([new Uint8Array(bytes)]).reader, 10),
      InvalidResponseError,
    );
    assertEquals([error.pointer, error.expected], ["", "UTF-8"]);
  }
});

Deno.test("readText() rejects a stream of anything but bytes", async () => {
  for (const chunk of ["text", 7, {}]) {
    await assertRejects(
      () => readText(readerOf([chunk]).reader, 10),
      InvalidResponseError,
    );
  }
});

Deno.test("readText() rejects an undefined chunk", async () => {
  await assertRejects(
    () => readText(readerOf([undefined]).reader, 10),
    TypeError,
  );
});

Deno.test("readText() keeps a replacement character that was sent", async () => {
  const bytes = new TextEncoder().encode('"\ufffd"');
  assertEquals(await readText(readerOf([bytes]).reader, 10), '"\ufffd"');
});

Deno.test("decodeUtf8() decodes what a strict decoder does, and refuses the rest", () => {
  const strict = new TextDecoder("utf-8", { fatal: true });
  const sent = new TextEncoder().encode("a\ufffd");
  const bytes = fc.array(
    fc.oneof(
      fc.uint8Array({ maxLength: 4 }),
      fc.string({ unit: "binary" }).map((text) =>
        new TextEncoder().encode(text)
      ),
      fc.constant(sent),
    ),
    { maxLength: 4 },
  ).map((pieces) => Uint8Array.from(pieces.flatMap((piece) => [...piece])));
  const seen = { accepted: 0, refused: 0 };
  fc.assert(fc.property(bytes, (bytes) => {
    let expected;
    try {
      expected = strict.decode(bytes);
    } catch {
      assertThrows(() => decodeUtf8(bytes), InvalidResponseError, "UTF-8");
      seen.refused++;
      return;
    }
    assertEquals(decodeUtf8(bytes), expected);
    seen.accepted++;
  }));
  assert(seen.accepted > 10 && seen.refused > 10);
});

Deno.test("readText() keeps the order of thousands of chunks", async () => {
  const text = Array.from({ length: 5000 }, (_, i) => i).join(",");
  const bytes = new TextEncoder().encode(text);
  const { reader } = readerOf(Array.from(bytes, (byte) => Uint8Array.of(byte)));
  assertEquals(await readText(reader, bytes.length), text);
});

/** A response as `fetch` returns it in Deno and Node, unless told otherwise. */
function fetched(
  headers: Record<string, string>,
  { type = "basic", url = "http://x.example/" } = {},
) {
  return Object.defineProperties(new Response("", { headers }), {
    type: { value: type },
    url: { value: url },
  });
}

const framings: [name: string, response: Response, framed: boolean][] = [
  ["a length within the bound", fetched({ "content-length": "10" }), true],
  ["a length over the bound", fetched({ "content-length": "11" }), false],
  ["no length", fetched({}), false],
  ["two lengths", fetched({ "content-length": "5, 5" }), false],
  [
    "a compressed body",
    fetched({ "content-length": "5", "content-encoding": "gzip" }),
    false,
  ],
  [
    "a length and chunks",
    fetched({ "content-length": "5", "transfer-encoding": "chunked" }),
    false,
  ],
  [
    'the type "default" and a URL, as in Bun',
    fetched({ "content-length": "5" }, { type: "default" }),
    true,
  ],
  [
    'the type "default" and no URL',
    fetched({ "content-length": "5" }, { type: "default", url: "" }),
    false,
  ],
  [
    "a length, made by hand",
    new Response("", { headers: { "content-length": "5" } }),
    false,
  ],
];

for (const [name, response, framed] of framings) {
  Deno.test(`isFramed() is ${framed} for a response with ${name}`, () => {
    assertEquals(isFramed(fetch, response, 10), framed);
  });
}

Deno.test("isFramed() is false for a response that does not come from fetch itself", () => {
  const wrapper: FetchFn = (url, init) => fetch(url, init);
  const response = fetched({ "content-length": "5" });
  assertEquals(isFramed(wrapper, response, 10), false);
});
