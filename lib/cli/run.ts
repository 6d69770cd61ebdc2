import { getRoom, type Room } from "../rooms.ts";
import { type FakeRooms, fakeRooms } from "../testing/fake_rooms.ts";
import { completions } from "./completions.ts";
import type { Context } from "./context.ts";
import { exampleRooms } from "./example_rooms.ts";
import {
  CommandError,
  exitCodeOf,
  messageOf,
  printError,
  usageError,
} from "./failure.ts";
import { get, shown } from "./get.ts";
import { help } from "./help.ts";
import { type CommandName, commands, exitCodes } from "./manual.ts";
import { parse } from "./parse.ts";
import { printable } from "./printable.ts";
import { readFileText } from "./read_file.ts";
import { serve, type Served } from "./serve.ts";
import { version } from "./version.ts";

function refuse(words: string[]): void {
  if (words.length > 0) {
    throw usageError("There are too many arguments");
  }
}

async function readRooms(file: string): Promise<Room[]> {
  const text = await readFileText("the rooms", file, exitCodes.usage);
  let rooms: Room | Room[];
  try {
    rooms = JSON.parse(text);
  } catch {
    throw usageError(`The rooms in '${file}' are not JSON`);
  }
  return Array.isArray(rooms) ? rooms : [rooms];
}

function fakeOf(rooms: Iterable<Room>): FakeRooms {
  try {
    return fakeRooms({ rooms });
  } catch (error) {
    throw usageError((error as Error).message);
  }
}

async function serveCommand(args: string[], context: Context): Promise<void> {
  const { values, positionals } = parse("serve", args);
  refuse(positionals);
  const { port = commands.serve.options.port.default, rooms: file } = values;
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
    throw usageError("--port must be an integer from 0 to 65535");
  }
  const { stdout, stop } = context;
  const fake = fakeOf(
    file === undefined ? exampleRooms : await readRooms(file),
  );
  let served: Served;
  try {
    served = await serve(fake, Number(port), (method, path, status) => {
      stdout.write(`${method} ${printable(path)} ${status}\n`);
    });
  } catch (error) {
    const { code = "unknown reason" } = error as { code?: string };
    throw new CommandError(
      `Cannot listen on port ${port} (${code}): choose another with --port`,
      exitCodes.failed,
    );
  }
  stdout.write(
    `A fake provider listens on ${served.baseUrl} and takes any token\n` +
      fake.rooms.map(({ id, unique_name }) =>
        `  room ${id}${unique_name ? `  ${printable(unique_name)}` : ""}\n`
      ).join("") +
      `Ctrl+C stops it\n`,
  );
  if (!stop.aborted) {
    await new Promise((resolve) => stop.addEventListener("abort", resolve));
  }
  await served.close();
}

async function demo(args: string[], context: Context): Promise<void> {
  refuse(parse("demo", args).positionals);
  const { fetch, stdout, stop: signal } = context;
  const [{ id }] = exampleRooms;
  const served = await serve(fakeRooms({ rooms: exampleRooms }), 0);
  try {
    const { baseUrl } = served;
    stdout.write(
      `A fake provider listens on ${baseUrl}; over HTTP,\n\n` +
        `  telnyx-rooms get ${id} --sessions\n\nshows\n\n`,
    );
    const opts = { baseUrl, includeSessions: true, signal };
    stdout.write(shown(await getRoom(fetch, "any", id, opts), context));
  } finally {
    await served.close();
  }
}

function complete(args: string[], { stdout }: Context): void {
  const [shell = "", ...more] = parse("completions", args).positionals;
  refuse(more);
  if (!Object.hasOwn(completions, shell)) {
    throw usageError(
      `completions needs ${list(commands.completions.words, "or")}`,
    );
  }
  stdout.write(completions[shell as keyof typeof completions]());
}

/** Words in a sentence: `a, b or c`. */
function list(words: readonly string[], last: "and" | "or"): string {
  return `${words.slice(0, -1).join(", ")} ${last} ${words.at(-1)}`;
}

const does: Record<
  CommandName,
  (args: string[], context: Context) => number | void | Promise<number | void>
> = { get, serve: serveCommand, demo, completions: complete };

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
    return await does[name](rest, context);
  } else {
    const known = Object.keys(commands);
    throw usageError(
      first === undefined
        ? `A command is missing: ${list(known, "or")}`
        : `The command is none of ${list(known, "and")}`,
    );
  }
}

/** Runs the command with these arguments; tells its exit code. */
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
