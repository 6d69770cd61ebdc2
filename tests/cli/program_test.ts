import { assertEquals } from "@std/assert";
import { programOf, type Started } from "../../lib/cli/program.ts";

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
