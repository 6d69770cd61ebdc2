/** The files of the fake: their links, their bytes, ranges and faults. */
import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import fc from "fast-check";
import {
  createComposition,
  deleteRecording,
  getComposition,
  getRecording,
  listRecordings,
  parseWebhook,
  type RoomEvent,
} from "../../mod.ts";
import { type FakeRooms, fakeRooms } from "../../lib/testing/fake_rooms.ts";
import { id } from "../support/example.ts";
import { test } from "../support/virtual_time.ts";

/** What a response says, and its body. */
async function answer(response: Response) {
  const { status, headers } = response;
  const bytes = new Uint8Array(await response.arrayBuffer());
  return { status, headers: Object.fromEntries(headers), bytes };
}

/** A fake with a recording, and a function that asks for its file. */
function withFile(bytes?: number, now?: () => number) {
  const fake = fakeRooms({ now });
  const { id, download_url } = fake.addRecording({ bytes });
  const ask = async (
    headers: Record<string, string> = {},
    method = "GET",
    url = `${download_url}`,
  ) => await answer(await fake.fetch(url, { method, headers }));
  return { fake, id, url: `${download_url}`, ask };
}

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

Deno.test("fakeRooms().addRecording() adds a completed recording, which lists and look-ups have", async () => {
  const fake = fakeRooms({ now: () => Date.parse("2026-01-30T23:00:00Z") });
  const added = fake.addRecording({ type: "audio" });
  assertEquals([added.status, added.codec], ["completed", "opus"]);
  assertEquals([added.duration_secs, added.size_mb], [2, 0.01]);
  assertEquals(await getRecording(fake.fetch, "any", added.id), added);
  const large = fake.addRecording({ bytes: 5_600_000 });
  assertEquals(large.size_mb, 5.6);
});

Deno.test("fakeRooms().addRecording() takes fields as they are, and a session's room", async () => {
  const fake = fakeRooms({ rooms: [{ id }] });
  const { session_id = "" } = fake.join(id);
  const fields = { id, session_id, status: "processing", codec: null };
  const added = fake.addRecording(fields);
  assertEquals({ ...added, ...fields, room_id: id }, added);
  assertEquals("download_url" in added, false);
  const without = fake.addRecording({ download_url: null });
  assertEquals(without.download_url, null);
  const { data } = await listRecordings(fake.fetch, "any", { roomId: id });
  assertEquals(data, [added]);
});

Deno.test("fakeRooms().addRecording() refuses what is no recording", () => {
  const fake = fakeRooms();
  const { id } = fake.addRecording();
  const message = (fields: object) =>
    assertThrows(() => fake.addRecording(fields), Error).message;
  assertStringIncludes(message({ id }), "as it exists");
  assertStringIncludes(message({ id: "x" }), "/id must be a UUID");
  assertStringIncludes(message({ duration_secs: "1" }), "/duration_secs must");
  assertStringIncludes(message({ bytes: -1 }), "'bytes' must be an integer");
  assertStringIncludes(message({ bytes: 0.5 }), "'bytes' must be an integer");
});

Deno.test("fakeRooms() has files for what was recorded and composed, with the same links in webhooks", async () => {
  let now = Date.now();
  const events: RoomEvent[] = [];
  const fake: FakeRooms = fakeRooms({
    rooms: [{ id, enable_recording: true }],
    webhookUrl: "https://www.example.com/hook",
    now: () => now,
    onWebhook: async (request) => {
      events.push(await parseWebhook(request, fake.publicKey, { now }));
    },
  });
  const { session_id, id: person } = fake.join(id);
  fake.leave(person);
  const { id: composition } = await createComposition(fake.fetch, "any", {
    session_id,
  });
  assertEquals(
    (await getComposition(fake.fetch, "any", composition)).download_url,
    null,
  );
  now += 2000;
  const { data } = await listRecordings(fake.fetch, "any");
  await fake.delivered();
  const types = events.map(({ event_type }) => event_type.slice(11));
  assertEquals(types.slice(2, 4), ["recording.started", "recording.started"]);
  const completed = events.slice(-3);
  assertEquals(types.slice(-3), [
    "recording.completed",
    "recording.completed",
    "composition.completed",
  ]);
  const links = completed.map(({ payload }) =>
    Reflect.get(payload as object, "download_url")
  );
  const { download_url } = await getComposition(fake.fetch, "any", composition);
  const all = [...data.map((it) => it.download_url), download_url, ...links];
  const media = await Promise.all(all.map(async (url) => {
    const response = await answer(await fake.fetch(`${url}`));
    assertEquals(response.status, 200);
    return response.headers["content-type"];
  }));
  const expected = ["audio/webm", "video/webm", "video/mp4"];
  assertEquals(media, [...expected, ...expected]);
});

Deno.test("fakeRooms() has links that are signed for an hour of its clock", async () => {
  let now = Date.parse("2026-01-30T23:00:00Z");
  const { fake, id, url, ask } = withFile(10, () => now);
  const { origin, pathname, searchParams } = new URL(url);
  assertEquals(
    origin + pathname,
    `https://files.invalid/recordings/${id}.webm`,
  );
  assertEquals(searchParams.get("expires"), `${now + 3_600_000}`);

  const altered = url.replace(/expires=\d/, "expires=9");
  assertEquals((await ask({}, "GET", altered)).status, 403);
  const other = url.replace(id, crypto.randomUUID());
  assertEquals((await ask({}, "GET", other)).status, 403);
  now += 3_599_999;
  assertEquals((await ask()).status, 200);
  now += 1;
  const { status, bytes } = await ask();
  assertEquals(status, 403);
  assertStringIncludes(text(bytes), "get the record anew");
  const { download_url } = await getRecording(fake.fetch, "any", id);
  assertEquals((await ask({}, "GET", `${download_url}`)).status, 200);

  await deleteRecording(fake.fetch, "any", id);
  assertEquals((await ask({}, "GET", `${download_url}`)).status, 404);
});

Deno.test("fakeRooms() refuses the API key where files are, and notes it", async () => {
  const { fake, ask } = withFile(10);
  const { status, bytes } = await ask({ authorization: "Bearer KEY" });
  assertEquals(status, 400);
  assertStringIncludes(text(bytes), "has the API key");
  await ask();
  assertEquals(fake.requests.map(({ note }) => note), [
    "has the API key, which must not be sent to the host of files",
    undefined,
  ]);
});

Deno.test("fakeRooms() gives any single range of a file, whatever its size", async () => {
  const sizes = [0, 1, 3858, 65_536, 150_000];
  const bound = fc.oneof(
    fc.constant(""),
    fc.nat(200_000).map(String),
    // Often the last byte, and the one after it
    fc.constantFrom(...sizes.flatMap((n) => [`${Math.max(0, n - 1)}`, `${n}`])),
  );
  await fc.assert(fc.asyncProperty(
    fc.constantFrom(...sizes),
    bound,
    bound,
    async (size, first, last) => {
      const { ask } = withFile(size);
      const file = (await ask()).bytes;
      assertEquals(file.length, size);
      const { status, headers, bytes } = await ask({
        range: `bytes=${first}-${last}`,
      });
      const [from, to] = [Number(first), Number(last)];
      const isNone = first === "" && last === "";
      const isBackwards = first !== "" && last !== "" && to < from;
      if (isNone || isBackwards) return assertEquals(status, 200);
      const start = first === "" ? Math.max(0, size - to) : from;
      const end = last === "" || first === "" ? size : Math.min(size, to + 1);
      const isThere = start < size;
      const range = isThere ? `${start}-${end - 1}` : "*";
      assertEquals(status, isThere ? 206 : 416);
      assertEquals(headers["content-range"], `bytes ${range}/${size}`);
      if (!isThere) return;
      assertEquals(headers["content-length"], `${end - start}`);
      assertEquals(bytes.length, end - start);
      assert(bytes.every((byte, i) => byte === file[start + i]));
    },
  ));
});

Deno.test("fakeRooms() has a strong ETag for each file, and ranges only if it is still that", async () => {
  const { fake, ask } = withFile(1000);
  const { etag = "" } = (await ask()).headers;
  assert(/^"[^"]+"$/.test(etag), etag);
  const range = "bytes=990-";
  assertEquals((await ask({ range, "if-range": etag })).status, 206);
  for (const wrong of ['"other"', `W/${etag}`, new Date().toUTCString()]) {
    const response = await ask({ range, "if-range": wrong });
    assertEquals([response.status, response.bytes.length], [200, 1000]);
  }
  const several = await ask({ range: "bytes=0-1,5-6" });
  assertEquals([several.status, several.bytes.length], [200, 1000]);
  const other = fake.addRecording({ bytes: 1000 });
  const response = await answer(await fake.fetch(`${other.download_url}`));
  assert(response.headers["etag"] !== etag);
  assert(text(response.bytes) !== text((await ask()).bytes));
});

Deno.test("fakeRooms() answers a HEAD of a file without its bytes, and no other method", async () => {
  const { ask } = withFile(1000);
  const { headers } = await ask();
  const head = await ask({ range: "bytes=0-1" }, "HEAD");
  assertEquals(head, { status: 200, headers, bytes: new Uint8Array() });
  const { status, headers: { allow } } = await ask({}, "DELETE");
  assertEquals([status, allow], [405, "GET, HEAD"]);
});

Deno.test("fakeRooms().fault() has faults for files, apart from those for the API", async () => {
  const { fake, id, ask } = withFile(1000);
  fake.fault({ target: "file", status: 503, headers: { "retry-after": "0" } });
  fake.fault({ target: "api", status: 500 });
  fake.fault({ status: 404 });
  const { fetch } = fake;
  const lookUp = () => getRecording(fetch, "any", id, { retry: false });
  await assertRejects(lookUp, Error, "HTTP 500");
  const refused = await ask();
  assertEquals([refused.status, refused.headers["retry-after"]], [503, "0"]);
  await assertRejects(lookUp, Error, "HTTP 404");
  assertEquals((await ask()).status, 200);
});

test("fakeRooms().fault() cuts and stalls a file after some bytes of it", async () => {
  const { fake, url } = withFile(200_000);
  const received = async (signal?: AbortSignal) => {
    let count = 0;
    const { body } = await fake.fetch(url, { ...signal && { signal } });
    const error = await (async () => {
      for await (const bytes of body ?? []) count += bytes.length;
    })().catch((error: unknown) => error);
    return [count, error instanceof Error ? error.message : "none"];
  };
  fake.fault({ target: "file", disconnect: "in-body" });
  assertEquals(await received(), [100_000, "The connection broke in the body"]);
  for (const afterBytes of [0, 1, 65_536, 199_999, 200_000, 300_000]) {
    fake.fault({ target: "file", disconnect: "in-body", afterBytes });
    const count = Math.min(afterBytes, 200_000);
    assertEquals(await received(), [count, "The connection broke in the body"]);
  }
  fake.fault({ target: "file", bodyDelayMs: 5000, afterBytes: 70_000 });
  assertEquals(await received(), [200_000, "none"]);
  fake.fault({ target: "file", bodyDelayMs: Infinity, afterBytes: 70_000 });
  const controller = new AbortController();
  setTimeout(() => controller.abort(new Error("enough")), 10);
  assertEquals(await received(controller.signal), [70_000, "enough"]);
});

Deno.test("fakeRooms().fault() changes a file, ignores ranges and removes headers", async () => {
  const { fake, ask } = withFile(1000);
  const before = await ask();
  const range = { range: "bytes=0-9" };
  fake.fault({ target: "file", ignoreRange: true });
  const ignored = await ask(range);
  assertEquals([ignored.status, ignored.bytes.length], [200, 1000]);
  assertEquals(ignored.headers["accept-ranges"], undefined);
  fake.fault({ target: "file", headers: { ETag: undefined } });
  const { headers, status } = await ask(range);
  assertEquals([status, headers["etag"]], [206, undefined]);
  fake.fault({ target: "file", changed: true });
  const changed = await ask();
  assert(changed.headers["etag"] !== before.headers["etag"]);
  assert(text(changed.bytes) !== text(before.bytes));
  assertEquals(await ask(), before);
});

Deno.test("fakeRooms() makes a large file as it is read, from any place", async () => {
  const size = 8_000_000_000_000;
  const { ask, url, fake } = withFile(size);
  const at = size - 100_000;
  const tail = await ask({ range: `bytes=${at}-` });
  assertEquals(tail.bytes.length, 100_000);
  const part = await ask({ range: `bytes=${at + 777}-${at + 70_000}` });
  assertEquals(text(part.bytes), text(tail.bytes.subarray(777, 70_001)));
  const { body } = await fake.fetch(url);
  const reader = (body as ReadableStream<Uint8Array>).getReader();
  const first = await reader.read();
  assertEquals(first.value?.length, 65_536);
  await reader.cancel();
});

Deno.test("fakeRooms().reset() forgets files; a new one is small media", async () => {
  const { fake, ask } = withFile(1000);
  fake.reset();
  assertEquals((await ask()).status, 404);
  const { download_url, size_mb } = fake.addRecording();
  const { bytes, headers } = await ask({}, "GET", `${download_url}`);
  assertEquals([size_mb, bytes.length], [0.01, 3858]);
  assertEquals(headers["content-length"], "3858");
  assertEquals([...bytes.subarray(0, 4)], [0x1a, 0x45, 0xdf, 0xa3]); // EBML
});
