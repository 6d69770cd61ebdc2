/**
 * `deno task test [PATH…]`: runs the tests and the examples of the docstrings. It
 * tells each step with its time and each test with a dot; then what failed, which
 * tests were skipped, and the line `N passed, N failed, N skipped`.
 */
import { importMap, lock, toolsLock } from "./registry.ts";
import { root } from "./sh.ts";
import {
  type Counts,
  countsOf,
  dotsOf,
  errorsOf,
  linesOf,
  skippedOf,
} from "./test_output.ts";

/** How many dots are in a line. */
const dotsInLine = 72;

let dots = 0;

/** Prints dots, in lines of one width. */
function printDots(marks: string): void {
  for (const mark of marks) {
    const end = ++dots % dotsInLine === 0 ? "\n" : "";
    Deno.stdout.writeSync(new TextEncoder().encode(`${mark}${end}`));
  }
}

/** Prints a line, below any dots. */
function printLine(line: string): void {
  console.log(dots % dotsInLine === 0 ? line : `\n${line}`);
  dots = 0;
}

/** Prints what a step did, and how long it took. */
function printStep(what: string, since: number): void {
  const seconds = Math.round((performance.now() - since) / 1000);
  const minutes = Math.floor(seconds / 60);
  const time = minutes > 0
    ? `${minutes} min ${seconds % 60} s`
    : `${seconds} s`;
  printLine(`${what} (${time})`);
}

/** Runs `deno test`; returns whether it succeeded, and what it printed. */
async function denoTest(
  args: string[],
): Promise<{ success: boolean; printed: string }> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["test", "--quiet", "--reporter=dot", ...args],
    cwd: root,
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const stderr = new Response(child.stderr).text();
  const lines: string[] = [];
  for await (const line of linesOf(child.stdout)) {
    const marks = dotsOf(line);
    marks === undefined ? lines.push(line) : printDots(marks);
  }
  const { success } = await child.status;
  const errors = errorsOf(lines);
  // When tests have failed, that says no more than this
  const printed = errors || (await stderr).trim();
  return { success, printed };
}

/** The tests of one process. */
interface Suite {
  name: string;
  args: string[];
}

const total: Counts = { passed: 0, failed: 0, skipped: 0 };
const errors: string[] = [];
const skipped: string[] = [];

/** Runs a suite, and adds its results. */
async function run({ name, args }: Suite): Promise<void> {
  const since = performance.now();
  const report = await Deno.makeTempFile({ suffix: ".xml" });
  const { success, printed } = await denoTest([
    `--junit-path=${report}`,
    ...args,
  ]);
  const xml = await Deno.readTextFile(report);
  await Deno.remove(report);
  const counts = countsOf(xml);
  // A run that broke outside of its tests has failed as well
  if (!success && counts.failed === 0) counts.failed = 1;
  for (const key of ["passed", "failed", "skipped"] as const) {
    total[key] += counts[key];
  }
  if (!success) errors.push(printed);
  skipped.push(...skippedOf(xml));
  printStep(`${name}: ${counts.passed + counts.failed} have run`, since);
}

const isContract = (path: string) => /^(\.\/)?contracts\b/.test(path);
const paths = Deno.args.length > 0
  ? Deno.args
  : ["mod.ts", "lib", "tests", "contracts"];
const own = paths.filter((path) => !isContract(path));
const contracts = paths.filter(isContract);

if (Deno.args.length === 0) {
  printLine(
    "Every test runs, and every example in the docs. This takes three to six\n" +
      "minutes on two cores; the first time, packages are downloaded as well.\n",
  );
}
const since = performance.now();
const map = await importMap();
const suites: Suite[] = [];
if (own.length > 0) {
  suites.push({
    name: "Tests and examples",
    args: [
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
      ...map,
      ...own,
    ],
  });
}
if (contracts.length > 0) {
  // pact-js is a native library
  suites.push({
    name: "Contract",
    args: ["--allow-all", lock(toolsLock), ...map, ...contracts],
  });
}

const loaded = await Promise.all(
  suites.map(({ args }) => denoTest(["--no-run", ...args])),
);
printStep("Packages are here, and types are checked", since);
const broken = loaded.filter(({ success }) => !success);
if (broken.length > 0) {
  errors.push(...broken.map(({ printed }) => printed));
  total.failed = broken.length;
} else {
  await Promise.all(suites.map(run));
}

for (const text of errors) printLine(`\n${text}`);
if (skipped.length > 0) {
  printLine(["\nSkipped:", ...skipped].join("\n- "));
}
printLine(
  `\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`,
);
Deno.exit(total.failed === 0 && total.passed > 0 ? 0 : 1);
