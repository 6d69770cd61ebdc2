// The commands that save recordings and compositions as files.
import { mkdir } from "node:fs/promises";
import { createComposition } from "../client/compositions.ts";
import {
  type Download,
  downloadComposition,
  type DownloadOptions,
  downloadRecording,
} from "../client/download.ts";
import { allRecordings } from "../client/recordings.ts";
import { waitForComposition } from "../client/wait_for_composition.ts";
import { checkArgument, uuid } from "../core/arguments.ts";
import type { CallOptions } from "../core/call_options.ts";
import {
  createCompositionOperation,
  type RoomComposition,
} from "../core/compositions.ts";
import { toRequest } from "../core/request.ts";
import { wholeMeeting } from "../core/whole_meeting.ts";
import { callingOptions, readApiKey, toCallOptions } from "./calling.ts";
import { command, type Context, sessionId, type Values } from "./command.ts";
import { curlOf, curlOption } from "./curl.ts";
import {
  CommandError,
  exitCodeOf,
  exitCodes,
  isOfOne,
  messageOf,
  printError,
  usageError,
} from "./failure.ts";
import { withStdin } from "./parse.ts";
import { progressBar } from "./progress.ts";
import { compositionView } from "./recordings.ts";
import { distinct } from "./room_names.ts";
import { exists, saveFile, withFiles } from "./files.ts";
import { printable, writeLine } from "./text.ts";
import { bytesText, toJson, toViewOptions } from "./view.ts";

/** A file that is saved: what for, where, and from what. */
interface Job {
  id: string;
  file: string;
  start(opts: DownloadOptions): Promise<Download<unknown>>;
}

/** What is printed of a file that was saved. */
interface Saved {
  id: string;
  file: string;
  bytes: number;
}

/** Throws if there is a file with this name: none is replaced. */
async function checkFree(file: string): Promise<void> {
  if (await exists(file)) {
    throw new CommandError(
      `${file} exists: move it away, or name another file`,
      exitCodes.failed,
    );
  }
}

/** Saves one file, with a bar on a terminal. */
async function save(
  { id, file, start }: Job,
  opts: CallOptions,
  context: Context,
): Promise<Saved> {
  await checkFree(file);
  const bar = progressBar(file, context);
  try {
    const begin = (part: { offset?: number; etag?: string }) =>
      start({ ...opts, ...part });
    return { id, file, bytes: await saveFile(file, begin, bar.draw) };
  } finally {
    bar.clear();
  }
}

/** Prints what was saved: a line each, or JSON. */
function printSaved(
  saved: Saved[],
  asJson: boolean,
  { stdout }: Context,
): void {
  if (asJson) return void stdout.write(toJson(saved));
  for (const { file, bytes } of saved) {
    stdout.write(`${printable(file)}  ${bytesText(bytes)}\n`);
  }
}

const options = {
  session: { value: "ID", about: "every recording of this session" },
  composition: { value: "ID", about: "this composition" },
  dir: {
    value: "DIR",
    default: ".",
    about: "the folder for the files, which is made",
  },
  output: {
    value: "FILE",
    short: "o",
    file: true,
    about: "the name of a single file",
  },
  ...callingOptions,
} as const;

/** Throws unless it is told in one way what to save. */
function checkWays(
  { session, composition, output }: Values<typeof options>,
  recordings: readonly string[],
): void {
  const ways = [
    recordings.length > 0,
    composition !== undefined,
    session !== undefined,
  ];
  if (ways.filter(Boolean).length !== 1) {
    throw usageError(
      "download needs ids of recordings, --session or --composition",
    );
  }
  const isSingle = session === undefined && recordings.length < 2;
  if (output !== undefined && !isSingle) {
    throw usageError("--output is for a single file: use --dir");
  }
}

/** Throws if an id is no UUID: it becomes the name of a file, too. */
function checkIds(ids: readonly (string | undefined)[]): void {
  for (const id of ids) {
    if (id !== undefined) checkArgument("id", uuid, id);
  }
}

/** The ids of the recordings of a session that can be downloaded. */
async function readyRecordings(
  apiKey: string,
  sessionId: string,
  calling: CallOptions,
  { fetch }: Context,
): Promise<string[]> {
  const ids: string[] = [];
  const opts = { ...calling, sessionId, status: "completed" as const };
  for await (const { id } of allRecordings(fetch, apiKey, opts)) ids.push(id);
  checkIds(ids); // the server could say anything
  return ids;
}

/** Saves files, whatever becomes of one; returns the first failure's exit code. */
async function saveAll(
  jobs: readonly Job[],
  opts: CallOptions,
  asJson: boolean,
  context: Context,
): Promise<number> {
  const saved: Saved[] = [];
  let exitCode: number = exitCodes.done;
  try {
    for (const job of jobs) {
      try {
        // A second run gets what the first one, which was interrupted, did not
        if (jobs.length > 1 && await exists(job.file)) {
          printError(`${job.file} exists, and is kept`, context);
        } else {
          saved.push(await save(job, opts, context));
        }
      } catch (error) {
        if (jobs.length === 1 || !isOfOne(error, context)) throw error;
        printError(`${job.id}: ${messageOf(error)}`, context);
        exitCode ||= exitCodeOf(error) ?? exitCodes.failed;
      }
    }
  } finally {
    // What is complete stays, whatever became of the next one
    if (saved.length > 0 || asJson) printSaved(saved, asJson, context);
  }
  if (jobs.length === 0 && !asJson) context.stdout.write("None\n");
  return exitCode;
}

export const download = command({
  args: "[<recording>...]",
  about: "save recordings or a composition as files",
  more: [
    "A file is named after its id, or by --output. Until it is complete, it is " +
    "called FILE.part; when the command runs again, it goes on where that ends.",
    "A file that exists is never replaced: of several, it is kept and skipped; a " +
    "single one is an error. If one of several fails, the others are saved, and " +
    "the exit code is that of the first failure.",
  ],
  options,
  examples: [
    [
      `telnyx-rooms download --session ${sessionId}`,
      "save every recording of a session",
    ],
  ],
  async run({ values, positionals }, context) {
    const { composition, session, output, dir = options.dir.default } = values;
    const recordings = distinct(await withStdin(positionals, context));
    checkWays(values, recordings);
    const calling = toCallOptions(values, context);
    checkIds([...recordings, composition, session]);
    const apiKey = await readApiKey(values, context);
    const ids = composition !== undefined
      ? [composition]
      : session === undefined
      ? recordings
      : await readyRecordings(apiKey, session, calling, context);
    const [start, type] = composition === undefined
      ? [downloadRecording, "webm"]
      : [downloadComposition, "mp4"];
    const jobs = ids.map((id): Job => ({
      id,
      file: output ?? `${dir}/${id}.${type}`,
      start: (opts) => start(context.fetch, apiKey, id, opts),
    }));
    if (output === undefined && jobs.length > 0) {
      await withFiles(() => mkdir(dir, { recursive: true }));
    }
    return await saveAll(jobs, calling, values.json ?? false, context);
  },
});

/** How long a composition may take, in milliseconds. */
const maxWaitMs = 3_600_000;

export const compose = command({
  args: "<session>",
  about: "order a session as one file: everyone, with sound",
  more: [
    "Telnyx makes the file from the recordings of the session, so they have to " +
    "be completed. --output waits, and saves it.",
  ],
  options: {
    wait: { about: "wait until the file can be downloaded" },
    output: {
      value: "FILE",
      short: "o",
      file: true,
      about: "wait, and save it as this file",
    },
    ...callingOptions,
    ...curlOption,
  },
  examples: [
    [
      `telnyx-rooms compose ${sessionId} -o meeting.mp4`,
      "save a meeting as one MP4",
    ],
  ],
  async run({ values, positionals: [session] }, context) {
    if (session === undefined) throw usageError("compose takes <session>");
    const { output, wait, json } = values;
    const calling = toCallOptions(values, context);
    const composition = { ...wholeMeeting, session_id: session };
    toRequest(createCompositionOperation, "any", {}, calling, composition);
    if (values.curl) {
      if (wait || output !== undefined) {
        throw usageError("--curl prints one request: leave out --wait and -o");
      }
      const call = { ids: {}, payload: composition };
      const line = curlOf(createCompositionOperation, call, calling);
      return void await context.stdout.write(line);
    }
    const apiKey = await readApiKey(values, context);
    const { fetch, stderr, stdout } = context;

    if (output !== undefined) await checkFree(output);
    const ordered = await createComposition(
      fetch,
      apiKey,
      composition,
      calling,
    );
    const show = (record: RoomComposition) => {
      const text = json
        ? toJson(record)
        : compositionView(record, toViewOptions(context));
      stdout.write(text);
    };
    if (!wait && output === undefined) return show(ordered);

    if (stderr.isTTY) {
      const waiting = `Composing ${ordered.id}`;
      writeLine(`${waiting}; Ctrl+C stops waiting`, stderr);
    }
    const ready = await waitForComposition(fetch, apiKey, ordered.id, {
      ...calling,
      timeoutMs: maxWaitMs,
    });
    if (output === undefined) return show(ready);
    const job = {
      id: ready.id,
      file: output,
      start: (opts: object) =>
        downloadComposition(fetch, apiKey, ready.id, opts),
    };
    printSaved([await save(job, calling, context)], Boolean(json), context);
  },
});
