/** Checks of the npm package: its files, its `package.json`, `require()`. */
import { readdir } from "node:fs/promises";
import { dirname } from "node:path";
import { exampleRooms } from "../support/example_rooms.ts";
import { npmProject, type ReportRow } from "../../scripts/install_package.ts";
import { entries } from "../../scripts/npm_metadata.ts";
import { root, sh } from "../../scripts/sh.ts";

/** The only files of the package. */
const expected = [
  /^(package\.json|README\.md|LICENSE|mod\.(js|d\.ts))$/,
  /^contracts\/videorooms-telnyx-telnyx-video-(api|webhooks)\.json$/,
  /^lib\/(core|client)\.(js|d\.ts)$/,
  /^lib\/(fake_rooms|page)\.js$/, // the page is loaded only when it is asked for
  ...Object.entries(entries).map(([name, path]) =>
    name === "./cli"
      ? new RegExp(`^${path}\\.js$`)
      : new RegExp(`^${path}\\.(js|d\\.ts)$`)
  ),
];

/**
 * Runs the README's example for Node as a user would: pasted into a file, with
 * the command that the package installs. Returns what went wrong, if anything.
 */
async function runExample(project: string): Promise<string | undefined> {
  const readme = await Deno.readTextFile(
    `${project}/node_modules/@videorooms/telnyx/README.md`,
  );
  const [, example] = /```js\n(.*?)```/s.exec(readme) ?? [];
  if (example === undefined) return "The README has no example for Node";
  await Deno.writeTextFile(`${project}/people.mjs`, example);

  const server = new Deno.Command(
    `${project}/node_modules/.bin/telnyx-rooms`,
    { args: ["serve", "--port", "0"], stdout: "piped" },
  ).spawn();
  let [printed, result] = ["", "It did not listen"];
  for await (const text of server.stdout.pipeThrough(new TextDecoderStream())) {
    printed += text;
    const [baseUrl] = /http:\/\/[\d.:]+\/v2/.exec(printed) ?? [];
    if (!baseUrl || !printed.includes("Ctrl+C")) continue;
    const [{ id }] = exampleRooms;
    const { stdout, stderr } = await sh("node", ["people.mjs", id], {
      cwd: project,
      env: { TELNYX_API_KEY: "any", TELNYX_BASE_URL: baseUrl },
    });
    result = stdout + stderr;
    break;
  }
  server.kill();
  await server.status;
  const expected = /^(\w+ since \d{4}-\d\d-\d\dT[\d:.]+Z\n)+$/;
  return expected.test(result) ? undefined : result;
}

/** The tags that an editor shows for a function. */
const shownTags = ["param", "throws", "example"];

/** How often each tag is in the doc comments of what a module exports. */
async function countTags(file: string): Promise<Record<string, number>> {
  const { stdout } = await sh(
    Deno.execPath(),
    ["doc", "--json", "--no-lock", file],
  );
  const counts = Object.fromEntries(shownTags.map((tag) => [tag, 0]));
  const [{ module_doc, symbols }] = Object.values(JSON.parse(stdout).nodes) as [
    { module_doc: unknown; symbols: unknown },
  ];
  // Without the imports, of which the first has the module's comment too
  JSON.parse(JSON.stringify([module_doc, symbols]), (key, value) => {
    if (key === "kind" && value in counts) {
      counts[value] = (counts[value] ?? 0) + 1;
    }
    return value;
  });
  return counts;
}

/**
 * Compares the doc comments of the installed declarations with the source's.
 * Returns what is missing or doubled, if anything.
 *
 * @param project A folder in which the package is installed.
 * @param dir A folder to make, for declarations that import each other: `deno doc`
 * would read the code that they name.
 */
async function compareComments(
  project: string,
  dir: string,
): Promise<string | undefined> {
  const installed = `${project}/node_modules/@videorooms/telnyx`;
  for (const path of await readdir(installed, { recursive: true })) {
    if (!path.endsWith(".d.ts")) continue;
    const declarations = await Deno.readTextFile(`${installed}/${path}`);
    await Deno.mkdir(dirname(`${dir}/${path}`), { recursive: true });
    await Deno.writeTextFile(
      `${dir}/${path}`,
      declarations.replaceAll(/(?<=from "\..*)\.js(?=";)/g, ".d.ts"),
    );
  }
  const wrong: string[] = [];
  for (const [name, path] of Object.entries(entries)) {
    if (name === "./cli") continue;
    const source = JSON.stringify(await countTags(`${root}${path}.ts`));
    const shipped = JSON.stringify(await countTags(`${dir}/${path}.d.ts`));
    if (source !== shipped) {
      wrong.push(`${name} has ${shipped}, and its source ${source}`);
    }
  }
  return wrong.length === 0 ? undefined : wrong.join("\n");
}

/**
 * Checks the tarball with publint, attw and checks of our own.
 *
 * @param tarball The packed package.
 * @param project A folder in which it is installed.
 * @param dir A folder to make, for the tools.
 * @param nodes Node binaries that can `require()` a module.
 */
export async function checkPackage(
  tarball: string,
  project: string,
  dir: string,
  nodes: string[],
): Promise<ReportRow[]> {
  await npmProject(dir, ["publint@0.3", "@arethetypeswrong/cli@0.18"]);
  const bin = (name: string) => `${dir}/node_modules/.bin/${name}`;
  const rows: ReportRow[] = [];
  const add = (name: string, version: string, failure?: string) =>
    rows.push({
      name,
      version,
      passed: failure === undefined ? 1 : 0,
      failures: failure === undefined ? [] : [failure],
    });

  const tools: [string, string[]][] = [
    ["publint", ["--strict", tarball]],
    // It reports this rule for every ESM-only package
    ["attw", ["--ignore-rules", "cjs-resolves-to-esm", "--no-color", tarball]],
  ];
  for (const [name, args] of tools) {
    const { code, stdout, stderr } = await sh(bin(name), args);
    add(name, "", code === 0 ? undefined : stdout + stderr);
  }

  for (const node of nodes) {
    const version = (await sh(node, ["--version"])).stdout.trim();
    const script = 'const { getRoom } = require("@videorooms/telnyx");' +
      "if (typeof getRoom !== 'function') process.exit(1)";
    const { code, stderr } = await sh(
      node,
      ["--input-type=commonjs", "-e", script],
      { cwd: project },
    );
    add("require()", version, code === 0 ? undefined : stderr);
  }

  add(
    "doc comments",
    "",
    await compareComments(project, `${dir}/declarations`),
  );
  const example = await runExample(project);
  add("README's Node example", "", example);

  const { stdout } = await sh("npm", ["pack", "--dry-run", "--json", tarball]);
  const [{ files }] = Object.values(JSON.parse(stdout)) as [
    { files: { path: string }[] },
  ];
  const strange = files.map(({ path }) => path)
    .filter((path) => !expected.some((pattern) => pattern.test(path)));
  add(
    "files",
    String(files.length),
    strange.length === 0 ? undefined : `Unexpected: ${strange.join(", ")}`,
  );
  return rows;
}
