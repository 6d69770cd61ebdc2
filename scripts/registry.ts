/**
 * Lets every task run where JSR does not answer: `@std` then comes from the
 * stand-ins in `npm_only/`. `REGISTRY=npm` or `REGISTRY=jsr` forces the choice.
 */
import { fileURLToPath } from "node:url";

const path = (relative: string) =>
  fileURLToPath(new URL(relative, import.meta.url));

/**
 * What only some tasks need of npm is locked apart: `deno task` fetches whatever
 * the project's own lock file names, and the demo needs no native library.
 */
export const toolsLock = "--lock=scripts/tools.lock";

/** How long JSR may take to answer before it counts as out of reach. */
const patienceMs = 5000;

async function jsrAnswers(): Promise<boolean> {
  const probe = new Deno.Command(Deno.execPath(), {
    args: ["info", "--no-config", "--no-lock", "jsr:@std/assert@1"],
    stdout: "null",
    stderr: "null",
    signal: AbortSignal.timeout(patienceMs),
  });
  return (await probe.output()).success;
}

/** The arguments that make `deno` find `@std`. */
export async function importMap(): Promise<string[]> {
  const choice = Deno.env.get("REGISTRY") || undefined;
  if (choice !== undefined && choice !== "npm" && choice !== "jsr") {
    console.error(`REGISTRY must be npm or jsr: current value is '${choice}'`);
    Deno.exit(2);
  }
  if (choice !== "npm" && await jsrAnswers()) return [];
  if (choice === "jsr") {
    console.error(
      "JSR does not answer, and REGISTRY=jsr allows nothing else: " +
        "check the network, or unset REGISTRY",
    );
    Deno.exit(1);
  }
  if (choice === undefined) {
    console.error("JSR does not answer: @std comes from scripts/npm_only");
  }
  return ["--import-map", path("./npm_only/import_map.json")];
}

/** Runs `deno` in the project's folder; tells whether it succeeded. */
export async function deno(args: string[]): Promise<boolean> {
  const { success } = await new Deno.Command(Deno.execPath(), {
    args,
    cwd: path("../"),
  }).spawn().status;
  return success;
}
