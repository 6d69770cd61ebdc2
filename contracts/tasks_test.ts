/**
 * The tasks, with their own permissions: `localhost` stands for the outside, as a
 * task that may only reach 127.0.0.1 may not reach it.
 */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { sh } from "../scripts/sh.ts";
import { withServer } from "../tests/support/server.ts";
import { fakeRooms, serveRooms } from "../lib/testing/fake_rooms.ts";
import { examples } from "./names.ts";
import description from "./telnyx_rooms.openapi.json" with { type: "json" };

const task = (args: string[], env: Record<string, string> = {}) =>
  sh(Deno.execPath(), ["task", "--quiet", ...args], {
    env: { NO_COLOR: "1", ...env },
  });

/** The same server by a name that no list of `--allow-net` here has. */
const outside = (url: string) => url.replace("127.0.0.1", "localhost");

Deno.test("deno task contract:drift reads a document from the network", () =>
  withServer(
    () => Response.json(description),
    async (url) => {
      const spec = `${outside(url)}/spec3.json`;
      const { code, stdout, stderr } = await task([
        "contract:drift",
        "--spec",
        spec,
      ]);
      assertEquals(code, 0, stderr);
      assertStringIncludes(stdout, spec);
      assertStringIncludes(stdout, "The contract holds.");
    },
  ));

Deno.test("deno task contract:live reads the API", async () => {
  const { url, close } = await serveRooms(
    fakeRooms({ rooms: [{ id: examples.room_id }], tokens: ["KEY"] }),
  );
  const { code, stdout, stderr } = await task(
    ["contract:live", examples.room_id],
    { TELNYX_API_KEY: "KEY", TELNYX_BASE_URL: outside(url) },
  ).finally(close);
  assertEquals(code, 0, stdout + stderr);
  assertStringIncludes(stdout, `${outside(url)} keeps the contract in `);
});
