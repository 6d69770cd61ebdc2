/** Builds the npm package, and installs what npm packs of it. */
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));

/** How long a command may take, its own start and end included. */
const patienceMs = 120_000;

/** What a command came to. */
export interface Output {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs a command, and waits for its end. */
export async function sh(
  command: string,
  args: string[],
  options: Deno.CommandOptions = {},
): Promise<Output> {
  const { code, stdout, stderr } = await new Deno.Command(command, {
    args,
    cwd: root,
    ...options,
    signal: AbortSignal.timeout(patienceMs),
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

/** Runs a command that has to succeed; tells what it printed. */
export async function must(
  command: string,
  args: string[],
  options?: Deno.CommandOptions,
): Promise<string> {
  const { code, stdout, stderr } = await sh(command, args, options);
  if (code !== 0) {
    throw new Error(`${command} ${args.join(" ")}: ${stdout}${stderr}`);
  }
  return stdout;
}

/** A folder with these packages of npm in it, and nothing else. */
export async function npmProject(
  dir: string,
  packages: string[],
): Promise<void> {
  await Deno.mkdir(dir);
  await Deno.writeTextFile(`${dir}/package.json`, '{"type":"module"}\n');
  await must("npm", [
    "install",
    "--silent",
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    ...packages,
  ], { cwd: dir });
}

/** Builds and packs the package; tells the tarball's path. */
export async function pack(dir: string): Promise<string> {
  await must(Deno.execPath(), ["task", "build:npm"]);
  const packed = await must("npm", [
    "pack",
    "--silent",
    `--pack-destination=${dir}`,
  ], { cwd: `${root}npm` });
  return `${dir}/${packed.trim()}`;
}

/** One line of the table that `deno task test:npm` closes with. */
export interface Row {
  name: string;
  version: string;
  passed: number;
  /** What failed, one text each. */
  failures: string[];
  /** Why nothing was run, if so. */
  skipped?: string;
}
