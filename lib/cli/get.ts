import type { AttemptEvent } from "../core/call_options.ts";
import { getRooms, type RoomResult } from "../client/get_rooms.ts";
import { getRoom } from "../client/rooms.ts";
import type { GetRoomOptions } from "../core/rooms.ts";
import type { Room } from "../core/rooms.ts";
import { callOptions, printWaits, readToken, toJson } from "./calling.ts";
import { checkIds } from "./check_ids.ts";
import type { Context } from "./context.ts";
import { exitCodeOf, messageOf, printError } from "./failure.ts";
import { exitCodes } from "./manual.ts";
import { parse } from "./parse.ts";
import { toViewOptions, view } from "./view.ts";

type Options = GetRoomOptions & { timeoutMs: number; signal: AbortSignal };

function toText(room: Room, context: Context): string {
  const options = toViewOptions(context);
  return view(room, { ...options, width: Math.max(80, options.width) });
}

/** Gets several rooms, with a line on a terminal that shows the progress. */
async function getSeveral(
  token: string,
  ids: string[],
  opts: Options,
  { fetch, stderr }: Context,
): Promise<RoomResult[]> {
  const results: RoomResult[] = [];
  const printLine = (text: string) => {
    if (stderr.isTTY) stderr.write(`\r${text}\x1b[K`);
  };
  const printProgress = (more = "") =>
    printLine(`${results.length} of ${ids.length} rooms${more}`);
  const onAttempt = ({ status, waitMs }: AttemptEvent) => {
    if (status !== 429 || waitMs === undefined) return;
    const seconds = (waitMs / 1000).toFixed(1);
    printProgress(`; rate limited, continuing in ${seconds} s`);
  };
  try {
    printProgress();
    const all = getRooms(fetch, token, ids, { ...opts, onAttempt });
    for await (const result of all) {
      results.push(result);
      printProgress();
    }
  } finally {
    printLine("");
  }
  return results;
}

/** Prints the rooms on stdout and the errors on stderr; returns the exit code. */
function printResults(
  results: RoomResult[],
  asJson: boolean,
  context: Context,
): number {
  const json = results.map(({ id, room, error }) =>
    room ?? { id, error: { code: error.code, message: messageOf(error) } }
  );
  const texts = results.flatMap(({ room }) =>
    room ? [toText(room, context)] : []
  );
  context.stdout.write(asJson ? toJson(json) : texts.join("\n"));
  let exitCode: number = exitCodes.done;
  for (const { id, error } of results) {
    if (!error) continue;
    exitCode ||= exitCodeOf(error) ?? exitCodes.failed;
    printError(`${id}: ${messageOf(error)}`, context);
  }
  return exitCode;
}

/** `telnyx-rooms get`; returns the exit code. */
export async function get(args: string[], context: Context): Promise<number> {
  const { values, positionals } = parse("get", args);
  const { json: asJson = false, sessions: includeSessions } = values;
  const opts = { ...callOptions(values, context), includeSessions };
  // A wrong id is reported before a missing token
  const ids = checkIds("get", positionals, opts);
  const token = await readToken(values, context);

  // The shape of the JSON depends on how many ids were given
  if (positionals.length > 1) {
    const results = await getSeveral(token, ids, opts, context);
    return printResults(results, asJson, context);
  }
  const onAttempt = printWaits(context);
  const [id = ""] = ids;
  const room = await getRoom(context.fetch, token, id, { ...opts, onAttempt });
  context.stdout.write(asJson ? toJson(room) : toText(room, context));
  return exitCodes.done;
}
