/**
 * Compares the contract with the OpenAPI document that the provider publishes: the
 * pact by a comparator, in its words, and what that document describes by the
 * decoders of the module.
 */
import fc from "fast-check";
import { Comparator } from "npm:@pactflow/openapi-pact-comparator@^2.3.1";
import { getRoomOperation, type Operation } from "../lib/core/mod.ts";
import { matchPath } from "../lib/core/path.ts";
import { jsonType, problemOf } from "../lib/core/decode.ts";
import {
  deref,
  fieldsOf,
  findOperation,
  type Json,
  operations,
  valuesOf,
  withField,
} from "../tests/support/described.ts";

/** How much findings matter, and what they are called. */
const headings = {
  contradiction: "What contradicts the contract",
  undeclared: "What the contract relies on, and the document leaves open",
  news: "News",
};

/** A difference, in words that begin with the part, such as `response.body.data`. */
export interface Finding {
  weight: keyof typeof headings;
  text: string;
  operations: string[];
}

/** The part of the pact that is used here. */
interface Contract {
  interactions: { request: { method: string; path: string; query?: Json } }[];
}

/** A name that the comparator does not read as a path into objects, `page[size]`. */
const flat = (name: string) => name.replace(/\[(.*?)\]/g, "($1)");
const unflat = (text: string) => text.replace(/\((.*?)\)/g, "[$1]");

/** A document with flat names, and the paths of rooms without what precedes them. */
function aligned(document: Json): Json {
  const copy: Json = JSON.parse(
    JSON.stringify(document),
    (key, value) =>
      key === "name" && typeof value === "string" ? flat(value) : value,
  );
  const paths = Object.entries(deref(copy, copy.paths))
    .filter(([path]) => path.includes("/room"))
    .sort(([a], [b]) => a.length - b.length);
  const [prefix = ""] = paths[0]?.[0].split("/room") ?? [];
  const ofRooms = paths.filter(([path]) => path.startsWith(`${prefix}/room`))
    .map(([path, item]) => [path.slice(prefix.length), deref(copy, item)]);
  return { ...copy, paths: Object.fromEntries(ofRooms) };
}

/** A part without the indexes of lists: `response.body.data[].id`. */
const unindexed = (part: string) => part.replaceAll(/\.\d+(?=\.|$)/g, "[]");
const partOf = (pointer: string) =>
  unindexed(`response.body${pointer.replaceAll("/", ".")}`);

/** What a document has of an operation: its parts, and bodies of a success. */
function describedOf(operation: Operation, document: Json) {
  const found = findOperation(document, operation);
  if (!found) return undefined;
  const { schema, parameters } = found;
  const whole = valuesOf(document, schema, "whole");
  const bodies = schema ? fc.sample(whole, { numRuns: 9, seed: 1 }) : [];
  const fields = fieldsOf(document, schema, bodies[0]);
  const nulls = fields.filter(({ isNullable }) => isNullable)
    .map((field) => withField(bodies[0], field, null));
  return {
    parts: new Set([
      ...fields.map(({ holder, name }) => partOf(`${holder}/${name}`)),
      ...parameters.filter((parameter) => parameter.in !== "path")
        .map(({ in: place, name }) => `request.${place}.${unflat(`${name}`)}`),
    ]),
    bodies: [...bodies, ...nulls],
  };
}

/** Results of the comparator that only say what the document leaves open. */
const open = [
  "response.status.unknown",
  "response.status.default",
  "response.body.unknown",
  "response.header.unknown",
];
/** Warnings of the comparator that are reported. */
const warnings = [
  "response.status.default",
  "request.query.unknown",
  "request.body.unknown",
];

/**
 * Compares the pact, and this project's own description, with the document that
 * the provider publishes.
 *
 * @param pact The committed pact.
 * @param ours This project's own description.
 * @param theirs The provider's document, in OpenAPI 3.0 or 3.1.
 */
export async function drift(
  pact: Contract,
  ours: Json,
  theirs: Json,
): Promise<Finding[]> {
  const published = aligned(theirs);
  const findings: Finding[] = [];
  function add(
    { method, path }: Operation,
    weight: Finding["weight"],
    words: string,
  ) {
    const [text, operation] = [unflat(words), `${method} ${path}`];
    const found = findings.find((one) => one.text === text);
    if (!found) findings.push({ weight, text, operations: [operation] });
    else if (!found.operations.includes(operation)) {
      found.operations.push(operation);
    }
  }

  // The comparator modifies its arguments
  const interactions = structuredClone(pact.interactions);
  const carriedOut = interactions.map(({ request }) => {
    const operation = [...operations.values()].find(({ method, path }) =>
      method === request.method && matchPath(path, request.path)
    );
    if (!operation) throw new Error(`No operation is at ${request.path}`);
    const names = findOperation(published, operation)?.parameters
      .map(({ name }) => name);
    const query = Object.entries(request.query ?? {}).map(([name, value]) =>
      names?.includes(flat(name)) ? [flat(name), value] : [name, value]
    );
    request.query = Object.fromEntries(query);
    return operation;
  });
  // An excerpt with the look-up alone proves nothing about other operations
  const isExcerpt = findOperation(published, getRoomOperation) &&
    Object.keys(deref(theirs, theirs.paths)).length === 1;
  const comparator = new Comparator({
    oas: structuredClone(published) as never,
  });
  const results = comparator.compare({ ...pact, interactions } as never);
  for await (const { code, message, type, mockDetails } of results) {
    if (type !== "error" && !warnings.includes(code)) continue;
    const [, index, part = ""] = /^\[root\]\.interactions\[(\d+)\]\.?(.*)/
      .exec(mockDetails?.location ?? "") ?? [];
    const operation = carriedOut[Number(index)];
    if (!operation) throw new Error(message);
    // The module checks no format, and needs no null
    const isOpen = open.includes(code) ||
      code === "request.path-or-method.unknown" && isExcerpt ||
      code.startsWith("response.body") &&
        (mockDetails?.value === null || message.includes("must match format"));
    const weight = isOpen ? "undeclared" : "contradiction";
    add(operation, weight, `${unindexed(part)}: ${message}`);
  }

  for (const operation of operations.values()) {
    const found = describedOf(operation, published);
    if (!found) continue;
    for (const body of found.bodies) {
      const wrong = operation.result?.(body);
      if (!wrong) continue;
      const problem = problemOf(wrong.expected, jsonType(wrong.value));
      add(operation, "contradiction", `${partOf(wrong.pointer)}: ${problem}`);
    }
    const known = describedOf(operation, ours)?.parts ?? new Set<string>();
    for (const part of found.parts.difference(known)) {
      add(operation, "news", `${part} is new`);
    }
    for (const part of known.difference(found.parts)) {
      add(operation, "news", `${part} is gone`);
    }
  }
  return findings;
}

/** The findings as text: each with its operations. */
export function report(findings: Finding[]): string {
  const of = (weight: string) =>
    findings.filter((one) => one.weight === weight);
  const sections = Object.entries(headings).flatMap(([weight, heading]) => {
    const lines = of(weight).map(({ text, operations }) =>
      `  - ${text}\n    (${operations.join(", ")})\n`
    );
    return lines.length > 0 ? [`${heading}:\n${lines.join("")}`] : [];
  });
  const verdict = of("contradiction").length > 0
    ? "The provider has moved away from the contract.\n"
    : "The contract holds.\n";
  return [...sections, verdict].join("\n");
}
