/** Checks of the npm package: its files, its `package.json`, `require()`. */
import { exampleRooms } from "../support/example_rooms.ts";
import { npmProject, type ReportRow } from "../../scripts/install_package.ts";
import { entries } from "../../scripts/npm_metadata.ts";
import { must, sh } from "../../scripts/sh.ts";

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

/** Whether the declarations have each example once, as editors show them. */
async function compareComments(project: string): Promise<string | undefined> {
  const count = async (...where: string[]) =>
    (await sh("grep", ["-rho", "[*] @example", ...where])).stdout;
  const installed = `${project}/node_modules/@videorooms/telnyx`;
  const shipped = await count("--include=*.d.ts", installed);
  const source = await count("--exclude-dir=cli", "lib", "mod.ts");
  return shipped === source ? undefined : "They have lost or doubled examples";
}

/** Whether a tarball has strange files. */
async function findStrange(tarball: string): Promise<string | undefined> {
  const { stdout } = await sh("npm", ["pack", "--dry-run", "--json", tarball]);
  const [{ files }] = Object.values(JSON.parse(stdout)) as [
    { files: { path: string }[] },
  ];
  const strange = files.map(({ path }) => path)
    .filter((path) => !expected.some((pattern) => pattern.test(path)));
  return strange.length === 0 ? undefined : strange.join(", ");
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
  const rows: ReportRow[] = [];
  const add = (name: string, failure: string | undefined, version = "") =>
    rows.push({
      name,
      version,
      passed: failure === undefined ? 1 : 0,
      failures: failure === undefined ? [] : [failure],
    });
  const run = async (command: string, args: string[]) => {
    const { code, stdout, stderr } = await sh(command, args, { cwd: project });
    return code === 0 ? undefined : stdout + stderr;
  };

  const tool = (name: string) => `${dir}/node_modules/.bin/${name}`;
  add("publint", await run(tool("publint"), ["--strict", tarball]));
  // It reports this rule for every ESM-only package
  const ignored = ["--ignore-rules", "cjs-resolves-to-esm", "--no-color"];
  add("attw", await run(tool("attw"), [...ignored, tarball]));
  for (const node of nodes) {
    const script = 'require("@videorooms/telnyx").getRoom.call';
    const failure = await run(node, ["--input-type=commonjs", "-e", script]);
    add("require()", failure, (await must(node, ["--version"])).trim());
  }
  add("doc comments", await compareComments(project));
  add("README's Node example", await runExample(project));
  add("files", await findStrange(tarball));
  return rows;
}
