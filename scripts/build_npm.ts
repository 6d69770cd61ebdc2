/**
 * `deno task build:npm [--locked]`: builds the npm package in `npm/`. dnt emits the
 * modules or, if JSR does not answer, `deno pack`; the rest is the same for both.
 * With `--locked`, as for a release, dnt and all that it imports are those of
 * `scripts/dnt.lock`, or the build fails.
 */
import { dirname, resolve } from "node:path";
import { parseArgs } from "node:util";
import { pactName, webhooksName } from "../contracts/names.ts";
import { joinModules } from "./join_modules.ts";
import { entries, metadata, repository } from "./npm_metadata.ts";
import { lock, registry, toolsLock } from "./registry.ts";
import { must, root } from "./sh.ts";

const out = `${root}npm`;

const { values: { locked } } = parseArgs({
  args: Deno.args,
  options: { locked: { type: "boolean", default: false } },
});

/**
 * The lock file of dnt and its imports, for releases. A stand-in for JSR has other
 * checksums, so nothing else uses it.
 */
const dntLock = "scripts/dnt.lock";

/** Emits modules and declarations with dnt; returns their folder. */
async function emitByDnt(dir: string): Promise<string> {
  const allow = ["--allow-env", "--allow-read", `--allow-write=${dir}`];
  const source = locked
    ? ["--no-config", "--import-map=deno.json", `--lock=${dntLock}`, "--frozen"]
    : [lock(toolsLock)];
  const program = [...source, "scripts/emit_by_dnt.ts", dir];
  await must(Deno.execPath(), ["run", ...allow, ...program]);
  return `${dir}/esm`;
}

/** Emits modules and declarations with `deno pack`; returns their folder. */
async function emitByPack(dir: string): Promise<string> {
  const tarball = `${dir}/package.tgz`;
  const options = ["--quiet", "--allow-dirty", "-o", tarball];
  await must(Deno.execPath(), ["pack", ...options]);
  await must("tar", ["xzf", tarball, "-C", dir]);
  return `${dir}/package`;
}

/** Writes a file of the package, and creates its folder. */
async function write(file: string, text: string): Promise<void> {
  await Deno.mkdir(dirname(`${out}/${file}`), { recursive: true });
  await Deno.writeTextFile(`${out}/${file}`, text);
}

/** Writes the package from the emitted modules. */
async function writePackage(emitted: string): Promise<void> {
  await Deno.remove(out, { recursive: true }).catch(() => {});
  const names = Object.values(entries);
  const typed = names.filter((name) => name !== entries["./cli"]);
  const files = [
    ...await joinModules(emitted, names, ".js"),
    ...await joinModules(emitted, typed, ".d.ts"),
  ];
  for (const [path, text] of files) await write(path, text);
  const format = ["fmt", "--no-config", "--quiet", "--ext=ts", out];
  await must(Deno.execPath(), format);
  await write("package.json", `${JSON.stringify(metadata, null, 2)}\n`);
  const readme = await Deno.readTextFile(`${root}README.md`);
  const absolute = readme.replace(
    /(!?\[[^\]]*\]\()(?!https?:|#)/g,
    (link) =>
      `${link}${repository}/${link.startsWith("!") ? "raw" : "blob"}/HEAD/`,
  );
  await write("README.md", absolute);
  const pacts = [pactName, webhooksName].map((name) => `contracts/${name}`);
  for (const file of ["LICENSE", ...pacts]) {
    await write(file, await Deno.readTextFile(root + file));
  }
}

const byDnt = await registry(["@deno/dnt"]) === "jsr";
const isLocked = await Deno.stat(root + dntLock).then(() => true, () => false);
if (locked && !(byDnt && isLocked)) {
  console.error(
    "build:npm: --locked needs JSR, and scripts/dnt.lock: " +
      "write it with deno task lock:dnt, and commit it",
  );
  Deno.exit(1);
}
const dir = await Deno.makeTempDir();
try {
  await writePackage(resolve(await (byDnt ? emitByDnt : emitByPack)(dir)));
  console.log(
    `npm/ has ${metadata.name} ${metadata.version}, built by ${
      byDnt ? "dnt" : "deno pack"
    }`,
  );
} catch (error) {
  console.error(`build:npm: ${(error as Error).message.trim()}`);
  Deno.exitCode = 1;
} finally {
  await Deno.remove(dir, { recursive: true });
}
