import { fileURLToPath } from "node:url";

/** The project's folder. */
export const root: string = fileURLToPath(new URL("../", import.meta.url));

/** Runs `deno` in the project's folder, and tells how it has ended. */
export async function deno(
  args: string[],
  env: Record<string, string> = {},
): Promise<{ code: number; stdout: string; stderr: string }> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args,
    cwd: root,
    env,
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

/** Runs one of the contract's programs, which may need a native library. */
export function contractProgram(
  args: string[],
  env?: Record<string, string>,
): ReturnType<typeof deno> {
  const run = ["run", "--allow-all", "--no-check", "--lock=scripts/tools.lock"];
  return deno([...run, ...args], env);
}
