import { assert, assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import type { FetchFn } from "../../mod.ts";
import {
  type BodyReader,
  decodeUtf8,
  isFramed,
  readAtMost,
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

/** The text of a body, or why it was not read. */
async function textOf(reader: BodyReader, maxBytes: number) {
  const { bytes, problem } = await readAtMost(reader, maxBytes);
  return bytes ? decodeUtf8(bytes) : problem;
}

Deno.test("readAtMost() returns an empty string for an empty body", async () => {
  assertEquals(await textOf(readerOf([]).reader, 1), "");
});

Deno.test("readAtMost() restores any text, however it is split", async () => {
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
    assertEquals(await textOf(reader, bytes.length || 1), expected);
  }));
});

Deno.test("readAtMost() accepts maxBytes bytes, but not one more", async () => {
  await fc.assert(fc.asyncProperty(
    fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 20 }),
    async (sizes) => {
      const size = sizes.reduce((sum, n) => sum + n, 0);
      fc.pre(size > 0);
      const chunks = () => sizes.map((n) => new Uint8Array(n).fill(97));
      const whole = await textOf(readerOf(chunks()).reader, size);
      assertEquals(whole, "a".repeat(size));
      const cut = await readAtMost(readerOf(chunks()).reader, size - 1);
      assertEquals(cut, { problem: "too_large" });
    },
  ));
});

Deno.test("readAtMost() stops soon after an abort, whatever the stream goes on giving", async () => {
  let reads = 0;
  const endless = {
    read() {
      reads++;
      return Promise.resolve({ done: false, value: new Uint8Array(0) });
    },
    cancel: () => Promise.resolve(),
  };
  const signal = AbortSignal.timeout(30);
  await assertRejects(() => readAtMost(endless, 10, signal), DOMException);
  const readsThen = reads;
  await new Promise((resolve) => setTimeout(resolve, 30));
  assertEquals(reads, readsThen);
});

Deno.test("readAtMost() stops reading a large body at maxBytes", async () => {
  function* large() {
    for (let i = 0; i < 10_000; i++) yield new Uint8Array(1000);
  }
  const { reader, counts } = readerOf(large());
  assertEquals(await textOf(reader, 10_000), "too_large");
  assertEquals(counts.read, 11);
});

Deno.test("decodeUtf8() gives undefined for bytes that are not UTF-8", () => {
  for (const bytes of [[0xff], [0xc3], [0x61, 0xed, 0xa0, 0x80]]) {
    assertEquals(decodeUtf8(new Uint8Array(bytes)), undefined);
  }
});

Deno.test("readAtMost() refuses a stream of anything but bytes", async () => {
  for (const chunk of ["text", 7, {}, undefined, null]) {
    const { reader } = readerOf([chunk]);
    assertEquals(await readAtMost(reader, 10), { problem: "not_bytes" });
  }
});

Deno.test("readAtMost() needs memory for the bytes, not for what each piece is a view on", async () => {
  const { reader } = readerOf(function* () {
    for (let i = 0; i < 10_000; i++) {
      yield new Uint8Array(65_536).fill(97).subarray(0, 1);
    }
  }());
  const before = Deno.memoryUsage().rss;
  const { bytes } = await readAtMost(reader, 1_000_000);
  const grown = (Deno.memoryUsage().rss - before) / 2 ** 20;
  assertEquals(bytes?.byteLength, 10_000);
  assert((bytes?.buffer.byteLength ?? 0) <= 20_000);
  assert(grown < 300, `${grown} MiB`); // 625 MiB if each piece is kept
});

Deno.test("readAtMost() lets timers run while it reads pieces that are there", async () => {
  const { reader } = readerOf(function* () {
    for (let i = 0; i < 50_000; i++) yield Uint8Array.of(97);
  }());
  let ticks = 0;
  const timer = setInterval(() => ticks++, 1);
  await readAtMost(reader, 1_000_000);
  clearInterval(timer);
  assert(ticks > 0);
});

Deno.test("readAtMost() keeps a replacement character that was sent", async () => {
  const bytes = new TextEncoder().encode('"\ufffd"');
  assertEquals(await textOf(readerOf([bytes]).reader, 10), '"\ufffd"');
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
    let expected: string | undefined;
    try {
      expected = strict.decode(bytes);
      seen.accepted++;
    } catch {
      seen.refused++;
    }
    assertEquals(decodeUtf8(bytes), expected);
  }));
  assert(seen.accepted > 10 && seen.refused > 10);
});

Deno.test("readAtMost() keeps the order of thousands of chunks", async () => {
  const text = Array.from({ length: 5000 }, (_, i) => i).join(",");
  const bytes = new TextEncoder().encode(text);
  const { reader } = readerOf(Array.from(bytes, (byte) => Uint8Array.of(byte)));
  assertEquals(await textOf(reader, bytes.length), text);
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
