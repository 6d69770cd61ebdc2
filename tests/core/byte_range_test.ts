import "../support/pure.ts";
import { assertEquals, assertThrows } from "@std/assert";
import { ApiError, DownloadError } from "../../mod.ts";
import {
  fileHeaders,
  type FilePart,
  isStrongEtag,
  readFileHead,
} from "../../lib/core/byte_range.ts";

const start: FilePart = {
  offset: 0,
  etag: undefined,
  size: undefined,
  isCompressed: false,
};
const half: FilePart = { ...start, offset: 50, etag: '"a"', size: 100 };
const head = (status: number, headers: Record<string, string> = {}) => ({
  status,
  headers: new Headers(headers),
});
const rest = (headers: Record<string, string> = {}) =>
  head(206, { etag: '"a"', "content-range": "bytes 50-99/100", ...headers });

Deno.test("isStrongEtag() accepts what is in quotes, without W/", () => {
  for (const etag of ['""', '"a"', '"é!#~"']) {
    assertEquals([etag, isStrongEtag(etag)], [etag, true]);
  }
  for (const etag of ['W/"a"', "a", '"a', '"a" "b"', '"a b"', "", null, 1]) {
    assertEquals([etag, isStrongEtag(etag)], [etag, false]);
  }
});

Deno.test("fileHeaders() asks for a file as it is, and for its rest by its ETag", () => {
  const whole = { "accept": "*/*", "accept-encoding": "identity" };
  const range = (range: string) => ({ ...whole, range, "if-range": '"a"' });
  assertEquals(fileHeaders(start), whole);
  assertEquals(fileHeaders({ ...start, etag: '"a"' }), whole);
  assertEquals(fileHeaders(half), range("bytes=50-"));
  // It may be complete, so that there is nothing at its end
  assertEquals(fileHeaders({ ...half, size: undefined }), range("bytes=49-"));
  assertEquals(fileHeaders({ ...half, isCompressed: true }), whole);
});

Deno.test("readFileHead() reads a whole file, with what its host says of it", () => {
  const read = (part: FilePart, headers: Record<string, string>) =>
    readFileHead(part, head(200, headers), NaN);
  assertEquals(read(start, { etag: '"a"', "content-length": "9" }), {
    part: { ...start, etag: '"a"', size: 9 },
    skip: 0,
    length: 9,
  });
  assertEquals(read(start, { etag: 'W/"a"', "content-length": "9,9" }), {
    part: start,
    skip: 0,
    length: undefined,
  });
  // The length is that of other bytes than will be read
  const compressed = { "content-encoding": "gzip", "content-length": "9" };
  assertEquals(read(start, compressed), {
    part: { ...start, isCompressed: true },
    skip: 0,
    length: undefined,
  });
  assertEquals(read(half, { etag: '"a"', "content-length": "100" }), {
    part: half,
    skip: 50,
    length: 100,
  });
});

Deno.test("readFileHead() reads the rest of a file, of at most what was asked for", () => {
  const read = (part: FilePart, headers?: Record<string, string>) =>
    readFileHead(part, rest(headers), NaN);
  const unsized = { ...half, size: undefined };
  const range = (range: string) => ({ "content-range": range });
  assertEquals(read(half), { part: half, skip: 0, length: 50 });
  assertEquals(read(half, range("bytes 50-59/100")).length, 10);
  assertEquals(read(half, range("bytes 50-99/*")).length, 50);
  assertEquals(read(unsized, range("bytes 49-99/100")), {
    part: half,
    skip: 1,
    length: 51,
  });
});

Deno.test("readFileHead() refuses what may be of another file, and says why", () => {
  const code = (response: ReturnType<typeof head>, part = half) =>
    assertThrows(() => readFileHead(part, response, NaN), DownloadError).code;
  const whole = (headers: Record<string, string>) => head(200, headers);
  const range = (range: string) => rest({ "content-range": range });

  const unsized = { ...half, size: undefined };
  for (
    const response of [
      whole({ etag: '"b"' }),
      whole({ etag: 'W/"a"' }),
      whole({}),
      whole({ etag: '"a"', "content-length": "99" }),
      rest({ etag: '"b"' }),
      range("bytes 50-99/101"),
      range("bytes 50-100/*"),
      head(416),
    ]
  ) assertEquals(code(response), "file_changed");
  const short = whole({ etag: '"a"', "content-length": "49" });
  assertEquals(code(short, unsized), "file_changed");

  const notRanges = [
    ...["bytes 0-99/100", "bytes 51-99/100", "bytes 50-100/100"],
    ...["bytes 50-49/100", "bytes */100", "items 50-99/100", ""],
    "bytes 50-99/100, bytes 0-1/100",
  ];
  for (
    const response of [
      head(206, { "content-range": "bytes 50-99/100" }),
      rest({ "content-encoding": "gzip" }),
      ...notRanges.map(range),
    ]
  ) assertEquals(code(response), "not_resumable");
  assertEquals(code(range("bytes 49-99/*"), unsized), "not_resumable");
});

Deno.test("readFileHead() throws an ApiError of any other status, and of a range that nobody asked for", () => {
  const error = (response: ReturnType<typeof head>, part = half) =>
    assertThrows(() => readFileHead(part, response, NaN), ApiError);
  assertEquals(error(head(404)).code, "not_found");
  assertEquals(
    error(head(403)).message,
    "The file: HTTP 403, forbidden: its host refuses the link",
  );
  const busy = error(head(503, { "retry-after": "2" }));
  assertEquals([busy.code, busy.retryAfterMs], ["server_error", 2000]);
  assertEquals(error(rest(), start).code, "unexpected_status");
  assertEquals(error(head(416), start).code, "unexpected_status");
  assertEquals(error(head(204)).code, "unexpected_status");
});
