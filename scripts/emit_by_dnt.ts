/**
 * Emits the modules and declarations of the npm package with dnt, into the given
 * folder. It is a program of its own because dnt comes from JSR.
 */
import { build } from "@deno/dnt";
import config from "../deno.json" with { type: "json" };
import { metadata } from "./npm_metadata.ts";

const [outDir = ""] = Deno.args;
await build({
  entryPoints: Object.entries(config.exports).map(([name, path]) =>
    name === "./cli"
      ? { kind: "bin", name: "telnyx-rooms", path }
      : { name, path }
  ),
  outDir,
  shims: {}, // the source does not use Deno's globals
  polyfills: false, // every supported runtime has what it uses
  scriptModule: false,
  declaration: "inline",
  skipSourceOutput: true,
  skipNpmInstall: true,
  test: false, // tests/runtimes/ does that
  typeCheck: false, // deno task check does that
  compilerOptions: { target: "ES2022", lib: ["ES2022", "DOM"] },
  package: { name: metadata.name, version: metadata.version },
});
