/**
 * `deno task test [PATH…]`: runs the tests and the examples of the docstrings,
 * and closes with the line `N passed, N failed, N skipped`.
 */
import { deno, importMap, lock, toolsLock } from "./registry.ts";

const map = await importMap();
const report = await Deno.makeTempFile({ suffix: ".xml" });
let [passed, failed, skipped] = [0, 0, 0];

/** Runs tests, and adds what came of them to the totals. */
async function test(args: string[]): Promise<void> {
  await Deno.writeTextFile(report, "");
  const success = await deno([
    "test",
    `--junit-path=${report}`,
    ...map,
    ...args,
  ]);
  const xml = await Deno.readTextFile(report);
  /** A number of the report's opening tag, such as `tests="12"`. */
  const total = (name: string): number =>
    Number(new RegExp(`<testsuites[^>]* ${name}="(\\d+)"`).exec(xml)?.[1] ?? 0);
  const wrong = total("failures") + total("errors");
  const ignored = xml.match(/<skipped\b/g)?.length ?? 0;
  skipped += ignored;
  passed += total("tests") - wrong - ignored;
  // A run that broke before or beside its tests has failed as well
  failed += wrong || (success ? 0 : 1);
}

const sandbox = [
  "--allow-env",
  "--allow-net=127.0.0.1",
  "--allow-read",
  "--allow-run",
  "--allow-write",
];
const [own, contracts] = [
  Deno.args.filter((path) => !/^(\.\/)?contracts\b/.test(path)),
  Deno.args.filter((path) => /^(\.\/)?contracts\b/.test(path)),
];
const all = Deno.args.length === 0;
if (all || own.length > 0) {
  await test([
    "--doc",
    "--sanitize-ops",
    "--sanitize-resources",
    ...sandbox,
    lock("deno.lock"),
    ...all ? ["mod.ts", "lib", "tests"] : own,
  ]);
}
if (all || contracts.length > 0) {
  // pact-js is a native library
  await test([
    "--allow-all",
    lock(toolsLock),
    ...all ? ["contracts"] : contracts,
  ]);
}

await Deno.remove(report);
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
Deno.exit(failed === 0 && passed > 0 ? 0 : 1);
