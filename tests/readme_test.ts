/**
 * Runs the README's code as it is printed, with the fake in place of `fetch`.
 * `deno task check` checks its types. The block for Node runs with the npm
 * package, by `deno task test:npm`.
 */
import { assert, assertEquals } from "@std/assert";
import { importMap } from "../scripts/registry.ts";
import { root, sh } from "../scripts/sh.ts";

const readme = await Deno.readTextFile(`${root}README.md`);
const map = await importMap();

/** What a block prints, by what it says; each block has to be here. */
const prints: [says: string, printed: RegExp][] = [
  ["includeSessions: true });\nconsole.log(room.unique_name,", /^My Room in/],
  ["export default {", /^\{"id":"7b61621f.*\}\n$/],
  ["no-store", /^My Room\n$/],
  ["retry-after", /^200\n$/],
  ["onAttempt", /^1 200 \d+ ms\n7b61621f/],
  ["switch (error.code)", /^My Room\n$/],
  ["responseInit(error)", /^400\n$/],
  ["allRooms", /^7b61621f\S+ My Room\n1 of 1\n$/],
  ["createRoom(fetch", /^Standup true\n$/],
  ["parseWebhook", /^400\n$/],
  ["fake.changeRoom", /^true\n\[ 503, 200 \]\n$/],
  ["parseResponse(getRoom", /^My Room\n$/],
];

const prelude = `
import { fakeRooms } from "@videorooms/telnyx/testing";
import { exampleRooms } from "${new URL(
  "../lib/cli/example_rooms.ts",
  import.meta.url,
)}";
globalThis.fetch = fakeRooms({ rooms: exampleRooms }).fetch as typeof fetch;
`;

const worker = `
const request = new Request("http://127.0.0.1/7b61621f-62e0-4aad-ab11-9fd19e272e73");
console.log(await (await worker.fetch(request, { TELNYX_API_KEY: "KEY" })).text());
`;

const blocks = [...readme.matchAll(/```ts\n(.*?)```/gs)]
  .map(([, code = ""]) => code);

Deno.test("README.md has no block of code that is not tried", () => {
  assertEquals(blocks.length, prints.length);
  const others = [...readme.matchAll(/```(\w+)\n/g)].map(([, name]) => name);
  assertEquals(
    others.filter((name) => name !== "ts" && name !== "sh"),
    ["js", "json"], // for Node, for Jest
  );
});

for (const [i, [says, printed]] of prints.entries()) {
  Deno.test(`README.md's block with ${says.split("\n").at(-1)} does what it says`, async () => {
    const block = blocks[i] ?? "";
    assert(block.includes(says), block);
    const code = block.includes("export default")
      ? block.replace("export default", "const worker =") + worker
      : block;
    const { code: exit, stdout, stderr } = await sh(Deno.execPath(), [
      "eval",
      "--quiet",
      "--no-lock",
      ...map,
      "--ext=ts",
      code.includes("fakeRooms") ? code : `${prelude}${code}`,
    ]);
    assertEquals([exit, stderr], [0, ""]);
    assert(printed.test(stdout), stdout);
  });
}
