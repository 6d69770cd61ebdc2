/**
 * `deno task test [PATH…]`: runs the tests and the examples of the docstrings. It
 * tells each step with its time and each test with a dot; then what failed, which
 * tests were skipped, and the line `N passed, N failed, N skipped`.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { stripVTControlCharacters } from "node:util";
import { writeExamples } from "./doc_examples.ts";
import { importMap, lock, toolsLock } from "./registry.ts";
import { root } from "./sh.ts";

/** How many files run at once: many tests wait for servers, so twice the cores. */
const jobs = Deno.env.get("DENO_JOBS") ??
  String(2 * navigator.hardwareConcurrency);

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
  printLine(`${what} (${Math.round((performance.now() - since) / 1000)} s)`);
}

const plain = (line: string) => stripVTControlCharacters(line).trim();

/** Runs `deno test`; returns whether it succeeded, and its errors or warnings. */
async function denoTest(
  args: string[],
): Promise<{ success: boolean; printed: string }> {
  const options = ["test", "--quiet", "--reporter=dot", ...args];
  const env = { ...Deno.env.toObject(), DENO_JOBS: jobs };
  const child = spawn(Deno.execPath(), options, { cwd: root, env });
  const warnings = text(child.stderr);
  const closed = once(child, "close");
  const lines: string[] = [];
  for await (const line of createInterface(child.stdout)) {
    const marks = plain(line);
    /^[.,!]+$/.test(marks) ? printDots(marks) : lines.push(line);
  }
  const [code] = await closed;
  // A list of the tests that failed follows the errors, which name them as well
  const headings = lines.map(plain);
  const begin = headings.indexOf("ERRORS");
  const end = headings.indexOf("FAILURES");
  const errors = begin === -1 ? [] : lines.slice(begin + 1, end);
  return {
    success: code === 0,
    printed: errors.join("\n").trim() || (await warnings).trim(),
  };
}

/** A number of a report's opening tag, such as `tests="12"`; 0 if no test has run. */
function countOf(name: string, xml: string): number {
  return Number(
    new RegExp(`<testsuites[^>]* ${name}="(\\d+)"`).exec(xml)?.[1] ?? 0,
  );
}

const entities: Record<string, string> = {
  amp: "&",
  apos: "'",
  gt: ">",
  lt: "<",
  quot: '"',
};

/** The names of the tests that were skipped; a name says what its test needs. */
function skippedOf(xml: string): string[] {
  const tests = xml.matchAll(/<testcase name="([^"]*)"[^>]*>\s*<skipped\b/g);
  return [...tests].map(([, name = ""]) =>
    name.replace(/&(\w+);/g, (text, entity) => entities[entity] ?? text)
  );
}

/** The tests of one process. */
interface Suite {
  name: string;
  args: string[];
  /** The paths of which the examples are tests as well. */
  examplesOf: string[];
}

let [passed, failed] = [0, 0];
const errors: string[] = [];
const skipped: string[] = [];

/** Runs a suite, and adds its results. */
async function run({ name, args, examplesOf }: Suite): Promise<void> {
  const since = performance.now();
  const report = `${dir}/${name}.xml`;
  const { success, printed } = await denoTest([
    "--no-check", // types have been checked
    `--junit-path=${report}`,
    ...args,
    await writeExamples(examplesOf, await Deno.makeTempDir({ dir })),
  ]);
  const xml = await Deno.readTextFile(report);
  const unseen = skippedOf(xml);
  const wrong = countOf("failures", xml) + countOf("errors", xml);
  const run = countOf("tests", xml) - unseen.length;
  passed += run - wrong;
  // A run that broke outside of its tests has failed as well
  failed += success ? wrong : Math.max(wrong, 1);
  if (!success) errors.push(printed);
  skipped.push(...unseen);
  printStep(`${name}: ${run} have run`, since);
}

const isContract = (path: string) => /^(\.\/)?contracts\b/.test(path);
const paths = Deno.args.length > 0
  ? Deno.args
  : ["mod.ts", "lib", "tests", "contracts"];
const own = paths.filter((path) => !isContract(path));
const contracts = paths.filter(isContract);

if (Deno.args.length === 0) {
  printLine(
    "Every test runs, and every example in the docs. This takes a minute on two\n" +
      "cores, and more the first time, when packages are downloaded as well.\n",
  );
}
const since = performance.now();
const map = await importMap();
const dir = await Deno.makeTempDir();
const suites: Suite[] = [];
if (own.length > 0) {
  suites.push({
    name: "Tests and examples",
    args: [
      "--parallel",
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
    examplesOf: own,
  });
}
if (contracts.length > 0) {
  // pact-js is a native library
  suites.push({
    name: "Contract",
    args: ["--allow-all", lock(toolsLock), ...map, ...contracts],
    examplesOf: [],
  });
}

const loaded = await Promise.all(
  suites.map(({ args }) => denoTest(["--no-run", "--doc", ...args])),
);
printStep("Packages are here, and types are checked", since);
const broken = loaded.filter(({ success }) => !success);
if (broken.length > 0) {
  errors.push(...broken.map(({ printed }) => printed));
  failed = broken.length;
} else {
  await Promise.all(suites.map(run));
}
await Deno.remove(dir, { recursive: true });

for (const text of errors) printLine(`\n${text}`);
if (skipped.length > 0) {
  printLine(["\nSkipped:", ...skipped].join("\n- "));
}
printLine(`\n${passed} passed, ${failed} failed, ${skipped.length} skipped`);
Deno.exit(failed === 0 && passed > 0 ? 0 : 1);
