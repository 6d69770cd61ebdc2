/** Every operation of the API is complete: documented, faked and in the contract. */
import { assert, assertEquals } from "@std/assert";
import description from "../../contracts/telnyx_rooms.openapi.json" with {
  type: "json",
};
import { documents } from "../../scripts/docs.ts";
import { rows } from "../../scripts/operation_table.ts";
import { root, sh } from "../../scripts/sh.ts";

const readme = await Deno.readTextFile(`${root}README.md`);
const { stdout } = await sh(Deno.execPath(), ["doc", "--json", "mod.ts"]);
const { nodes }: {
  nodes: Record<string, {
    symbols: { name: string; declarations: { jsDoc?: { doc?: string } }[] }[];
  }>;
} = JSON.parse(stdout);
/** The documentation of each symbol, in one line. */
const docs = new Map(
  Object.values(nodes).flatMap(({ symbols }) => symbols)
    .map(({ name, declarations: [first] }) => [
      name,
      (first?.jsDoc?.doc ?? "").replace(/\s+/g, " "),
    ]),
);

for (const [path, text] of await documents()) {
  Deno.test(`${path} is what deno task docs writes`, async () => {
    const found = await Deno.readTextFile(root + path);
    assertEquals(found, text, "run deno task docs cli");
  });
}

for (const [path, methods] of Object.entries(description.paths)) {
  for (const key of ["get", "post", "patch", "delete"]) {
    if (!(key in methods)) continue;
    const name = `${key.toUpperCase()} ${path}`;
    Deno.test(`${name} has a row, a route, an interaction, a function and its docs`, () => {
      assert(readme.includes(`| \`${name}\` `), "a row");
      const row = rows.find(({ operation }) =>
        `${operation.method} ${operation.path}` === name
      );
      assert(row, "a route of the fake");
      const { own, functions, statuses } = row;
      assert(statuses.has(own.status), "an interaction of success");
      const [first = ""] = functions;
      const page = docs.get(first) ?? "";
      // The docs have the names of ids that the provider uses
      const address = `${own.method} ${own.path}`.replace(/\{\w+\}/, "{}");
      assert(
        page.replace(/\{\w+\}/, "{}").includes(`\`${address}\``),
        `docs of ${first} with ${address}: ${page.slice(0, 200)}`,
      );
      assert(page.includes("(Telnyx API reference, *"), "its source");
    });
  }
}
