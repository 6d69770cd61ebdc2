/**
 * Decides where `@std` and dnt come from: JSR or, if it does not answer, the
 * stand-ins in `npm_only/`. `REGISTRY=jsr` or `REGISTRY=npm` forces the choice.
 */
import { fileURLToPath } from "node:url";
import config from "../deno.json" with { type: "json" };

const path = (relative: string) =>
  fileURLToPath(new URL(relative, import.meta.url));

/**
 * The lock file of npm packages for tests and tools. `deno task` downloads all of
 * `deno.lock`, and `start` needs none of them.
 */
export const toolsLock = "scripts/tools.lock";

/**
 * The lock file of dnt and its imports, for releases. A stand-in for JSR has other
 * checksums, so nothing else uses it.
 */
const dntLock = "scripts/dnt.lock";

/** The arguments with which `deno` finds exactly the dnt of that lock file. */
export const lockedDnt: readonly string[] = [
  "--no-config",
  "--import-map=deno.json",
  `--lock=${dntLock}`,
  "--frozen",
];

/** Whether the lock file of dnt was written. */
export async function hasDntLock(): Promise<boolean> {
  return await Deno.stat(path(`../${dntLock}`)).then(() => true, () => false);
}

/** What the tests, or a build, need from JSR; `deno.json` has the versions. */
type Needed = "@std/assert" | "@deno/dnt";

/** Milliseconds until JSR counts as unreachable. A slow one needs ten requests. */
const patienceMs = 60_000;

/** Milliseconds until a message says that JSR is slow. */
const silenceMs = 2000;

/** Whether JSR has a module and all that it imports; caches them. */
async function isAvailable(
  name: Needed,
  signal?: AbortSignal,
): Promise<boolean> {
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: ["cache", "--no-config", "--no-lock", config.imports[name]],
    stdout: "null",
    stderr: "null",
    ...signal && { signal },
  }).output();
  return success;
}

/** Whether JSR has a module, and answers within a minute. */
async function answers(name: Needed): Promise<boolean> {
  const notice = setTimeout(() => {
    console.error("JSR is slow to answer; REGISTRY=npm does without it");
  }, silenceMs);
  try {
    return await isAvailable(name, AbortSignal.timeout(patienceMs));
  } finally {
    clearTimeout(notice);
  }
}

/**
 * Decides which registry to use, for this program and its child processes. Ends
 * the program with one line if `REGISTRY` is wrong or not available.
 */
export async function registry(
  needed: Needed = "@std/assert",
): Promise<"jsr" | "npm"> {
  const choice = Deno.env.get("REGISTRY") || undefined;
  if (choice === "npm") return choice;
  if (choice === "jsr") {
    if (await isAvailable(needed)) return choice;
    console.error(
      `JSR does not have ${
        config.imports[needed]
      }, which REGISTRY=jsr needs: ` +
        "check the network, or unset REGISTRY",
    );
    Deno.exit(1);
  }
  if (choice !== undefined) {
    console.error(`REGISTRY must be npm or jsr: current value is '${choice}'`);
    Deno.exit(2);
  }
  const found = await answers(needed) ? "jsr" : "npm";
  if (found === "npm") {
    console.error("JSR does not answer: @std comes from scripts/npm_only");
  }
  Deno.env.set("REGISTRY", found);
  return found;
}

/** The arguments with which `deno` finds `@std`. */
export async function importMap(): Promise<string[]> {
  return await registry() === "jsr"
    ? []
    : ["--import-map", path("./npm_only/import_map.json")];
}

/**
 * The argument for a lock file. It is a copy, because `deno` adds packages from
 * JSR to it, and the original is in git.
 */
export function lock(file: "deno.lock" | typeof toolsLock): string {
  const copy = Deno.makeTempFileSync({ suffix: ".lock" });
  Deno.copyFileSync(path(`../${file}`), copy);
  globalThis.addEventListener("unload", () => Deno.removeSync(copy));
  return `--lock=${copy}`;
}

/**
 * Runs `deno` in the project's folder; returns whether it succeeded. With `quiet`,
 * its output is printed when it ends.
 */
export async function deno(args: string[], quiet = false): Promise<boolean> {
  const stdio = quiet ? "piped" : "inherit";
  const output = await new Deno.Command(Deno.execPath(), {
    args,
    cwd: path("../"),
    stdout: stdio,
    stderr: stdio,
  }).output();
  if (quiet) {
    await Deno.stdout.write(output.stdout);
    await Deno.stdout.write(output.stderr);
  }
  return output.success;
}
