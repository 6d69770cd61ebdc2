/**
 * `deno task contract:drift [--spec FILE|URL]`: compares the pact with what the
 * provider publishes, by a comparator and in its words, and that with this
 * project's own description, which is what the decoders accept. Exit code 0 if the
 * contract holds, 1 if not, 2 if the document cannot be read.
 */
import { parseArgs } from "node:util";
import { Comparator } from "npm:@pactflow/openapi-pact-comparator@^2.3.1";
import { parse } from "npm:yaml@^2.9.1";
import type { Operation } from "../lib/core/mod.ts";
import {
  deref,
  findOperation,
  type Json,
  listOf,
  merged,
  operations,
} from "../tests/support/described.ts";
import { pactName } from "./names.ts";
import ours from "./telnyx_rooms.openapi.json" with { type: "json" };
import pact from "./videorooms-telnyx-telnyx-video-api.json" with {
  type: "json",
};

/**
 * A difference, and the interaction or the operation that has it. It begins with
 * `contradiction`, `left open`, for what the contract relies on, or `news`.
 */
export type Finding = [line: string, of: string];

/** A name that the comparator does not read as a path into objects, `page[size]`. */
const flat = (name: string) => name.replaceAll("[", "(").replaceAll("]", ")");
const unflat = (text: string) => text.replace(/\((.*?)\)/g, "[$1]");

/** A document with its paths of rooms alone, without a prefix such as `/v2`. */
function ofRooms(document: Json): Json {
  // The published one has a thousand other paths
  const paths = Object.entries(deref(document, document.paths))
    .filter(([path]) => path.includes("/room"))
    .sort(([a], [b]) => a.length - b.length);
  const [shortest = ""] = paths.map(([path]) => path);
  const [prefix = ""] = shortest.split("/room");
  const own = paths.filter(([path]) => path.startsWith(`${prefix}/room`))
    .map(([path, item]) => [path.slice(prefix.length), deref(document, item)]);
  return { ...document, paths: Object.fromEntries(own) };
}

/** What the comparator finds in the pact. */
async function* inPact(theirs: Json): AsyncGenerator<Finding> {
  const text = JSON.stringify(theirs);
  const oas = JSON.parse(
    text,
    (key, value) =>
      key === "name" && typeof value === "string" ? flat(value) : value,
  );
  const flatIfKnown = (name: string) =>
    text.includes(`"name":"${name}"`) ? flat(name) : name;
  const copy = structuredClone(pact);
  for (const { request } of copy.interactions) {
    const query = Object.entries(request.query ?? {})
      .map(([name, value]) => [flatIfKnown(name), value]);
    request.query = Object.fromEntries(query);
  }
  for await (const found of new Comparator({ oas }).compare(copy)) {
    const { code, message, type, mockDetails } = found;
    const { location = "", value, interactionDescription } = mockDetails ?? {};
    // The module checks no format, and needs no null
    const isOpen = /^response.*\.(unknown|default)$/.test(code) ||
      code === "response.body.incompatible" &&
        (value === null || message.includes("must match format"));
    const isWrong = type === "error" ||
      /^request\.(query|body)\.unknown$/.test(code);
    if (!isOpen && !isWrong) continue;
    const part = location.replace(/^.*interactions\[\d+\]\.?/, "")
      .replaceAll(/\.\d+(?=\.|$)/g, "[]");
    const weight = isOpen ? "left open" : "contradiction";
    const line = unflat(`${weight}: ${part}: ${message}`);
    yield [line, `${interactionDescription}`];
  }
}

/** The parts of a schema, such as `data[].id`, and the types of each. */
function* partsOf(
  document: Json,
  schema: unknown,
  part: string,
  above: Json[] = [],
): Generator<[part: string, types: string[]]> {
  const own = deref(document, schema);
  const [choice = own] = listOf(own.anyOf ?? own.oneOf);
  const at = above.includes(own) ? {} : merged(document, choice);
  const nulls = at.nullable === true ? "null" : [];
  yield [part, [at.type ?? [], nulls].flat().map(String)];
  const { properties, items, additionalProperties } = at;
  const inner = { ...properties ?? {}, "[]": items, "*": additionalProperties };
  for (const [name, field] of Object.entries(inner)) {
    const below = name === "[]" ? part + name : `${part}.${name}`;
    if (field) yield* partsOf(document, field, below, [...above, own]);
  }
}

/** What a document has of an operation: options, and parts of a success. */
function describedOf(
  document: Json,
  operation: Operation,
): Map<string, string[]> {
  const { parameters = [], schema } = findOperation(document, operation) ?? {};
  const options = parameters.filter((one) => one.in !== "path")
    .map((one): [string, string[]] => [`request.${one.in}.${one.name}`, []]);
  return new Map([...options, ...partsOf(document, schema, "response.body")]);
}

/** What differs from this project's description. */
function* inDescription(theirs: Json): Generator<Finding> {
  for (const operation of operations.values()) {
    if (!findOperation(theirs, operation)) continue; // the comparator says it
    const of = `${operation.method} ${operation.path}`;
    const now = describedOf(theirs, operation);
    const known = describedOf(ours, operation);
    for (const [part, types] of now) {
      const accepted = known.get(part) ?? [];
      if (!known.has(part)) yield [`news: ${part} is new`, of];
      if (accepted.length === 0) continue;
      for (const type of types) {
        const all = type === "integer" ? [type, "number"] : [type];
        if (all.some((type) => accepted.includes(type))) continue;
        yield [`contradiction: ${part}: must not be ${type}`, of];
      }
    }
    for (const part of known.keys()) {
      if (!now.has(part)) yield [`news: ${part} is gone`, of];
    }
  }
}

/** Compares the contract with a document in OpenAPI 3. */
export async function drift(document: Json): Promise<Finding[]> {
  const theirs = ofRooms(document);
  const found = await Array.fromAsync(inPact(theirs));
  return [...found, ...inDescription(theirs)];
}

/** The text of a document, within a minute. */
async function read(spec: string): Promise<string> {
  if (!/^https?:/.test(spec)) return await Deno.readTextFile(spec);
  const response = await fetch(spec, { signal: AbortSignal.timeout(60_000) });
  if (response.ok) return await response.text();
  await response.body?.cancel();
  throw new Error(`HTTP ${response.status}`);
}

const published =
  "https://raw.githubusercontent.com/team-telnyx/openapi/master/openapi/spec3.json";

/** Compares with a document; returns the exit code, and what to say. */
export async function check(args: string[]): Promise<[code: number, string]> {
  let spec = published;
  try {
    const options = { spec: { type: "string", default: spec } } as const;
    spec = parseArgs({ args, options }).values.spec;
    const text = await read(spec);
    const theirs = /^\s*\{/.test(text) ? JSON.parse(text) : parse(text);
    if (!theirs?.openapi || !theirs.paths) {
      throw new Error("it is not an OpenAPI 3 document with paths");
    }
    const lines = Map.groupBy(await drift(theirs), ([line]) => line);
    const findings = [...lines].map(([line, same]) =>
      `${line}\n  (${[...new Set(same.map(([, of]) => of))].join(", ")})`
    ).sort();
    const isKept = !findings.some((line) => line.startsWith("contradiction"));
    const verdict = isKept
      ? "The contract holds."
      : "The provider has moved away from the contract.";
    const said = [pactName, `and ${spec}\n`, ...findings, "", verdict];
    return [isKept ? 0 : 1, said.join("\n")];
  } catch (error) {
    const [why] = (error as Error).message.split("\n");
    const usage = "contract:drift [--spec FILE|URL]";
    return [2, `${usage}: cannot compare with ${spec}: ${why}`];
  }
}

if (import.meta.main) {
  const [code, text] = await check(Deno.args);
  (code === 2 ? console.error : console.log)(text);
  Deno.exit(code);
}
