// Runs a command line.
import type { Context } from "./command.ts";
import { commandOf, helpOf, version } from "./commands.ts";
import { exitCodeOf, exitCodes, messageOf, printError } from "./failure.ts";
import { parse } from "./parse.ts";

async function dispatch(
  args: string[],
  context: Context,
): Promise<number | void> {
  const [first, ...rest] = args;
  const { stdout } = context;
  const columns = stdout.isTTY ? stdout.columns : undefined;
  const isHelp = (arg: string) => arg === "--help" || arg === "-h";
  if (first === undefined || isHelp(first)) {
    return void stdout.write(helpOf(undefined, columns));
  }
  if (first === "--version" || first === "-v") {
    return void stdout.write(`${version}\n`);
  }
  const command = commandOf(first);
  if (rest.some(isHelp)) return void stdout.write(helpOf(first, columns));
  return await command.run(parse(first, command, rest), context);
}

/** Runs the command line; returns its exit code. */
export async function run(args: string[], context: Context): Promise<number> {
  try {
    return await dispatch(args, context) ?? exitCodes.done;
  } catch (error) {
    if (context.stop.aborted) return exitCodes.interrupted;
    const exitCode = exitCodeOf(error);
    if (exitCode === undefined) throw error;
    printError(messageOf(error as Error), context);
    return exitCode;
  }
}
