/** Checks of the npm package: its files, its `package.json`, `require()`. */
import assert from "node:assert/strict";
import { exampleRooms } from "../support/example_rooms.ts";
import { npmProject, type ReportRow } from "../../scripts/install_package.ts";
import { entries } from "../../scripts/npm_metadata.ts";
import { must } from "../../scripts/sh.ts";
import { withExample } from "../examples/servers.ts";
import { rowOf } from "../report_rows.ts";

/** The only files of the package. */
const expected = [
  /^(package\.json|README\.md|LICENSE|mod\.(js|d\.ts))$/,
  /^contracts\/videorooms-telnyx-telnyx-video-(api|webhooks)\.json$/,
  /^lib\/(core|client)\.(js|d\.ts)$/,
  // Shared with the command; the page is loaded only when it is asked for
  /^lib\/(fake_rooms|node_fetch|page)\.js$/,
  ...Object.entries(entries).map(([name, path]) =>
    name === "./cli"
      ? new RegExp(`^${path}\\.js$`)
      : new RegExp(`^${path}\\.(js|d\\.ts)$`)
  ),
];

/**
 * Runs the README's example for Node as a user would: pasted into a file, with
 * the command that the package installs.
 */
async function runExample(project: string): Promise<void> {
  const readme = await Deno.readTextFile(
    `${project}/node_modules/@videorooms/telnyx/README.md`,
  );
  const [, example = ""] = /```js\n(.*?)```/s.exec(readme) ?? [];
  await Deno.writeTextFile(`${project}/people.mjs`, example);

  const command = `${project}/node_modules/.bin/telnyx-rooms`;
  const args = ["serve", "--port", "0"];
  const printed = await withExample(
    { command, args, cwd: project },
    ({ origin }) => {
      const env = { TELNYX_API_KEY: "any", TELNYX_BASE_URL: `${origin}/v2` };
      const [{ id }] = exampleRooms;
      return must("node", ["people.mjs", id], { cwd: project, env });
    },
  );
  assert.match(printed, /^(\w+ since \d{4}-\d\d-\d\dT[\d:.]+Z\n)+$/);
}

/** The declarations have each example once, as editors show them. */
async function compareComments(project: string): Promise<void> {
  const examples = (...where: string[]) =>
    must("grep", ["-rho", "[*] @example", ...where]);
  const installed = `${project}/node_modules/@videorooms/telnyx`;
  assert.equal(
    await examples("--include=*.d.ts", installed),
    await examples("--exclude-dir=cli", "lib", "mod.ts"),
  );
}

/** A tarball has no strange files. */
async function findStrange(tarball: string): Promise<void> {
  const printed = await must("npm", ["pack", "--dry-run", "--json", tarball]);
  const [{ files }] = Object.values(JSON.parse(printed)) as [
    { files: { path: string }[] },
  ];
  const strange = files.map(({ path }) => path)
    .filter((path) => !expected.some((pattern) => pattern.test(path)));
  assert.deepEqual(strange, []);
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
  const run = async (command: string, ...args: string[]) => {
    await must(command, args, { cwd: project });
  };
  const tool = (name: string, ...args: string[]) =>
    run(`${dir}/node_modules/.bin/${name}`, ...args, tarball);
  // It reports this rule for every ESM-only package
  const ignored = ["--ignore-rules", "cjs-resolves-to-esm", "--no-color"];
  const script = 'require("@videorooms/telnyx").getRoom.call';
  const required = nodes.map((node) =>
    rowOf(
      "require()",
      () => run(node, "--input-type=commonjs", "-e", script),
      async () => (await must(node, ["--version"])).trim(),
    )
  );
  return await Promise.all([
    rowOf("publint", () => tool("publint", "--strict")),
    rowOf("attw", () => tool("attw", ...ignored)),
    ...required,
    rowOf("doc comments", () => compareComments(project)),
    rowOf("README's Node example", () => runExample(project)),
    rowOf("files", () => findStrange(tarball)),
  ]);
}
