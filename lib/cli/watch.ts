import { watchRoom, type WatchRoomOptions } from "../client/watch_room.ts";
import type { RoomsError } from "../core/errors.ts";
import { retryDelay } from "../core/retry.ts";
import type { SessionEvent } from "../core/session_events.ts";
import { callOptions, printWaits, readToken, toJson, toMs } from "./calling.ts";
import { checkIds } from "./check_ids.ts";
import type { Context } from "./context.ts";
import { CommandError, exitCodeOf, messageOf, printError } from "./failure.ts";
import { commands } from "./manual.ts";
import { parse } from "./parse.ts";
import { printable } from "./text.ts";

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
  return printable(`${occurred_at} ${what} ${who}`);
}

/** `telnyx-rooms watch`: prints events until it is interrupted. */
export async function watch(args: string[], context: Context): Promise<void> {
  const { values, positionals } = parse("watch", args);
  const every = values.every ?? commands.watch.options.every.default;
  const intervalMs = toMs("--every", every, 1);
  const calling = callOptions(values, context);
  const ids = checkIds("watch", positionals, calling);
  const token = await readToken(values, context);

  if (context.stderr.isTTY) {
    context.stderr.write(
      `Polling every ${intervalMs / 1000} s; press Ctrl+C to stop\n`,
    );
  }
  const over = new AbortController();
  const signal = AbortSignal.any([context.stop, over.signal]);
  const printWait = printWaits(context);
  async function watchOne(id: string): Promise<void> {
    const withRoom = (text: string) => ids.length > 1 ? `${id}: ${text}` : text;
    const opts: WatchRoomOptions = {
      ...calling,
      signal,
      intervalMs,
      onAttempt(event) {
        const { error, waitMs } = event;
        printWait(event);
        if (error && waitMs === undefined && isTemporary(error)) {
          printError(
            withRoom(`${messageOf(error)}; watching continues`),
            context,
          );
        }
      },
    };
    try {
      for await (const event of watchRoom(context.fetch, token, id, opts)) {
        context.stdout.write(
          values.json
            ? toJson(event, "line")
            : `${withRoom(eventText(event))}\n`,
        );
      }
    } catch (error) {
      const exitCode = exitCodeOf(error);
      if (exitCode === undefined) throw error;
      throw new CommandError(withRoom((error as Error).message), exitCode);
    }
  }
  try {
    await Promise.all(ids.map(watchOne));
  } finally {
    over.abort();
  }
}
