import type { InvalidArgumentError } from "../errors.ts";
import { toRequest } from "../operation.ts";
import { getRoomOperation, type GetRoomOptions, type Room } from "../rooms.ts";
import type { AttemptEvent } from "../call.ts";
import type { Context } from "./context.ts";
import {
  CommandError,
  exitCodeOf,
  messageOf,
  printError,
  usageError,
} from "./failure.ts";
import { shortestWatch } from "./limits.ts";
import { type Found, getRooms } from "./get_rooms.ts";
import { commands, exitCodes } from "./manual.ts";
import { parse } from "./parse.ts";
import { readFileText } from "./read_file.ts";
import { view } from "./view.ts";
import { watch } from "./watch.ts";

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

function toMs(flag: string, text: string, least: number): number {
  const seconds = text.trim() === "" ? NaN : Number(text);
  if (seconds >= least && seconds <= 2_147_483) return seconds * 1000;
  throw usageError(
    `${flag} must be a number of seconds, such as 5 or ` +
      (least < 1 ? "0.5" : `2.5, and at least ${least}`),
  );
}

/** A room as text for a person. */
export function shown(
  room: Room,
  { stdout, env, ...context }: Context,
  now: number = context.now(),
): string {
  const { isTTY = false, columns = 80 } = stdout;
  return view(room, {
    now,
    width: isTTY ? Math.max(80, columns) : Infinity,
    color: isTTY && !env.NO_COLOR,
  });
}

/** Refuses ids that are none, before anything is sent; drops repeated ones. */
function checkIds(ids: string[], opts: GetRoomOptions): string[] {
  if (ids.length === 0) throw usageError("get needs the id of a room");
  for (const [i, id] of ids.entries()) {
    try {
      toRequest(getRoomOperation, "any", { id }, opts);
    } catch (error) {
      const { argument, message } = error as InvalidArgumentError;
      if (argument !== "id" || ids.length === 1) throw error;
      throw new CommandError(
        `${message} (id ${i + 1} of ${ids.length})`,
        exitCodes.usage,
      );
    }
  }
  const lower = ids.map((id) => id.toLowerCase());
  return ids.filter((_, i) => lower.indexOf(lower[i] as string) === i);
}

const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

/** Shows what came of several look-ups; tells the exit code. */
function showAll(found: Found[], asJson: boolean, context: Context): number {
  const { stdout } = context;
  let [exitCode, gap]: [number, string] = [exitCodes.done, ""];
  for (const { id, room, error } of found) {
    if (error) {
      exitCode ||= exitCodeOf(error) ?? exitCodes.failed;
      printError(`${id}: ${messageOf(error)}`, context);
    } else if (!asJson) {
      stdout.write(gap + shown(room, context));
      gap = "\n";
    }
  }
  if (asJson) {
    stdout.write(
      json(
        found.map(({ id, room, error }) =>
          room ?? { id, error: { code: error.code, message: messageOf(error) } }
        ),
      ),
    );
  }
  return exitCode;
}

function waiting({ attempt, status, error, waitMs }: AttemptEvent): string {
  const what = status === undefined ? error?.code : `HTTP ${status}`;
  const wait = ((waitMs ?? 0) / 1000).toFixed(1);
  return `Attempt ${attempt}: ${what}; the next one in ${wait} s\n`;
}

type Opts = GetRoomOptions & { timeoutMs: number; signal: AbortSignal };

async function getOne(
  token: string,
  id: string,
  opts: Opts,
  asJson: boolean,
  context: Context,
): Promise<number> {
  const { fetch, stdout, stderr } = context;
  const onAttempt = (event: AttemptEvent) => {
    if (event.waitMs !== undefined && stderr.isTTY) {
      stderr.write(waiting(event));
    }
  };
  const [found] = await getRooms(fetch, token, [id], { ...opts, onAttempt });
  if (!found?.room) throw found?.error;
  stdout.write(asJson ? json(found.room) : shown(found.room, context));
  return exitCodes.done;
}

/** Looks several up, with a line on a terminal that says how far it is. */
async function getSeveral(
  token: string,
  ids: string[],
  opts: Opts,
  asJson: boolean,
  context: Context,
): Promise<number> {
  const { fetch, stderr } = context;
  let done = 0;
  const line = (text: string) => {
    if (stderr.isTTY) stderr.write(`\r${text}\x1b[K`);
  };
  const progress = (more = "") => line(`${done} of ${ids.length} rooms${more}`);
  const onAttempt = ({ status, waitMs }: AttemptEvent) => {
    if (status !== 429 || waitMs === undefined) return;
    progress(`; rate limited, on again in ${(waitMs / 1000).toFixed(1)} s`);
  };
  const onDone = (n: number) => {
    done = n;
    progress();
  };
  let found: Found[];
  try {
    progress();
    found = await getRooms(fetch, token, ids, { ...opts, onAttempt }, onDone);
  } finally {
    line("");
  }
  return showAll(found, asJson, context);
}

/** `telnyx-rooms get`; tells the exit code. */
export async function get(args: string[], context: Context): Promise<number> {
  const { values, positionals } = parse("get", args);
  const { timeout = commands.get.options.timeout.default } = values;
  const opts: Opts = {
    signal: context.stop,
    timeoutMs: toMs("--timeout", timeout, 0.001),
  };
  if (values.sessions) opts.includeSessions = true;
  if (values["base-url"] !== undefined) opts.baseUrl = values["base-url"];
  if (values.timeout !== undefined) opts.attemptTimeoutMs = opts.timeoutMs;
  const intervalMs = values.watch === undefined
    ? undefined
    : toMs("--watch", values.watch, shortestWatch);
  const asJson = values.json ?? false;
  // A wrong id matters more than a missing token
  const ids = checkIds(positionals, opts);
  const token = await readToken(values["token-file"], context);

  if (intervalMs !== undefined) {
    return await watch({
      ids,
      intervalMs,
      json: asJson,
      lookUp: (onAttempt) =>
        getRooms(context.fetch, token, ids, { ...opts, onAttempt }),
      view: (room, now) => shown(room, context, now).trimEnd().split("\n"),
    }, context);
  }
  // The shape of the JSON follows from how many were given
  const [id] = positionals;
  return id !== undefined && positionals.length === 1
    ? await getOne(token, id, opts, asJson, context)
    : await getSeveral(token, ids, opts, asJson, context);
}
