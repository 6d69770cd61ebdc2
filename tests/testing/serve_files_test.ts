/** Files as `serveRooms` serves them. */
import { assert, assertEquals } from "@std/assert";
import { connect } from "node:net";
import { createComposition, getComposition, getRecording } from "../../mod.ts";
import { fakeRooms, serveRooms } from "../../lib/testing/fake_rooms.ts";
import { id } from "../support/example.ts";

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
  let before = -1;
  // Until nothing more fits into the buffers of the system
  for (let i = 0; i < 50 && before !== made; i++) {
    before = made;
    await delay(100);
  }
  const most = 32 * 1024 * 1024;
  assert(made > 0 && made < most, `${made} bytes were made`);
  socket.destroy();
  await canceled;
  await served.close();
});

const chromium = "/usr/bin/chromium";
const hasChromium = await Deno.stat(chromium).then(() => true, () => false);

/** What the page does: it plays its videos, and tells how that went. */
const play = `
  const videos = [...document.querySelectorAll("video")];
  const played = videos.map((video) => new Promise((resolve) => {
    const say = (how) =>
      resolve([how, video.videoWidth, Math.round(video.duration)]);
    video.onerror = () => say(video.error.message);
    video.onended = () => say("ended");
    video.play().catch((error) => say(error.message));
  }));
  const body = JSON.stringify(await Promise.all(played));
  await fetch(location, { method: "POST", body });
`;

Deno.test({
  name: "fakeRooms() has files that Chromium plays (needs Chromium)",
  ignore: !hasChromium,
  async fn() {
    const fake = fakeRooms({ rooms: [{ id }] });
    const { session_id } = fake.join(id);
    const api = await serveRooms(fake);
    const opts = { baseUrl: api.url };
    const { id: composition } = await createComposition(fetch, "any", {
      session_id,
    }, opts);
    fake.complete(id);
    const { id: recording } = fake.addRecording();
    const links = [
      await getRecording(fetch, "any", recording, opts),
      await getComposition(fetch, "any", composition, opts),
    ].map(({ download_url }) => `${download_url}`.replaceAll("&", "&amp;"));

    const { promise: played, resolve } = Promise.withResolvers<unknown>();
    const page = await serveRooms({
      async fetch(_, init) {
        if (init?.method === "POST") resolve(JSON.parse(`${init.body}`));
        return await Promise.resolve(
          new Response(
            links.map((url) => `<video muted src="${url}"></video>`).join("") +
              `<script type="module">${play}</script>`,
            { headers: { "content-type": "text/html" } },
          ),
        );
      },
    });
    const profile = await Deno.makeTempDir();
    const browser = new Deno.Command(chromium, {
      args: ["--headless", "--no-sandbox", "--disable-gpu"].concat(
        "--autoplay-policy=no-user-gesture-required",
        `--user-data-dir=${profile}`,
        page.url,
      ),
      stdout: "null",
      stderr: "null",
    }).spawn();
    const timer = setTimeout(() => resolve("nothing within 60 s"), 60_000);
    try {
      assertEquals(await played, [["ended", 160, 2], ["ended", 160, 2]]);
    } finally {
      clearTimeout(timer);
      browser.kill();
      await browser.status;
      await page.close();
      await api.close();
      await Deno.remove(profile, { recursive: true });
    }
  },
});
