/** Every server among the examples, and requests that browsers never send. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { fakeRooms, serveRooms } from "@videorooms/telnyx/testing";
import { root } from "../../scripts/sh.ts";
import { id } from "../support/example.ts";
import { publicKey } from "../support/signed.ts";

/** Programs in `examples/` that serve, with the paths that they know. */
const servers: [program: [string, ...string[]], path: string][] = [
  [["meeting/main.ts", "--fake"], "/rooms"],
  [["join_token/main.ts"], `/rooms/${id}/join_token`],
  [["node_server/main.js"], `/rooms/${id}`],
  [["deno_dashboard/main.ts"], `/rooms/${id}`],
  [["supabase_edge_function/functions/room/index.ts"], "/room"],
  [["webhooks/deno.ts"], "/"],
  [["webhooks/node.ts"], "/"],
];

const json = "content-type: application/json\r\ncontent-length:";

/** Requests as they stand on the wire, without `Connection: close`. */
const oddRequests = (path: string): string[] => [
  "TRACE / HTTP/1.1\r\nhost: x",
  `TRACE ${path} HTTP/1.1\r\nhost: x`,
  "CONNECT example.com:443 HTTP/1.1\r\nhost: example.com:443",
  "OPTIONS * HTTP/1.1\r\nhost: x",
  "PROPFIND / HTTP/1.1\r\nhost: x",
  `GET http://example.com${path} HTTP/1.1\r\nhost: example.com`,
  "GET http:// HTTP/1.1\r\nhost: x",
  "GET //[ HTTP/1.1\r\nhost: x",
  "GET //example.com:99999/ HTTP/1.1\r\nhost: x",
  "GET /%ff%zz%00 HTTP/1.1\r\nhost: x",
  "GET /rooms/%ff HTTP/1.1\r\nhost: x",
  "GET /rooms/%2e%2e/constructor HTTP/1.1\r\nhost: x",
  `GET ${path} HTTP/1.1\r\nhost:`,
  `GET ${path} HTTP/1.1\r\nhost: a b`,
  `GET ${path} HTTP/1.1\r\nhost: [::1`,
  `GET ${path} HTTP/1.1\r\nhost: x:99999`,
  `GET ${path} HTTP/1.1\r\nhost: x\r\nx-large: ${"a".repeat(200_000)}`,
  `GET ${path} HTTP/1.1\r\nhost: x\r\nx-latin: \xe9\xff`,
  `GET ${path} HTTP/1.1\r\nhost: x\r\nauthorization: Basic \xff`,
  `GET ${path} HTTP/1.1\r\nhost: x\r\ncontent-length: 3\r\n\r\n{{{`,
  `POST ${path} HTTP/1.1\r\nhost: x\r\n${json} 1\r\n\r\n{`,
  `POST ${path} HTTP/1.1\r\nhost: x\r\n${json} 4\r\n\r\nnull`,
  `POST ${path} HTTP/1.1\r\nhost: x\r\n${json} 26\r\n\r\n{"name":{"toString":null}} `,
  `POST ${path} HTTP/1.1\r\nhost: x\r\n${json} 2\r\nexpect: 100-continue\r\n\r\n{}`,
  `POST ${path} HTTP/1.1\r\nhost: x\r\n${json} 9999\r\n\r\n{`, // cut off
  "",
  "\0\0\0\0",
];

/** Sends bytes, and returns the first line of the response; `""` for none. */
async function send(port: number, text: string): Promise<string> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  const end = text.includes("\r\n\r\n") ? "" : "\r\n\r\n";
  const bytes = Uint8Array.from(
    [...text + end].map((character) => character.charCodeAt(0)),
  );
  const answer = new Uint8Array(1024);
  const timer = setTimeout(() => connection.close(), 500);
  try {
    for (let sent = 0; sent < bytes.length;) {
      sent += await connection.write(bytes.subarray(sent));
    }
    const length = await connection.read(answer) ?? 0;
    const head = new TextDecoder().decode(answer.subarray(0, length));
    return head.split("\r\n")[0] ?? "";
  } catch {
    return ""; // the server closed the connection
  } finally {
    clearTimeout(timer);
  }
}

for (const [[file, ...args], path] of servers) {
  Deno.test(`examples/${file} answers whatever a client sends`, async () => {
    const provider = await serveRooms(fakeRooms({ rooms: [{ id }] }));
    const child = new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "--no-lock",
        "--no-prompt",
        "--config=deno.json",
        "--allow-net=127.0.0.1,0.0.0.0,[::]",
        "--allow-env",
        "--allow-read=examples",
        `examples/${file}`,
        ...args,
      ],
      cwd: root,
      env: {
        DENO_SERVE_ADDRESS: "tcp:127.0.0.1:0",
        PORT: "0",
        TELNYX_API_KEY: "any",
        TELNYX_PUBLIC_KEY: publicKey,
        ROOMS_URL: provider.url,
        NO_COLOR: "1",
      },
      stdout: "piped",
      stderr: "piped",
      signal: AbortSignal.timeout(60_000),
    }).spawn();
    let printed = "";
    const { promise: listening, resolve } = Promise.withResolvers<number>();
    const watching = [child.stdout, child.stderr].map(async (stream) => {
      for await (const text of stream.pipeThrough(new TextDecoderStream())) {
        printed += text;
        const [, port] = /Listening on http:\S+?:(\d+)/.exec(printed) ?? [];
        if (port) resolve(Number(port));
      }
      resolve(0);
    });
    try {
      const port = await listening;
      assert(port > 0, printed);
      for (const request of oddRequests(path)) {
        const line = await send(port, request);
        const what = request.slice(0, 60);
        assert(!/ 5\d\d/.test(line), `${what}: ${line}\n${printed}`);
        const usual = await send(port, "GET /none HTTP/1.1\r\nhost: x");
        assertMatch(usual, /^HTTP\/1\.1 4\d\d/, `after ${what}: ${printed}`);
      }
      assertMatch(
        await send(port, "GET /rooms/%ff HTTP/1.1\r\nhost: x"),
        /^HTTP\/1\.1 4/,
      );
    } finally {
      child.kill();
      await Promise.all(watching);
      await child.status;
      await provider.close();
    }
    assertEquals(printed.replace(/^Listening on .*\n/, ""), "");
  });
}
