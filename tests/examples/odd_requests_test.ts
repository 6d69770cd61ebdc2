/** Every server among the examples that runs on Deno, and odd requests. */
import { assert, assertEquals } from "@std/assert";
import { fakeRooms, serveRooms } from "@videorooms/telnyx/testing";
import { root } from "../../scripts/sh.ts";
import { id } from "../support/example.ts";
import { publicKey } from "../support/signed.ts";
import { sendOddRequests } from "./odd_requests.ts";

/** Programs in `examples/` that serve, with the paths that they know. */
const servers: [program: [string, ...string[]], path: string][] = [
  [["meeting/main.ts", "--fake"], "/rooms"],
  [["join_token/main.ts"], `/rooms/${id}/join_token`],
  [["who_is_here/node.js"], `/rooms/${id}`],
  [["who_is_here/deno.ts"], `/rooms/${id}`],
  [["who_is_here/supabase/functions/room/index.ts"], "/room"],
  [["webhooks/deno.ts"], "/"],
  [["webhooks/node.ts"], "/"],
];

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
        DATABASE: ":memory:",
        TELNYX_API_KEY: "any",
        TELNYX_PUBLIC_KEY: publicKey,
        TELNYX_BASE_URL: provider.url,
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
      await sendOddRequests(port, path, { log: () => printed });
    } finally {
      child.kill();
      await Promise.all(watching);
      await child.status;
      await provider.close();
    }
    assertEquals(printed.replace(/^Listening on .*\n/, ""), "");
  });
}
