// The commands that call an operation of the API: what it is called with, its
// checks and its request come from the operation.
import { call } from "../client/call.ts";
import { defaultConcurrency } from "../client/get_rooms.ts";
import { pageSizeFor, paginatePages } from "../client/paginate.ts";
import { ApiError, RoomsError } from "../core/errors.ts";
import {
  type CallingValues,
  printWaits,
  readApiKey,
  toCallOptions,
} from "./calling.ts";
import type { Command, Context, Given, Values } from "./command.ts";
import { curlOf, curlOption, roomIdForCurl } from "./curl.ts";
import { checkCanAsk, confirm, type Target } from "./destroy.ts";
import {
  CommandError,
  exitCodeOf,
  exitCodes,
  isOfOne,
  messageOf,
  printError,
} from "./failure.ts";
import { limitOf, type listOptions, printList } from "./list.ts";
import {
  type Arguments,
  chooseUse,
  lookUpRooms,
  type OptionValues,
  toArguments,
  toIds,
  type Use,
} from "./operation_arguments.ts";
import { withStdin } from "./parse.ts";
import { roomIdOf } from "./room_names.ts";
import { printable } from "./text.ts";
import { toJson, toViewOptions } from "./view.ts";

/** A command that calls operations; the first that fits is called. */
export interface OperationCommand extends Command {
  uses: readonly Use[];
}

/** Declares a command that calls operations. */
export function operationCommand(
  declared: Omit<OperationCommand, "run">,
): OperationCommand {
  return {
    ...declared,
    options: { ...declared.options, ...curlOption },
    run: (given, context) => carryOut(declared, given, context),
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
    context.stdout.write(
      values.json
        ? toJson(records)
        : `Would ${destroys.verb.toLowerCase()} ${text}\n`,
    );
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

/** Calls an operation for each id; returns the exit code of the first failure. */
async function callEach(
  use: Use,
  { calls, opts, payload }: Arguments,
  apiKey: string,
  asJson: boolean,
  context: Context,
): Promise<number> {
  const { stdout, fetch } = context;
  const { operation, show, showPiped } = use;
  const results: unknown[] = [];
  let exitCode: number = exitCodes.done;
  for (const words of calls) {
    const ids = toIds(operation, words);
    try {
      const body = await call(fetch, apiKey, operation, { ids, payload }, opts);
      results.push(body?.data ?? null);
      if (asJson) continue;
      const text = !stdout.isTTY && showPiped
        ? showPiped(body?.data)
        : show?.(body?.data, toViewOptions(context)) ?? "";
      const isFirst = results.length === 1;
      const before = use.destroys ? `${words[0]}  ` : isFirst ? "" : "\n";
      stdout.write(calls.length > 1 ? before + text : text);
    } catch (thrown) {
      const error = withHint(thrown, use);
      if (calls.length === 1 || !isOfOne(error, context)) throw error;
      const message = messageOf(error);
      printError(printable(`${words[0]}: ${message}`), context);
      const reason = thrown instanceof RoomsError ? { code: thrown.code } : {};
      results.push({ id: words[0], error: { ...reason, message } });
      exitCode ||= exitCodeOf(error) ?? exitCodes.failed;
    }
  }
  if (asJson) stdout.write(toJson(calls.length > 1 ? results : results[0]));
  return exitCode;
}

/** Prints the request of each call. */
async function printCurl(
  { operation }: Use,
  { calls, opts, payload }: Arguments,
  { stdout }: Context,
): Promise<number> {
  for (const words of calls) {
    const call = { ids: toIds(operation, words), payload };
    await stdout.write(curlOf(operation, call, opts));
  }
  return exitCodes.done;
}

/** Runs a command that calls an operation of the API. */
async function carryOut(
  command: Pick<OperationCommand, "uses" | "args" | "options">,
  commandLine: Given,
  context: Context,
): Promise<number> {
  const { values, positionals } = commandLine;
  const { options: manual } = command;
  const words = await withStdin(positionals, context);
  const use = chooseUse(command, commandLine, words);
  const { columns, keeps = {}, operation } = use;
  const callingValues: CallingValues = values;
  const calling = toCallOptions(callingValues, context);
  // A wrong argument is reported before a missing key
  const given = await toArguments(use, manual, values, words, context);
  const limit = columns
    ? limitOf(values as Values<typeof listOptions>, context.stdout)
    : Infinity;
  const [keep] = Object.keys(keeps).filter((flag) => values[flag])
    .map((flag) => keeps[flag]);
  // What is left out by a flag is not counted
  const most = keep ? Infinity : limit;
  if (values.curl) {
    const find = (word: string) =>
      roomIdForCurl(word, callingValues, calling, context);
    const found = await lookUpRooms(use, manual, values, given, find);
    const page = columns && { pageNumber: 1, pageSize: pageSizeFor(most) };
    const opts = { ...found.opts, ...calling, ...page };
    return await printCurl(use, { ...found, opts }, context);
  }
  const apiKey = await readApiKey(callingValues, context);
  const isAsked = use.destroys && !values.yes && !values["dry-run"];
  if (isAsked) checkCanAsk(context);

  const find = (word: string) => roomIdOf(word, apiKey, calling, context);
  const found = await lookUpRooms(use, manual, values, given, find);
  const { opts, payload } = found;
  const ids = found.calls.flat();
  const target: Target = { ids, opts, payload, apiKey, calling, context };
  if (!await isToBeDone(use, values, target)) return exitCodes.done;
  const all = { ...opts, ...calling, onAttempt: printWaits(context) };
  const json = values.json === true;
  if (!columns) {
    return await callEach(use, { ...found, opts: all }, apiKey, json, context);
  }
  const pages = paginatePages(context.fetch, apiKey, operation, {
    ...all,
    ...limit === Infinity && { concurrency: defaultConcurrency },
    ...most < Infinity && { limit: most },
  });
  await printList({ pages, columns, keep, limit, json }, context);
  return exitCodes.done;
}

/** The operations that a command can call. */
export function usesOf(command: Command): readonly Use[] {
  return "uses" in command ? (command as OperationCommand).uses : [];
}
