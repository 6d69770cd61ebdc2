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

/** Milliseconds until JSR counts as unreachable: each of its answers may be slow. */
const patienceMs = 60_000;

/** Milliseconds until a message says that JSR is slow. */
const silenceMs = 2000;

/** Whether JSR has a module, which is then in the cache. */
async function isOnJsr(module: string): Promise<boolean> {
  const notice = setTimeout(() => {
    console.error("JSR is slow to answer; REGISTRY=npm does without it");
  }, silenceMs);
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: ["cache", "--no-config", "--no-lock", module],
    stdout: "null",
    stderr: "null",
    signal: AbortSignal.timeout(patienceMs),
  }).output();
  clearTimeout(notice);
  return success;
}

/**
 * Decides which registry to use, for this program and its child processes. Ends
 * the program with one line if `REGISTRY` is wrong or not available.
 */
export async function registry(
  needed: "@std/assert" | "@deno/dnt" = "@std/assert",
): Promise<"jsr" | "npm"> {
  const choice = Deno.env.get("REGISTRY") || undefined;
  if (choice === "npm") return choice;
  if (choice !== undefined && choice !== "jsr") {
    console.error(`REGISTRY must be npm or jsr: current value is '${choice}'`);
    Deno.exit(2);
  }
  const module = config.imports[needed];
  const found = await isOnJsr(module) ? "jsr" : "npm";
  if (found === "npm" && choice === "jsr") {
    console.error(
      `JSR does not have ${module}, which REGISTRY=jsr needs: ` +
        "check the network, or unset REGISTRY",
    );
    Deno.exit(1);
  }
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

/** Runs `deno` in the project's folder; returns whether it succeeded. */
export async function deno(args: string[]): Promise<boolean> {
  const child = new Deno.Command(Deno.execPath(), { args, cwd: path("../") });
  const { success } = await child.spawn().status;
  return success;
}
