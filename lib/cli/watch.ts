import { maxTimerMs } from "../arguments.ts";
import type { RoomsError } from "../errors.ts";
import { retryDelay } from "../retry.ts";
import type { Room } from "../rooms.ts";
import type { AttemptEvent } from "../call.ts";
import { changes, changeText } from "./changes.ts";
import type { Context } from "./context.ts";
import { CommandError, exitCodeOf, messageOf, printError } from "./failure.ts";
import type { Found } from "./get_rooms.ts";
import { exitCodes } from "./manual.ts";
import { type Drawn, marked, redraw } from "./screen.ts";
import { wrap } from "./wrap.ts";

/**
 * How long to wait for the next look-up after these failures; undefined when
 * one of them can't pass, and watching is over.
 */
export function nextWait(
  intervalMs: number,
  failures: readonly RoomsError[],
): number | undefined {
  const state = { attempt: 1, remainingMs: Infinity, random: 0, retry: {} };
  const waits = failures.map((failure) => retryDelay(failure, state));
  return waits.includes(undefined)
    ? undefined
    : Math.min(maxTimerMs, Math.max(intervalMs, ...waits as number[]));
}

/** What is watched, and how. */
export interface Watching {
  ids: readonly string[];
  intervalMs: number;
  /** Whether changes are told as JSON, also on a terminal. */
  json: boolean;
  lookUp(onAttempt: (event: AttemptEvent) => void): Promise<Found[]>;
  /** A room as lines for a terminal, at this time. */
  view(room: Room, now: number): string[];
}

const seconds = (ms: number) => `${Math.ceil(ms / 100) / 10} s`;

/** What is on the screen, or was printed: the rooms, and what changed in them. */
function display(
  { ids, json, view }: Watching,
  context: Context,
) {
  const { stdout, now } = context;
  const drawing = stdout.isTTY && !json;
  const rooms = new Map<string, Room>();
  let [body, news]: [string[], string] = [[], ""];
  let drawn: Drawn | undefined;

  const clock = () => new Date(now()).toTimeString().slice(0, 8);
  const nameOf = (id: string, end: string) =>
    ids.length > 1 ? `${id}${end}` : "";
  function draw(foot: string[]): void {
    const next = redraw(body, foot, drawn, stdout);
    drawn = next.drawn;
    stdout.write(next.text);
  }
  function printStatus(text: string): void {
    const width = (stdout.columns ?? 80) - 1;
    const lines = [news, text].filter(Boolean);
    draw(["", ...lines.flatMap((line) => wrap(line, width))]);
  }
  function printChanges(id: string, was: Room, room: Room): void {
    const time = new Date(now()).toISOString();
    const all = changes(was, room);
    const lines = all.map((change) =>
      nameOf(id, " ") + changeText(change, room)
    );
    if (!drawing) {
      stdout.write(
        all.map((change, i) =>
          json
            ? `${JSON.stringify({ time, id, ...change })}\n`
            : `${time} ${lines[i]}\n`
        ).join(""),
      );
    } else if (lines.length) {
      news = `Last change at ${clock()}: ${lines.join("; ")}`;
    }
  }
  function printRooms(found: Found[]): void {
    body = [];
    const at = now(); // of both pictures, or a span would seem to have changed
    for (const { id, room } of found) {
      const was = rooms.get(id);
      const is = room ?? was;
      if (!is) continue;
      if (was) printChanges(id, was, is);
      rooms.set(id, is);
      const lines = drawing ? view(is, at) : [];
      if (body.length) body.push("");
      body.push(...was ? marked(lines, view(was, at)) : lines);
    }
  }
  const end = () => drawn && draw([""]);
  return { drawing, clock, nameOf, printStatus, printRooms, end };
}

/** Looks up again and again, and shows what has changed, until it is stopped. */
export async function watch(
  watching: Watching,
  context: Context,
): Promise<never> {
  const { intervalMs, lookUp } = watching;
  const { drawing, clock, nameOf, printStatus, printRooms, end } = display(
    watching,
    context,
  );
  function printTrouble(texts: string[]): void {
    if (drawing) printStatus(`${clock()} ${texts.join("; ")}`);
    else texts.forEach((text) => printError(text, context));
  }

  try {
    for (;;) {
      const found = await lookUp(({ error, waitMs = 0 }) => {
        if (error && waitMs > (drawing ? 0 : intervalMs)) {
          printTrouble([
            `${messageOf(error)}; tried again in ${seconds(waitMs)}`,
          ]);
        }
      });
      for (const { id, error } of found) {
        if (error && nextWait(0, [error]) === undefined) {
          throw new CommandError(
            nameOf(id, ": ") + error.message,
            exitCodeOf(error) ?? exitCodes.failed,
          );
        }
      }
      printRooms(found);
      const failed = found.filter(({ error }) => error);
      const waitMs = nextWait(
        intervalMs,
        failed.map(({ error }) => error as RoomsError),
      ) ?? intervalMs;
      const asked = waitMs > intervalMs ? ", as the provider asks" : "";
      const again = `again in ${seconds(waitMs)}${asked}`;
      if (failed.length > 0) {
        printTrouble(
          failed.map(({ id, error }) =>
            `${nameOf(id, ": ")}${messageOf(error as RoomsError)}; ${again}`
          ),
        );
      } else if (drawing) {
        printStatus(
          `Looked up at ${clock()}, every ${seconds(intervalMs)}; ` +
            "Ctrl+C ends it",
        );
      }
      await context.sleep(waitMs, context.stop);
    }
  } finally {
    end();
  }
}
