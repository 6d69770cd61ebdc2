/** Runs commands in the project's folder, and collects their output. */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/** The project's folder. */
export const root: string = fileURLToPath(new URL("../", import.meta.url));

/** How long a command may take, in milliseconds. */
const patienceMs = 600_000;

/** The result of a command. */
export interface Output {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs a command. */
export async function sh(
  command: string,
  args: string[],
  options: Deno.CommandOptions = {},
): Promise<Output> {
  const { code, stdout, stderr } = await new Deno.Command(command, {
    args,
    cwd: root,
    signal: AbortSignal.timeout(patienceMs),
    ...options,
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

/** Runs a command that must succeed; returns what it printed. */
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

/** A text as `deno fmt` has it in files with this extension. */
export function formatted(text: string, extension: "md" | "ts"): string {
  const args = ["fmt", "--ext", extension, "-"];
  const options = { input: text, cwd: root, encoding: "utf8" } as const;
  return execFileSync(Deno.execPath(), args, options);
}
