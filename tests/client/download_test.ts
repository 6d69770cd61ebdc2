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
import { fakeRooms } from "../../lib/testing/fake_rooms.ts";
import { id } from "../support/example.ts";
import { fileHost, type Plan, someFile } from "../support/file_host.ts";
import { after, test } from "../support/virtual_time.ts";

/** Reads a stream to its end. */
async function read({ stream }: Download<unknown>): Promise<Uint8Array> {
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

const isFile = (url: string) => new URL(url).host.startsWith("files.");

const quickly: DownloadOptions = { retry: { baseDelayMs: 1 } };

/** Downloads a file of some bytes from a host with these plans. */
function downloadFrom(
  bytes: number,
  plans: Plan[],
  opts: DownloadOptions = quickly,
) {
  const file = someFile(bytes, 0);
  const host = fileHost([file], plans);
  const result = downloadRecording(host.fetchFn, "KEY", id, opts);
  return {
    file,
    host,
    result,
    bytes: () => result.then(read),
    ranges: () => host.requests.map(({ headers }) => headers.range ?? "all"),
  };
}

Deno.test("downloadRecording() gives the record, what its file's host says of it, and its bytes", async () => {
  // The last has its files on http as well
  for (const baseUrl of [undefined, "http://localhost/v2"]) {
    const fake = fakeRooms();
    const { id, download_url } = fake.addRecording({ bytes: 100_000 });
    const opts = { ...quickly, baseUrl };
    const result = await downloadRecording(fake.fetch, "KEY", id, opts);
    assertEquals(result.record.id, id);
    assertEquals([result.size, result.contentType], [100_000, "video/webm"]);
    assertMatch(`${result.etag}`, /^"[^"]+"$/);
    const file = await fake.fetch(`${download_url}`);
    assertEquals(await read(result), await file.bytes());
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

for (
  const [code, how] of [["network", "error"], ["timeout", "stall"]] as const
) {
  test(`downloadRecording() resumes a file where it stopped after ${code} errors`, async () => {
    const events: AttemptEvent[] = [];
    const onAttempt = (event: AttemptEvent) => events.push(event);
    const { file, bytes, ranges } = downloadFrom(2000, [
      { end: { after: 0.35, how } },
      { end: { after: 0.5, how } },
    ], { ...quickly, onAttempt });
    assertEquals(await bytes(), file);
    assertEquals(ranges(), ["all", "bytes=700-", "bytes=1350-"]);
    assertEquals(events.map(({ status, error }) => [status, error?.code]), [
      [200, undefined],
      [200, code],
      [206, code],
      [206, undefined],
    ]);
  });
}

test("downloadRecording() counts the failures since the last new byte", async () => {
  const row: Plan[] = [
    { end: { after: 0.5, how: "error" } },
    { isBroken: true },
  ];
  const { file, bytes } = downloadFrom(1000, [...row, ...row, ...row]);
  assertEquals(await bytes(), file);
  // A host may send less than it was asked for, which is no failure
  const less = downloadFrom(1000, [
    { end: { after: 0.3, how: "error" } },
    { most: 100 },
    { isBroken: true },
    { isBroken: true },
  ]);
  assertEquals(await less.bytes(), file);

  const error = await assertRejects(
    () => downloadFrom(1000, Array(3).fill({ isBroken: true })).result,
    NetworkError,
    "The file did not arrive whole: check the network (",
  );
  assertEquals(error.attempts, 3);
});

for (const status of [401, 403, 410]) {
  test(`downloadRecording() gets another link for one that is refused, resumes there, and rejects with the ${status} of the third`, async () => {
    const { host, result } = downloadFrom(10, Array(9).fill({ status }));
    const error = await assertRejects(() => result, ApiError);
    assertEquals([error.status, error.attempts], [status, 3]);
    assertEquals([host.lookups, host.requests.length], [3, 3]);
    const expired = downloadFrom(1000, [
      { end: { after: 0.3, how: "error" } },
      { status },
    ], quickly);
    assertEquals(await expired.bytes(), expired.file);
    assertEquals(expired.host.lookups, 2);
    assertEquals(expired.ranges(), ["all", "bytes=300-", "bytes=300-"]);
  });
}

test("downloadRecording() waits for its host no longer than timeoutMs, also between two parts, and counts its requests", async (clock) => {
  const fake = fakeRooms();
  const { id } = fake.addRecording({ bytes: 100_000 });
  fake.fault({ target: "file", disconnect: "in-body" }, 2);
  const headers = { "retry-after": "31" };
  fake.fault({ target: "file", status: 503, headers });
  const began = clock.now;
  const result = await downloadRecording(fake.fetch, "KEY", id, {
    retry: { baseDelayMs: 0 },
  });
  const error = await assertRejects(() => read(result), ApiError);
  assertEquals([error.status, error.attempts], [503, 3]);
  assertEquals(clock.now, began);
});

Deno.test("downloadRecording() reports what an async onAttempt rejects with after the last failure", async () => {
  const { warn } = console;
  const warned: unknown[] = [];
  console.warn = (_, error) => void warned.push(error);
  try {
    const { result } = downloadFrom(10, [{ isBroken: true }], {
      retry: false,
      onAttempt: ({ error }) => Promise.reject(error?.code),
    });
    await assertRejects(() => result, NetworkError);
    await after(0);
    assertEquals(warned, [undefined, "network"]);
  } finally {
    console.warn = warn;
  }
});

test("downloadRecording() reads from the start where its host ignores ranges, however long that takes", async () => {
  const { file, host, bytes } = downloadFrom(1000, [
    { end: { after: 0.9, how: "error" } },
    { ignoresRange: true, pieces: [100], delayMs: 25_000 },
  ]);
  assertEquals(await bytes(), file);
  assertEquals(host.requests.length, 2);
});

Deno.test("downloadRecording() does not resume without a strong ETag, and says so", async () => {
  for (const etag of ["none", "weak"] as const) {
    const plan: Plan = { etag, end: { after: 0.5, how: "error" } };
    const { result, ranges } = downloadFrom(1000, [plan]);
    const download = await result;
    assertEquals(download.etag, undefined);
    await assertRejects(
      () => read(download),
      NetworkError,
      "its host gave it no strong ETag",
    );
    assertEquals(ranges(), ["all"]);
  }
});

Deno.test("downloadRecording() resumes what an earlier process left, also if that was all, and refuses another file", async () => {
  const etag = '"version-0"';
  for (const offset of [1, 999, 1000]) {
    const { file, result } = downloadFrom(1000, [], { offset, etag });
    assertEquals((await result).size, 1000);
    assertEquals(await read(await result), file.subarray(offset));
  }
  const wrong: DownloadOptions[] = [
    { offset: 1001, etag },
    { offset: 10, etag: '"other"' },
    { etag: '"other"' },
  ];
  for (const opts of wrong) {
    const { result } = downloadFrom(1000, [], opts);
    const error = await assertRejects(() => result, DownloadError);
    assertEquals(error.code, "file_changed");
  }
  await assertRejects(
    () => downloadFrom(1000, [], { offset: 10 }).result,
    InvalidArgumentError,
    "'etag' is missing",
  );
});

Deno.test("downloadRecording() follows ten redirects in a row, to https only, and reads no file of this machine", async () => {
  const { file, bytes } = downloadFrom(1000, [{ redirects: 10 }]);
  assertEquals(await bytes(), file);
  await assertRejects(
    () => downloadFrom(1000, [{ redirects: 11 }]).result,
    ApiError,
    "more than 10 redirects",
  );
  const toNoHttps = ["file:///etc/passwd", "http://files.invalid/a"]
    .flatMap((location) => [
      { location, baseUrl: undefined },
      { location, baseUrl: "https://localhost/v2" },
    ]);
  for (const { location, baseUrl } of toNoHttps) {
    const fake = fakeRooms();
    const redirected = fake.addRecording();
    fake.fault({ target: "file", status: 302, headers: { location } });
    const { id } = fake.addRecording({ download_url: location });
    await assertRejects(
      () => downloadRecording(fake.fetch, "KEY", redirected.id, { baseUrl }),
      ApiError,
      "302",
    );
    await assertRejects(
      () => downloadRecording(fake.fetch, "KEY", id, { baseUrl }),
      InvalidResponseError,
    );
    assertEquals(fake.requests.length, 3);
  }
});

test("downloadRecording() takes a file that ends early for broken, and one that is too long for wrong", async () => {
  const early: Plan = { end: { after: 0.5, how: "early" } };
  await assertRejects(
    downloadFrom(1000, [early], { retry: false }).bytes,
    NetworkError,
    "it ended 500 bytes early",
  );
  // It does not say how long it is, and has none of the bytes that are left
  const short: Plan = { ignoresRange: true, hasNoLength: true };
  const resumed = { offset: 1020, etag: '"version-0"', retry: false } as const;
  await assertRejects(
    () => downloadFrom(1000, [short], resumed).result,
    NetworkError,
    "it ended 20 bytes early",
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
  const slowly = { pieces: [50], delayMs: 25_000 };
  const host = fileHost([file], [
    {},
    { ...slowly, end: { after: 0.25, how: "error" } },
    slowly,
  ]);
  const fetchFn: FetchFn = async (url, init) => {
    const response = await host.fetchFn(url, init);
    if (host.requests.length !== 1) return response;
    // It stalls, does not care that it is cancelled, and goes on during the next
    const pieces = [[0, 0, 100], [45_000, 100, 200]];
    const reader = {
      async read() {
        const [ms = 0, from, end] = pieces.shift() ?? [];
        await after(ms);
        return { done: from === undefined, value: file.slice(from, end) };
      },
      cancel: () => Promise.resolve(),
    };
    const value = { locked: false, getReader: () => reader };
    return Object.defineProperty(response, "body", { value });
  };
  const result = await downloadRecording(fetchFn, "KEY", id, quickly);
  assertEquals(await read(result), file);
  const ranges = host.requests.map(({ headers }) => headers.range);
  assertEquals(ranges, [undefined, "bytes=100-", "bytes=150-"]);
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
  const failing: Plan[] = [
    { isBroken: true },
    { status: 404 },
    { end: { after: 0, how: "stall" } },
  ];
  for (const plan of failing) {
    const theCaller = async () => {
      await downloadFrom(10, [plan], { retry: false }).result;
    };
    const error = await theCaller().catch((error: unknown) => error);
    assert(isRoomsError(error));
    assertStringIncludes(`${error.stack}`, "theCaller");
    assertStringIncludes(`${error.stack}`, "downloadRecording");
  }
  const location = "https://files.example/?signature=redirected";
  const redirect = new Response(null, { status: 302, headers: { location } });
  for (const first of [undefined, redirect]) {
    const host = fileHost([], []);
    const answers = [first];
    const fetchFn: FetchFn = (url, init) => {
      if (!isFile(url)) return host.fetchFn(url, init);
      const answer = answers.shift();
      return answer
        ? Promise.resolve(answer)
        : Promise.reject(new TypeError(`KEY-secret at ${url}`));
    };
    const error = await assertRejects(
      () => downloadRecording(fetchFn, "KEY-secret", id, { retry: false }),
      NetworkError,
    );
    const text = Deno.inspect(error, { depth: 9 });
    assert(!/KEY-secret|signature=/.test(text), text);
  }
});

test("downloadRecording() names the host that Deno may not ask, also after a redirect", async () => {
  const host = fileHost([], []);
  const headers = { location: "https://other.example/" };
  const fetchFn: FetchFn = (url, init) => {
    if (isFile(url)) {
      return Promise.resolve(new Response(null, { status: 302, headers }));
    }
    if (url === headers.location) {
      throw Object.assign(new Error("denied"), { name: "NotCapable" });
    }
    return host.fetchFn(url, init);
  };
  await assertRejects(
    () => downloadRecording(fetchFn, "KEY", id),
    InvalidArgumentError,
    "--allow-net=other.example",
  );
});

test("downloadRecording() tells why a file broke off, though its body cannot be canceled", async () => {
  const host = fileHost([someFile(1, 0)], []);
  const reader = {
    read: () => Promise.reject(new TypeError("broken")),
    cancel: () => {
      throw new Error("not to be canceled");
    },
  };
  const body = { locked: false, getReader: () => reader };
  const fetchFn: FetchFn = async (url, init) => {
    const response = await host.fetchFn(url, init);
    if (!isFile(url)) return response;
    await response.body?.cancel();
    const { ok, status, headers } = response;
    const none = () => Promise.reject(new Error("unused"));
    const unused = { arrayBuffer: none, json: none, text: none };
    return { ok, status, url, headers, body, bodyUsed: false, ...unused };
  };
  await assertRejects(
    () => downloadRecording(fetchFn, "KEY", id, { retry: false }),
    NetworkError,
    "broken",
  );
});
