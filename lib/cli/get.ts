import type { AttemptEvent } from "../core/call_options.ts";
import {
  defaultConcurrency as concurrency,
  getRooms,
} from "../client/get_rooms.ts";
import { getRoom } from "../client/rooms.ts";
import { getRoomOperation, type Room } from "../core/rooms.ts";
import { toRequest } from "../core/request.ts";
import {
  type Calling,
  callingOptions,
  printWaits,
  readApiKey,
  toCallOptions,
} from "./calling.ts";
import { command, type Context, type Given, roomId } from "./command.ts";
import { curlOf, curlOption, roomIdForCurl } from "./curl.ts";
import {
  exitCodeOf,
  exitCodes,
  isOfOne,
  messageOf,
  printError,
  usageError,
} from "./failure.ts";
import { withStdin } from "./parse.ts";
import { statusLine } from "./progress.ts";
import { distinct, idForChecks, roomIdOf } from "./room_names.ts";
import { view } from "./room_view.ts";
import { toJson, toViewOptions } from "./view.ts";

/**
 * The rooms that are named, each once; throws if one cannot be an id or a name, or
 * an option is wrong: before a missing key is reported.
 */
export async function roomsOf(
  { name, positionals }: Pick<Given, "name" | "positionals">,
  opts: Calling,
  context: Context,
): Promise<string[]> {
  const words = await withStdin(positionals, context);
  if (words.length === 0) throw usageError(`${name} takes <room>...`);
  for (const word of words) {
    toRequest(getRoomOperation, "any", { id: idForChecks(word) }, opts);
  }
  return distinct(words);
}

/** What became of a room that was asked for by a word. */
interface Result {
  word: string;
  id?: string;
  room?: Room;
  error?: Error;
}

/** Finds the id of each room; what cannot be found is a result, too. */
async function findAll(
  words: readonly string[],
  find: (word: string) => Promise<string>,
  context: Context,
): Promise<Result[]> {
  const results: Result[] = [];
  for (const word of words) {
    try {
      results.push({ word, id: await find(word) });
    } catch (error) {
      if (!isOfOne(error, context)) throw error;
      results.push({ word, error });
    }
  }
  return results;
}

/** Gets several rooms, with a line on a terminal that shows the progress. */
async function getSeveral(
  apiKey: string,
  words: string[],
  opts: Calling,
  context: Context,
): Promise<Result[]> {
  const status = statusLine(context);
  let done = 0;
  const showProgress = (more = "") =>
    status.show(`${done} of ${words.length} rooms${more}`);
  const onAttempt = ({ status, waitMs }: AttemptEvent) => {
    if (status !== 429 || waitMs === undefined) return;
    const seconds = (waitMs / 1000).toFixed(1);
    showProgress(`; rate limited, continuing in ${seconds} s`);
  };
  try {
    showProgress();
    const find = (word: string) => roomIdOf(word, apiKey, opts, context);
    const found = await findAll(words, find, context);
    const ids = distinct(
      found.flatMap(({ id }) => id === undefined ? [] : [id]),
    );
    const all = { ...opts, onAttempt };
    const rooms = new Map<string, Omit<Result, "word">>();
    for await (const one of getRooms(context.fetch, apiKey, ids, all)) {
      rooms.set(one.id, one);
      done++;
      showProgress();
    }
    return found.flatMap((result) => {
      if (result.id === undefined) return [result];
      const one = rooms.get(result.id);
      rooms.delete(result.id); // each once
      return one ? [{ ...result, ...one }] : [];
    });
  } finally {
    status.clear();
  }
}

/** Prints the rooms on stdout and the errors on stderr; returns the exit code. */
function printResults(
  results: Result[],
  asJson: boolean,
  context: Context,
): number {
  const json = results.map(({ word, id, room, error }) =>
    room ?? {
      ...id === undefined ? { unique_name: word } : { id },
      error: {
        code: error && "code" in error ? error.code : "not_found",
        message: error && messageOf(error),
      },
    }
  );
  const texts = results.flatMap(({ room }) =>
    room ? [view(room, toViewOptions(context))] : []
  );
  context.stdout.write(asJson ? toJson(json) : texts.join("\n"));
  let exitCode: number = exitCodes.done;
  for (const { id, error } of results) {
    if (!error) continue;
    const message = messageOf(error);
    printError(id === undefined ? message : `${id}: ${message}`, context);
    exitCode ||= exitCodeOf(error) ?? exitCodes.failed;
  }
  return exitCode;
}

/** `telnyx-rooms get` */
export const get = command({
  args: "<room>...",
  about: "show rooms",
  more: [
    `Several are looked up ${concurrency} at a time and shown in the order ` +
    "given, each once. One that fails is a line on stderr and does not stop the " +
    "others; the exit code is that of the first failure. With --json, they are " +
    'an array, with {"id", "error": {"code", "message"}} for a failure.',
  ],
  options: {
    sessions: { about: "include the rooms' sessions and participants" },
    ...callingOptions,
    ...curlOption,
  },
  examples: [
    [
      `telnyx-rooms get ${roomId} --sessions`,
      "show a room and its participants",
    ],
    [
      "telnyx-rooms get - --json <ids.txt | jq '.[].unique_name'",
      "print the names of many rooms",
    ],
  ],
  async run(given, context) {
    const { json: asJson = false, sessions: includeSessions } = given.values;
    const calling = toCallOptions(given.values, context);
    const words = await roomsOf(given, calling, context);
    const opts = {
      ...calling,
      ...includeSessions !== undefined && { includeSessions },
    };
    if (given.values.curl) {
      for (const word of words) {
        const id = await roomIdForCurl(word, given.values, calling, context);
        const line = curlOf(getRoomOperation, { ids: { id } }, opts);
        await context.stdout.write(line);
      }
      return exitCodes.done;
    }
    const apiKey = await readApiKey(given.values, context);
    // The shape of the JSON depends on how many were given
    const [word = "", ...more] = given.positionals;
    if (more.length > 0 || word === "-") {
      const results = await getSeveral(apiKey, words, opts, context);
      return printResults(results, asJson, context);
    }
    const withWaits = { ...opts, onAttempt: printWaits(context) };
    const id = await roomIdOf(word, apiKey, calling, context);
    const room = await getRoom(context.fetch, apiKey, id, withWaits);
    context.stdout.write(
      asJson ? toJson(room) : view(room, toViewOptions(context)),
    );
    return exitCodes.done;
  },
});
