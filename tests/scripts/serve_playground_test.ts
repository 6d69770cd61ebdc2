import { assertMatch } from "@std/assert";
import { connect } from "node:net";
import { page, serve } from "../../scripts/serve_playground.ts";

/** The response to a path that `fetch` would normalize. */
function ask(port: number, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let received = "";
    const socket = connect(port, "127.0.0.1");
    socket.setEncoding("utf8");
    socket.on("data", (text) => received += text);
    socket.on("error", reject);
    socket.on("close", () => resolve(received));
    socket.write(
      `GET ${path} HTTP/1.1\r\nhost: page\r\nconnection: close\r\n\r\n`,
    );
  });
}

Deno.test("serve() serves only the files of the page, with their types", async () => {
  const server = serve([page]);
  const { port } = server.addr;
  const types: Record<string, RegExp> = {
    "/": /^HTTP\/1.1 200 .*content-type: text\/html.*<!doctype html>/s,
    "/index.html?any": /^HTTP\/1.1 200 .*content-type: text\/html/s,
    "/style.css": /^HTTP\/1.1 200 .*content-type: text\/css/s,
    "/icon.svg": /^HTTP\/1.1 200 .*content-type: image\/svg\+xml/s,
  };
  for (const [path, expected] of Object.entries(types)) {
    assertMatch(await ask(port, path), expected);
  }
  const others = [
    "/playground.ts",
    "/../../deno.json",
    "/..%2f..%2fdeno.json",
    "/%2e%2e/%2e%2e/deno.json",
    "//etc/passwd",
    "/constructor",
  ];
  for (const path of others) {
    const [status] = (await ask(port, path)).split("\r\n");
    assertMatch(String(status), /^HTTP\/1.1 40[04] /, path);
  }
  await server.shutdown();
});
