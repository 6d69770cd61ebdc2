/**
 * Compares the contract with the OpenAPI document that the provider publishes, and
 * describes the differences.
 */
import { Comparator } from "npm:@pactflow/openapi-pact-comparator@^2.3.1";
import type { Operation } from "../lib/core/mod.ts";
import { getRoomOperation } from "../lib/core/mod.ts";
import { routes } from "../lib/testing/routes.ts";

/** The operations of the API, as the fake has them. */
export const operations: readonly Operation[] = [
  ...new Set(routes.map(({ operation }) => operation)),
];

/** How much a finding matters. */
export type Weight =
  /** The document contradicts the contract. */
  | "contradiction"
  /** The document does not declare what the contract relies on. */
  | "undeclared"
  /** A difference that does not affect the contract. */
  | "news";

/** One difference. */
export interface Finding {
  weight: Weight;
  text: string;
}

/** The part of the pact that is used here. */
interface Contract {
  interactions: {
    request: {
      method: string;
      path: string;
      query?: Record<string, unknown>;
    };
  }[];
}

/** A part of a document, unchecked. */
type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Follows local `$ref`s to their value. */
function resolve(value: unknown, document: Json): Json {
  for (let hops = 0; hops < 32 && isObject(value); hops++) {
    if (typeof value.$ref !== "string") return value;
    value = value.$ref.split("/").slice(1).reduce(
      (at: unknown, token) =>
        isObject(at)
          ? at[token.replaceAll("~1", "/").replaceAll("~0", "~")]
          : undefined,
      document,
    );
  }
  return {};
}

/** The name of an operation in findings. */
const nameOf = ({ method, path }: Operation) => `${method} …${path}`;

/** The method of an operation in OpenAPI. */
const keyOf = ({ method }: Operation) => method.toLowerCase();

/** A pattern for a path with any prefix, whose ids match `form`. */
function pathOf({ path }: Operation, form: string): RegExp {
  return new RegExp(`^[^{}]*${path.replaceAll(/\{\w+\}/g, form)}$`);
}

/**
 * The document with this operation alone, its path relative to the base URL;
 * undefined if the document has no such operation.
 */
export function only(operation: Operation, document: Json): Json | undefined {
  const key = keyOf(operation);
  const paths = isObject(document.paths) ? document.paths : {};
  const form = pathOf(operation, "\\{[^{}]+\\}");
  const [path] = Object.keys(paths)
    .filter((path) => form.test(path))
    .filter((path) => resolve(paths[path], document)[key])
    .sort((a, b) => a.length - b.length);
  if (path === undefined) return undefined;
  const { [key]: found, parameters } = resolve(paths[path], document);
  const [, root = ""] = operation.path.split("/");
  return {
    ...document,
    paths: {
      [path.slice(path.lastIndexOf(`/${root}`))]: { [key]: found, parameters },
    },
  };
}

/** The operation of a document from `only`. */
function theOperation(document: Json): Json {
  const [path] = Object.values(document.paths as Json);
  const { parameters: _, ...methods } = path as Json;
  return Object.values(methods)[0] as Json;
}

interface Field {
  types: string[];
  nullable: boolean;
}

/** Every field of a schema, by its path: `data.sessions[].active`. */
function fields(
  schema: unknown,
  document: Json,
  path = "",
  found: Map<string, Field> = new Map(),
): Map<string, Field> {
  const at = resolve(schema, document);
  if (path.split(/[.[]/).length > 12) return found; // a circular schema
  for (const part of Array.isArray(at.allOf) ? at.allOf : []) {
    fields(part, document, path, found);
  }
  const types = [at.type].flat().filter((type) => typeof type === "string");
  if (path && types.length > 0) {
    found.set(path, {
      types: types.filter((type) => type !== "null"),
      nullable: at.nullable === true || types.includes("null"),
    });
  }
  for (const [name, inner] of Object.entries(at.properties ?? {})) {
    fields(inner, document, path ? `${path}.${name}` : name, found);
  }
  if (at.items) fields(at.items, document, `${path}[]`, found);
  return found;
}

/** The fields of the body of a success. */
function bodyFields(document: Json, status: number): Map<string, Field> {
  const { responses } = theOperation(document);
  const { content } = resolve(
    isObject(responses) ? responses[status] : undefined,
    document,
  );
  const media = isObject(content) ? content["application/json"] : undefined;
  return fields(isObject(media) ? media.schema : undefined, document);
}

/** How the published fields differ from our own. */
function fieldFindings(
  ours: Json,
  theirs: Json,
  status: number,
): Map<string, Finding> {
  const known = bodyFields(ours, status);
  const published = bodyFields(theirs, status);
  const found = new Map<string, Finding>();
  const add = (path: string, weight: Weight, text: string) =>
    found.set(path, { weight, text: `The field ${path} ${text}` });

  /** Whether the parent of the field is new or gone itself, and reported. */
  const isInside = (path: string, others: Map<string, Field>) => {
    const holder = path.replace(/(\.[^.[]+|\[\])$/, "");
    return holder !== path && !others.has(holder);
  };

  for (const [path, { types, nullable }] of published) {
    const own = known.get(path);
    if (!own && isInside(path, known)) continue;
    if (!own) {
      add(path, "news", `is new: ${types.join(" or ")}`);
    } else if (types.join() !== own.types.join()) {
      const now = types.join(" or ");
      const was = own.types.join(" or ");
      add(path, "contradiction", `is ${now} now: it was ${was}`);
    } else if (nullable && !own.nullable) {
      add(path, "contradiction", "may be null now, which is refused");
    }
  }
  for (const path of known.keys()) {
    if (!published.has(path) && !isInside(path, published)) {
      add(path, "news", "is gone; the contract does not need it");
    }
  }
  return found;
}

/** The parameters of the operation of a document. */
function parameters(document: Json): Json[] {
  const { parameters } = theOperation(document);
  return (Array.isArray(parameters) ? parameters : [])
    .map((parameter) => resolve(parameter, document));
}

/** Optional parameters that are new. */
function parameterFindings(ours: Json, theirs: Json): Finding[] {
  const names = (document: Json) =>
    parameters(document)
      .filter((parameter) => parameter.in !== "path" && !parameter.required)
      .map((parameter) => `${parameter.in} parameter ${parameter.name}`);
  const known = names(ours);
  return names(theirs)
    .filter((name) => !known.includes(name))
    .map((name) => ({ weight: "news", text: `The ${name} is new` }));
}

/** A name that the comparator does not read as a path into objects. */
const flat = (name: string) => name.replaceAll("[", "(").replaceAll("]", ")");

/** The original of a flat name. */
const unflat = (name = "") => name.replaceAll("(", "[").replaceAll(")", "]");

/**
 * An operation's interactions and document, with flat names for query parameters
 * that the document declares one by one, such as `page[size]`. Otherwise the
 * comparator would read them as nested objects, and look for `page`.
 */
function flatten(
  interactions: Contract["interactions"],
  document: Json,
): { interactions: Contract["interactions"]; paths: Json } {
  const paths = structuredClone(document.paths) as Json;
  const flattened = parameters(document)
    .map((parameter) => ({ ...parameter, name: flat(String(parameter.name)) }));
  const declared = new Set(flattened.map(({ name }) => name));
  theOperation({ paths }).parameters = flattened;
  const rename = (name: string) => declared.has(flat(name)) ? flat(name) : name;
  const renamed = interactions.map((interaction) => {
    const { request } = interaction;
    const query = Object.fromEntries(
      Object.entries(request.query ?? {})
        .map(([name, values]) => [rename(name), values]),
    );
    return { ...interaction, request: { ...request, query } };
  });
  return { interactions: renamed, paths };
}

type Result = Awaited<
  ReturnType<ReturnType<Comparator["compare"]>["next"]>
>["value"];

/** `data.sessions[].active` of `[root].interactions[3].response.body.data…`. */
function fieldOf(location = ""): string {
  return location
    .replace(/^.*?\.body\.?/, "")
    .replace(/\.\d+(?=\.|$)/g, "[]");
}

/** Describes a result of the comparator, and names its field, if any. */
function explain(result: Result): [field: string | undefined, Finding] {
  const { code, message, mockDetails, specDetails } = result;
  const status = mockDetails?.value;
  const [, why = message] = /: (.*)$/.exec(message) ?? [];
  const [, required] = /required property '(.+)'/.exec(why) ?? [];
  const contradiction = (text: string): Finding => ({
    weight: "contradiction",
    text,
  });
  const undeclared = (text: string): Finding => ({
    weight: "undeclared",
    text,
  });

  switch (code) {
    case "response.status.unknown":
    case "response.status.default":
      return [
        undefined,
        undeclared(`A response with status ${status} is not declared`),
      ];
    case "response.body.unknown":
      return [
        undefined,
        undeclared(`A body is not declared: ${specDetails?.location}`),
      ];
    case "response.header.unknown":
      return [
        undefined,
        undeclared(
          `The header ${mockDetails?.location.split(".").at(-1)} ` +
            `is not declared`,
        ),
      ];
    case "response.body.incompatible": {
      const holder = fieldOf(mockDetails?.location);
      const [, gone] = /additional properties - (.+)$/.exec(why) ?? [];
      if (gone) {
        const field = holder ? `${holder}.${gone}` : gone;
        return [field, contradiction(`The field ${field} is gone`)];
      }
      const value = JSON.stringify(mockDetails?.value);
      // The module checks no format, and needs no null
      if (value === "null" || /^must match format/.test(why)) {
        return [
          holder,
          undeclared(
            `The field ${holder} ${why}: the contract has ${value} as well`,
          ),
        ];
      }
      return [
        holder,
        contradiction(
          `The field ${holder || "of the whole body"} ${why} now: ` +
            `the contract has ${value}`,
        ),
      ];
    }
    case "request.header.incompatible":
      return [
        undefined,
        contradiction(
          required
            ? `The header ${required} is required now`
            : `A header is refused now: ${why}`,
        ),
      ];
    case "request.query.unknown": {
      const [, name] = /: (.+)$/.exec(message) ?? [];
      return [
        undefined,
        contradiction(`The query parameter ${unflat(name)} is gone`),
      ];
    }
    case "request.query.incompatible": {
      const name = unflat(mockDetails?.location.split(".").at(-1));
      return [
        undefined,
        contradiction(
          mockDetails?.value === undefined
            ? `The query parameter ${required ?? name} is required now`
            : `The query parameter ${name} is refused now: ${why}`,
        ),
      ];
    }
    default:
      return [undefined, contradiction(message)];
  }
}

/** Warnings of the comparator that are reported. */
const reported = ["response.status.default", "request.query.unknown"];

/** An operation that is in both documents. */
interface Shared {
  operation: Operation;
  own: Json;
  published: Json;
}

/** The results of the comparator for each operation, from a single run. */
async function compare(
  pact: Contract,
  shared: Shared[],
  theirs: Json,
): Promise<Map<Operation, Result[]>> {
  const interactions: Contract["interactions"] = [];
  const owners: Operation[] = [];
  const paths: Record<string, Json> = {};
  for (const { operation, published } of shared) {
    const path = pathOf(operation, "[^/]+");
    const flattened = flatten(
      pact.interactions.filter(({ request }) =>
        request.method === operation.method && path.test(request.path)
      ),
      published,
    );
    for (const interaction of flattened.interactions) {
      interactions.push(interaction);
      owners.push(operation);
    }
    for (const [path, methods] of Object.entries(flattened.paths)) {
      paths[path] = { ...paths[path], ...methods as Json };
    }
  }
  // The comparator modifies its arguments
  const document = structuredClone({ ...theirs, paths });
  const comparator = new Comparator({ oas: document as never });
  const found = new Map<Operation, Result[]>();
  const whole = structuredClone({ ...pact, interactions });
  for await (const result of comparator.compare(whole as never)) {
    if (result.type !== "error" && !reported.includes(result.code)) continue;
    const [, index] = /\binteractions\[(\d+)\]/
      .exec(result.mockDetails?.location ?? "") ?? [];
    const owner = owners[Number(index)];
    if (!owner) throw new Error(result.message);
    found.set(owner, [...found.get(owner) ?? [], result]);
  }
  return found;
}

/** The findings of one operation, by field or else by text. */
function findingsOf(
  { operation, own, published }: Shared,
  results: Result[],
): Map<string, Finding> {
  const found = fieldFindings(own, published, operation.status);
  for (const result of results) {
    const [field, finding] = explain(result);
    const key = field ?? finding.text;
    if (found.get(key)?.weight !== "contradiction") found.set(key, finding);
  }
  for (const finding of parameterFindings(own, published)) {
    found.set(finding.text, finding);
  }
  return found;
}

/** The finding of an operation that is not in the document. */
function absence(operation: Operation, theirs: Json): Map<string, Finding> {
  // An excerpt with the look-up alone proves nothing about other operations
  const isExcerpt = only(getRoomOperation, theirs) &&
    Object.keys(theirs.paths as Json).length === 1;
  const name = nameOf(operation);
  const finding: Finding = isExcerpt
    ? { weight: "undeclared", text: `${name} is not declared` }
    : { weight: "contradiction", text: `There is no ${name} any more` };
  return new Map([[finding.text, finding]]);
}

/**
 * The subject of a finding, to report it once: the field of a participant in a
 * room's sessions is the same as the field of a participant.
 */
function subject({ path }: Operation, key: string): string {
  const [, root = ""] = path.split("/");
  return `${root} ${key}`
    .replace(/ data\[\]/, " data")
    .replace(/^rooms data\.sessions\[\]/, "room_sessions data")
    .replace(/^room_sessions data\.participants\[\]/, "room_participants data")
    .replace(/^\w+ meta\b/, "meta");
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
  const shared = operations.flatMap((operation) => {
    const [own, published] = [only(operation, ours), only(operation, theirs)];
    return own && published ? [{ operation, own, published }] : [];
  });
  const results = await compare(pact, shared, theirs);
  const findings: Finding[] = [];
  const reportedWeights = new Map<string, Weight>();
  for (const operation of operations) {
    const name = nameOf(operation);
    const both = shared.find((one) => one.operation === operation);
    const found = both
      ? findingsOf(both, results.get(operation) ?? [])
      : absence(operation, theirs);
    for (const [key, { weight, text }] of found) {
      const what = subject(operation, key);
      const earlier = reportedWeights.get(what);
      if (earlier === weight || earlier === "contradiction") continue;
      reportedWeights.set(what, weight);
      const named = operation === getRoomOperation || text.includes(name);
      findings.push({ weight, text: named ? text : `${name}: ${text}` });
    }
  }
  return findings;
}

const headings: [Weight, string][] = [
  ["contradiction", "What contradicts the contract"],
  ["undeclared", "What the contract relies on, and the document leaves open"],
  ["news", "News"],
];

/** The findings as text. */
export function report(findings: Finding[]): string {
  const sections = headings.flatMap(([weight, heading]) => {
    const texts = findings
      .filter((finding) => finding.weight === weight)
      .map(({ text }) => `  - ${text}\n`);
    return texts.length > 0 ? [`${heading}:\n${texts.join("")}`] : [];
  });
  const broken = findings.some(({ weight }) => weight === "contradiction");
  const verdict = broken
    ? "The provider has moved away from the contract.\n"
    : "The contract holds.\n";
  return [...sections, verdict].join("\n");
}
