import {
  assert,
  assertEquals,
  assertRejects,
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
import { countedSignal } from "../support/signals.ts";
import { test } from "../support/virtual_time.ts";

/** Reads a stream to its end. */
async function read({ stream }: Download<unknown>): Promise<Uint8Array> {
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** A fake with a recording of some bytes, and its file. */
async function withRecording(bytes: number, now?: () => number) {
  const fake = fakeRooms({ now });
  const { id, download_url } = fake.addRecording({ bytes });
  const response = await fake.fetch(`${download_url}`);
  const file = new Uint8Array(await response.arrayBuffer());
  const ranges = () =>
    fake.requests.slice(1).filter(({ url }) => url.includes("files.invalid"))
      .map(({ headers }) => headers["range"] ?? "all");
  return { fake, id, file, ranges };
}

const isFile = (url: string) => new URL(url).host.startsWith("files.");

const quickly: DownloadOptions = { retry: { baseDelayMs: 1 } };
const download = (
  { fake: { fetch }, id }: Awaited<ReturnType<typeof withRecording>>,
  opts: DownloadOptions = {},
) => downloadRecording(fetch, "KEY-secret", id, { ...quickly, ...opts });

Deno.test("downloadRecording() gives the record, what its file's host says of it, and its bytes", async () => {
  const it = await withRecording(100_000);
  const result = await download(it);
  assertEquals(result.record.id, it.id);
  assertEquals([result.size, result.contentType], [100_000, "video/webm"]);
  assert(/^"[^"]+"$/.test(`${result.etag}`), result.etag);
  assertEquals(await read(result), it.file);
});

Deno.test("downloadComposition() gives the file of a composition", async () => {
  let now = Date.now();
  const fake = fakeRooms({ rooms: [{ id }], now: () => now });
  const { session_id } = fake.join(id);
  const { id: composition } = await createComposition(fake.fetch, "KEY", {
    session_id,
  });
  const error = await assertRejects(
    () => downloadComposition(fake.fetch, "KEY", composition),
    DownloadError,
  );
  assertStringIncludes(error.message, "wait for it with waitForComposition()");
  now += 2000;
  const result = await downloadComposition(fake.fetch, "KEY", composition);
  assertEquals(result.contentType, "video/mp4");
  assertEquals((await read(result)).length, result.size);
});

Deno.test("downloadRecording() never sends the API key to the file's host", async () => {
  const it = await withRecording(1000);
  it.fake.fault({ target: "file", status: 403 });
  await read(await download(it));
  const [record, ...files] = it.fake.requests.slice(1);
  assertEquals(record?.headers.authorization, "Bearer KEY-secret");
  const keys = files.map(({ url, headers }) =>
    [new URL(url).host, headers.authorization] as const
  );
  assertEquals(keys, [
    ["files.invalid", undefined],
    ["api.telnyx.com", "Bearer KEY-secret"],
    ["files.invalid", undefined],
  ]);
  const text = JSON.stringify(files.filter(({ url }) => /files/.test(url)));
  assertEquals(text.includes("KEY-secret"), false);
});

test("downloadRecording() resumes a file that broke or stalled where it stopped", async () => {
  for (
    const fault of [
      { disconnect: "in-body" as const },
      { bodyDelayMs: Infinity },
    ]
  ) {
    const it = await withRecording(200_000);
    it.fake.fault({ target: "file", afterBytes: 70_000, ...fault });
    it.fake.fault({ target: "file", afterBytes: 30_000, ...fault });
    const events: AttemptEvent[] = [];
    const onAttempt = (event: AttemptEvent) => events.push(event);
    const result = await download(it, { onAttempt });
    assertEquals(await read(result), it.file);
    assertEquals(it.ranges(), ["all", "bytes=70000-", "bytes=100000-"]);
    const code = "bodyDelayMs" in fault ? "timeout" : "network";
    assertEquals(events.map(({ status, error }) => [status, error?.code]), [
      [200, undefined],
      [200, code],
      [206, code],
      [206, undefined],
    ]);
  }
});

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
  const short: Plan = { most: 100 };
  const file = someFile(1000, 0);
  const host = fileHost([file], [
    { end: { after: 0.3, how: "error" } },
    short,
    { isBroken: true },
    { isBroken: true },
  ]);
  const partly = await downloadRecording(host.fetchFn, "KEY", id);
  assertEquals(await read(partly), file);

  const failing: Fault = { target: "file", disconnect: "before-response" };
  it.fake.fault(failing, 3);
  const error = await assertRejects(() => download(it), NetworkError);
  assertEquals(error.attempts, 3);
  assertStringIncludes(
    error.message,
    "The file did not arrive whole: check the network (",
  );
  it.fake.fault({ target: "file", disconnect: "in-body" });
  await assertRejects(
    async () => await read(await download(it, { retry: false })),
    NetworkError,
  );
});

test("downloadRecording() gets another link when the old one has expired", async () => {
  let now = Date.now();
  const it = await withRecording(500_000, () => now);
  it.fake.fault({
    target: "file",
    afterBytes: 300_000,
    disconnect: "in-body",
  });
  const result = await download(it);
  now += 3_600_000;
  assertEquals(await read(result), it.file);
  assertEquals(it.ranges(), ["all", "bytes=300000-", "bytes=300000-"]);
  const statuses = it.fake.requests.slice(1).map(({ status }) => status);
  assertEquals(statuses, [200, 200, 403, 200, 206]);
});

test("downloadRecording() rejects with the status of a link that is refused again and again", async () => {
  for (const status of [401, 403, 410]) {
    const it = await withRecording(10);
    it.fake.fault({ target: "file", status }, Infinity);
    const error = await assertRejects(() => download(it), ApiError);
    assertEquals([error.status, error.attempts], [status, 3]);
    assertEquals(it.fake.requests.length, 1 + 6);
  }
});

test("downloadRecording() reads from the start where its host ignores ranges, however long that takes", async () => {
  const file = someFile(1000, 0);
  const host = fileHost([file], [
    { end: { after: 0.9, how: "error" } },
    { ignoresRange: true, pieces: [100], delayMs: 25_000 },
  ]);
  const result = await downloadRecording(host.fetchFn, "KEY", id);
  assertEquals(await read(result), file);
  assertEquals(host.requests.length, 2);
});

Deno.test("downloadRecording() refuses a file that has changed meanwhile", async () => {
  for (const ignoreRange of [true, false]) {
    const it = await withRecording(200_000);
    it.fake.fault({ target: "file", disconnect: "in-body" });
    it.fake.fault({ target: "file", changed: true, ignoreRange });
    const result = await download(it);
    const error = await assertRejects(() => read(result), DownloadError);
    assertEquals(error.code, "file_changed");
    assertEquals(error.attempts, 2);
  }
});

Deno.test("downloadRecording() does not resume without a strong ETag, and says so", async () => {
  for (const etag of [undefined, 'W/"weak"']) {
    const it = await withRecording(200_000);
    const headers = { etag };
    it.fake.fault({ target: "file", disconnect: "in-body", headers });
    const result = await download(it);
    assertEquals(result.etag, undefined);
    const error = await assertRejects(() => read(result), NetworkError);
    assertStringIncludes(error.message, "its host gave it no strong ETag");
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

Deno.test("downloadRecording() refuses wrong options before anything is sent", async () => {
  const { fake } = await withRecording(10);
  const wrong: [string, object][] = [
    ["offset", { offset: -1 }],
    ["offset", { offset: 1.5, etag: '"a"' }],
    ["etag", { offset: 1 }],
    ["etag", { etag: 'W/"a"' }],
    ["etag", { etag: "a" }],
    ["stallTimeoutMs", { stallTimeoutMs: 0 }],
    ["stalTimeoutMs", { stalTimeoutMs: 1 }],
    ["timeoutMs", { timeoutMs: 0 }],
    ["signal", { signal: {} }],
    ["opts", []],
  ];
  for (const [argument, opts] of wrong) {
    const error = await assertRejects(
      () => downloadRecording(fake.fetch, "KEY", id, opts as DownloadOptions),
      InvalidArgumentError,
    );
    assertEquals(error.argument, argument);
  }
  assertEquals(fake.requests.length, 1);
});

Deno.test("downloadRecording() follows redirects to https, ten in a row", async () => {
  const host = (redirects: number) =>
    fileHost([someFile(1000, 0)], [{ redirects }]);
  const result = await downloadRecording(host(10).fetchFn, "KEY", id);
  assertEquals(await read(result), someFile(1000, 0));
  const error = await assertRejects(
    () => downloadRecording(host(11).fetchFn, "KEY", id),
    ApiError,
  );
  assertStringIncludes(error.message, "more than 10 redirects");

  for (const location of ["file:///etc/passwd", "http://files.invalid/a"]) {
    const it = await withRecording(10);
    it.fake.fault({ target: "file", status: 302, headers: { location } });
    const error = await assertRejects(() => download(it), ApiError);
    assertEquals(error.status, 302);
  }
});

Deno.test("downloadRecording() reads no file of this machine", async () => {
  for (const download_url of ["file:///etc/passwd", "http://a.example/f"]) {
    const fake = fakeRooms();
    const { id } = fake.addRecording({ download_url });
    await assertRejects(
      () => downloadRecording(fake.fetch, "KEY", id),
      InvalidResponseError,
    );
    assertEquals(fake.requests.length, 1);
  }
});

test("downloadRecording() takes a file that ends early for broken, and one that is too long for wrong", async () => {
  const files = [someFile(1000, 0)];
  const early: Plan = { end: { after: 0.5, how: "early" } };
  const resumed = fileHost(files, [early]);
  const result = await downloadRecording(resumed.fetchFn, "KEY", id, quickly);
  assertEquals(await read(result), files[0]);

  const { fetchFn } = fileHost(files, [early]);
  const single = { retry: false as const };
  const error = await assertRejects(
    async () => await read(await downloadRecording(fetchFn, "KEY", id, single)),
    NetworkError,
  );
  assertStringIncludes(error.message, "it ended 500 bytes early");

  const long = fileHost(files, [{ end: { after: 1, how: "more" } }]);
  await assertRejects(
    async () => await read(await downloadRecording(long.fetchFn, "KEY", id)),
    InvalidArgumentError,
  );
});

test("downloadRecording() is done once all bytes have come, whatever the connection does then", async () => {
  for (const how of ["error", "stall"] as const) {
    const host = fileHost([someFile(1000, 0)], [{ end: { after: 1, how } }]);
    const result = await downloadRecording(host.fetchFn, "KEY", id, {
      retry: false,
    });
    assertEquals((await read(result)).length, 1000);
    assertEquals([host.requests.length, host.open], [1, 0]);
  }
});

Deno.test("downloadRecording() does not count a compressed file wrong", async () => {
  const files = [someFile(1000, 0)];
  const isCompressed = true;
  const broken: Plan = { isCompressed, end: { after: 0.5, how: "error" } };
  const host = fileHost(files, [broken, { isCompressed }]);
  const result = await downloadRecording(host.fetchFn, "KEY", id, quickly);
  assertEquals(result.size, undefined);
  assertEquals(await read(result), files[0]);
  assertEquals(host.requests.map(({ headers }) => headers.range), [
    undefined,
    undefined, // it would be a range of the compressed bytes
  ]);
  assertEquals(host.requests[0]?.headers["accept-encoding"], "identity");
});

Deno.test("downloadRecording() resolves for an empty file", async () => {
  for (const hasNoLength of [true, false]) {
    const host = fileHost([new Uint8Array()], [{ hasNoLength }]);
    const result = await downloadRecording(host.fetchFn, "KEY", id);
    assertEquals((await read(result)).length, 0);
    assertEquals(host.requests.length, 1);
  }
});

test("downloadRecording() has timeoutMs for the first byte, and stallTimeoutMs for each further one", async (clock) => {
  const began = clock.now;
  const silent = fileHost([someFile(10, 0)], [{ isSilent: true }]);
  // The look-up counts as well
  const slowly: FetchFn = async (url, init) => {
    if (!isFile(url)) await new Promise((resolve) => setTimeout(resolve, 9000));
    return await silent.fetchFn(url, init);
  };
  const first = await assertRejects(
    () => downloadRecording(slowly, "KEY", id, { stallTimeoutMs: 1e6 }),
    TimeoutError,
  );
  assertEquals([first.timeoutMs, first.waitingFor], [30_000, "response"]);
  assertStringIncludes(first.message, "(timeoutMs)");
  assertEquals(clock.now - began, 30_000);

  // So does that of another link
  const refused = fileHost([someFile(10, 0)], [{ status: 403 }]);
  const beganAgain = clock.now;
  const thenSilent: FetchFn = async (url, init) => {
    if (isFile(url)) return await refused.fetchFn(url, init);
    if (refused.lookups > 0) return await new Promise(() => {});
    await new Promise((resolve) => setTimeout(resolve, 9000));
    return await refused.fetchFn(url, init);
  };
  await assertRejects(
    () => downloadRecording(thenSilent, "KEY", id, { attemptTimeoutMs: 1e6 }),
    TimeoutError,
  );
  assertEquals(Math.floor((clock.now - beganAgain) / 100), 300);

  const stalled = fileHost([someFile(1000, 0)], [{
    pieces: [100],
    delayMs: 25_000, // longer than the first byte may take, if it were one
    end: { after: 0.5, how: "stall" },
  }]);
  const result = await downloadRecording(stalled.fetchFn, "KEY", id, {
    retry: false,
  });
  // A reader may take its time
  await new Promise((resolve) => setTimeout(resolve, 600_000));
  const resumed = clock.now;
  const later = await assertRejects(() => read(result), TimeoutError);
  assertEquals(
    later.message,
    "No further byte of the file within 30000 ms (stallTimeoutMs)",
  );
  // Five pieces came, the first before
  assertEquals(clock.now - resumed, 4 * 25_000 + 30_000);
});

test("downloadRecording() takes no piece that comes after its request was given up", async () => {
  const file = someFile(300, 0);
  const part = (from: number, end: number) => file.slice(from, end);
  const later = <T>(ms: number, value: T) =>
    new Promise<T>((resolve) => setTimeout(() => resolve(value), ms));
  const rest = (from: number) => ({
    status: 206,
    headers: { etag: '"file"', "content-range": `bytes ${from}-299/300` },
  });
  const whole = { headers: { etag: '"file"', "content-length": "300" } };
  const responses: [ResponseInit, ...(() => Promise<Uint8Array>)[]][] = [
    // It stalls, does not care that it is cancelled, and goes on during the next
    [whole, () => later(0, part(0, 100)), () => later(45_000, part(100, 200))],
    [
      rest(100),
      () => later(0, part(100, 150)),
      () => later(25_000, 0).then(() => Promise.reject(new Error("broken"))),
    ],
    [rest(150), () => later(0, part(150, 300))],
  ];
  const ranges: unknown[] = [];
  const fetchFn: FetchFn = (url, init) => {
    if (!isFile(url)) {
      const data = { id, status: "completed", download_url: "https://files.a" };
      return Promise.resolve(Response.json({ data }));
    }
    ranges.push(new Headers(init.headers).get("range"));
    const [head, ...pieces] = responses.shift() ?? [{}];
    const reader = {
      read: async () => ({
        done: pieces.length === 0,
        value: await pieces.shift()?.(),
      }),
      cancel: () => Promise.resolve(),
    };
    const response = new Response(null, head);
    const body = { locked: false, getReader: () => reader };
    return Promise.resolve(
      Object.defineProperty(response, "body", { value: body }),
    );
  };
  const result = await downloadRecording(fetchFn, "KEY", id, quickly);
  assertEquals(await read(result), file);
  assertEquals(ranges, [null, "bytes=100-", "bytes=150-"]);
});

Deno.test("downloadRecording() lets no empty pieces keep it from a stall", async () => {
  const plan: Plan = { pieces: [1, ...Array(100_000).fill(0)] };
  const { fetchFn } = fileHost([someFile(10, 0)], [plan, plan, plan]);
  const result = await downloadRecording(fetchFn, "KEY", id, {
    stallTimeoutMs: 20,
    retry: false,
  });
  await assertRejects(() => read(result), TimeoutError);
});

Deno.test("Download.stream ends its request when it is cancelled, also while it waits", async () => {
  const plans: Plan[] = [
    {},
    { end: { after: 0.5, how: "stall" } },
  ];
  for (const plan of plans) {
    const host = fileHost([someFile(10_000, 0)], [plan]);
    const { stream } = await downloadRecording(host.fetchFn, "KEY", id);
    const reader = stream.getReader();
    await reader.read();
    const pending = reader.read().then(() => reader.read());
    await reader.cancel("enough");
    await pending;
    assertEquals(host.open, 0);
  }
});

Deno.test("downloadRecording() requests no file, and its stream gives no byte, after an abort", async () => {
  const host = fileHost([someFile(10_000, 0)], []);
  const reason = new Error("enough");
  for (const moment of ["the look-up", "the first byte"]) {
    const { signal, abort, listeners } = countedSignal();
    const outcome = await (async () => {
      const onAttempt = () => {
        if (moment === "the look-up") abort(reason);
      };
      const opts = { signal, onAttempt };
      const { stream } = await downloadRecording(host.fetchFn, "KEY", id, opts);
      abort(reason);
      return await stream.getReader().read();
    })().catch((error: unknown) => error);
    assertEquals([outcome, listeners(), host.open], [reason, 0, 0]);
    assertEquals(host.requests.length, moment === "the look-up" ? 0 : 1);
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

test("downloadRecording() drops a response that comes after an abort", async () => {
  const host = fileHost([someFile(10_000, 0)], []);
  const controller = new AbortController();
  let isLate = false;
  const fetchFn: FetchFn = async (url, init) => {
    if (!url.includes("files")) return host.fetchFn(url, init);
    controller.abort(new Error("enough"));
    await new Promise((resolve) => setTimeout(resolve, 5));
    isLate = true;
    const { signal: _, ...rest } = init;
    return host.fetchFn(url, rest);
  };
  const { signal } = controller;
  await assertRejects(
    () => downloadRecording(fetchFn, "KEY", id, { signal }),
    Error,
    "enough",
  );
  await new Promise((resolve) => setTimeout(resolve, 20));
  assertEquals([isLate, host.open], [true, 0]);
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
  const fetchFn: FetchFn = (url, init) =>
    url.includes("files.invalid")
      ? Promise.reject(new TypeError(`KEY-secret at ${url}`))
      : it.fake.fetch(url, init);
  const error = await assertRejects(
    () => downloadRecording(fetchFn, "KEY-secret", it.id, { retry: false }),
    NetworkError,
  );
  const text = Deno.inspect(error, { depth: 9 });
  assertEquals(/KEY-secret|signature=/.test(text), false, text);
});
