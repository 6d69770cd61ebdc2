import {
  type Download,
  downloadComposition,
  type DownloadOptions,
  downloadRecording,
} from "../client/download.ts";
import { allRecordings } from "../client/recordings.ts";
import type { CallOptions } from "../core/call_options.ts";
import { getCompositionOperation } from "../core/compositions.ts";
import { getRecordingOperation } from "../core/recordings.ts";
import { toRequest } from "../core/request.ts";
import { callOptions, printWaits, readToken, toJson } from "./calling.ts";
import type { Context } from "./context.ts";
import { CommandError, printError, usageError } from "./failure.ts";
import { exitCodes } from "./manual.ts";
import { parse } from "./parse.ts";
import { bytesText, progressBar } from "./progress.ts";
import { exists, saveFile } from "./save_file.ts";
import { printable } from "./text.ts";

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
export async function checkFree(file: string): Promise<void> {
  if (await exists(file)) {
    throw new CommandError(
      printable(`${file} exists: move it away, or name another file`),
      exitCodes.failed,
    );
  }
}

/** Saves one file, with a bar on a terminal. */
export async function save(
  { id, file, start }: Job,
  opts: CallOptions,
  context: Context,
): Promise<Saved> {
  await checkFree(file);
  const bar = progressBar(printable(file), context);
  try {
    const begin = (part: { offset?: number; etag?: string }) =>
      start({ ...opts, ...part });
    return { id, file, bytes: await saveFile(file, begin, bar.draw) };
  } finally {
    bar.clear();
  }
}

/** Prints what was saved: a line each, or JSON. */
export function printSaved(
  saved: Saved[],
  asJson: boolean,
  { stdout }: Context,
): void {
  if (asJson) return void stdout.write(toJson(saved));
  for (const { file, bytes } of saved) {
    stdout.write(`${printable(file)}  ${bytesText(bytes)}\n`);
  }
}

/** The name of a recording's file: its id, and what the fake and Telnyx make. */
const recordingFile = (dir: string, id: string) => `${dir}/${id}.webm`;

/** The ids of the recordings of a session that can be downloaded. */
async function readyRecordings(
  token: string,
  sessionId: string,
  calling: CallOptions,
  { fetch }: Context,
): Promise<string[]> {
  const ids: string[] = [];
  const opts = { ...calling, sessionId, status: "completed" as const };
  for await (const { id } of allRecordings(fetch, token, opts)) ids.push(id);
  // They become names of files, and the server could say anything
  checkIdsOf(ids, {}, calling);
  return ids;
}

/** Throws if an id is no UUID, before a missing key is reported. */
function checkIdsOf(
  recordings: string[],
  { composition, session }: { composition?: string; session?: string },
  calling: CallOptions,
): void {
  for (const id of recordings) {
    toRequest(getRecordingOperation, "any", { id }, calling);
  }
  for (const id of [composition, session]) {
    if (id === undefined) continue;
    toRequest(getCompositionOperation, "any", { id }, calling);
  }
}

/** `telnyx-rooms download`: saves files, and resumes what an earlier run left. */
export async function download(
  args: string[],
  context: Context,
): Promise<void> {
  const { values, positionals } = parse("download", args);
  const { composition, session, output, dir = "." } = values;
  const ways = [
    positionals.length > 0,
    composition !== undefined,
    session !== undefined,
  ];
  if (ways.filter(Boolean).length !== 1) {
    throw usageError(
      "download needs ids of recordings, --session or --composition",
    );
  }
  if (
    output !== undefined && (session !== undefined || positionals.length > 1)
  ) {
    throw usageError("--output is for a single file: use --dir");
  }
  const calling = callOptions(values, context);
  checkIdsOf(positionals, {
    ...composition && { composition },
    ...session && { session },
  }, calling);
  const token = await readToken(values, context);
  const opts = { ...calling, onAttempt: printWaits(context) };
  const { fetch } = context;
  const jobs: Job[] = [];
  if (composition !== undefined) {
    jobs.push({
      id: composition,
      file: output ?? `${dir}/${composition}.mp4`,
      start: (opts) => downloadComposition(fetch, token, composition, opts),
    });
  }
  const ids = session === undefined
    ? positionals
    : await readyRecordings(token, session, opts, context);
  for (const id of ids) {
    jobs.push({
      id,
      file: output ?? recordingFile(dir, id),
      start: (opts) => downloadRecording(fetch, token, id, opts),
    });
  }
  const saved: Saved[] = [];
  try {
    for (const job of jobs) {
      // A second run gets what the first one, which was interrupted, did not
      if (jobs.length > 1 && await exists(job.file)) {
        printError(printable(`${job.file} exists, and is kept`), context);
      } else {
        saved.push(await save(job, opts, context));
      }
    }
  } finally {
    // What is complete stays, whatever became of the next one
    if (saved.length > 0 || values.json) {
      printSaved(saved, Boolean(values.json), context);
    }
  }
  if (jobs.length === 0 && !values.json) context.stdout.write("None\n");
}
