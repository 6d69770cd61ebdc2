import { call } from "../client/call.ts";
import { readWholeList } from "../client/paginate.ts";
import { InvalidArgumentError } from "../core/errors.ts";
import type { Operation } from "../core/operation.ts";
import { idNames } from "../core/path.ts";
import { toRequest } from "../core/request.ts";
import { apiCommands } from "./api_commands.ts";
import { callOptions, printWaits, readToken, toJson } from "./calling.ts";
import type { Command, Use } from "./command.ts";
import type { Context } from "./context.ts";
import { CommandError, usageError } from "./failure.ts";
import { exitCodes } from "./manual.ts";
import { type Option, wordsOf } from "./option.ts";
import { parse } from "./parse.ts";
import { oneOf } from "./text.ts";
import { toViewOptions } from "./view.ts";

/** The values of a command's options, by their names. */
type OptionValues = Record<string, string | boolean | undefined>;

/** The arguments of an operation. */
interface OperationArguments {
  ids: Record<string, string>;
  opts: Record<string, unknown>;
  payload: unknown;
}

/** The operation that the arguments and flags of a command select. */
function chooseUse(
  name: string,
  { uses = [], args }: Command,
  values: OptionValues,
  count: number,
): Use {
  const selected = uses.find(({ flag = "" }) => values[flag])?.flag;
  const use = uses.find(({ operation, flag, payload }) => {
    const ids = idNames(operation.path).length;
    return flag === selected &&
      (payload === "arguments" ? count > ids : count === ids);
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
  { value, parse }: Option,
  text: string | boolean,
) {
  if (typeof text === "boolean") return text;
  const words = wordsOf(value);
  if (words.length > 0 && !words.includes(text)) {
    throw usageError(`${flag} must be ${oneOf(words)}`);
  }
  return parse ? parse(text) : text;
}

/** Splits the values into options of the operation and fields of its payload. */
function toFields(
  { options = {}, body }: Operation,
  manual: Record<string, Option>,
  values: OptionValues,
) {
  const opts: Record<string, unknown> = {};
  const fields: Record<string, unknown> = {};
  for (const [name, option] of Object.entries(manual)) {
    const text = values[name];
    if (text === undefined || !option.sets) continue;
    const [field = "", bound] = option.sets.split(".");
    const isOption = Object.hasOwn(options, field);
    if (!isOption && (!body?.decoder || body.field)) {
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
function withFlag(error: unknown, manual: Record<string, Option>): unknown {
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
  { stdin }: Context,
): Promise<unknown> {
  if (payload === "arguments") {
    return args.length === 1 && args[0] === "all" ? "all" : args;
  }
  if (stdin.isTTY) throw usageError("Pipe the refresh token into stdin");
  return (await stdin.readLine()).trim();
}

/** The arguments of the operation; throws if one is wrong. */
async function toArguments(
  use: Use,
  manual: Record<string, Option>,
  values: OptionValues,
  positionals: string[],
  context: Context,
): Promise<OperationArguments> {
  const { operation } = use;
  const names = idNames(operation.path);
  const ids = Object.fromEntries(
    names.map((name, i) => [name, positionals[i] as string]),
  );
  const { opts, fields } = toFields(operation, manual, values);
  const payload = use.payload
    ? await readPayload(use, positionals.slice(names.length), context)
    : fields;
  Object.assign(opts, use.opts);
  if (operation.needsFilter && Object.keys(opts).length === 0) {
    throw usageError(`--${use.flag} needs an id, or options to match`);
  }
  try {
    toRequest(operation, "any", ids, opts, payload);
  } catch (error) {
    throw withFlag(error, manual);
  }
  return { ids, opts, payload };
}

/** Resolves if the user answers yes; rejects otherwise. */
async function confirm(
  question: string,
  { stdin, stderr }: Context,
): Promise<void> {
  if (!stdin.isTTY || !stderr.isTTY) {
    throw usageError(
      "Cannot ask for confirmation without a terminal: add --yes",
    );
  }
  stderr.write(`${question} [y/N] `);
  if (/^y(es)?$/i.test((await stdin.readLine()).trim())) return;
  throw new CommandError("Nothing was done", exitCodes.failed);
}

/** The result of an operation; for a list, the items of all pages. */
async function resultOf(
  operation: Operation,
  { ids, opts, payload }: OperationArguments,
  token: string,
  { fetch }: Context,
): Promise<unknown> {
  if (Object.hasOwn(operation.options ?? {}, "pageNumber")) {
    return await readWholeList(fetch, token, operation, opts);
  }
  const body = await call(fetch, token, operation, { ids, payload }, opts);
  return body?.data ?? null;
}

/** Runs a command that calls an operation of the API. */
export async function carryOut(
  name: keyof typeof apiCommands,
  args: string[],
  context: Context,
): Promise<void> {
  const command: Command = apiCommands[name];
  const { values, positionals } = parse(name, args);
  const given = values as OptionValues;
  const use = chooseUse(name, command, given, positionals.length);
  const calling = callOptions(values, context);
  // A wrong argument is reported before a missing token
  const { ids, opts, payload } = await toArguments(
    use,
    command.options,
    given,
    positionals,
    context,
  );
  const token = await readToken(values, context);
  if (use.question && !given.yes) await confirm(use.question, context);
  Object.assign(opts, calling, { onAttempt: printWaits(context) });
  const result = await resultOf(
    use.operation,
    { ids, opts, payload },
    token,
    context,
  );
  context.stdout.write(
    values.json ? toJson(result) : use.show(result, toViewOptions(context)),
  );
}
