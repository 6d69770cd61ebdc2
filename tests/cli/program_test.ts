import { assert, assertEquals } from "@std/assert";
import { programOf, type Started } from "../../lib/cli/program.ts";
import { metadata } from "../../scripts/npm_metadata.ts";
import { root, sh } from "../../scripts/sh.ts";

const run = "deno run --allow-net --allow-env --allow-read --allow-write";

const cases: Record<string, [Started["runtime"], string, execPath?: string]> = {
  "telnyx-rooms": ["node", "/usr/local/bin/telnyx-rooms"],
  "npx @videorooms/telnyx": [
    "node",
    "/home/me/.npm/_npx/1/node_modules/.bin/telnyx-rooms",
  ],
  "node C:/it/lib/cli/main.js": ["node", "C:\\it\\lib\\cli\\main.js"],
  "bunx @videorooms/telnyx": [
    "bun",
    "/it/bunx-0/node_modules/@videorooms/telnyx/lib/cli/main.js",
  ],
  "deno task start": ["deno", "/it/scripts/start.ts"],
  "npx -y deno@2 task start": [
    "deno",
    "/it/scripts/start.ts",
    "/home/me/.npm/_npx/1/node_modules/deno/deno",
  ],
  [`${run} jsr:@videorooms/telnyx/cli`]: [
    "deno",
    "https://any.invalid/@videorooms/telnyx/1.0.0/lib/cli/main.ts",
  ],
  [`${run} npm:@videorooms/telnyx`]: [
    "deno",
    "/cache/npm/any.invalid/@videorooms/telnyx/1.0.0/lib/cli/main.js",
  ],
  [`${run} /it/lib/cli/main.ts`]: ["deno", "/it/lib/cli/main.ts"],
};
for (
  const [program, [runtime, script, execPath = runtime]] of Object.entries(
    cases,
  )
) {
  Deno.test(`programOf() is "${program}" for ${script} on ${runtime}`, () => {
    assertEquals(programOf({ runtime, execPath, script }), program);
  });
}

Deno.test("the package has exactly one bin, so that npx runs it by the package's name", () => {
  assertEquals(Object.keys(metadata.bin), ["telnyx-rooms"]);
});

Deno.test("no text tells anyone to run npx with the command's name, which may be another's package", async () => {
  const { stdout } = await sh("git", ["ls-files"]);
  const files = stdout.split("\n").filter((file) =>
    /\.(md|ts|tsx|js|jsx|mjs|json|ya?ml|svg|html)$/.test(file) &&
    !file.startsWith("tests/cli/")
  );
  assert(files.includes("README.md"));
  const wrong = /\b(npx|bunx|pnpm dlx|yarn dlx|npm exec)( -\S+)* telnyx-rooms/;
  for (const file of files) {
    const text = await Deno.readTextFile(`${root}/${file}`).catch(() => "");
    assert(!wrong.test(text), file);
  }
});
