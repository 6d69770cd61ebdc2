import type { RoomsError } from "../errors.ts";
import { retryDelay } from "../retry.ts";
import type { SessionEvent } from "../session_events.ts";
import { watchRoom } from "../watch_room.ts";
import { callOptions, readToken, tellWaits, toMs } from "./calling.ts";
import { checkIds } from "./check_ids.ts";
import type { Context } from "./context.ts";
import { CommandError, exitCodeOf, messageOf, printError } from "./failure.ts";
import { commands } from "./manual.ts";
import { parse } from "./parse.ts";
import { printable } from "./printable.ts";

/** Whether the failure may pass, so that watching goes on. */
function mayPass(error: RoomsError): boolean {
  const state = { attempt: 1, remainingMs: Infinity, random: 0 };
  return retryDelay(error, state) !== undefined;
}

/** An event in a line: when, what, and who or which session it is about. */
function eventText({ occurred_at, event_type, payload }: SessionEvent): string {
  const who = "participant_id" in payload
    ? payload.context || payload.participant_id
    : payload.session_id;
  const what = event_type.slice("video.room.".length);
  return printable(`${occurred_at} ${what} ${who}`);
}

/** `telnyx-rooms watch`: prints what happens in rooms, until it is stopped. */
export async function watch(args: string[], context: Context): Promise<void> {
  const { values, positionals } = parse("watch", args);
  const every = values.every ?? commands.watch.options.every.default;
  const intervalMs = toMs("--every", every, 1);
  const how = callOptions(values, context);
  const ids = checkIds("watch", positionals, how);
  const token = await readToken(values, context);

  if (context.stderr.isTTY) {
    context.stderr.write(
      `Looks every ${intervalMs / 1000} s; Ctrl+C ends it\n`,
    );
  }
  const over = new AbortController();
  const signal = AbortSignal.any([context.stop, over.signal]);
  const tellWait = tellWaits(context);
  async function watchOne(id: string): Promise<void> {
    const its = (text: string) => ids.length > 1 ? `${id}: ${text}` : text;
    const opts: Parameters<typeof watchRoom>[3] = {
      ...how,
      signal,
      intervalMs,
      onAttempt(event) {
        const { error, waitMs } = event;
        tellWait(event);
        if (error && waitMs === undefined && mayPass(error)) {
          printError(its(`${messageOf(error)}; watching goes on`), context);
        }
      },
    };
    try {
      for await (const event of watchRoom(context.fetch, token, id, opts)) {
        const line = values.json ? JSON.stringify(event) : eventText(event);
        context.stdout.write(`${values.json ? line : its(line)}\n`);
      }
    } catch (error) {
      const exitCode = exitCodeOf(error);
      if (exitCode === undefined) throw error;
      throw new CommandError(its((error as Error).message), exitCode);
    }
  }
  try {
    await Promise.all(ids.map(watchOne));
  } finally {
    over.abort();
  }
}
