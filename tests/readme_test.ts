/**
 * Runs the code blocks of the README and the guides, with the fake in place of
 * `fetch`. `deno task check` checks their types, and `deno task test:npm` runs
 * the block for Node with the npm package.
 */
import { assert, assertEquals } from "@std/assert";
import { importMap } from "../scripts/registry.ts";
import { root, sh } from "../scripts/sh.ts";

const map = await importMap();

/** What each block prints, by some code in it; and the blocks in other languages. */
const pages: Record<string, { prints: [string, RegExp][]; others: string[] }> =
  {
    "README.md": {
      prints: [
        ["console.log(room.unique_name, room.active", /^My Room in session\n$/],
        ["not_found", /^My Room\n$/],
        ["onAttempt", /^1 200\n7b61621f/],
        [
          "allRooms, getRooms",
          /^(7b61621f\S+ My Room)\nnot-a-uuid invalid_argument\n\1\n$/,
        ],
        ["fake.changeRoom", /^true\n\[ 503, 200 \]\n$/],
        ["parseWebhook", /^400\n$/],
        ["video.room.renamed", /^It has a new name\n$/],
        ["watchRoom", /^Alice joined 7b61621f-\S+74\n$/],
        ["createJoinToken", /^true 20\S+Z\n$/],
        ["createRoom(fetch", /^Standup true\n$/],
      ],
      others: ["js"], // for Node
    },
    "docs/recipes.md": {
      prints: [
        ["export default {", /^\{"live":true\}\n$/],
        ["handler(event", /^400\n$/],
        ["no-store", /^My Room\n$/],
        ["responseInit(error)", /^400\n$/],
        ["DatabaseSync", /^video\.room\.session\.started\n\S+joined\n$/],
        ["createJoinToken", /^true true\n$/],
        ["In the room:", /^In the room: \S.*\n$/],
        ["deleteIdleRooms", /^600 0\n$/],
        ["wholeMeeting", /^8960 bytes\n$/],
        [
          "JSON.stringify({ ...fields, ms })",
          /^\{"level":"info","operation":"GET \/rooms\/\{id\}","attempt":1,"status":200,.*"ms":\d+\}\n$/,
        ],
        [
          "tracer.startSpan",
          /^GET \/rooms\/\{id\} \{[^]*"http.response.status_code": 200[^]*\}\n$/,
        ],
        ["listDeliveries", /^c9089f8e failed\n$/],
        ["shared: CallOptions", /^My Room\n$/],
        ["parseResponse(getRoom", /^My Room\n$/],
      ],
      others: ["json", "json"], // for Parcel and Jest
    },
    "docs/migrating.md": {
      prints: [["not_found", /^My Room\n$/]],
      others: ["js"], // the code before the migration
    },
  };

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

const lambda = `
const event = { pathParameters: { id: "standup" } };
console.log((await handler(event)).statusCode);
`;

for (const [page, { prints, others }] of Object.entries(pages)) {
  const text = await Deno.readTextFile(`${root}${page}`);
  const all = [...text.matchAll(/^```(\w+)\n(.*?)^```/gms)];
  const blocks = all.filter(([, language]) => language === "ts")
    .map(([, , code = ""]) => code);

  Deno.test(`${page} has no untested block of code`, () => {
    assertEquals(blocks.length, prints.length);
    const languages = all.map(([, language]) => language);
    assertEquals(
      languages.filter((name) => name !== "ts" && name !== "sh"),
      others,
    );
  });

  for (const [i, [excerpt, printed]] of prints.entries()) {
    Deno.test(`${page} prints the expected output in the block with ${excerpt}`, async () => {
      const block = blocks[i] ?? "";
      assert(block.includes(excerpt), block);
      const code = block.includes("export default")
        ? block.replace("export default", "const worker =") + worker
        : block.includes("handler(event")
        ? block + lambda
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
}
