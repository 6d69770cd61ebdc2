/**
 * `deno task test [PATH…]`: runs the tests and the examples of the docstrings,
 * and closes with the line `N passed, N failed`.
 */
import { deno, importMap } from "./registry.ts";

const map = await importMap();
const report = await Deno.makeTempFile({ suffix: ".xml" });
const everything = ["mod.ts", "lib", "tests"];

const success = await deno([
  "test",
  "--doc",
  "--allow-env",
  "--allow-net=127.0.0.1",
  "--allow-read",
  "--allow-run",
  "--allow-write",
  `--junit-path=${report}`,
  ...map,
  ...(Deno.args.length > 0 ? Deno.args : everything),
]);

const xml = await Deno.readTextFile(report);
await Deno.remove(report);
/** A total of the report's opening tag, such as `tests="12"`. */
const total = (name: string): number =>
  Number(new RegExp(`<testsuites[^>]* ${name}="(\\d+)"`).exec(xml)?.[1] ?? 0);
const failed = total("failures") + total("errors");
const passed = total("tests") - failed;
// A run that broke before or beside its tests has failed as well
const broken = !success && failed === 0 ? 1 : 0;
console.log(`${passed} passed, ${failed + broken} failed`);
Deno.exit(success && passed > 0 ? 0 : 1);
