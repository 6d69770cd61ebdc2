/** Files as `serveRooms` serves them. */
import { assert, assertEquals } from "@std/assert";
import { connect } from "node:net";
import { getRecording } from "../../mod.ts";
import { fakeRooms, serveRooms } from "../../lib/testing/fake_rooms.ts";

const delay = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

Deno.test("serveRooms() serves files below /_fake/files/ of its own host, with ranges and HEAD", async () => {
  const fake = fakeRooms();
  const { id } = fake.addRecording({ bytes: 100_000 });
  const { url: baseUrl, close } = await serveRooms(fake);
  const recording = await getRecording(fetch, "any", id, { baseUrl });
  const link = `${recording.download_url}`;
  const { origin } = new URL(baseUrl);
  assert(link.startsWith(`${origin}/_fake/files/recordings/${id}.webm?`));
  const head = await fetch(link, { method: "HEAD" });
  assertEquals(await head.text(), "");
  assertEquals(head.headers.get("content-length"), "100000");
  const range = { range: "bytes=99990-" };
  const part = await fetch(link, { headers: range });
  assertEquals(part.status, 206);
  assertEquals((await part.arrayBuffer()).byteLength, 10);
  assertEquals(part.headers.get("content-range"), "bytes 99990-99999/100000");
  assertEquals(part.headers.get("access-control-expose-headers"), "*");
  await close();
});

Deno.test("serveRooms() makes a file no faster than its client reads it, and stops when the client leaves", async () => {
  let made = 0;
  const { promise: canceled, resolve } = Promise.withResolvers<void>();
  const file = new ReadableStream({
    pull(controller) {
      controller.enqueue(new Uint8Array(65_536));
      made += 65_536;
    },
    cancel: () => resolve(),
  }, { highWaterMark: 0 });
  const headers = { "content-length": "2000000000" };
  const served = await serveRooms({
    fetch: () => Promise.resolve(new Response(file, { headers })),
  });
  const { port, host } = new URL(served.url);
  const socket = connect(Number(port), "127.0.0.1");
  socket.pause(); // it never reads
  socket.write(`GET /v2/rooms HTTP/1.1\r\nhost: ${host}\r\n\r\n`);
  let before = 0;
  // Until nothing more fits into the buffers of the system
  for (let i = 0; i < 300 && (made === 0 || before !== made); i++) {
    before = made;
    await delay(100);
  }
  const most = 32 * 1024 * 1024;
  assert(made > 0 && made < most, `${made} bytes were made`);
  socket.destroy();
  await canceled;
  await served.close();
});
