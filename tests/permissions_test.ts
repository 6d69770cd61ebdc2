import { assertEquals, assertMatch } from "@std/assert";
import { fakeRooms, serveRooms } from "../lib/testing/fake_rooms.ts";
import { deno } from "./child.ts";
import { id } from "./example.ts";

/** Looks the room up in a process that may reach this host, and nothing else. */
async function lookUp(baseUrl: string, allowed: string) {
  const file = await Deno.makeTempFile({ suffix: ".ts" });
  const module = new URL("../mod.ts", import.meta.url).href;
  await Deno.writeTextFile(
    file,
    `import { getRoom } from ${JSON.stringify(module)};
    const opts = { baseUrl: "${baseUrl}", retry: false } as const;
    console.log((await getRoom(fetch, "any", "${id}", opts)).id);`,
  );
  const told = await deno([
    "run",
    "--no-prompt",
    "--no-check",
    "--no-lock",
    `--allow-net=${allowed}`,
    file,
  ]);
  await Deno.remove(file);
  return told;
}

Deno.test("getRoom() needs no permission but to reach its host", async () => {
  const { url, close } = await serveRooms(fakeRooms({ rooms: [{ id }] }));
  const { host } = new URL(url);
  const told = await lookUp(url, host);
  assertEquals([told.code, told.stdout.trim()], [0, id], told.stderr);
  const refused = await lookUp(url, "api.telnyx.com");
  assertEquals(refused.code, 1);
  assertMatch(refused.stderr, /net access/i);
  await close();
});
