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
  const reader: BodyReader = {
    read() {
      const { done = false, value } = iterator.next();
      if (!done) counts.read++;
      return Promise.resolve({ done, value });
    },
    cancel: () => Promise.resolve(),
  };
  return { reader, counts };
}

/** The text of a body, or why it was not read. */
async function textOf(chunks: Iterable<unknown>, maxBytes: number) {
  const { bytes, problem } = await readAtMost(
    readerOf(chunks).reader,
    maxBytes,
  );
  return bytes ? decodeUtf8(bytes) : problem;
}

/** Any text, in pieces of any size, also none. */
const pieces = fc.record({
  text: fc.string({ unit: "binary", maxLength: 200 }),
  splits: fc.array(fc.nat({ max: 400 })),
}).map(({ text, splits }) => {
  const bytes = new TextEncoder().encode(text);
  const ends = [...splits.filter((at) => at < bytes.length), bytes.length]
    .sort((a, b) => a - b);
  const chunks = ends.map((end, i) => bytes.slice(ends[i - 1] ?? 0, end));
  return { text, size: bytes.length, chunks };
});

Deno.test("readAtMost() restores any text of maxBytes bytes, however it is split, but not one byte more", async () => {
  await fc.assert(fc.asyncProperty(pieces, async ({ text, size, chunks }) => {
    // U+FEFF at the start is a byte order mark, not part of the text
    assertEquals(await textOf(chunks, size), text.replace(/^\ufeff/, ""));
    if (size > 0) assertEquals(await textOf(chunks, size - 1), "too_large");
  }));
});

Deno.test("readAtMost() stops soon after an abort, whatever the stream goes on giving", async () => {
  const { reader, counts } = readerOf(function* () {
    const end = performance.now() + 60_000; // rather fail than hang
    while (performance.now() < end) yield new Uint8Array(0);
  }());
  const signal = AbortSignal.timeout(30);
  await assertRejects(() => readAtMost(reader, 10, signal), DOMException);
  const { read } = counts;
  await new Promise((resolve) => setTimeout(resolve, 30));
  assertEquals(counts.read, read);
});

Deno.test("readAtMost() stops reading a large body at maxBytes", async () => {
  const { reader, counts } = readerOf(Array(10_000).fill(new Uint8Array(1000)));
  assertEquals(await readAtMost(reader, 10_000), { problem: "too_large" });
  assertEquals(counts.read, 11);
});

Deno.test("readAtMost() refuses a stream of anything but bytes", async () => {
  for (const chunk of ["text", 7, {}, undefined, null]) {
    assertEquals(await textOf([chunk], 10), "not_bytes");
  }
});

Deno.test("readAtMost() keeps the order of 10,000 bytes, needs memory for no more, and lets timers run", async () => {
  const { reader } = readerOf(function* () {
    // Each is a view on 64 KiB, as in Deno
    for (let i = 0; i < 10_000; i++) {
      yield new Uint8Array(65_536).fill(i % 251).subarray(0, 1);
    }
  }());
  let ticks = 0;
  const timer = setInterval(() => ticks++, 1);
  // Of this isolate: that of the process is other tests' as well
  const before = Deno.memoryUsage().external;
  const { bytes } = await readAtMost(reader, 1_000_000);
  const grown = (Deno.memoryUsage().external - before) / 2 ** 20;
  clearInterval(timer);
  assert(ticks > 0);
  assertEquals(bytes, Uint8Array.from({ length: 10_000 }, (_, i) => i % 251));
  assert((bytes?.buffer.byteLength ?? 0) <= 20_000);
  assert(grown < 300, `${grown} MiB`); // 625 MiB if each piece is kept
});

Deno.test("decodeUtf8() decodes what a strict decoder does, and gives undefined for the rest", () => {
  const strict = new TextDecoder("utf-8", { fatal: true });
  const encoded = fc.string({ unit: "binary" })
    .map((text) => new TextEncoder().encode(`${text}\ufffd`));
  const wrong = fc.constantFrom([0xff], [0xc3], [0x61, 0xed, 0xa0, 0x80]);
  const mark = fc.constantFrom([0xef, 0xbb, 0xbf], [0xc3, 0xbb, 0xbf]);
  const sent = fc.constant([0x22, 0xef, 0xbf, 0xbd]); // a quote, and U+FFFD
  const bytes4 = fc.uint8Array({ maxLength: 4 });
  const any = fc.oneof(bytes4, encoded, wrong, mark, sent);
  const bytes = fc.array(any, { maxLength: 4 })
    .map((pieces) => Uint8Array.from(pieces.flatMap((piece) => [...piece])));
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

const http = "http://x.example/";

/** Responses that `fetch` returns, of the type "basic" unless told otherwise. */
const framings: [framed: boolean, headers: object, of?: [string, string]][] = [
  [true, { "content-length": "10" }],
  [true, { "content-length": "5" }, ["default", http]], // as in Bun
  [false, { "content-length": "5" }, ["default", ""]], // made by hand
  [false, { "content-length": "5" }, ["cors", http]], // which hides headers
  [false, { "content-length": "11" }], // over the bound
  [false, {}],
  [false, { "content-length": "5, 5" }],
  [false, { "content-length": "5", "content-encoding": "gzip" }],
  [false, { "content-length": "5", "transfer-encoding": "chunked" }],
];

for (const [framed, headers, [type, url] = ["basic", http]] of framings) {
  const sent = JSON.stringify(headers);
  Deno.test(`isFramed() is ${framed} for ${sent}, of the type ${type} and the URL "${url}", and false if fetch is wrapped`, () => {
    const response = Object.defineProperties(
      new Response("", { headers: { ...headers } }),
      { type: { value: type }, url: { value: url } },
    );
    assertEquals(isFramed(fetch, response, 10), framed);
    const wrapper: FetchFn = (url, init) => fetch(url, init);
    assertEquals(isFramed(wrapper, response, 10), false);
  });
}
