// What a command line calls an operation with, from its words and options.
import { InvalidArgumentError } from "../core/errors.ts";
import type { Operation } from "../core/operation.ts";
import { idNames } from "../core/path.ts";
import { toRequest } from "../core/request.ts";
import {
  type Context,
  type Given,
  type Option,
  type Options,
  wordsOf,
} from "./command.ts";
import { hiddenRefreshToken } from "./curl.ts";
import type { Described, Target } from "./destroy.ts";
import { usageError } from "./failure.ts";
import { listOptions } from "./list.ts";
import { distinct, type FindRoom, idForChecks, isId } from "./room_names.ts";
import type { Column } from "./table.ts";
import { joinedByOr } from "./text.ts";
import type { ViewOptions } from "./view.ts";

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

/** The values of a command's options, by their names. */
export type OptionValues = Given["values"];

/** The operation that the arguments and flags of a command select. */
export function chooseUse(
  { uses, args }: { uses: readonly Use[]; args: string },
  { name, values, positionals: words }: Given,
): Use {
  const { length: count } = words;
  const selected = uses.find(({ flag = "" }) => values[flag])?.flag;
  const use = uses.find(({ operation, flag, payload, many }) => {
    const ids = idNames(operation.path).length;
    const fits = payload === "arguments"
      ? count > ids
      : count === ids || (many && count > ids);
    return fits && flag === selected;
  });
  if (use) return use;
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
    throw usageError(`${flag} must be ${joinedByOr(words)}`);
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
  for (const [name, option] of Object.entries(manual)) {
    const text = values[name];
    const isOfLists = name in listOptions || name in keeps;
    if (text === undefined || (isOfLists ? columns : !option.sets)) continue;
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

/** The placeholder of the id in a path: `<session>` for `/room_sessions/{id}`. */
const placeholderOf = ({ path }: Operation) =>
  path.replace(/^\/(room_)?([a-z]+)s\/.*/, "<$2>");

/** Names a wrong argument by the flag that set it. */
function withFlag(error: InvalidArgumentError, manual: Options): Error {
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
    if (args.length === 1 && args[0] === "all") return "all";
    if (args.every(isId)) return args;
    throw usageError("<participant> must be a UUID, or all by itself");
  }
  if (curl) return hiddenRefreshToken;
  if (stdin.isTTY) throw usageError("Pipe the refresh token into stdin");
  return (await stdin.readLine()).trim();
}

/** What an operation is called with. */
export interface Arguments {
  /** Ids, or the names of rooms: it is called for each. */
  ids: string[];
  opts: Record<string, unknown>;
  payload: unknown;
}

export const isOfRoom = ({ path }: Operation) => path.startsWith("/rooms/{");

/** The id of a call by its name in the path. */
export const toIds = ({ path }: Operation, id: string) =>
  Object.fromEntries(idNames(path).map((name) => [name, id]));

/** The arguments of the operation; throws if one is wrong. */
export async function toArguments(
  use: Use,
  manual: Options,
  { values, positionals: words }: Given,
  context: Context,
): Promise<Arguments> {
  const { operation, many } = use;
  const count = idNames(operation.path).length;
  const ids = many ? distinct(words) : words.slice(0, count);
  const { opts, fields } = toFields(use, manual, values);
  const payload = use.payload
    ? await readPayload(use, words.slice(count), values, context)
    : fields;
  Object.assign(opts, use.opts);
  if (operation.needsFilter && Object.keys(opts).length === 0) {
    throw usageError(`--${use.flag} needs an id, or options to match`);
  }
  for (const [i, word] of callsOf(ids).entries()) {
    const id = isOfRoom(operation) ? idForChecks(word) : word;
    try {
      toRequest(operation, "any", toIds(operation, id), opts, payload);
    } catch (error) {
      if (!(error instanceof InvalidArgumentError)) throw error;
      const which = ids.length > 1 ? ` (id ${i + 1} of ${ids.length})` : "";
      const { message, argument } = error;
      if (!idNames(operation.path).includes(argument)) {
        throw withFlag(error, manual);
      }
      const placeholder = placeholderOf(operation);
      throw usageError(message.replace(`'${argument}'`, placeholder) + which);
    }
  }
  return { ids, opts, payload };
}

/** The ids of the calls: without any, there is one call. */
export const callsOf = (ids: readonly string[]) => ids.length > 0 ? ids : [""];

/** The options, with the ids of the rooms that they name. */
export async function findRoomOptions(
  opts: Record<string, unknown>,
  manual: Options,
  values: OptionValues,
  find: FindRoom,
): Promise<Record<string, unknown>> {
  const found = { ...opts };
  for (const [name, { room, sets }] of Object.entries(manual)) {
    const word = values[name];
    if (room && sets && typeof word === "string") {
      found[sets] = await find(word);
    }
  }
  return found;
}
