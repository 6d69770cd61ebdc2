import { apiCommands } from "./api_commands.ts";
import { carryOut } from "./carry_out.ts";
import { completions } from "./completions.ts";
import { compose } from "./compose.ts";
import type { Context } from "./context.ts";
import { download } from "./download.ts";
import { exitCodeOf, messageOf, printError, usageError } from "./failure.ts";
import { get } from "./get.ts";
import { help } from "./help.ts";
import { type CommandName, commands, exitCodes } from "./manual.ts";
import { version } from "./manual.ts";
import { parse, refuseMore } from "./parse.ts";
import { serve } from "./serve.ts";
import { oneOf } from "./text.ts";
import { trigger } from "./trigger.ts";
import { usage } from "./usage.ts";
import { verify } from "./verify.ts";
import { watch } from "./watch.ts";

function complete(args: string[], { stdout }: Context): void {
  const [shell = "", ...more] = parse("completions", args).positionals;
  refuseMore(more);
  if (!Object.hasOwn(completions, shell)) {
    throw usageError(`completions needs ${oneOf(Object.keys(completions))}`);
  }
  stdout.write(completions[shell as keyof typeof completions]());
}

/** The commands that are not an operation of the API. */
const others: Record<
  Exclude<CommandName, keyof typeof apiCommands>,
  (args: string[], context: Context) => Promise<number | void> | void
> = {
  get,
  watch,
  download,
  compose,
  usage,
  serve,
  verify,
  trigger,
  completions: complete,
};

async function dispatch(
  args: string[],
  context: Context,
): Promise<number | void> {
  const [first, ...rest] = args;
  const name = Object.hasOwn(commands, first ?? "")
    ? first as CommandName
    : undefined;
  if (args.some((arg) => arg === "--help" || arg === "-h")) {
    context.stdout.write(help(name));
  } else if (first === "--version" || first === "-v") {
    context.stdout.write(`${version}\n`);
  } else if (name) {
    return name in apiCommands
      ? await carryOut(name as keyof typeof apiCommands, rest, context)
      : await others[name as keyof typeof others](rest, context);
  } else {
    const problem = first === undefined
      ? "No command given"
      : "Unknown command";
    throw usageError(`${problem}: use ${oneOf(Object.keys(commands))}`);
  }
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
