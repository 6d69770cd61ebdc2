/**
 * Compares the contract with the OpenAPI document that the provider publishes: the
 * pact by a comparator, in its words, and our own description field by field.
 */
import { Comparator } from "npm:@pactflow/openapi-pact-comparator@^2.3.1";
import { getRoomOperation, type Operation } from "../lib/core/mod.ts";
import { matchPath } from "../lib/core/path.ts";
import { routes } from "../lib/testing/routes.ts";

/** The operations of the API, as the fake has them. */
export const operations: readonly Operation[] = [
  ...new Set(routes.map(({ operation }) => operation)),
];

/**
 * How much a finding matters: the document contradicts the contract, does not
 * declare what the contract relies on, or differs where it does not matter.
 */
export type Weight = "contradiction" | "undeclared" | "news";

/** One difference: of a part of an operation, such as `response.body.data.id`. */
export interface Finding {
  weight: Weight;
  operation: string;
  part: string;
  text: string;
}

/** A part of a document, unchecked. */
type Json = Record<string, unknown>;

/** The part of the pact that is used here. */
interface Contract {
  interactions: { request: { method: string; path: string; query?: Json } }[];
}

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const listOf = (value: unknown): unknown[] => Array.isArray(value) ? value : [];

/** Follows local `$ref`s to their value. */
function resolve(value: unknown, document: Json): Json {
  for (let hops = 0; hops < 32 && isObject(value); hops++) {
    if (typeof value.$ref !== "string") return value;
    value = value.$ref.split("/").slice(1)
      .map((name) => name.replaceAll("~1", "/").replaceAll("~0", "~"))
      .reduce(
        (at: unknown, name) => isObject(at) ? at[name] : undefined,
        document,
      );
  }
  return {};
}

const nameOf = ({ method, path }: Operation) => `${method} ${path}`;

/** A name that the comparator does not read as a path into objects, `page[size]`. */
const flat = (name: string) => name.replace(/\[(.*?)\]/g, "($1)");
const unflat = (name: string) => name.replace(/\((.*?)\)/g, "[$1]");

/** An operation in a document. */
interface Found extends Json {
  /** Its path, relative to the base URL. */
  path: string;
  parameters: Json[];
}

/** Finds an operation in a document, whatever the prefix and the names of ids. */
function find(operation: Operation, document: Json): Found | undefined {
  const key = operation.method.toLowerCase();
  const paths = resolve(document.paths, document);
  const form = new RegExp(
    `^[^{}]*${operation.path.replaceAll(/\{\w+\}/g, "\\{[^{}]+\\}")}$`,
  );
  const [path] = Object.keys(paths)
    .filter((path) => form.test(path) && resolve(paths[path], document)[key])
    .sort((a, b) => a.length - b.length);
  if (path === undefined) return undefined;
  const item = resolve(paths[path], document);
  const found = resolve(item[key], document);
  const [, root] = operation.path.split("/");
  return {
    ...found,
    path: path.slice(path.lastIndexOf(`/${root}`)),
    parameters: [...listOf(item.parameters), ...listOf(found.parameters)]
      .map((parameter) => resolve(parameter, document)),
  };
}

/** The type of every field of a schema, by its path: `data.sessions[].active`. */
function fields(
  schema: unknown,
  document: Json,
  path = "",
  found: Map<string, string[]> = new Map(),
): Map<string, string[]> {
  if (path.split(/[.[]/).length > 12) return found; // a circular schema
  const at = resolve(schema, document);
  for (const part of listOf(at.allOf)) fields(part, document, path, found);
  const types = [at.type, at.nullable === true ? "null" : []].flat(2)
    .filter((type) => typeof type === "string");
  if (types.length > 0) found.set(path, types);
  for (const [name, inner] of Object.entries(at.properties ?? {})) {
    fields(inner, document, path ? `${path}.${name}` : name, found);
  }
  if (at.items) fields(at.items, document, `${path}[]`, found);
  return found;
}

/** The fields of the body of a success. */
function bodyFields({ responses }: Found, status: number, document: Json) {
  const response = resolve(resolve(responses, document)[status], document);
  const { "application/json": media } = resolve(response.content, document);
  return fields(resolve(media, document).schema, document);
}

const withoutNull = (types: string[]) =>
  types.filter((type) => type !== "null").join(" or ");

type Add = (weight: Weight, part: string, text: string) => void;

/** Adds how the fields and the parameters of an operation differ from our own. */
function compareFields(
  [own, ours]: [Found, Json],
  [published, theirs]: [Found, Json],
  status: number,
  add: Add,
): void {
  const known = bodyFields(own, status, ours);
  const found = bodyFields(published, status, theirs);
  for (const [path, types] of found) {
    const part = `response.body.${path}`;
    const before = known.get(path);
    const type = withoutNull(types);
    if (!before) {
      add("news", part, `is new: ${type}`);
    } else if (type !== withoutNull(before)) {
      const text = `is ${type} now: it was ${withoutNull(before)}`;
      add("contradiction", part, text);
    } else if (types.includes("null") && !before.includes("null")) {
      add("contradiction", part, "may be null now, which is refused");
    }
  }
  for (const path of known.keys()) {
    if (!found.has(path)) add("news", `response.body.${path}`, "is gone");
  }
  for (const { name, in: place, required } of published.parameters) {
    const isKnown = own.parameters.some((parameter) => parameter.name === name);
    if (place === "path" || required || isKnown) continue;
    add("news", `request.${place}.${name}`, "is new");
  }
}

/** Results of the comparator that only say what the document leaves open. */
const open = [
  "response.status.unknown",
  "response.status.default",
  "response.body.unknown",
  "response.header.unknown",
];
/** Warnings of the comparator that are reported. */
const warnings = ["response.status.default", "request.query.unknown"];

/** Compares the pact with the operations that are in the document. */
async function comparePact(
  pact: Contract,
  found: Map<Operation, Found>,
  theirs: Json,
  addTo: (operation: string) => Add,
): Promise<void> {
  const paths: Record<string, Json> = {};
  // The comparator modifies its arguments
  const whole = structuredClone(pact);
  for (const [operation, { path, parameters, ...rest }] of found) {
    const flattened = parameters
      .map((one) => ({ ...one, name: flat(String(one.name)) }));
    const { method, path: own } = operation;
    paths[path] = {
      ...paths[path],
      [method.toLowerCase()]: { ...rest, parameters: flattened },
    };
    const declared = new Set(flattened.map(({ name }) => name));
    for (const { request } of whole.interactions) {
      if (request.method !== method || !matchPath(own, request.path)) continue;
      const query = Object.entries(request.query ?? {}).map((
        [name, values],
      ) => [declared.has(flat(name)) ? flat(name) : name, values]);
      request.query = Object.fromEntries(query);
    }
  }
  const oas = structuredClone({ ...theirs, paths }) as never;
  for await (const result of new Comparator({ oas }).compare(whole as never)) {
    const { code, message, type, mockDetails, specDetails } = result;
    if (type !== "error" && !warnings.includes(code)) continue;
    if (code === "request.path-or-method.unknown") continue; // reported as absent
    const why = code.endsWith(".incompatible")
      ? message.replace(/^.*?: /, "")
      : message;
    const [, gone] = /additional properties - (.+)$/.exec(why) ?? [];
    const part = `${mockDetails?.location ?? ""}${gone ? `.${gone}` : ""}`
      .replace(/^\[root\]\.interactions\[\d+\]\./, "")
      .replaceAll(/\.\d+(?=\.|$)/g, "[]");
    // The module checks no format, and needs no null
    const isOpen = open.includes(code) || code.startsWith("response.body") &&
        (mockDetails?.value === null || why.startsWith("must match format"));
    const { pathMethod, pathName } = specDetails ?? {};
    const operation = [...found].find(([{ method }, { path }]) =>
      method.toLowerCase() === pathMethod && path === pathName
    )?.[0];
    const name = operation ? nameOf(operation) : `${pathMethod} ${pathName}`;
    const text = gone ? "is gone" : unflat(why);
    addTo(name)(isOpen ? "undeclared" : "contradiction", unflat(part), text);
  }
}

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
  const findings: Finding[] = [];
  /** Adds a finding, unless this part has it, or a contradiction. */
  const addTo = (operation: string): Add => (weight, part, text) => {
    const isKnown = findings.some((one) =>
      one.operation === operation && one.part === part &&
      (one.text === text || one.weight === "contradiction")
    );
    if (!isKnown) findings.push({ weight, operation, part, text });
  };

  const found = new Map<Operation, Found>();
  for (const operation of operations) {
    const one = find(operation, theirs);
    if (one) found.set(operation, one);
  }
  await comparePact(pact, found, theirs, addTo);
  // An excerpt with the look-up alone proves nothing about other operations
  const isExcerpt = found.has(getRoomOperation) &&
    Object.keys(resolve(theirs.paths, theirs)).length === 1;
  for (const operation of operations) {
    const [own, published] = [find(operation, ours), found.get(operation)];
    const add = addTo(nameOf(operation));
    if (!published) {
      add(isExcerpt ? "undeclared" : "contradiction", "path", "is not there");
    } else if (own) {
      const { status } = operation;
      compareFields([own, ours], [published, theirs], status, add);
    }
  }
  return findings;
}

const headings: [Weight, string][] = [
  ["contradiction", "What contradicts the contract"],
  ["undeclared", "What the contract relies on, and the document leaves open"],
  ["news", "News"],
];

/** The findings as text: each once, with its operations. */
export function report(findings: Finding[]): string {
  const sections = headings.flatMap(([weight, heading]) => {
    const found = Map.groupBy(
      findings.filter((finding) => finding.weight === weight),
      ({ part, text }) => `${part} ${text}`,
    );
    const lines = [...found].map(([text, all]) =>
      `  - ${text}\n    (${all.map(({ operation }) => operation).join(", ")})\n`
    );
    return lines.length > 0 ? [`${heading}:\n${lines.join("")}`] : [];
  });
  const broken = findings.some(({ weight }) => weight === "contradiction");
  const verdict = broken
    ? "The provider has moved away from the contract.\n"
    : "The contract holds.\n";
  return [...sections, verdict].join("\n");
}
