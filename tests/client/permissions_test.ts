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
  const allowed = `--allow-net=${new URL(url).host}`;
  const { code, stdout, stderr } = await run(program, allowed);
  assertEquals([code, stdout.trim()], [0, id], stderr);
  await close();
});

Deno.test("A call without the net permission makes one attempt, says what to grant, and lets the process end", async () => {
  const { code, stdout, stderr } = await run(`
    let attempts = 0;
    const args = [fetch, "any", id, { onAttempt: () => void attempts++ }];
    const calls = [
      () => rooms.getRoom(...args),
      () => rooms.createRoom(...args.with(2, {})),
      () => rooms.watchRoom(...args).next(),
      async () => {
        throw (await rooms.getRooms(...args.with(2, [id])).next()).value.error;
      },
    ];
    for (const call of calls) {
      attempts = 0;
      await call().catch(({ message, mayHaveTakenEffect }) =>
        console.log(attempts, mayHaveTakenEffect, message)
      );
    }
    // Keeps nothing alive, and ends what something else does
    Deno.unrefTimer(setTimeout(() => Deno.exit(9), 5000));`);
  const lines = stdout.trim().split("\n");
  assertEquals([code, lines.length], [0, 4], stderr);
  for (const line of lines) {
    assertMatch(
      line,
      /^1 false 'fetchFn' needs permission: run Deno with --allow-net=api\.telnyx\.com /,
    );
  }
});
