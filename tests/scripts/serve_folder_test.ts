import { assertEquals } from "@std/assert";
import { serveFolder } from "../../scripts/serve_folder.ts";

Deno.test("serveFolder() serves pages and other files below its base, on loopback only", async () => {
  const dir = await Deno.makeTempDir();
  await Deno.writeTextFile(`${dir}/index.html`, "home");
  await Deno.writeTextFile(`${dir}/icon.svg`, "<svg/>");
  const server = serveFolder(dir, "/site/");
  try {
    const { hostname, port } = server.addr;
    assertEquals(hostname, "127.0.0.1");
    const got = [];
    for (const path of ["", "site/", "site/icon.svg", "site/none"]) {
      const response = await fetch(`http://127.0.0.1:${port}/${path}`);
      const type = response.headers.get("content-type");
      got.push([response.status, type, await response.text()]);
    }
    const html = "text/html; charset=utf-8";
    assertEquals(got, [
      [200, html, "home"],
      [200, html, "home"],
      [200, "image/svg+xml", "<svg/>"],
      [404, "text/plain;charset=UTF-8", "Not found\n"],
    ]);
  } finally {
    await server.shutdown();
    await Deno.remove(dir, { recursive: true });
  }
});
