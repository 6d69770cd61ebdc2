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

/** Calls that may not reach their host, each with what it tells on one line. */
const calls = {
  getRoom: 'await getRoom(fetch, "any", id, opts)',
  createRoom: 'await createRoom(fetch, "any", {}, opts)',
  watchRoom: 'for await (const _ of watchRoom(fetch, "any", id, opts));',
  getRooms:
    'for await (const { error } of getRooms(fetch, "any", [id], opts)) throw error;',
};

for (const [name, call] of Object.entries(calls)) {
  Deno.test(`${name}() without the net permission makes one attempt, says what to grant, and lets the process end`, async () => {
    const file = await Deno.makeTempFile({ suffix: ".ts" });
    const module = new URL("../../mod.ts", import.meta.url).href;
    await Deno.writeTextFile(
      file,
      `import * as rooms from ${JSON.stringify(module)};
      const { createRoom, getRoom, getRooms, watchRoom } = rooms;
      const id = "${id}";
      let attempts = 0;
      // Keeps nothing alive, and ends what something else does
      Deno.unrefTimer(setTimeout(() => Deno.exit(9), 5000));
      const opts = { onAttempt: () => void attempts++ };
      try {
        ${call};
      } catch (error) {
        const { message, mayHaveTakenEffect } = error;
        console.log(attempts, mayHaveTakenEffect, message);
      }
      void [createRoom, getRoom, getRooms, watchRoom];`,
    );
    const { code, stdout, stderr } = await deno([
      "run",
      "--no-prompt",
      "--no-check",
      "--no-lock",
      file,
    ], { NO_COLOR: "1" });
    await Deno.remove(file);
    assertMatch(
      stdout,
      /^1 false 'fetchFn' needs permission: run Deno with --allow-net=api\.telnyx\.com /,
      stderr,
    );
    assertEquals([code, stdout.trim().split("\n").length], [0, 1]);
  });
}
