import {
  anyObject,
  boolean,
  type Decoder,
  withArticle,
} from "../core/decode.ts";
import type { Operation } from "../core/operation.ts";
import { badField, refusal } from "./refusal.ts";

/** The values that a text in the query may stand for, the likeliest first. */
function candidates(text: string): unknown[] {
  // Telnyx's SDK for Python writes True, and days as dates with times
  if (/^(true|false)$/i.test(text)) {
    return [text.toLowerCase() === "true", text];
  }
  if (/^\d+$/.test(text)) return [Number(text), text];
  const [, day] =
    /^(\d{4}-\d\d-\d\d)[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+ -]\d\d:?\d\d)?$/
      .exec(text) ?? [];
  return day ? [day, text] : [text];
}

/** The values that an option may have; undefined if it is not in the query. */
function valuesOf(
  name: string,
  params: URLSearchParams,
): unknown[] | undefined {
  const bounds = ["eq", "gte", "lte"].flatMap((bound) => {
    const text = params.get(`${name}[${bound}]`);
    return text === null ? [] : [[bound, candidates(text)[0]]];
  });
  if (bounds.length > 0) return [Object.fromEntries(bounds)];
  const text = params.get(name);
  return text === null ? undefined : candidates(text);
}

/** The options in a query, checked by the operation's own decoders. */
export function readQuery(
  { options = {} }: Operation,
  params: URLSearchParams,
): Record<string, unknown> {
  const opts: Record<string, unknown> = {};
  for (const [option, [name, decoder]] of Object.entries(options)) {
    const values = valuesOf(name, params);
    if (!values) continue;
    opts[option] = values.find((value) => !decoder(value));
    const mismatch = opts[option] === undefined && decoder(values[0]);
    if (!mismatch) continue;
    const parameter = name + mismatch.pointer.replace(/^\/(.*)/, "[$1]");
    const expected = decoder === boolean
      ? "true or false"
      : withArticle(mismatch.expected);
    throw refusal(400, `${parameter} must be ${expected}.`, {
      source: { parameter },
    });
  }
  return opts;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw refusal(400, "The body is not JSON.", {
      code: "10023",
      title: "Invalid JSON",
    });
  }
}

/** Throws a 422 if the value at this pointer of the body is wrong. */
function checkField<T>(
  pointer: string,
  decoder: Decoder<T>,
  value: unknown,
): void {
  const mismatch = decoder(value);
  if (!mismatch) return;
  throw badField(
    pointer + mismatch.pointer,
    `must be ${withArticle(mismatch.expected)}`,
  );
}

/** The payload and options in a body, checked by the operation's own decoders. */
export function readBody(
  { body, options = {} }: Operation,
  text: string,
): { opts: Record<string, unknown>; payload: unknown } {
  const json = parseJson(text || "{}");
  checkField("", anyObject, json);
  const fields = json as Record<string, unknown>;
  const { decoder, field } = body ?? {};
  const payload = field ? fields[field] : fields;
  if (decoder) checkField(field ? `/${field}` : "", decoder, payload);
  const opts: Record<string, unknown> = {};
  for (const [option, [name, decoder]] of Object.entries(options)) {
    const value = fields[name];
    if (value === undefined) continue;
    checkField(`/${name}`, decoder, value);
    opts[option] = value;
  }
  return { opts, payload };
}
