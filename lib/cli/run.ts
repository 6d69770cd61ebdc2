import { readFile } from "node:fs/promises";
import { parseArgs, type ParseArgsConfig } from "node:util";
import type { FetchFn } from "../attempt.ts";
import { RoomsError, type RoomsErrorCode } from "../errors.ts";
import { getRoom, type GetRoomOptions } from "../get_room.ts";
import { roomRequest } from "../request.ts";
import type { Room } from "../room.ts";
import type { AttemptEvent } from "../send.ts";
import { type FakeRooms, fakeRooms } from "../testing/fake_rooms.ts";
import { exampleRooms } from "./example_rooms.ts";
import { printable } from "./printable.ts";
import { serve, type Served } from "./serve.ts";
import { exitCodes, usage } from "./usage.ts";
import { version } from "./version.ts";
import { view } from "./view.ts";

/** A stream that text is written to, such as `process.stdout`. */
export interface Output {
  write(text: string): unknown;
  isTTY?: boolean;
  columns?: number;
}

/** The outside world, handed in. */
export interface Context {
  env: Record<string, string | undefined>;
  stdout: Output;
  stderr: Output;
  fetch: FetchFn;
  /** Aborts when the user asks the command to stop. */
  stop: AbortSignal;
}

/** A failure that ends the command with one line and this exit code. */
class CommandError extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode: number) {
    super(message);
    this.exitCode = exitCode;
  }
}

function usageError(message: string): CommandError {
  return new CommandError(`${message}; see --help`, exitCodes.usage);
}

const codeOf: Partial<Record<RoomsErrorCode, number>> = {
  invalid_argument: exitCodes.usage,
  not_found: exitCodes.notFound,
  unauthorized: exitCodes.token,
  forbidden: exitCodes.token,
  network: exitCodes.network,
  timeout: exitCodes.timeout,
  rate_limited: exitCodes.rateLimited,
};

/** What a message names by its option, the user knows by its flag. */
const flagOf: Record<string, string> = {
  baseUrl: "--base-url",
  timeoutMs: "--timeout",
  attemptTimeoutMs: "--timeout",
};

function parse<O extends NonNullable<ParseArgsConfig["options"]>>(
  args: string[],
  options: O,
) {
  try {
    return parseArgs({ args, options, allowPositionals: true });
  } catch (error) {
    // The first sentence says what is wrong; Node goes on to explain dashes
    throw usageError(String((error as Error).message).split(/\.\s/)[0] ?? "");
  }
}

function refuse(words: string[]): void {
  if (words.length > 0) {
    throw usageError("There are too many arguments");
  }
}

async function readFileText(what: string, file: string, exitCode: number) {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const { code } = error as { code?: string };
    const why = code === "ENOENT" ? "no such file" : code ?? "unreadable";
    throw new CommandError(`Cannot read ${what} '${file}': ${why}`, exitCode);
  }
}

async function readToken(
  file: string | undefined,
  { env }: Context,
): Promise<string> {
  const token = file === undefined
    ? env.TELNYX_API_KEY
    : await readFileText("the token file", file, exitCodes.token);
  if (token?.trim()) return token.trim();
  throw new CommandError(
    file === undefined
      ? "No token: set TELNYX_API_KEY, or name a file with --token-file"
      : `No token: the file '${file}' is empty`,
    exitCodes.token,
  );
}

function toSeconds(text: string): number {
  const seconds = text.trim() === "" ? NaN : Number(text);
  if (seconds >= 0.001 && seconds <= 2_147_483) return seconds;
  throw usageError("--timeout must be a number of seconds, such as 5 or 0.5");
}

function progress({ attempt, status, error, waitMs }: AttemptEvent): string {
  const what = status === undefined ? error?.code : `HTTP ${status}`;
  const wait = ((waitMs ?? 0) / 1000).toFixed(1);
  return `Attempt ${attempt}: ${what}; the next one in ${wait} s\n`;
}

function show(room: Room, { stdout, env }: Context): void {
  const { isTTY = false, columns = 80 } = stdout;
  stdout.write(view(room, {
    now: Date.now(),
    width: isTTY ? Math.max(80, columns) : Infinity,
    color: isTTY && !env.NO_COLOR,
  }));
}

async function get(args: string[], context: Context): Promise<void> {
  const { values, positionals: [id, ...more] } = parse(args, {
    sessions: { type: "boolean" },
    json: { type: "boolean" },
    "token-file": { type: "string" },
    "base-url": { type: "string" },
    timeout: { type: "string" },
  });
  if (id === undefined) throw usageError("get needs the id of a room");
  refuse(more);
  const { stdout, stderr, stop } = context;
  const opts: GetRoomOptions = {
    signal: stop,
    onAttempt: (event) => {
      if (event.waitMs !== undefined && stderr.isTTY) {
        stderr.write(progress(event));
      }
    },
  };
  if (values.sessions) opts.includeSessions = true;
  if (values["base-url"] !== undefined) opts.baseUrl = values["base-url"];
  if (values.timeout !== undefined) {
    opts.timeoutMs = toSeconds(values.timeout) * 1000;
    opts.attemptTimeoutMs = opts.timeoutMs;
  }
  roomRequest("any", id, opts); // a wrong id matters more than a missing token
  const token = await readToken(values["token-file"], context);
  const room = await getRoom(context.fetch, token, id, opts);
  if (values.json) stdout.write(`${JSON.stringify(room, null, 2)}\n`);
  else show(room, context);
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
  const { values, positionals } = parse(args, {
    port: { type: "string" },
    rooms: { type: "string" },
  });
  refuse(positionals);
  const { port = "7070", rooms: file } = values;
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
      fake.rooms.map(({ id, unique_name = "" }) =>
        `  room ${id}  ${printable(unique_name)}\n`
      ).join("") +
      `Ctrl+C stops it\n`,
  );
  await new Promise((resolve) => stop.addEventListener("abort", resolve));
  await served.close();
}

async function demo(args: string[], context: Context): Promise<void> {
  refuse(parse(args, {}).positionals);
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
    show(await getRoom(fetch, "any", id, opts), context);
  } finally {
    await served.close();
  }
}

const commands = { get, serve: serveCommand, demo };

async function dispatch(args: string[], context: Context): Promise<void> {
  const [name, ...rest] = args;
  if (args.some((arg) => arg === "--help" || arg === "-h")) {
    context.stdout.write(usage);
  } else if (name === "--version" || name === "-v") {
    context.stdout.write(`${version}\n`);
  } else if (name !== undefined && Object.hasOwn(commands, name)) {
    await commands[name as keyof typeof commands](rest, context);
  } else {
    throw usageError(
      name === undefined
        ? "A command is missing: get, serve or demo"
        : "The command is none of get, serve and demo",
    );
  }
}

/** Runs the command with these arguments; tells its exit code. */
export async function run(args: string[], context: Context): Promise<number> {
  try {
    await dispatch(args, context);
    return exitCodes.done;
  } catch (error) {
    if (context.stop.aborted) return exitCodes.interrupted;
    if (!(error instanceof CommandError || error instanceof RoomsError)) {
      throw error;
    }
    const message = error.message.replaceAll(
      /'(\w+)'/g,
      (quoted, option) => flagOf[option] ?? quoted,
    );
    context.stderr.write(`telnyx-rooms: ${printable(message)}\n`);
    return error instanceof CommandError
      ? error.exitCode
      : codeOf[error.code] ?? exitCodes.failed;
  }
}
