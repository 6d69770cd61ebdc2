import { call } from "../call.ts";
import { InvalidArgumentError } from "../errors.ts";
import { notRepeatable } from "../not_repeatable.ts";
import { type Operation, toRequest } from "../operation.ts";
import { paginate } from "../page.ts";
import { apiCommands, type Use } from "./api_commands.ts";
import { callOptions, readToken, tellWaits, toJson } from "./calling.ts";
import type { Context } from "./context.ts";
import { CommandError, usageError } from "./failure.ts";
import { type Command, exitCodes } from "./manual.ts";
import { type Option, wordsOf } from "./option.ts";
import { parse } from "./parse.ts";
import { toViewOptions } from "./view.ts";

type Given = Record<string, string | boolean | undefined>;

/** What an operation is carried out with. */
interface Asked {
  ids: Record<string, string>;
  opts: Record<string, unknown>;
  payload: unknown;
}

const idNames = ({ path }: Operation) =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as string);

/** The use of a command that its arguments and flags ask for. */
function chooseUse(
  name: string,
  { uses = [], args }: Command,
  values: Given,
  given: number,
): Use {
  const asked = uses.find(({ flag = "" }) => values[flag])?.flag;
  const use = uses.find(({ operation, flag, payload }) => {
    const ids = idNames(operation).length;
    return flag === asked &&
      (payload === "arguments" ? given > ids : given === ids);
  });
  if (use) return use;
  if (!args) throw usageError("There are too many arguments");
  const what = asked
    ? `${name} --${asked} takes ${args.replace(/[[\]]/g, "")}`
    : `${name} takes ${args}`;
  throw usageError(what);
}

/** What the text of an option stands for. */
function read(flag: string, { value, read }: Option, given: string | boolean) {
  if (typeof given === "boolean") return given;
  const words = wordsOf(value);
  if (words.length > 0 && !words.includes(given)) {
    throw usageError(`${flag} must be ${words.join(" or ")}`);
  }
  return read ? read(given) : given;
}

/** Sorts what was given into the operation's options, and fields to send. */
function toFields(
  { options = {}, body }: Operation,
  manual: Record<string, Option>,
  values: Given,
) {
  const opts: Record<string, unknown> = {};
  const sent: Record<string, unknown> = {};
  for (const [option, its] of Object.entries(manual)) {
    const given = values[option];
    if (given === undefined || !its.sets) continue;
    const [field = "", bound] = its.sets.split(".");
    const isOption = Object.hasOwn(options, field);
    if (!isOption && (!body?.decoder || body.field)) {
      throw usageError(`--${option} does not go with the other arguments`);
    }
    const value = read(`--${option}`, its, given);
    const to = isOption ? opts : sent;
    to[field] = bound ? { ...to[field] as object, [bound]: value } : value;
  }
  return { opts, sent };
}

/** An argument that is wrong, by the flag that it was given with. */
function byFlag(error: unknown, manual: Record<string, Option>): unknown {
  if (!(error instanceof InvalidArgumentError)) return error;
  const { argument, message } = error;
  const [option] =
    Object.entries(manual).find(([, { sets }]) =>
      sets && `.${argument}.`.includes(`.${sets}.`)
    ) ?? [];
  return option
    ? usageError(message.replace(`'${argument}'`, `--${option}`))
    : error;
}

async function readPayload(
  { payload }: Use,
  rest: string[],
  { stdin }: Context,
): Promise<unknown> {
  if (payload === "arguments") {
    return rest.length === 1 && rest[0] === "all" ? "all" : rest;
  }
  if (stdin.isTTY) throw usageError("Pipe the refresh token into stdin");
  return (await stdin.readLine()).trim();
}

/** What the operation is to be carried out with; throws if it can't be. */
async function toAsked(
  use: Use,
  manual: Record<string, Option>,
  values: Given,
  positionals: string[],
  context: Context,
): Promise<Asked> {
  const { operation } = use;
  const names = idNames(operation);
  const ids = Object.fromEntries(
    names.map((name, i) => [name, positionals[i] as string]),
  );
  const { opts, sent } = toFields(operation, manual, values);
  const payload = use.payload
    ? await readPayload(use, positionals.slice(names.length), context)
    : sent;
  Object.assign(opts, use.opts);
  if (operation.allOptions?.(opts)) {
    throw usageError(`--${use.flag} needs an id, or options that say which`);
  }
  try {
    toRequest(operation, "any", ids, opts, payload);
  } catch (error) {
    throw byFlag(error, manual);
  }
  return { ids, opts, payload };
}

/** Asks before what can't be undone; rejects unless the answer is yes. */
async function confirm(
  question: string,
  { stdin, stderr }: Context,
): Promise<void> {
  if (!stdin.isTTY || !stderr.isTTY) {
    throw usageError("There is nobody to ask: confirm it with --yes");
  }
  stderr.write(`${question} [y/N] `);
  if (/^y(es)?$/i.test((await stdin.readLine()).trim())) return;
  throw new CommandError("Nothing was done", exitCodes.failed);
}

/** The result of an operation; of a list, what is on all of its pages. */
async function resultOf(
  operation: Operation,
  { ids, opts, payload }: Asked,
  token: string,
  { fetch }: Context,
): Promise<unknown> {
  if (Object.hasOwn(operation.options ?? {}, "pageNumber")) {
    const items = [];
    const all = paginate(fetch, token, operation as never, ids, opts);
    for await (const item of all) items.push(item);
    return items;
  }
  const calling = call(fetch, token, operation, ids, opts, payload);
  const body = await (operation.repeatable ? calling : notRepeatable(calling));
  return (body as { data?: unknown } | undefined)?.data ?? null;
}

/** Runs a command that is for operations of the API. */
export async function carryOut(
  name: keyof typeof apiCommands,
  args: string[],
  context: Context,
): Promise<void> {
  const command: Command = apiCommands[name];
  const { values, positionals } = parse(name, args);
  const given = values as Given;
  const use = chooseUse(name, command, given, positionals.length);
  const how = callOptions(values, context);
  // A wrong argument matters more than a missing token
  const asked = await toAsked(
    use,
    command.options,
    given,
    positionals,
    context,
  );
  const token = await readToken(values, context);
  if (use.asks && !given.yes) await confirm(use.asks, context);
  const onAttempt = tellWaits(context);
  const opts = { ...asked.opts, ...how, onAttempt };
  const result = await resultOf(
    use.operation,
    { ...asked, opts },
    token,
    context,
  );
  const now = context.now();
  context.stdout.write(
    values.json
      ? toJson(result)
      : use.show(result as never, { ...toViewOptions(context), now }),
  );
}
