// The commands that call an operation of the API: what it is called with, its
// checks and its request come from the operation.
import { call } from "../client/call.ts";
import { defaultConcurrency } from "../client/get_rooms.ts";
import { lookAhead, shareRateLimit } from "../client/look_ahead.ts";
import { pageSizeFor, paginatePages } from "../client/paginate.ts";
import type { CallOptions } from "../core/call_options.ts";
import { ApiError, RoomsError } from "../core/errors.ts";
import {
  callingOptions,
  type CallingValues,
  readApiKey,
  toCallOptions,
} from "./calling.ts";
import type { Command, Context, Given, Values } from "./command.ts";
import { curlOf, curlOption } from "./curl.ts";
import {
  checkCanAsk,
  confirm,
  destroyOptions,
  type Target,
} from "./destroy.ts";
import {
  CommandError,
  exitCodeOf,
  exitCodes,
  isOfOne,
  messageOf,
  printError,
} from "./failure.ts";
import { limitOf, listOptions, printList } from "./list.ts";
import {
  callsOf,
  chooseUse,
  findRoomOptions,
  isOfRoom,
  type OptionValues,
  toArguments,
  toIds,
  type Use,
} from "./operation_arguments.ts";
import { withStdin } from "./parse.ts";
import { statusLine } from "./progress.ts";
import { distinct, type FindRoom, isId, roomIdOf } from "./room_names.ts";
import { writeLine } from "./text.ts";
import { waitText } from "./time.ts";
import { toJson, toViewOptions } from "./view.ts";

/** A command that calls operations; the first that fits is called. */
export interface OperationCommand extends Command {
  uses: readonly Use[];
}

/** Declares a command that calls operations, with the options that all have. */
export function operationCommand(
  declared: Omit<OperationCommand, "run">,
): OperationCommand {
  const { uses, options } = declared;
  const command = {
    ...declared,
    options: {
      ...options,
      ...uses.some(({ destroys }) => destroys) && destroyOptions,
      ...uses.some(({ columns }) => columns) && listOptions,
      ...callingOptions,
      ...curlOption,
    },
  };
  return {
    ...command,
    run: (given, context) => carryOut(command, given, context),
  };
}

/** Says what would be done, or asks whether to do it; resolves if it is to be. */
async function isToBeDone(
  { destroys }: Use,
  values: OptionValues,
  target: Target,
): Promise<boolean> {
  const { context, ids } = target;
  const isDry = values["dry-run"] === true;
  if (!destroys || (values.yes && !isDry)) return true;
  const { text, records } = await destroys.describe(target);
  if (isDry) {
    const { stdout } = context;
    if (values.json) stdout.write(toJson(records));
    else writeLine(`Would ${destroys.verb.toLowerCase()} ${text}`, stdout);
    return false;
  }
  if (ids.length === 0 && records.length === 0) {
    context.stdout.write("None\n");
    return false;
  }
  await confirm(`${destroys.verb} ${text}?`, context);
  return true;
}

/** The error, with what it probably means. */
function withHint(error: unknown, { hint }: Use): unknown {
  const isUnexplained = error instanceof ApiError && error.status === 422 &&
    !error.details.some(({ source }) => source);
  if (!hint || !isUnexplained) return error;
  return new CommandError(`${messageOf(error)}; ${hint}`, exitCodes.failed);
}

/** How the outcomes of calls are printed. */
interface Manner {
  /** Whether several were given: a failure of one does not stop the others. */
  isSeveral: boolean;
  asJson: boolean;
}

/** Prints what becomes of calls, and in the end what they have in common. */
function outcomePrinter(
  { destroys, show, showPiped }: Use,
  { isSeveral, asJson }: Manner,
  context: Context,
) {
  const { stdout } = context;
  const records: unknown[] = [];
  const seen = new Set<string>();
  let exitCode: number = exitCodes.done;
  return {
    print(id: string, data: unknown): void {
      // A room may be given by its name and by its id
      if (seen.has(id.toLowerCase())) return;
      const before = destroys ? `${id}  ` : seen.size > 0 ? "\n" : "";
      seen.add(id.toLowerCase());
      records.push(data ?? null);
      if (asJson) return;
      const text = !stdout.isTTY && showPiped
        ? showPiped(data)
        : show?.(data, toViewOptions(context)) ?? "";
      stdout.write(isSeveral ? before + text : text);
    },
    /** Prints a failure, and keeps it by what was asked for. */
    printFailure(
      asked: { id: string } | { unique_name: string },
      error: Error,
      code: string,
    ): void {
      const message = messageOf(error);
      const which = "id" in asked ? `${asked.id}: ` : "";
      printError(which + message, context);
      records.push({ ...asked, error: { code, message } });
      exitCode ||= exitCodeOf(error) ?? exitCodes.failed;
    },
    /** Returns the exit code of the first failure. */
    end(): number {
      if (asJson) stdout.write(toJson(isSeveral ? records : records[0]));
      return exitCode;
    },
  };
}

/**
 * Calls an operation for each id, and prints what becomes of it, in order. Look-ups
 * are a few at a time and wait for a rate limit together; all else is one by one.
 */
async function callEach(
  use: Use,
  { ids, opts, payload, apiKey, calling, context }: Target,
  manner: Manner,
  find: FindRoom,
): Promise<number> {
  const { operation, destroys } = use;
  const { timeoutMs, signal: stop } = calling;
  const isLookUp = manner.isSeveral && !destroys;
  const status = statusLine(context);
  let done = 0;
  function showProgress(more = ""): void {
    if (!isLookUp) return;
    const what = operation.path.replace(/^\/(room_)?(\w+).*/, "$2");
    status.show(`${done} of ${ids.length} ${what}${more}`);
  }
  const sendTogether = shareRateLimit(({ status, waitMs }) => {
    if (status !== 429 || waitMs === undefined) return;
    showProgress(`; rate limited, continuing in ${waitText(waitMs)}`);
  });
  const { print, printFailure, end } = outcomePrinter(use, manner, context);
  /** Returns what prints the outcome. */
  async function callOne(word: string, signal: AbortSignal) {
    let id: string | undefined;
    try {
      const found = isOfRoom(operation) ? await find(word) : word;
      id = found;
      const sent = { ids: toIds(operation, found), payload };
      const send = (own: CallOptions) =>
        call(context.fetch, apiKey, operation, sent, {
          ...opts,
          ...calling,
          ...own,
        });
      const body = isLookUp
        ? await sendTogether(send, { timeoutMs, signal, isRetried: true })
        : await send({});
      return () => print(found, body?.data);
    } catch (thrown) {
      const error = withHint(thrown, use);
      if (!manner.isSeveral || !isOfOne(error, context)) throw error;
      const asked = id === undefined ? { unique_name: word } : { id };
      const code = thrown instanceof RoomsError ? thrown.code : "not_found";
      return () => printFailure(asked, error, code);
    }
  }
  const concurrency = isLookUp ? defaultConcurrency : 1;
  const ahead = { concurrency, signal: stop };
  try {
    showProgress();
    for await (const printOutcome of lookAhead(callsOf(ids), callOne, ahead)) {
      status.clear();
      printOutcome();
      done++;
      showProgress();
    }
  } finally {
    status.clear();
  }
  return end();
}

/** What is kept of a list, and how many of its records are asked for. */
function toChoice(
  { keeps = {} }: Use,
  values: OptionValues,
  { stdout }: Context,
) {
  const limit = limitOf(values as Values<typeof listOptions>, stdout);
  const keep = Object.entries(keeps).find(([flag]) => values[flag])?.[1];
  // What is left out by a flag is not counted
  return { limit, keep, asked: keep ? Infinity : limit };
}

/** Checks the arguments, finds the rooms that are named, and calls the operation. */
async function carryOut(
  command: Pick<OperationCommand, "uses" | "args" | "options">,
  { positionals: words, ...rest }: Given,
  context: Context,
): Promise<number> {
  const given = { ...rest, positionals: await withStdin(words, context) };
  const { values } = given;
  const { options: manual } = command;
  const use = chooseUse(command, given);
  const { columns, operation } = use;
  const callingValues: CallingValues = values;
  const calling = toCallOptions(callingValues, context);
  // A wrong argument is reported before a missing key
  const checked = await toArguments(use, manual, given, context);
  const choice = toChoice(use, values, context);

  let key: Promise<string> | undefined;
  const keyOf = () => key ??= readApiKey(callingValues, context);
  // A request that is only printed needs no key, but for the name of a room
  const apiKey = values.curl ? "" : await keyOf();
  const isAsked = use.destroys && !values.yes && !values["dry-run"];
  if (isAsked && !values.curl) checkCanAsk(context);
  const find: FindRoom = async (word) =>
    isId(word) ? word : await roomIdOf(word, await keyOf(), calling, context);
  const opts = await findRoomOptions(checked.opts, manual, values, find);
  const isSeveral = use.many === true && (words.length > 1 || words[0] === "-");
  let { ids, payload } = checked;
  // Several look-ups find their rooms by themselves
  if (isOfRoom(operation) && (values.curl || use.destroys || !isSeveral)) {
    ids = [];
    for (const word of checked.ids) ids.push(await find(word));
    ids = distinct(ids);
  }
  if (values.curl) {
    const pageSize = pageSizeFor(choice.asked);
    const page = columns && { pageNumber: 1, pageSize };
    for (const id of callsOf(ids)) {
      const sent = { ids: toIds(operation, id), payload };
      const all = { ...opts, ...calling, ...page };
      await context.stdout.write(curlOf(operation, sent, all));
    }
    return exitCodes.done;
  }
  const target: Target = { ids, opts, payload, apiKey, calling, context };
  if (!await isToBeDone(use, values, target)) return exitCodes.done;
  const asJson = values.json === true;
  if (!columns) return await callEach(use, target, { isSeveral, asJson }, find);
  const pages = paginatePages(context.fetch, apiKey, operation, {
    ...opts,
    ...calling,
    ...choice.limit === Infinity && { concurrency: defaultConcurrency },
    ...choice.asked < Infinity && { limit: choice.asked },
  });
  await printList({ pages, columns, ...choice, json: asJson }, context);
  return exitCodes.done;
}

/** The operations that a command can call. */
export function usesOf(command: Command): readonly Use[] {
  return "uses" in command ? (command as OperationCommand).uses : [];
}
