/** Files as `serveRooms` serves them. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { connect } from "node:net";
import { downloadRecording } from "../../mod.ts";
import { fakeRooms, serveRooms } from "../../lib/testing/fake_rooms.ts";
import { must } from "../../scripts/sh.ts";

/** A served fake with a recording of some bytes. */
async function serveFile(bytes?: number) {
  const fake = fakeRooms();
  const { id } = fake.addRecording({ bytes });
  const served = await serveRooms(fake);
  return {
    fake,
    id,
    baseUrl: served.url,
    /** The URL of the file, as a client is told. */
    async link(): Promise<string> {
      const response = await fetch(`${served.url}/room_recordings/${id}`, {
        headers: { authorization: "Bearer any" },
      });
      return (await response.json()).data.download_url;
    },
    [Symbol.asyncDispose]: () => served.close(),
  };
}

Deno.test("serveRooms() serves files below /_fake/files/ of its own host, with ranges and HEAD", async () => {
  await using it = await serveFile(100_000);
  const link = await it.link();
  const { origin } = new URL(it.baseUrl);
  assert(link.startsWith(`${origin}/_fake/files/recordings/${it.id}.webm?`));
  const head = await fetch(link, { method: "HEAD" });
  assertEquals(await head.text(), "");
  assertEquals(head.headers.get("content-length"), "100000");
  const range = { range: "bytes=99990-" };
  const part = await fetch(link, { headers: range });
  assertEquals(part.status, 206);
  assertEquals((await part.arrayBuffer()).byteLength, 10);
  assertEquals(part.headers.get("content-range"), "bytes 99990-99999/100000");
  assertEquals(part.headers.get("access-control-expose-headers"), "*");
});

Deno.test("downloadRecording() downloads from a served fake, over breaks", async () => {
  await using it = await serveFile(3_000_000);
  it.fake.fault({ target: "file", afterBytes: 1e6, disconnect: "in-body" });
  it.fake.fault({ target: "file", afterBytes: 5e5, disconnect: "in-body" });
  const { baseUrl } = it;
  const { stream, size } = await downloadRecording(fetch, "any", it.id, {
    baseUrl,
    retry: { baseDelayMs: 1 },
  });
  const bytes = await new Response(stream).bytes();
  assertEquals([bytes.length, size], [3_000_000, 3_000_000]);
  const whole = await (await fetch(await it.link())).bytes();
  assert(bytes.every((byte, i) => byte === whole[i]));
  const keys = it.fake.requests.filter(({ url }) => url.includes("/_fake/"))
    .map(({ headers }) => headers.authorization);
  assertEquals(keys, [undefined, undefined, undefined, undefined]);
});

Deno.test("serveRooms() makes a file no faster than its client reads it, and stops when the client leaves", async () => {
  const size = 2_000_000_000;
  let made = 0;
  let isCancelled = false;
  const served = await serveRooms({
    fetch: () =>
      Promise.resolve(
        new Response(
          new ReadableStream({
            pull(controller) {
              controller.enqueue(new Uint8Array(65_536));
              made += 65_536;
            },
            cancel: () => {
              isCancelled = true;
            },
          }, { highWaterMark: 0 }),
          { headers: { "content-length": `${size}` } },
        ),
      ),
  });
  const { port, host } = new URL(served.url);
  const socket = connect(Number(port), "127.0.0.1");
  socket.pause(); // it never reads
  socket.write(`GET /v2/rooms HTTP/1.1\r\nhost: ${host}\r\n\r\n`);
  let before = -1;
  // Until nothing more fits into the buffers of the system
  for (let i = 0; i < 50 && before !== made; i++) {
    before = made;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const most = 32 * 1024 * 1024;
  assert(made > 0 && made < most, `${made} bytes were made`);
  socket.destroy();
  for (let i = 0; i < 100 && !isCancelled; i++) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assertEquals(isCancelled, true);
  await served.close();
});

const chromium = "/usr/bin/chromium";
const hasChromium = await Deno.stat(chromium).then(() => true, () => false);

Deno.test({
  name: "fakeRooms() has files that Chromium plays",
  ignore: !hasChromium,
  async fn() {
    const play = `
      const played = [...document.querySelectorAll("video")].map((video) =>
        new Promise((resolve) => {
          const say = () => resolve([
            video.dataset.of, video.error?.code ?? "played",
            video.videoWidth, Math.round(video.duration),
          ].join(" "));
          video.onerror = say;
          video.onended = say;
          video.onloadeddata = () => {
            video.muted = true;
            video.playbackRate = 4;
            video.play().catch(say);
          };
        }));
      document.title = (await Promise.all(played)).join(", ");
    `;
    const fake = fakeRooms({ rooms: [{ id: crypto.randomUUID() }] });
    const [{ id: room = "" } = {}] = fake.rooms;
    const { session_id } = fake.join(room);
    const api = await serveRooms(fake);
    const headers = { authorization: "Bearer any" };
    const { data } = await (await fetch(`${api.url}/room_compositions`, {
      method: "POST",
      headers,
      body: JSON.stringify({ session_id }),
    })).json();
    await new Promise((resolve) => setTimeout(resolve, 2100));
    const recording = fake.addRecording();
    const link = async (path: string): Promise<string> =>
      (await (await fetch(`${api.url}/${path}`, { headers })).json()).data
        .download_url;
    const links = {
      webm: await link(`room_recordings/${recording.id}`),
      mp4: await link(`room_compositions/${data.id}`),
    };
    const page = await serveRooms({
      fetch: () =>
        Promise.resolve(
          new Response(
            Object.entries(links).map(([of, url]) =>
              `<video data-of="${of}" src="${url.replaceAll("&", "&amp;")}">` +
              "</video>"
            ).join("") + `<script type="module">${play}</script>`,
            { headers: { "content-type": "text/html" } },
          ),
        ),
    });
    const profile = await Deno.makeTempDir();
    try {
      const dom = await must(chromium, [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--autoplay-policy=no-user-gesture-required",
        `--user-data-dir=${profile}`,
        "--virtual-time-budget=20000",
        "--dump-dom",
        page.url,
      ]);
      assertStringIncludes(dom, "<title>webm played 160 2, mp4 played 160 2<");
    } finally {
      await page.close();
      await api.close();
      await Deno.remove(profile, { recursive: true });
    }
  },
});
