import { getRoom, type GetRoomOptions, type Room } from "../rooms.ts";
import { getRooms, type RoomResult } from "../get_rooms.ts";
import type { AttemptEvent } from "../call.ts";
import { callOptions, readToken, tellWaits, toJson } from "./calling.ts";
import { checkIds } from "./check_ids.ts";
import type { Context } from "./context.ts";
import { exitCodeOf, messageOf, printError } from "./failure.ts";
import { exitCodes } from "./manual.ts";
import { parse } from "./parse.ts";
import { toViewOptions, view } from "./view.ts";

/** A room as text for a person. */
function shown(room: Room, context: Context): string {
  const { width, color } = toViewOptions(context);
  const now = context.now();
  return view(room, { now, color, width: Math.max(80, width) });
}

/** Shows what came of several look-ups; tells the exit code. */
function showAll(
  found: RoomResult[],
  asJson: boolean,
  context: Context,
): number {
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
      toJson(
        found.map(({ id, room, error }) =>
          room ?? { id, error: { code: error.code, message: messageOf(error) } }
        ),
      ),
    );
  }
  return exitCode;
}

type Opts = GetRoomOptions & { timeoutMs: number; signal: AbortSignal };

async function getOne(
  token: string,
  id: string,
  opts: Opts,
  asJson: boolean,
  context: Context,
): Promise<number> {
  const { fetch, stdout } = context;
  const onAttempt = tellWaits(context);
  const room = await getRoom(fetch, token, id, { ...opts, onAttempt });
  stdout.write(asJson ? toJson(room) : shown(room, context));
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
  const found: RoomResult[] = [];
  const line = (text: string) => {
    if (stderr.isTTY) stderr.write(`\r${text}\x1b[K`);
  };
  const progress = (more = "") =>
    line(`${found.length} of ${ids.length} rooms${more}`);
  const onAttempt = ({ status, waitMs }: AttemptEvent) => {
    if (status !== 429 || waitMs === undefined) return;
    progress(`; rate limited, on again in ${(waitMs / 1000).toFixed(1)} s`);
  };
  try {
    progress();
    const results = getRooms(fetch, token, ids, { ...opts, onAttempt });
    for await (const result of results) {
      found.push(result);
      progress();
    }
  } finally {
    line("");
  }
  return showAll(found, asJson, context);
}

/** `telnyx-rooms get`; tells the exit code. */
export async function get(args: string[], context: Context): Promise<number> {
  const { values, positionals } = parse("get", args);
  const opts: Opts = callOptions(values, context);
  if (values.sessions) opts.includeSessions = true;
  const asJson = values.json ?? false;
  // A wrong id matters more than a missing token
  const ids = checkIds("get", positionals, opts);
  const token = await readToken(values, context);

  // The shape of the JSON follows from how many were given
  const [id] = positionals;
  return id !== undefined && positionals.length === 1
    ? await getOne(token, id, opts, asJson, context)
    : await getSeveral(token, ids, opts, asJson, context);
}
