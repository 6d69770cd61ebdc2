/**
 * `deno task check`: formatting, lint, types, workflows, docs, and a dry run of
 * publishing.
 * Ends with the line `N passed, N failed`.
 */
import config from "../deno.json" with { type: "json" };
import { deno, importMap, lock, toolsLock } from "./registry.ts";

const map = await importMap();
const [own, tools] = [lock("deno.lock"), lock(toolsLock)];
/**
 * Files to type-check. Runners in plain JavaScript import packages of other
 * projects, and programs that start Bun servers need the types of Bun.
 */
const typed = [
  "mod.ts",
  "lib",
  "contracts",
  "examples/meeting/main.ts",
  "examples/test_suite",
  "examples/webhooks/main.ts",
  "examples/webhooks/worker.ts",
  "examples/who_is_here/main.js",
  "examples/who_is_here/supabase",
  "examples/who_is_here/worker.ts",
  "scripts/**/*.ts",
  "tests/**/*.ts",
];
/** The guides with TypeScript code. */
const guides = ["recipes", "calls", "events", "fake", "migrating"]
  .map((name) => `docs/${name}.md`);
const steps: Record<string, string[]> = {
  format: ["fmt", "--check"],
  lint: ["lint"],
  types: ["check", ...map, tools, "--doc", ...typed],
  // Separate, because a page has other globals
  page: ["check", ...map, own, "page/served.tsx", "page/inside.tsx"],
  "page, as built": ["task", "page", "--check"],
  guides: ["check", ...map, tools, "--doc-only", "README.md", ...guides],
  workflows: ["run", tools, "--allow-read", "scripts/lint_workflows.ts"],
  docs: ["doc", ...map, own, "--lint", ...Object.values(config.exports)],
  publish: ["publish", own, "--dry-run", "--allow-dirty"],
};

const failed: string[] = [];
for (const [name, args] of Object.entries(steps)) {
  console.log(`\n${name}: deno ${args.join(" ")}`);
  if (!await deno(args)) failed.push(name);
}
console.log(
  `\n${Object.keys(steps).length - failed.length} passed, ` +
    `${failed.length} failed${failed.length ? `: ${failed.join(", ")}` : ""}`,
);
Deno.exit(failed.length > 0 ? 1 : 0);
