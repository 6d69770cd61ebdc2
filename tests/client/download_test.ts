import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStrictEquals,
  assertStringIncludes,
} from "@std/assert";
import {
  ApiError,
  type AttemptEvent,
  createComposition,
  type Download,
  downloadComposition,
  DownloadError,
  type DownloadOptions,
  downloadRecording,
  type FetchFn,
  InvalidArgumentError,
  InvalidResponseError,
  isRoomsError,
  NetworkError,
  TimeoutError,
} from "../../mod.ts";
import { fakeRooms, type Fault } from "../../lib/testing/fake_rooms.ts";
import { id } from "../support/example.ts";
import { fileHost, type Plan, someFile } from "../support/file_host.ts";
import { after, test } from "../support/virtual_time.ts";

/** Reads a stream to its end. */
async function read({ stream }: Download<unknown>): Promise<Uint8Array> {
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

const isFile = (url: string) => new URL(url).host.startsWith("files.");

/** A fake with a recording of some bytes, and its file. */
async function withRecording(bytes: number, now?: () => number) {
  const fake = fakeRooms({ now });
  const { id, download_url } = fake.addRecording({ bytes });
  const response = await fake.fetch(`${download_url}`);
  const file = new Uint8Array(await response.arrayBuffer());
  const ranges = () =>
    fake.requests.slice(1).filter(({ url }) => isFile(url))
      .map(({ headers }) => headers["range"] ?? "all");
  return { fake, id, file, ranges };
}

const quickly: DownloadOptions = { retry: { baseDelayMs: 1 } };
const download = (
  { fake: { fetch }, id }: Awaited<ReturnType<typeof withRecording>>,
  opts: DownloadOptions = {},
) => downloadRecording(fetch, "KEY-secret", id, { ...quickly, ...opts });

/** Downloads a file of some bytes from a host with these plans. */
function downloadFrom(
  bytes: number,
  plans: Plan[],
  opts: DownloadOptions = quickly,
) {
  const file = someFile(bytes, 0);
  const host = fileHost([file], plans);
  const result = downloadRecording(host.fetchFn, "KEY", id, opts);
  return { file, host, result, bytes: () => result.then(read) };
}

Deno.test("downloadRecording() gives the record, what its file's host says of it, and its bytes", async () => {
  // The last has its files on http as well
  for (const baseUrl of [undefined, "http://localhost/v2"]) {
    const it = await withRecording(100_000);
    const result = await download(it, { baseUrl });
    assertEquals(result.record.id, it.id);
    assertEquals([result.size, result.contentType], [100_000, "video/webm"]);
    assertMatch(`${result.etag}`, /^"[^"]+"$/);
    assertEquals(await read(result), it.file);
  }
});

Deno.test("downloadComposition() gives the file of a composition, once it is ready", async () => {
  let now = Date.now();
  const fake = fakeRooms({ rooms: [{ id }], now: () => now });
  const { session_id } = fake.join(id);
  const ordered = await createComposition(fake.fetch, "KEY", { session_id });
  await assertRejects(
    () => downloadComposition(fake.fetch, "KEY", ordered.id),
    DownloadError,
    "wait for it with waitForComposition()",
  );
  now += 2000;
  const result = await downloadComposition(fake.fetch, "KEY", ordered.id);
  assertEquals(result.contentType, "video/mp4");
  assertEquals((await read(result)).length, result.size);
});

Deno.test("downloadRecording() never sends the API key to the file's host", async () => {
  const it = await withRecording(1000);
  it.fake.fault({ target: "file", status: 403 });
  await read(await download(it));
  const requests = it.fake.requests.slice(1);
  assertEquals(
    requests.map(({ url, headers }) => [
      new URL(url).host,
      headers.authorization,
    ]),
    Array(2).fill([
      ["api.telnyx.com", "Bearer KEY-secret"],
      ["files.invalid", undefined],
    ]).flat(),
  );
  const files = requests.filter(({ url }) => isFile(url));
  assert(!JSON.stringify(files).includes("KEY-secret"));
});

for (
  const [code, fault] of [
    ["network", { disconnect: "in-body" }],
    ["timeout", { bodyDelayMs: Infinity }],
  ] as const
) {
  test(`downloadRecording() resumes a file where it stopped after ${code} errors`, async () => {
    const it = await withRecording(200_000);
    it.fake.fault({ target: "file", afterBytes: 70_000, ...fault });
    it.fake.fault({ target: "file", afterBytes: 30_000, ...fault });
    const events: AttemptEvent[] = [];
    const onAttempt = (event: AttemptEvent) => events.push(event);
    assertEquals(await read(await download(it, { onAttempt })), it.file);
    assertEquals(it.ranges(), ["all", "bytes=70000-", "bytes=100000-"]);
    assertEquals(events.map(({ status, error }) => [status, error?.code]), [
      [200, undefined],
      [200, code],
      [206, code],
      [206, undefined],
    ]);
  });
}

test("downloadRecording() counts the failures since the last new byte", async () => {
  const it = await withRecording(200_000);
  const row: Fault[] = [
    { afterBytes: 1000, disconnect: "in-body" },
    { disconnect: "before-response" },
  ];
  for (const fault of [...row, ...row, ...row]) {
    it.fake.fault({ target: "file", ...fault });
  }
  assertEquals(await read(await download(it)), it.file);

  // A host may send less than it was asked for, which is no failure
  const { file, bytes } = downloadFrom(1000, [
    { end: { after: 0.3, how: "error" } },
    { most: 100 },
    { isBroken: true },
    { isBroken: true },
  ]);
  assertEquals(await bytes(), file);

  it.fake.fault({ target: "file", disconnect: "before-response" }, 3);
  const error = await assertRejects(
    () => download(it),
    NetworkError,
    "The file did not arrive whole: check the network (",
  );
  assertEquals(error.attempts, 3);
});

test("downloadRecording() gets another link when the old one has expired", async () => {
  let now = Date.now();
  const it = await withRecording(500_000, () => now);
  it.fake.fault({ target: "file", afterBytes: 3e5, disconnect: "in-body" });
  const result = await download(it);
  now += 3_600_000;
  assertEquals(await read(result), it.file);
  assertEquals(it.ranges(), ["all", "bytes=300000-", "bytes=300000-"]);
  const statuses = it.fake.requests.slice(1).map(({ status }) => status);
  assertEquals(statuses, [200, 200, 403, 200, 206]);
});

for (const status of [401, 403, 410]) {
  test(`downloadRecording() rejects with the ${status} of a link that is refused again and again`, async () => {
    const it = await withRecording(10);
    it.fake.fault({ target: "file", status }, Infinity);
    const error = await assertRejects(() => download(it), ApiError);
    assertEquals([error.status, error.attempts], [status, 3]);
    assertEquals(it.fake.requests.length, 1 + 6);
  });
}

test("downloadRecording() reads from the start where its host ignores ranges, however long that takes", async () => {
  const { file, host, bytes } = downloadFrom(1000, [
    { end: { after: 0.9, how: "error" } },
    { ignoresRange: true, pieces: [100], delayMs: 25_000 },
  ]);
  assertEquals(await bytes(), file);
  assertEquals(host.requests.length, 2);
});

Deno.test("downloadRecording() refuses a file that has changed meanwhile", async () => {
  for (const ignoreRange of [true, false]) {
    const it = await withRecording(200_000);
    it.fake.fault({ target: "file", disconnect: "in-body" });
    it.fake.fault({ target: "file", changed: true, ignoreRange });
    const result = await download(it);
    const error = await assertRejects(() => read(result), DownloadError);
    assertEquals([error.code, error.attempts], ["file_changed", 2]);
  }
});

Deno.test("downloadRecording() does not resume without a strong ETag, and says so", async () => {
  for (const etag of [undefined, 'W/"weak"']) {
    const it = await withRecording(200_000);
    const headers = { etag };
    it.fake.fault({ target: "file", disconnect: "in-body", headers });
    const result = await download(it);
    assertEquals(result.etag, undefined);
    await assertRejects(
      () => read(result),
      NetworkError,
      "its host gave it no strong ETag",
    );
    assertEquals(it.ranges(), ["all"]);
  }
});

Deno.test("downloadRecording() resumes what an earlier process left, also if that was all", async () => {
  const it = await withRecording(1000);
  const { etag = "", stream } = await download(it);
  await stream.cancel();
  for (const offset of [1, 999, 1000]) {
    const result = await download(it, { offset, etag });
    assertEquals(result.size, 1000);
    assertEquals(await read(result), it.file.subarray(offset));
  }
  const wrong: DownloadOptions[] = [
    { offset: 1001, etag },
    { offset: 10, etag: '"other"' },
    { etag: '"other"' },
  ];
  for (const opts of wrong) {
    const error = await assertRejects(() => download(it, opts), DownloadError);
    assertEquals(error.code, "file_changed");
  }
});

Deno.test("downloadRecording() follows ten redirects in a row, to https only, and reads no file of this machine", async () => {
  const { file, bytes } = downloadFrom(1000, [{ redirects: 10 }]);
  assertEquals(await bytes(), file);
  await assertRejects(
    () => downloadFrom(1000, [{ redirects: 11 }]).result,
    ApiError,
    "more than 10 redirects",
  );
  for (const location of ["file:///etc/passwd", "http://files.invalid/a"]) {
    const it = await withRecording(10);
    it.fake.fault({ target: "file", status: 302, headers: { location } });
    const error = await assertRejects(() => download(it), ApiError);
    assertEquals(error.status, 302);

    const fake = fakeRooms();
    const { id } = fake.addRecording({ download_url: location });
    await assertRejects(
      () => downloadRecording(fake.fetch, "KEY", id),
      InvalidResponseError,
    );
    assertEquals(fake.requests.length, 1);
  }
});

test("downloadRecording() takes a file that ends early for broken, and one that is too long for wrong", async () => {
  const early: Plan = { end: { after: 0.5, how: "early" } };
  const resumed = downloadFrom(1000, [early]);
  assertEquals(await resumed.bytes(), resumed.file);
  await assertRejects(
    downloadFrom(1000, [early], { retry: false }).bytes,
    NetworkError,
    "it ended 500 bytes early",
  );
  await assertRejects(
    downloadFrom(1000, [{ end: { after: 1, how: "more" } }]).bytes,
    InvalidArgumentError,
  );
});

test("downloadRecording() is done once all bytes have come, whatever the connection does then", async () => {
  for (const how of ["error", "stall"] as const) {
    const plans: Plan[] = [{ end: { after: 1, how } }];
    const { host, bytes } = downloadFrom(1000, plans, { retry: false });
    assertEquals((await bytes()).length, 1000);
    assertEquals([host.requests.length, host.open], [1, 0]);
  }
});

Deno.test("downloadRecording() does not count a compressed file wrong", async () => {
  const isCompressed = true;
  const { file, host, result } = downloadFrom(1000, [
    { isCompressed, end: { after: 0.5, how: "error" } },
    { isCompressed },
  ]);
  assertEquals((await result).size, undefined);
  assertEquals(await read(await result), file);
  for (const { headers } of host.requests) {
    assertEquals(headers.range, undefined); // it would be one of compressed bytes
    assertEquals(headers["accept-encoding"], "identity");
  }
  assertEquals(host.requests.length, 2);
});

test("downloadRecording() has timeoutMs for the first byte, whatever the look-up and another link take", async (clock) => {
  // The host is silent; or it refuses the link, and the next look-up is silent
  for (const plan of [{ isSilent: true }, { status: 403 }]) {
    const host = fileHost([someFile(10, 0)], [plan]);
    const began = clock.now;
    const slowly: FetchFn = async (url, init) => {
      if (isFile(url)) return await host.fetchFn(url, init);
      if (host.lookups > 0) return await new Promise(() => {});
      await after(9000);
      return await host.fetchFn(url, init);
    };
    const opts = { stallTimeoutMs: 1e6, attemptTimeoutMs: 1e6 };
    const error = await assertRejects(
      () => downloadRecording(slowly, "KEY", id, opts),
      TimeoutError,
    );
    assertEquals(error.waitingFor, "response");
    assertEquals(Math.floor((clock.now - began) / 100), 300);
    if (!("isSilent" in plan)) continue;
    assertEquals(error.timeoutMs, 30_000);
    assertStringIncludes(error.message, "(timeoutMs)");
  }
});

test("downloadRecording() has stallTimeoutMs for each further byte, however slow its reader is", async (clock) => {
  const { result } = downloadFrom(1000, [{
    pieces: [100],
    delayMs: 25_000, // longer than the first byte may take, if it were one
    end: { after: 0.5, how: "stall" },
  }], { retry: false });
  const first = await result;
  await after(600_000);
  const resumed = clock.now;
  const error = await assertRejects(() => read(first), TimeoutError);
  assertEquals(
    error.message,
    "No further byte of the file within 30000 ms (stallTimeoutMs)",
  );
  // Five pieces came, the first before
  assertEquals(clock.now - resumed, 4 * 25_000 + 30_000);
});

test("downloadRecording() takes no piece that comes after its request was given up", async () => {
  const file = someFile(300, 0);
  const later = (ms: number, from: number, end: number) => () =>
    after(ms).then(() => file.slice(from, end));
  const breaks = () => after(25_000).then(() => Promise.reject(new Error()));
  const bodies: (() => Promise<Uint8Array>)[][] = [
    // It stalls, does not care that it is cancelled, and goes on during the next
    [later(0, 0, 100), later(45_000, 100, 200)],
    [later(0, 100, 150), breaks],
    [later(0, 150, 300)],
  ];
  const ranges: unknown[] = [];
  const fetchFn: FetchFn = (url, init) => {
    if (!isFile(url)) {
      const data = { id, status: "completed", download_url: "https://files.a" };
      return Promise.resolve(Response.json({ data }));
    }
    const range = new Headers(init.headers).get("range");
    ranges.push(range);
    const from = range?.replace(/\D/g, "");
    const response = new Response(null, {
      status: from ? 206 : 200,
      headers: {
        etag: '"file"',
        ...from
          ? { "content-range": `bytes ${from}-299/300` }
          : { "content-length": "300" },
      },
    });
    const pieces = bodies.shift() ?? [];
    const reader = {
      read: async () => ({
        done: pieces.length === 0,
        value: await pieces.shift()?.(),
      }),
      cancel: () => Promise.resolve(),
    };
    const body = { locked: false, getReader: () => reader };
    Object.defineProperty(response, "body", { value: body });
    return Promise.resolve(response);
  };
  const result = await downloadRecording(fetchFn, "KEY", id, quickly);
  assertEquals(await read(result), file);
  assertEquals(ranges, [null, "bytes=100-", "bytes=150-"]);
});

Deno.test("downloadRecording() lets no empty pieces keep it from a stall", async () => {
  const plan: Plan = { pieces: [1, ...Array(100_000).fill(0)] };
  const opts = { stallTimeoutMs: 20, retry: false } as const;
  await assertRejects(downloadFrom(10, [plan], opts).bytes, TimeoutError);
});

Deno.test("Download.stream ends its request when it is cancelled, also while it waits", async () => {
  for (const plan of [{}, { end: { after: 0.5, how: "stall" as const } }]) {
    const { host, result } = downloadFrom(10_000, [plan]);
    const reader = (await result).stream.getReader();
    await reader.read();
    const pending = reader.read().then(() => reader.read());
    await reader.cancel("enough");
    await pending;
    assertEquals(host.open, 0);
  }
});

Deno.test("Download.stream ends the look-up of another link when it is cancelled", async () => {
  const host = fileHost([someFile(10_000, 0)], [
    { end: { after: 0.5, how: "error" } },
    { status: 403 },
  ]);
  const lookedUp = Promise.withResolvers<AbortSignal | undefined>();
  const fetchFn: FetchFn = (url, init) => {
    if (isFile(url) || host.lookups === 0) return host.fetchFn(url, init);
    lookedUp.resolve(init.signal);
    return new Promise(() => {});
  };
  const { stream } = await downloadRecording(fetchFn, "KEY", id, quickly);
  const reader = stream.getReader();
  const reading = (async () => {
    while (!(await reader.read()).done);
  })();
  const signal = await lookedUp.promise;
  await reader.cancel("enough");
  await reading;
  assert(signal?.aborted);
});

test("downloadRecording() rejects with the reason of an abort, and drops a response that comes later", async () => {
  const host = fileHost([someFile(10_000, 0)], []);
  const controller = new AbortController();
  const reason = new Error("enough");
  let isEnded: boolean | undefined;
  const fetchFn: FetchFn = async (url, { signal, ...init }) => {
    if (!isFile(url)) return await host.fetchFn(url, init);
    controller.abort(reason);
    await after(5);
    isEnded = signal?.aborted;
    return await host.fetchFn(url, init);
  };
  const opts = { signal: controller.signal, retry: false } as const;
  const call = downloadRecording(fetchFn, "KEY", id, opts);
  assertStrictEquals(await assertRejects(() => call), reason);
  await after(20);
  assertEquals([isEnded, host.requests.length, host.open], [true, 1, 0]);
});

test("downloadRecording() sends nothing more when onAttempt aborts after the look-up", async () => {
  const host = fileHost([someFile(10, 0)], []);
  const controller = new AbortController();
  const call = downloadRecording(host.fetchFn, "KEY", id, {
    signal: controller.signal,
    onAttempt: () => controller.abort("enough"),
  });
  assertEquals(await call.catch((reason) => reason), "enough");
  assertEquals([host.lookups, host.requests], [1, []]);
});

Deno.test("downloadRecording() asks for redirects as answers, and ends a response of one that was followed to no https URL", async () => {
  const host = fileHost([someFile(10, 0)], []);
  let init: Parameters<FetchFn>[1] = {};
  const fetchFn: FetchFn = async (url, given) => {
    const response = await host.fetchFn(url, given);
    if (!isFile(url)) return response;
    init = given;
    const value = "http://files.example.com/";
    return Object.defineProperty(response, "url", { value });
  };
  await assertRejects(
    () => downloadRecording(fetchFn, "KEY", id),
    InvalidArgumentError,
    "it followed a redirect to no https URL",
  );
  assertEquals([init.redirect, init.signal?.aborted], ["manual", true]);
  assertEquals(host.open, 0);
});

test("downloadRecording() has the caller in the stack of its errors, and no link or key in them", async () => {
  const it = await withRecording(1000);
  const faults: Fault[] = [
    { disconnect: "before-response" },
    { status: 404 },
    { bodyDelayMs: Infinity, afterBytes: 0 },
  ];
  for (const fault of faults) {
    it.fake.fault({ target: "file", ...fault });
    const theCaller = async () => {
      await download(it, { retry: false });
    };
    const error = await theCaller().catch((error: unknown) => error);
    assert(isRoomsError(error));
    assertStringIncludes(`${error.stack}`, "theCaller");
    assertStringIncludes(`${error.stack}`, "downloadRecording");
  }
  const location = "https://files.example/?signature=redirected";
  for (const isRedirected of [false, true]) {
    const fetchFn: FetchFn = (url, init) => {
      if (new URL(url).host === "api.telnyx.com") {
        return it.fake.fetch(url, init);
      }
      return isRedirected && url !== location
        ? Promise.resolve(
          new Response(null, { status: 302, headers: { location } }),
        )
        : Promise.reject(new TypeError(`KEY-secret at ${url}`));
    };
    const error = await assertRejects(
      () => downloadRecording(fetchFn, "KEY-secret", it.id, { retry: false }),
      NetworkError,
    );
    const text = Deno.inspect(error, { depth: 9 });
    assert(!/KEY-secret|signature=/.test(text), text);
  }
});

Deno.test("downloadRecording() tells why a file broke off, though its body cannot be canceled", async () => {
  const it = await withRecording(1);
  const reader = {
    read: () => Promise.reject(new TypeError("broken")),
    cancel: () => {
      throw new Error("not to be canceled");
    },
  };
  const body = { locked: false, getReader: () => reader };
  const fetchFn: FetchFn = async (url, init) => {
    const response = await it.fake.fetch(url, init);
    if (!isFile(url)) return response;
    const { ok, status, headers } = response;
    const none = () => Promise.reject(new Error("unused"));
    const unused = { arrayBuffer: none, json: none, text: none };
    return { ok, status, url, headers, body, bodyUsed: false, ...unused };
  };
  await assertRejects(
    () => downloadRecording(fetchFn, "KEY", it.id, { retry: false }),
    NetworkError,
    "broken",
  );
});
