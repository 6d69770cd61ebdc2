import { assertEquals, assertMatch } from "@std/assert";
import { fakeRooms, serveRooms } from "../../lib/testing/fake_rooms.ts";
import { deno } from "../support/child.ts";
import { id } from "../support/example.ts";

/** Runs `getRoom` in a process that may reach only one host. */
async function lookUp(baseUrl: string, allowed: string) {
  const file = await Deno.makeTempFile({ suffix: ".ts" });
  const module = new URL("../../mod.ts", import.meta.url).href;
  await Deno.writeTextFile(
    file,
    `import { getRoom } from ${JSON.stringify(module)};
    const opts = { baseUrl: "${baseUrl}", retry: false } as const;
    console.log((await getRoom(fetch, "any", "${id}", opts)).id);`,
  );
  const result = await deno([
    "run",
    "--no-prompt",
    "--no-check",
    "--no-lock",
    `--allow-net=${allowed}`,
    file,
  ]);
  await Deno.remove(file);
  return result;
}

Deno.test("getRoom() needs only the permission to reach its host", async () => {
  const { url, close } = await serveRooms(fakeRooms({ rooms: [{ id }] }));
  const { host } = new URL(url);
  const result = await lookUp(url, host);
  assertEquals([result.code, result.stdout.trim()], [0, id], result.stderr);
  const refused = await lookUp(url, "api.telnyx.com");
  assertEquals(refused.code, 1);
  assertMatch(refused.stderr, /net access/i);
  await close();
});
