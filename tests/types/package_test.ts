import { assertEquals } from "@std/assert";
import { violations } from "./package.ts";

const good: Record<string, string> = {
  "package.json": JSON.stringify({
    exports: { ".": { types: "./mod.d.ts", default: "./mod.js" } },
    bin: { "telnyx-rooms": "lib/cli/main.js" },
  }),
  "mod.js": 'export { a } from "./lib/a.js";',
  "mod.d.ts": '/** import "x" */ export { A } from "./lib/a.js";',
  "lib/a.js": "export const a = 1;",
  "lib/a.d.ts": "export type A = 1;",
  "lib/cli/main.js": 'import{a}from"../a.js";import p from"node:process"',
  "README.md": '# A B!\n[a](#a-b) [b](https://b.c) [c](mod.js)\nimport "d"',
};

const cases: [name: string, files: Record<string, string>, wrong: string[]][] =
  [
    ["a good package", {}, []],
    [
      "a polyfill",
      {
        "mod.js":
          'import "./_dnt.polyfills.js"; export { a } from "./lib/a.js";',
        "_dnt.polyfills.js": "Object.hasOwn ??= 1;",
      },
      [
        "mod.js has polyfills or shims of dnt",
        "_dnt.polyfills.js has polyfills or shims of dnt",
      ],
    ],
    [
      "a polyfill that was never written",
      { "lib/a.js": 'import "../_dnt.polyfills.js";' },
      [
        "_dnt.polyfills.js is not there",
        "lib/a.js has polyfills or shims of dnt",
      ],
    ],
    [
      "a shim",
      { "lib/a.js": "export const a = dntShim.dntGlobalThis;" },
      ["lib/a.js has polyfills or shims of dnt"],
    ],
    ["code that nothing imports", { "lib/b.js": "" }, [
      "lib/b.js is reached by no entry",
    ]],
    ["a declaration that nothing imports", { "lib/b.d.ts": "" }, [
      "lib/b.d.ts is reached by no entry",
    ]],
    [
      "a declaration that imports a missing file",
      { "lib/a.d.ts": 'export type A = import("./b.js").B;' },
      ["lib/b.d.ts is not there"],
    ],
    ["a dependency", { "lib/a.js": 'import "ky";' }, [
      "lib/a.js imports ky, which is not of the package",
    ]],
    [
      "a README with dead links",
      { "README.md": "[a](docs/a.md) ![b](b.svg) [c](#c)" },
      ["docs/a.md", "b.svg", "#c"].map((link) =>
        `README.md links to ${link}, which is not of the package`
      ),
    ],
  ];

for (const [name, files, wrong] of cases) {
  Deno.test(`violations() of ${name} is ${wrong.join("; ") || "empty"}`, () => {
    const all = new Map(Object.entries({ ...good, ...files }));
    assertEquals(violations(all), wrong);
  });
}
