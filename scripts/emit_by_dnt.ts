/**
 * Emits the modules and declarations of the npm package by dnt, into the folder
 * that is given. A program of its own, since dnt comes from JSR.
 */
import { build } from "@deno/dnt";
import { metadata } from "./npm_metadata.ts";

const [outDir = ""] = Deno.args;
await build({
  entryPoints: [
    "./mod.ts",
    { name: "./core", path: "./lib/core.ts" },
    { name: "./testing", path: "./lib/testing/fake_rooms.ts" },
    { kind: "bin", name: "telnyx-rooms", path: "./lib/cli/main.ts" },
  ],
  outDir,
  shims: {}, // the source uses no name of Deno's
  polyfills: false, // nor anything that a supported runtime lacks
  scriptModule: false,
  declaration: "inline",
  skipSourceOutput: true,
  skipNpmInstall: true,
  test: false, // tests/runtimes/ tests the package itself
  typeCheck: false, // deno task check has done so
  compilerOptions: { target: "ES2022", lib: ["ES2022", "DOM"] },
  package: { name: metadata.name, version: metadata.version },
});
