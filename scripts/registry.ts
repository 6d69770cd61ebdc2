/**
 * Where `@std` and dnt come from: JSR or, where it does not answer, the stand-ins
 * in `npm_only/`. `REGISTRY=jsr` and `REGISTRY=npm` decide it beforehand.
 */
import { fileURLToPath } from "node:url";
import config from "../deno.json" with { type: "json" };

const path = (relative: string) =>
  fileURLToPath(new URL(relative, import.meta.url));

/**
 * The npm packages of tests and tools, locked apart from `deno.lock`, since
 * `deno task` fetches whatever that names and `start` needs no native library.
 */
export const toolsLock = "scripts/tools.lock";

/** What the tests need of JSR; `deno.json` has the versions. */
const std = ["@std/assert", "@std/http/status"] as const;

/** What the tests, or a build, need of JSR. */
type Needed = (typeof std)[number] | "@deno/dnt";

/**
 * Milliseconds until a JSR that does not answer counts as out of reach. A slow
 * one takes some ten answers, one after the other, for all that is needed.
 */
const patienceMs = 60_000;

/** Milliseconds until someone who waits is told what for. */
const silenceMs = 5000;

/** `jsr:@std/http@^1.0.0/status` of `@std/http/status`. */
function specifier(name: Needed): string {
  const [, imported = "", below = ""] = /^(@\w+\/\w+)(.*)$/.exec(name) ?? [];
  return config.imports[imported as keyof typeof config.imports] + below;
}

/** Whether JSR gives a module and all that it imports; it is cached then. */
async function isGiven(name: Needed, signal?: AbortSignal): Promise<boolean> {
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: ["cache", "--no-config", "--no-lock", specifier(name)],
    stdout: "null",
    stderr: "null",
    ...signal && { signal },
  }).output();
  return success;
}

async function areGiven(needed: readonly Needed[]): Promise<boolean> {
  const signal = AbortSignal.timeout(patienceMs);
  const notice = setTimeout(() => {
    console.error("JSR is slow to answer; REGISTRY=npm goes without it");
  }, silenceMs);
  for (const name of needed) {
    if (!await isGiven(name, signal)) {
      clearTimeout(notice);
      return false;
    }
  }
  clearTimeout(notice);
  return true;
}

/**
 * Decides which registry to use, for this program and those that it starts.
 * Ends the program, with one line, if the choice in `REGISTRY` can't be met.
 */
export async function registry(
  needed: readonly Needed[] = std,
): Promise<"jsr" | "npm"> {
  const choice = Deno.env.get("REGISTRY") || undefined;
  if (choice === "npm") return choice;
  if (choice === "jsr") {
    for (const name of needed) {
      if (await isGiven(name)) continue;
      console.error(
        `JSR does not give ${specifier(name)}, and REGISTRY=jsr allows ` +
          "nothing else: check the network, or unset REGISTRY",
      );
      Deno.exit(1);
    }
    return choice;
  }
  if (choice !== undefined) {
    console.error(`REGISTRY must be npm or jsr: current value is '${choice}'`);
    Deno.exit(2);
  }
  const found = await areGiven(needed) ? "jsr" : "npm";
  if (found === "npm") {
    console.error("JSR does not answer: @std comes from scripts/npm_only");
  }
  Deno.env.set("REGISTRY", found);
  return found;
}

/** The arguments that make `deno` find `@std`. */
export async function importMap(): Promise<string[]> {
  return await registry() === "jsr"
    ? []
    : ["--import-map", path("./npm_only/import_map.json")];
}

/**
 * The argument that locks what `deno` takes from npm. It is a copy of the file:
 * what comes from JSR is added to it, and would be to the one that git tracks.
 */
export function lock(file: "deno.lock" | typeof toolsLock): string {
  const copy = Deno.makeTempFileSync({ suffix: ".lock" });
  Deno.copyFileSync(path(`../${file}`), copy);
  globalThis.addEventListener("unload", () => Deno.removeSync(copy));
  return `--lock=${copy}`;
}

/** Runs `deno` in the project's folder; tells whether it succeeded. */
export async function deno(args: string[]): Promise<boolean> {
  const command = new Deno.Command(Deno.execPath(), { args, cwd: path("../") });
  const { success } = await command.spawn().status;
  return success;
}

/** The same in the background: what it says is shown when it has ended. */
export async function denoQuietly(args: string[]): Promise<boolean> {
  const command = new Deno.Command(Deno.execPath(), { args, cwd: path("../") });
  const { success, stdout, stderr } = await command.output();
  for (const bytes of [stdout, stderr]) {
    await Deno.stdout.write(bytes);
  }
  return success;
}
