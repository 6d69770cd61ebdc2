/** Makes tests of the examples in docstrings that run in one worker, not one each. */
import { readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { root } from "./sh.ts";

/** The TypeScript files of a path, which is one, or a folder. */
async function filesOf(path: string): Promise<string[]> {
  if (path.endsWith(".ts")) return [path];
  const names = await readdir(resolve(root, path), { recursive: true });
  return names.filter((name) => name.endsWith(".ts"))
    .map((name) => join(path, name));
}

/**
 * Writes each example below these paths as a module into `dir`, and the tests that
 * import them. Returns the file of the tests.
 */
export async function writeExamples(
  paths: string[],
  dir: string,
): Promise<string> {
  const tests: string[] = [];
  for (const file of (await Promise.all(paths.map(filesOf))).flat().sort()) {
    const source = await Deno.readTextFile(resolve(root, file));
    const examples = source.matchAll(/^ *\* ```ts\n([^]*?)^ *\* ```$/gm);
    for (const { index, 1: lines = "" } of examples) {
      const line = source.slice(0, index).split("\n").length;
      const module = `./example_${tests.length}.ts`;
      const code = lines.replaceAll(/^ *\* ?/gm, "");
      await Deno.writeTextFile(`${dir}/${module}`, code);
      const name = JSON.stringify(`example in ${file}:${line}`);
      tests.push(
        `Deno.test(${name}, async () => void await import("${module}"));\n`,
      );
    }
  }
  const file = `${dir}/examples_test.ts`;
  await Deno.writeTextFile(file, tests.join(""));
  return file;
}
