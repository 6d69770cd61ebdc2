/**
 * `deno task check`: formatting, lint, types (of the examples too), docs, and
 * what would be published. Closes with the line `N passed, N failed`.
 */
import config from "../deno.json" with { type: "json" };
import { deno, importMap, lock, toolsLock } from "./registry.ts";

const map = await importMap();
const [own, tools] = [lock("deno.lock"), lock(toolsLock)];
/**
 * The runners in plain JavaScript name packages of the projects they run in;
 * and of `examples/`, the starts of Bun servers have types of Bun's.
 */
const typed = [
  "mod.ts",
  "lib",
  "contracts",
  "examples/bun_server/room.ts",
  "examples/cloudflare_worker",
  "examples/deno_dashboard",
  "examples/join_token",
  "examples/meeting",
  "examples/node_server",
  "examples/supabase_edge_function",
  "examples/test_suite",
  "examples/webhooks/deno.ts",
  "examples/webhooks/node.ts",
  "examples/webhooks/worker.ts",
  "scripts/**/*.ts",
  "tests/**/*.ts",
];
/** The pages of `docs/` with code to copy. */
const guides = ["docs/recipes.md", "docs/migrating.md"];
const steps: Record<string, string[]> = {
  format: ["fmt", "--check"],
  lint: ["lint"],
  types: ["check", ...map, tools, "--doc", ...typed],
  // Apart, since a page knows other globals than a program
  playground: ["check", ...map, own, "docs/playground"],
  guides: ["check", ...map, tools, "--doc-only", "README.md", ...guides],
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
