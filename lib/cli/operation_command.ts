// The commands that call an operation of the API: what it is called with, its
// checks and its request come from the operation.
import { call } from "../client/call.ts";
import { defaultConcurrency } from "../client/get_rooms.ts";
import { pageSizeFor, paginatePages } from "../client/paginate.ts";
import { ApiError, InvalidArgumentError } from "../core/errors.ts";
import type { Operation } from "../core/operation.ts";
import { idNames } from "../core/path.ts";
import { toRequest } from "../core/request.ts";
import {
  type Calling,
  callOptions,
  printWaits,
  readApiKey,
} from "./calling.ts";
import {
  type Command,
  type Context,
  type Given,
  type Option,
  type Options,
  wordsOf,
} from "./command.ts";
import {
  curlOf,
  curlOption,
  hiddenRefreshToken,
  roomIdForCurl,
} from "./curl.ts";
import {
  checkCanAsk,
  confirm,
  type Described,
  type Target,
} from "./destroy.ts";
import {
  CommandError,
  exitCodeOf,
  exitCodes,
  messageOf,
  printError,
  usageError,
} from "./failure.ts";
import { limitOf, type listOptions, printList } from "./list.ts";
import { withStdin } from "./parse.ts";
import { distinct, idForChecks, roomIdOf } from "./room_names.ts";
import type { Column } from "./table.ts";
import { oneOf, printable } from "./text.ts";
import { toJson, toViewOptions, type ViewOptions } from "./view.ts";

/** One of the operations that a command can call. */
export interface Use {
  /** Its ids are the first arguments of the command. */
  operation: Operation;
  /** The option that selects this operation. */
  flag?: string;
  /** Options that are always set. */
  opts?: Record<string, unknown>;
  /** Where the payload comes from, if not from options. */
  payload?: "arguments" | "stdin";
  /** Whether it can be given several ids, and is called for each. */
  many?: true;
  /** What it does that cannot be undone, such as "Delete", and to what. */
  destroys?: {
    verb: string;
    describe(target: Target): Promise<Described>;
  };
  /** What a 422 without a reason means. */
  hint?: string;
  /** The columns of a list. */
  // deno-lint-ignore no-explicit-any
  columns?: readonly Column<any>[];
  /** The flags that keep only some records of a list. */
  // deno-lint-ignore no-explicit-any
  keeps?: Record<string, (record: any) => boolean>;
  /** The result as text. */
  // deno-lint-ignore no-explicit-any
  show?(result: any, options: ViewOptions): string;
  /** The result as text where it is not read by people, but by a program. */
  // deno-lint-ignore no-explicit-any
  showPiped?(result: any): string;
}

/** A command that calls operations; the first that fits is called. */
export interface OperationCommand extends Command {
  uses: readonly Use[];
}

/** The values of a command's options, by their names. */
type OptionValues = Given["values"];

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

/** The operation that the arguments and flags of a command select. */
function chooseUse(
  { uses, args }: Pick<OperationCommand, "uses" | "args">,
  { name, values }: Given,
  count: number,
): Use {
  const selected = uses.find(({ flag = "" }) => values[flag])?.flag;
  const use = uses.find(({ operation, flag, payload, many }) => {
    const ids = idNames(operation.path).length;
    const isMore = payload === "arguments" ? count > ids : many && count > ids;
    return flag === selected &&
      (isMore || (count === ids && payload !== "arguments"));
  });
  if (use) return use;
  if (!args) throw usageError("Too many arguments");
  throw usageError(
    selected
      ? `${name} --${selected} takes ${args.replace(/[[\]]/g, "")}`
      : `${name} takes ${args}`,
  );
}

/** The value that the text of an option stands for. */
function parseValue(
  flag: string,
  { value, parse, room }: Option,
  text: OptionValues[string],
) {
  if (typeof text !== "string") return text;
  const words = wordsOf(value);
  if (words.length > 0 && !words.includes(text)) {
    throw usageError(`${flag} must be ${oneOf(words)}`);
  }
  return parse ? parse(text) : room ? idForChecks(text) : text;
}

/** Splits the values into options of the operation and fields of its payload. */
function toFields(
  { operation: { options = {}, body }, columns, keeps = {} }: Use,
  manual: Options,
  values: OptionValues,
) {
  const opts: Record<string, unknown> = {};
  const fields: Record<string, unknown> = {};
  const own: readonly string[] = columns
    ? ["limit", "all", ...Object.keys(keeps)]
    : [];
  for (const [name, option] of Object.entries(manual)) {
    const text = values[name];
    if (text === undefined || own.includes(name)) continue;
    const isForLists = ["limit", "all", "active"].includes(name);
    if (!option.sets && !isForLists) continue;
    const [field = "", bound] = (option.sets ?? "").split(".");
    const isOption = Object.hasOwn(options, field);
    if (!isOption && (!field || !body?.decoder || body.field)) {
      throw usageError(`--${name} cannot be used with the other arguments`);
    }
    const value = parseValue(`--${name}`, option, text);
    const target = isOption ? opts : fields;
    target[field] = bound
      ? { ...target[field] as object, [bound]: value }
      : value;
  }
  return { opts, fields };
}

/** Names a wrong argument by the flag that set it. */
function withFlag(error: unknown, manual: Options): unknown {
  if (!(error instanceof InvalidArgumentError)) return error;
  const { argument, message } = error;
  const [name] =
    Object.entries(manual).find(([, { sets }]) =>
      sets && `.${argument}.`.includes(`.${sets}.`)
    ) ?? [];
  return name
    ? usageError(message.replace(`'${argument}'`, `--${name}`))
    : error;
}

async function readPayload(
  { payload }: Use,
  args: string[],
  { curl }: OptionValues,
  { stdin }: Context,
): Promise<unknown> {
  if (payload === "arguments") {
    return args.length === 1 && args[0] === "all" ? "all" : args;
  }
  if (curl) return hiddenRefreshToken;
  if (stdin.isTTY) throw usageError("Pipe the refresh token into stdin");
  return (await stdin.readLine()).trim();
}

/** What an operation is called with. */
interface Arguments {
  /** What the ids are, or the names of rooms: for each call, a list. */
  calls: string[][];
  opts: Record<string, unknown>;
  payload: unknown;
}

const isOfRoom = ({ path }: Operation) => path.startsWith("/rooms/{");

/** The ids of a call by their names in the path. */
function toIds({ path }: Operation, words: readonly string[]) {
  return Object.fromEntries(
    idNames(path).map((name, i) => [name, words[i] ?? ""]),
  );
}

/** The arguments of the operation; throws if one is wrong. */
async function toArguments(
  use: Use,
  manual: Options,
  values: OptionValues,
  words: string[],
  context: Context,
): Promise<Arguments> {
  const { operation, many } = use;
  const count = idNames(operation.path).length;
  const calls = many
    ? distinct(words).map((word) => [word])
    : [words.slice(0, count)];
  const { opts, fields } = toFields(use, manual, values);
  const payload = use.payload
    ? await readPayload(use, words.slice(count), values, context)
    : fields;
  Object.assign(opts, use.opts);
  if (operation.needsFilter && Object.keys(opts).length === 0) {
    throw usageError(`--${use.flag} needs an id, or options to match`);
  }
  for (const [i, words] of calls.entries()) {
    const ids = isOfRoom(operation) ? words.map(idForChecks) : words;
    try {
      toRequest(operation, "any", toIds(operation, ids), opts, payload);
    } catch (error) {
      const named = withFlag(error, manual);
      if (calls.length === 1 || !(named instanceof InvalidArgumentError)) {
        throw named;
      }
      throw usageError(`${named.message} (id ${i + 1} of ${calls.length})`);
    }
  }
  return { calls, opts, payload };
}

/** Replaces the names of rooms by their ids. */
async function lookUpRooms(
  { operation }: Use,
  manual: Options,
  values: OptionValues,
  { calls, opts, payload }: Arguments,
  find: (word: string) => Promise<string>,
): Promise<Arguments> {
  const found = { ...opts };
  for (const [name, { room, sets }] of Object.entries(manual)) {
    const word = values[name];
    if (room && sets && typeof word === "string") {
      found[sets] = await find(word);
    }
  }
  if (!isOfRoom(operation)) return { calls, opts: found, payload };
  const ids: string[][] = [];
  for (const [word = ""] of calls) ids.push([await find(word)]);
  return { calls: ids, opts: found, payload };
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
      const code = exitCodeOf(error);
      // A key that is refused is refused for all
      const isFatal = calls.length === 1 || code === undefined ||
        code === exitCodes.apiKey || context.stop.aborted;
      if (isFatal || !(error instanceof Error)) throw error;
      const message = messageOf(error);
      printError(printable(`${words[0]}: ${message}`), context);
      results.push({ id: words[0], error: { message } });
      exitCode ||= code;
    }
  }
  if (asJson) stdout.write(toJson(calls.length > 1 ? results : results[0]));
  return exitCode;
}

/** Prints the request of each call; sends nothing but to find a room by its name. */
async function printCurl(
  { use, given, calling, limit }: {
    use: Use;
    given: Arguments;
    calling: Calling;
    limit: number;
  },
  manual: Options,
  values: OptionValues,
  context: Context,
): Promise<number> {
  const find = (word: string) =>
    roomIdForCurl(word, values as object, calling, context);
  const found = await lookUpRooms(use, manual, values, given, find);
  const { calls, opts, payload } = found;
  const { operation } = use;
  const all = {
    ...opts,
    ...calling,
    ...use.columns && { pageNumber: 1, pageSize: pageSizeFor(limit) },
  };
  for (const words of calls) {
    const ids = toIds(operation, words);
    await context.stdout.write(curlOf(operation, { ids, payload }, all));
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
  const use = chooseUse(command, commandLine, words.length);
  const calling: Calling = callOptions(values as object, context);
  // A wrong argument is reported before a missing key
  const given = await toArguments(use, manual, values, words, context);
  const limit = use.columns
    ? limitOf(values as Given<typeof listOptions>["values"], context.stdout)
    : Infinity;
  if (values.curl) {
    const isFiltered = Object.keys(use.keeps ?? {}).some((it) => values[it]);
    const call = { use, given, calling, limit: isFiltered ? Infinity : limit };
    return await printCurl(call, manual, values, context);
  }
  const apiKey = await readApiKey(values as object, context);
  const isAsked = use.destroys && !values.yes && !values["dry-run"];
  if (isAsked) checkCanAsk(context);

  const find = (word: string) => roomIdOf(word, apiKey, calling, context);
  const found = await lookUpRooms(use, manual, values, given, find);
  const { opts, payload } = found;
  const target: Target = {
    ids: found.calls.flat(),
    opts,
    payload,
    apiKey,
    calling,
    context,
  };
  if (!await isToBeDone(use, values, target)) return exitCodes.done;
  const all = { ...opts, ...calling, onAttempt: printWaits(context) };
  const { columns, keeps = {}, operation } = use;
  if (!columns) {
    const json = values.json === true;
    return await callEach(use, { ...found, opts: all }, apiKey, json, context);
  }
  const [keep] = Object.entries(keeps).filter(([flag]) => values[flag])
    .map(([, keep]) => keep);
  const isWhole = limit === Infinity;
  await printList({
    pages: paginatePages(context.fetch, apiKey, operation, {
      ...all,
      ...isWhole ? { concurrency: defaultConcurrency } : {},
      // What is left out by a flag is not counted
      ...!isWhole && !keep && { limit },
    }),
    columns,
    keep,
    limit,
    json: values.json === true,
  }, context);
  return exitCodes.done;
}

/** The operations that a command can call. */
export function usesOf(command: Command): readonly Use[] {
  return "uses" in command ? (command as OperationCommand).uses : [];
}
