import { watchRoom, type WatchRoomOptions } from "../client/watch_room.ts";
import type { RoomsError } from "../core/errors.ts";
import { retryDelay } from "../core/retry.ts";
import type { SessionEvent } from "../core/session_events.ts";
import {
  type Calling,
  callingOptions,
  readApiKey,
  toCallOptions,
} from "./calling.ts";
import { command, type Context } from "./command.ts";
import {
  CommandError,
  exitCodeOf,
  messageOf,
  printError,
  usageError,
} from "./failure.ts";
import { toMs, withStdin } from "./parse.ts";
import { idForChecks, roomIdOf } from "./room_names.ts";
import { writeLine } from "./text.ts";
import { toJson } from "./view.ts";

/** Whether a retry may succeed, so that watching continues. */
function isTemporary(error: RoomsError): boolean {
  const state = { attempt: 1, remainingMs: Infinity, random: 0 };
  return retryDelay(error, state) !== undefined;
}

/** An event as a line: when, what, and the participant or the session. */
function eventText({ occurred_at, event_type, payload }: SessionEvent): string {
  const who = "participant_id" in payload
    ? payload.context || payload.participant_id
    : payload.session_id;
  const what = event_type.slice("video.room.".length);
  return `${occurred_at} ${what} ${who}`;
}

/** Prints the events of rooms until it is interrupted, or one of them fails. */
async function watchAll(
  /** The word that each was given by, by its id. */
  rooms: ReadonlyMap<string, string>,
  apiKey: string,
  opts: Calling & { intervalMs: number },
  asJson: boolean,
  context: Context,
): Promise<void> {
  const over = new AbortController();
  const signal = AbortSignal.any([context.stop, over.signal]);
  async function watchOne([id, word]: [string, string]): Promise<void> {
    const withRoom = (text: string) =>
      rooms.size > 1 ? `${word}: ${text}` : text;
    const watchOptions: WatchRoomOptions = {
      ...opts,
      signal,
      onAttempt(event) {
        const { error, waitMs } = event;
        opts.onAttempt(event);
        if (error && waitMs === undefined && isTemporary(error)) {
          printError(
            withRoom(`${messageOf(error)}; watching continues`),
            context,
          );
        }
      },
    };
    try {
      const events = watchRoom(context.fetch, apiKey, id, watchOptions);
      for await (const event of events) {
        if (asJson) context.stdout.write(toJson(event, "line"));
        else writeLine(withRoom(eventText(event)), context.stdout);
      }
    } catch (error) {
      const exitCode = exitCodeOf(error);
      if (exitCode === undefined) throw error;
      throw new CommandError(withRoom((error as Error).message), exitCode);
    }
  }
  try {
    await Promise.all([...rooms].map(watchOne));
  } finally {
    over.abort();
  }
}

const options = {
  every: {
    value: "SECONDS",
    default: "5",
    about: "how often to poll, 1 or more",
  },
  ...callingOptions,
} as const;

export const watch = command({
  args: "<room>...",
  about: "print events in rooms as they happen",
  more: [
    "It prints when a session starts or ends and when someone joins or leaves, " +
    "until Ctrl+C: the time, the event, and who; with several rooms, the room " +
    "first. With --json, each line is an event in the shape of a webhook's. The " +
    "events of an active session are printed from its start, and none is missed " +
    "between two polls.",
    "A temporary failure is printed on stderr, and watching continues; any other " +
    "failure ends it with an exit code.",
  ],
  options,
  examples: [
    ["telnyx-rooms watch standup >> events.log", "log who joins and leaves"],
    [
      "telnyx-rooms watch standup --json | jq .payload",
      "print the payload of each event",
    ],
  ],
  async run({ values, positionals }, context) {
    const { every = options.every.default, json = false } = values;
    const intervalMs = toMs("--every", every, 1);
    const calling = toCallOptions(values, context);
    const words = await withStdin(positionals, context);
    if (words.length === 0) throw usageError("watch takes <room>...");
    for (const word of words) idForChecks(word);
    const apiKey = await readApiKey(values, context);
    const rooms = new Map<string, string>();
    for (const word of words) {
      const id = (await roomIdOf(word, apiKey, calling, context)).toLowerCase();
      if (!rooms.has(id)) rooms.set(id, word);
    }
    const { stderr } = context;
    if (stderr.isTTY) {
      writeLine(`Polling every ${intervalMs / 1000} s; Ctrl+C stops`, stderr);
    }
    const opts = { ...calling, intervalMs };
    await watchAll(rooms, apiKey, opts, json, context);
  },
});
