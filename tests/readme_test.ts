/**
 * Runs the code blocks of the README and the guides, with the fake in place of
 * `fetch`. `deno task check` checks their types, and `deno task test:npm` runs
 * the README's block for Node with the npm package.
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { root } from "../scripts/sh.ts";

/** A block: some code in it, what it prints, and code that uses what it defines. */
type Block = [excerpt: string, prints: RegExp, use?: string];

/** The blocks in TypeScript of each document, in order. */
const pages: Record<string, Block[]> = {
  "README.md": [
    ["findOrCreateRoom", /^[\da-f-]{36} \S+\n$/],
    ["fake.changeRoom", /^true\n\[ 503, 200 \]\n$/],
  ],
  "docs/calls.md": [
    ["onAttempt", /^1 200\n7b61621f/],
    ["not_found", /^My Room\n$/],
    [
      "allRooms, getRooms",
      /^(7b61621f\S+ My Room)\nnot-a-uuid invalid_argument\n\1\n$/,
    ],
    ["createRoom(fetch", /^Standup true\n$/],
    ["createJoinToken", /^true 20\S+Z\n$/],
  ],
  "docs/events.md": [
    ["parseWebhook", /^400\n$/],
    ["video.room.renamed", /^It has a new name\n$/],
    ["watchRoom", /^Alice joined 7b61621f-\S+74\n$/],
  ],
  "docs/fake.md": [["fake.webhookFault", /^$/]],
  "docs/migrating.md": [["not_found", /^My Room\n$/]],
  "docs/recipes.md": [
    [
      "const worker = {",
      /^\{"live":true\}\n$/,
      `const url = "http://127.0.0.1/7b61621f-62e0-4aad-ab11-9fd19e272e73";
      const env = { TELNYX_API_KEY: "KEY" };
      console.log(await (await worker.fetch(new Request(url), env)).text());`,
    ],
    [
      "handler(event",
      /^400\n$/,
      `const event = { pathParameters: { id: "standup" } };
      console.log((await handler(event)).statusCode);`,
    ],
    ["no-store", /^My Room\n$/],
    ["responseInit(error)", /^400\n$/],
    ["DatabaseSync", /^video\.room\.session\.started\n\S+joined\n$/],
    ["createJoinToken", /^true true\n$/],
    ["deleteIdleRooms", /^600 0\n$/],
    ["wholeMeeting", /^4879 bytes\n$/],
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
};

const examples = new URL("./support/example_rooms.ts", import.meta.url);
const prelude = `
import { fakeRooms } from "@videorooms/telnyx/testing";
import { exampleRooms } from "${examples}";
globalThis.fetch = fakeRooms({ rooms: exampleRooms }).fetch as typeof fetch;
`;

/** What a module prints, and what it warns of. */
async function printedBy(code: string): Promise<[string, string]> {
  const [{ fetch }, { log, warn, error }] = [globalThis, console];
  let [printed, warned] = ["", ""];
  const lineOf = (values: unknown[]) =>
    values.map((value) =>
      typeof value === "string" ? value : Deno.inspect(value)
    ).join(" ") + "\n";
  console.log = (...values: unknown[]) => printed += lineOf(values);
  console.warn = console.error = (...values: unknown[]) =>
    warned += lineOf(values);
  try {
    await import(`data:application/typescript,${encodeURIComponent(code)}`);
  } finally {
    Object.assign(console, { log, warn, error });
    globalThis.fetch = fetch;
  }
  return [printed, warned];
}

/** A block does not wait for the webhooks that it leads to: a later test may. */
const unsanitized = { sanitizeOps: false, sanitizeResources: false };

for (const [page, blocks] of Object.entries(pages)) {
  const text = await Deno.readTextFile(`${root}${page}`);
  const found = [...text.matchAll(/^```ts\n(.*?)^```/gms)]
    .map(([, code = ""]) => code.replace("export default", "const worker ="));

  Deno.test(`${page} has no untested block of code`, unsanitized, () => {
    assertEquals(found.length, blocks.length);
  });

  for (const [i, [excerpt, prints, use = ""]] of blocks.entries()) {
    const name =
      `${page} prints the expected output in the block with ${excerpt}`;
    Deno.test(name, unsanitized, async () => {
      const block = found[i] ?? "";
      assert(block.includes(excerpt), block);
      const start = block.includes("fakeRooms") ? "" : prelude;
      const [printed, warned] = await printedBy(`${start}${block}${use}`);
      assertEquals(warned, "");
      assertMatch(printed, prints);
    });
  }
}
