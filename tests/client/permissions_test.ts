import { assertEquals, assertMatch } from "@std/assert";
import { fakeRooms, serveRooms } from "../../lib/testing/fake_rooms.ts";
import { deno } from "../support/child.ts";
import { id } from "../support/example.ts";

/** Runs a program that imports the module, with these permissions. */
async function run(program: string, ...permissions: string[]) {
  const file = await Deno.makeTempFile({ suffix: ".ts" });
  const module = new URL("../../mod.ts", import.meta.url).href;
  await Deno.writeTextFile(
    file,
    `import * as rooms from "${module}"; const id = "${id}";\n${program}`,
  );
  const options = ["--no-prompt", "--no-check", "--no-lock", ...permissions];
  const result = await deno(["run", ...options, file], { NO_COLOR: "1" });
  await Deno.remove(file);
  return result;
}

Deno.test("getRoom() needs only the permission to reach its host", async () => {
  const { url, close } = await serveRooms(fakeRooms({ rooms: [{ id }] }));
  const program = `const opts = { baseUrl: "${url}", retry: false };
    console.log((await rooms.getRoom(fetch, "any", id, opts)).id);`;
  const { host } = new URL(url);
  const { code, stdout, stderr } = await run(program, `--allow-net=${host}`);
  assertEquals([code, stdout.trim()], [0, id], stderr);
  const refused = await run(program, "--allow-net=api.telnyx.com");
  assertEquals(refused.code, 1);
  assertMatch(refused.stderr, /net access/i);
  await close();
});

/** Calls that may not reach their host, each with what it tells on one line. */
const calls = {
  getRoom: 'await rooms.getRoom(fetch, "any", id, opts)',
  createRoom: 'await rooms.createRoom(fetch, "any", {}, opts)',
  watchRoom: 'for await (const _ of rooms.watchRoom(fetch, "any", id, opts));',
  getRooms:
    'for await (const { error } of rooms.getRooms(fetch, "any", [id], opts)) throw error;',
};

for (const [name, call] of Object.entries(calls)) {
  Deno.test(`${name}() without the net permission makes one attempt, says what to grant, and lets the process end`, async () => {
    const { code, stdout, stderr } = await run(`
      let attempts = 0;
      // Keeps nothing alive, and ends what something else does
      Deno.unrefTimer(setTimeout(() => Deno.exit(9), 5000));
      const opts = { onAttempt: () => void attempts++ };
      try {
        ${call};
      } catch ({ message, mayHaveTakenEffect }) {
        console.log(attempts, mayHaveTakenEffect, message);
      }`);
    const says =
      /^1 false 'fetchFn' needs permission: run Deno with --allow-net=api\.telnyx\.com .*\n$/;
    assertMatch(stdout, says, stderr);
    assertEquals(code, 0);
  });
}
