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

/** What the tests need from JSR; `deno.json` has the versions. */
const std = ["@std/assert", "@std/http/status"] as const;

/** What the tests or a build need from JSR. */
type Needed = (typeof std)[number] | "@deno/dnt";

/** Milliseconds until JSR counts as unreachable. A slow one needs ten requests. */
const patienceMs = 60_000;

/** Milliseconds until a message says that JSR is slow. */
const silenceMs = 2000;

/** `jsr:@std/http@^1.0.0/status` of `@std/http/status`. */
function specifier(name: Needed): string {
  const [, imported = "", below = ""] = /^(@\w+\/\w+)(.*)$/.exec(name) ?? [];
  return config.imports[imported as keyof typeof config.imports] + below;
}

/** Whether JSR has a module and all that it imports; caches them. */
async function isAvailable(
  name: Needed,
  signal?: AbortSignal,
): Promise<boolean> {
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: ["cache", "--no-config", "--no-lock", specifier(name)],
    stdout: "null",
    stderr: "null",
    ...signal && { signal },
  }).output();
  return success;
}

async function areAvailable(needed: readonly Needed[]): Promise<boolean> {
  const signal = AbortSignal.timeout(patienceMs);
  const notice = setTimeout(() => {
    console.error("JSR is slow to answer; REGISTRY=npm does without it");
  }, silenceMs);
  try {
    for (const name of needed) {
      if (!await isAvailable(name, signal)) return false;
    }
    return true;
  } finally {
    clearTimeout(notice);
  }
}

/**
 * Decides which registry to use, for this program and its child processes. Ends
 * the program with one line if `REGISTRY` is wrong or not available.
 */
export async function registry(
  needed: readonly Needed[] = std,
): Promise<"jsr" | "npm"> {
  const choice = Deno.env.get("REGISTRY") || undefined;
  if (choice === "npm") return choice;
  if (choice === "jsr") {
    for (const name of needed) {
      if (await isAvailable(name)) continue;
      console.error(
        `JSR does not have ${specifier(name)}, which REGISTRY=jsr needs: ` +
          "check the network, or unset REGISTRY",
      );
      Deno.exit(1);
    }
    return choice;
  }
  if (choice !== undefined) {
    console.error(`REGISTRY must be npm or jsr: current value is '${choice}'`);
    Deno.exit(2);
  }
  const found = await areAvailable(needed) ? "jsr" : "npm";
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
