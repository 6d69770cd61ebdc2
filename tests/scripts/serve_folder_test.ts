import { assertEquals } from "@std/assert";
import { serveFolder } from "../../scripts/serve_folder.ts";
import { withFolder } from "../cli/command.ts";

Deno.test("serveFolder() serves pages and other files below its base, on loopback only", () =>
  withFolder(async (dir) => {
    await Deno.writeTextFile(`${dir}/index.html`, "home");
    await Deno.writeTextFile(`${dir}/icon.svg`, "<svg/>");
    await using server = serveFolder(dir, "/site/");
    const { hostname, port } = server.addr;
    assertEquals(hostname, "127.0.0.1");
    const html = "text/html; charset=utf-8";
    for (
      const [path, ...expected] of [
        ["", 200, html, "home"],
        ["site/", 200, html, "home"],
        ["site/icon.svg", 200, "image/svg+xml", "<svg/>"],
        ["site/none", 404, "text/plain;charset=UTF-8", "Not found\n"],
      ]
    ) {
      const response = await fetch(`http://127.0.0.1:${port}/${path}`);
      const type = response.headers.get("content-type");
      assertEquals([response.status, type, await response.text()], expected);
    }
  }));
