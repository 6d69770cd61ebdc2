import "../support/pure.ts";
import { assertEquals, assertThrows } from "@std/assert";
import {
  ApiError,
  DownloadError,
  InvalidResponseError,
  NetworkError,
  type RoomsError,
} from "../../mod.ts";
import { fileError } from "../../lib/core/byte_range.ts";
import {
  downloadDelay,
  downloadUrl,
  redirectUrl,
} from "../../lib/core/download_url.ts";

const kind = { name: "Recording", wait: "waitForRecordings" };
const id = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
const ready = { id, status: "completed", download_url: "https://a.example/f" };

Deno.test("downloadUrl() is that of a completed record, or of one without a status", () => {
  assertEquals(downloadUrl(ready, kind, false, []), "https://a.example/f");
  const { status: _, ...bare } = ready;
  assertEquals(downloadUrl(bare, kind, false, []), "https://a.example/f");
});

Deno.test("downloadUrl() says what a record without a file waits for", () => {
  const expected: [fields: object, end: string][] = [
    [{ status: "processing" }, "(status processing)"],
    [{ download_url: null }, "(no download_url)"],
    [{ download_url: "" }, "(no download_url)"],
    [{ status: "KEY-secret" }, "(status [token])"],
  ];
  for (const [fields, why] of expected) {
    const error = assertThrows(
      () => downloadUrl({ ...ready, ...fields }, kind, false, ["KEY-secret"]),
      DownloadError,
      `Recording ${id} has no file yet ${why}: wait for it with ` +
        "waitForRecordings()",
    );
    assertEquals(error.code, "not_ready");
  }
});

Deno.test("downloadUrl() is https, or http where the API is", () => {
  const url = (download_url: string, isHttpAllowed: boolean) =>
    downloadUrl({ ...ready, download_url }, kind, isHttpAllowed, []);
  assertEquals(url("http://a.example/f", true), "http://a.example/f");
  assertThrows(() => url("http://a.example/f", false), InvalidResponseError);
  for (const wrong of ["file:///etc", "data:,x", "blob:x", "ftp://a/", "/f"]) {
    for (const isHttpAllowed of [true, false]) {
      const error = assertThrows(
        () => url(wrong, isHttpAllowed),
        InvalidResponseError,
      );
      assertEquals(error.pointer, "/data/download_url");
      assertEquals(error.message.includes(wrong), false);
    }
  }
});

Deno.test("redirectUrl() is where a redirect leads, ten times in a row", () => {
  const url = "https://a.example/dir/f?signature=secret";
  const to = (
    location: string | undefined,
    { status = 302, count = 0, isHttpAllowed = false } = {},
  ) => {
    const headers = new Headers(location === undefined ? {} : { location });
    return redirectUrl({ status, headers }, { url, count, isHttpAllowed });
  };
  const onHttp = { isHttpAllowed: true };
  assertEquals(to("g"), "https://a.example/dir/g");
  assertEquals(to("//b.example/g", { count: 9 }), "https://b.example/g");
  assertEquals(to("http://b.example/", onHttp), "http://b.example/");
  for (
    const refuse of [
      () => to("g", { count: 10 }),
      () => to("http://b.example/"),
      () => to("file:///etc/passwd", onHttp),
      () => to("https://"),
      () => to(undefined),
    ]
  ) {
    const error = assertThrows(refuse, ApiError);
    assertEquals([error.status, error.code], [302, "unexpected_status"]);
    assertEquals(/secret|passwd/.test(error.message), false);
  }
  for (const status of [200, 206, 300, 304, 403]) {
    assertEquals(to("g", { status }), undefined);
  }
});

Deno.test("downloadDelay() replaces a refused link at once, then waits, and stops as any call", () => {
  const refused = fileError({ status: 403, headers: new Headers() }, NaN);
  const delay = (
    attempt: number,
    error: RoomsError = refused,
    remainingMs = 9000,
  ) =>
    downloadDelay(error, {
      attempt,
      remainingMs,
      random: 0.5,
      retry: { maxAttempts: 4 },
    });
  assertEquals([1, 2, 3, 4].map((n) => delay(n)), [0, 250, 500, undefined]);
  assertEquals(delay(2, refused, 100), undefined);
  const broken = new NetworkError("It broke");
  const both = [delay(1, broken), delay(4, broken)];
  assertEquals(both, [250, undefined]);
  const gone = fileError({ status: 404, headers: new Headers() }, NaN);
  assertEquals(delay(1, gone), undefined);
});
