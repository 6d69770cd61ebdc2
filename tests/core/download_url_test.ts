import "../support/pure.ts";
import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
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
  const message = (fields: object) => {
    const record = { ...ready, ...fields };
    const error = assertThrows(
      () => downloadUrl(record, kind, false, ["KEY-secret"]),
      DownloadError,
    );
    assertEquals([error.code, error.name], ["not_ready", "DownloadError"]);
    return error.message;
  };
  assertEquals(
    message({ status: "processing" }),
    `Recording ${id} has no file yet (status processing): wait for it with ` +
      "waitForRecordings()",
  );
  assertStringIncludes(message({ download_url: null }), "(no download_url)");
  assertStringIncludes(message({ download_url: "" }), "(no download_url)");
  assertStringIncludes(message({ status: "KEY-secret" }), "(status [token])");
});

Deno.test("downloadUrl() is https, or http where the API is", () => {
  const url = (download_url: string, isHttpAllowed: boolean) =>
    downloadUrl({ ...ready, download_url }, kind, isHttpAllowed, []);
  assertEquals(url("http://a.example/f", true), "http://a.example/f");
  for (
    const wrong of ["file:///etc/passwd", "data:,x", "blob:x", "ftp://a/", "/f"]
  ) {
    for (const isHttpAllowed of [true, false]) {
      const error = assertThrows(
        () => url(wrong, isHttpAllowed),
        InvalidResponseError,
      );
      assertEquals(error.pointer, "/data/download_url");
      assertEquals(error.message.includes(wrong), false);
    }
  }
  assertThrows(() => url("http://a.example/f", false), InvalidResponseError);
});

Deno.test("redirectUrl() is where a redirect leads, ten times in a row", () => {
  const url = "https://a.example/dir/f?signature=secret";
  const to = (location: string | undefined, count = 0, isHttpAllowed = false) =>
    redirectUrl(
      {
        status: 302,
        headers: new Headers(location === undefined ? {} : { location }),
      },
      { url, count, isHttpAllowed },
    );
  assertEquals(to("g"), "https://a.example/dir/g");
  assertEquals(to("//b.example/g", 9), "https://b.example/g");
  assertEquals(to("http://b.example/", 0, true), "http://b.example/");
  const refused = [
    () => to("g", 10),
    () => to("http://b.example/"),
    () => to("file:///etc/passwd", 0, true),
    () => to("https://"),
    () => to(undefined),
  ];
  for (const refuse of refused) {
    const error = assertThrows(refuse, ApiError);
    assertEquals([error.status, error.code], [302, "unexpected_status"]);
    assertEquals(/secret|passwd/.test(error.message), false);
  }
  for (const status of [200, 206, 300, 304, 403]) {
    const head = { status, headers: new Headers({ location: "g" }) };
    assertEquals(
      redirectUrl(head, { url, count: 0, isHttpAllowed: false }),
      undefined,
    );
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
