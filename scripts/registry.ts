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

/** The first of the modules that JSR lacks; caches those that it has. */
async function firstMissing(
  needed: readonly Needed[],
): Promise<string | undefined> {
  const signal = AbortSignal.timeout(patienceMs);
  const notice = setTimeout(() => {
    console.error("JSR is slow to answer; REGISTRY=npm does without it");
  }, silenceMs);
  try {
    for (const module of needed.map(specifier)) {
      const { success } = await new Deno.Command(Deno.execPath(), {
        args: ["cache", "--no-config", "--no-lock", module],
        stdout: "null",
        stderr: "null",
        signal,
      }).output();
      if (!success) return module;
    }
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
  if (choice !== undefined && choice !== "jsr") {
    console.error(`REGISTRY must be npm or jsr: current value is '${choice}'`);
    Deno.exit(2);
  }
  const missing = await firstMissing(needed);
  if (missing !== undefined && choice === "jsr") {
    console.error(
      `JSR does not have ${missing}, which REGISTRY=jsr needs: ` +
        "check the network, or unset REGISTRY",
    );
    Deno.exit(1);
  }
  const found = missing === undefined ? "jsr" : "npm";
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
