import { anyObject, boolean, type Decoder, type Mismatch } from "../decode.ts";
import type { Operation } from "../operation.ts";
import { badParameter, badPayload, Refusal } from "./refusal.ts";

/** What a text of the query may mean. */
function meanings(text: string): unknown[] {
  // The provider's SDK for Python writes True, and days as dates with times
  if (/^(true|false)$/i.test(text)) {
    return [text.toLowerCase() === "true", text];
  }
  if (/^\d+$/.test(text)) return [Number(text), text];
  const [, day] =
    /^(\d{4}-\d\d-\d\d)[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+ -]\d\d:?\d\d)?$/
      .exec(text) ?? [];
  return day ? [day, text] : [text];
}

/** What a query says of one option; undefined if it says nothing. */
function given(name: string, params: URLSearchParams): unknown[] | undefined {
  const bounds = ["eq", "gte", "lte"].flatMap((bound) => {
    const text = params.get(`${name}[${bound}]`);
    return text === null ? [] : [[bound, meanings(text)[0]]];
  });
  if (bounds.length > 0) return [Object.fromEntries(bounds)];
  const text = params.get(name);
  return text === null ? undefined : meanings(text);
}

/** Each option, with its name on the wire and its decoder. */
function entriesOf(options: object) {
  return Object.entries(options).map((
    [option, [name, decoder]],
  ): [option: string, name: string, Decoder<unknown>] => [
    option,
    name,
    decoder,
  ]);
}

/** The options that a query stands for, by the operation's own decoders. */
export function readQuery(
  { options = {} }: Operation,
  params: URLSearchParams,
): Record<string, unknown> {
  const opts: Record<string, unknown> = {};
  for (const [option, name, decoder] of entriesOf(options)) {
    const values = given(name, params);
    if (!values) continue;
    const right = values.find((value) => !decoder(value));
    if (right === undefined) {
      const { pointer, expected } = decoder(values[0]) as Mismatch;
      throw badParameter(
        name + pointer.replace(/^\/(.*)/, "[$1]"),
        decoder === boolean ? "true or false" : expected,
      );
    }
    opts[option] = right;
  }
  return opts;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw Refusal.notJson();
  }
}

/** Refuses a value of the body that is not as its decoder has it. */
function checkField<T>(
  path: string,
  decoder: Decoder<T>,
  value: unknown,
): void {
  const wrong = decoder(value);
  if (wrong) throw badPayload({ ...wrong, pointer: path + wrong.pointer });
}

/** The payload and the options of a body, by the operation's own decoders. */
export function readBody(
  { body, options = {} }: Operation,
  text: string,
): { opts: Record<string, unknown>; payload: unknown } {
  const sent = parseJson(text || "{}");
  checkField("", anyObject, sent);
  const fields = sent as Record<string, unknown>;
  const { decoder, field } = body ?? {};
  const payload = field ? fields[field] : fields;
  if (decoder) checkField(field ? `/${field}` : "", decoder, payload);
  const opts: Record<string, unknown> = {};
  for (const [option, name, decoder] of entriesOf(options)) {
    const value = fields[name];
    if (value === undefined) continue;
    checkField(`/${name}`, decoder, value);
    opts[option] = value;
  }
  return { opts, payload };
}
