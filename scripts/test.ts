/**
 * `deno task test [PATH…]`: runs the tests and the examples of the docstrings,
 * and ends with the line `N passed, N failed, N skipped`.
 */
import { deno, importMap, lock, toolsLock } from "./registry.ts";

const map = await importMap();
const counts = { passed: 0, failed: 0, skipped: 0 };

/** Runs tests, and adds their counts to the totals. */
async function test(args: string[], quiet = false): Promise<void> {
  const report = await Deno.makeTempFile({ suffix: ".xml" });
  const junit = `--junit-path=${report}`;
  const success = await deno(["test", junit, ...map, ...args], quiet);
  const xml = await Deno.readTextFile(report);
  await Deno.remove(report);
  /** A number of the report's opening tag, such as `tests="12"`. */
  const total = (name: string): number =>
    Number(new RegExp(`<testsuites[^>]* ${name}="(\\d+)"`).exec(xml)?.[1] ?? 0);
  const wrong = total("failures") + total("errors");
  const skipped = xml.match(/<skipped\b/g)?.length ?? 0;
  counts.skipped += skipped;
  counts.passed += total("tests") - wrong - skipped;
  // A run that broke outside of its tests has failed as well
  counts.failed += wrong || (success ? 0 : 1);
}

const isContract = (path: string) => /^(\.\/)?contracts\b/.test(path);
const paths = Deno.args.length > 0
  ? Deno.args
  : ["mod.ts", "lib", "tests", "contracts"];
const contracts = paths.filter(isContract);
const own = paths.filter((path) => !isContract(path));
await Promise.all([
  own.length > 0 && test([
    "--parallel",
    "--doc",
    "--sanitize-ops",
    "--sanitize-resources",
    "--allow-env",
    "--allow-net=127.0.0.1",
    "--allow-read",
    "--allow-run",
    "--allow-write",
    lock("deno.lock"),
    ...own,
  ]),
  // pact-js is a native library
  contracts.length > 0 && test(
    ["--allow-all", lock(toolsLock), ...contracts],
    own.length > 0,
  ),
]);

const { passed, failed, skipped } = counts;
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
Deno.exit(failed === 0 && passed > 0 ? 0 : 1);
