import { toolsLock } from "../../scripts/registry.ts";
import { type Output, sh } from "../../scripts/sh.ts";

/** Runs `deno` in the project's folder, and returns its exit code and output. */
export function deno(
  args: string[],
  env: Record<string, string> = {},
): Promise<Output> {
  return sh(Deno.execPath(), args, { env });
}

/** Runs a program of `contracts/`, which may need a native library. */
export function contractProgram(
  args: string[],
  env?: Record<string, string>,
): Promise<Output> {
  const run = ["run", "--allow-all", "--no-check", `--lock=${toolsLock}`];
  return deno([...run, ...args], env);
}
