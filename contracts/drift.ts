/**
 * What has moved between this contract and the document that the provider
 * publishes, in plain words.
 */
import { Comparator } from "npm:@pactflow/openapi-pact-comparator@^2.3.1";
import type { Operation } from "../lib/core.ts";
import { getRoomOperation } from "../lib/core.ts";
import { operations } from "./interactions.ts";

/** How much a finding matters. */
export type Weight =
  /** The document says what the contract cannot live with. */
  | "contradiction"
  /** The document does not say what the contract relies on. */
  | "undeclared"
  /** The document says more, or less that is not relied on. */
  | "news";

/** One thing that has moved. */
export interface Finding {
  weight: Weight;
  text: string;
}

/** The contract, as far as it is looked at here. */
interface Contract {
  interactions: {
    request: {
      method: string;
      path: string;
      query?: Record<string, unknown>;
    };
  }[];
}

/** A part of a document whose shape nobody has checked yet. */
type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The value that local `$ref`s lead to, one after the other. */
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

/** How findings call an operation. */
const nameOf = ({ method, path }: Operation) => `${method} …${path}`;

/** The method of an operation, as OpenAPI writes it. */
const keyOf = ({ method }: Operation) => method.toLowerCase();

/** A path as `form` writes its ids, whatever is before it. */
function pathOf({ path }: Operation, form: string): RegExp {
  return new RegExp(`^[^{}]*${path.replaceAll(/\{\w+\}/g, form)}$`);
}

/**
 * The document with this as its only operation, its path relative to the API's
 * base; undefined if the document has no such operation.
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

/** The one operation of a document that `only` gave. */
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
  if (path.split(/[.[]/).length > 12) return found; // it refers to itself
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

/** The fields of the body of success. */
function bodyFields(document: Json, status: number): Map<string, Field> {
  const { responses } = theOperation(document);
  const { content } = resolve(
    isObject(responses) ? responses[status] : undefined,
    document,
  );
  const media = isObject(content) ? content["application/json"] : undefined;
  return fields(isObject(media) ? media.schema : undefined, document);
}

/** What the published fields are, that the contract's own are not. */
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

  /** Whether what holds the field is new or gone itself, which says it all. */
  const within = (path: string, others: Map<string, Field>) => {
    const holder = path.replace(/(\.[^.[]+|\[\])$/, "");
    return holder !== path && !others.has(holder);
  };

  for (const [path, { types, nullable }] of published) {
    const own = known.get(path);
    if (!own && within(path, known)) continue;
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
    if (!published.has(path) && !within(path, published)) {
      add(path, "news", "is gone; the contract does not need it");
    }
  }
  return found;
}

/** The parameters of the one operation of a document. */
function parameters(document: Json): Json[] {
  const { parameters } = theOperation(document);
  return (Array.isArray(parameters) ? parameters : [])
    .map((parameter) => resolve(parameter, document));
}

/** Optional parameters that the contract does not know. */
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

/** A name that the comparator takes for one, and not for a path into objects. */
const flat = (name: string) => name.replaceAll("[", "(").replaceAll("]", ")");

/** What a name was before it was made flat. */
const unflat = (name = "") => name.replaceAll("(", "[").replaceAll(")", "]");

/**
 * An operation's interactions and its document with flat names of those query
 * parameters that the document declares one by one, such as `page[size]`. The
 * comparator reads a query as nested objects, and would look for `page` alone.
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

/** A finding of the comparator, and the field that it is about, if any. */
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
        undeclared(`An answer with status ${status} is not declared`),
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
      // The module enforces no format, and does without any null that it takes
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

/** What is told although the comparator has it for a warning. */
const told = ["response.status.default", "request.query.unknown"];

/** An operation that both documents have. */
interface Shared {
  operation: Operation;
  own: Json;
  published: Json;
}

/** What the comparator finds of each operation, in one run for all of them. */
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
  // The comparator writes into what it is given
  const document = structuredClone({ ...theirs, paths });
  const comparator = new Comparator({ oas: document as never });
  const found = new Map<Operation, Result[]>();
  const whole = structuredClone({ ...pact, interactions });
  for await (const result of comparator.compare(whole as never)) {
    if (result.type !== "error" && !told.includes(result.code)) continue;
    const [, index] = /\binteractions\[(\d+)\]/
      .exec(result.mockDetails?.location ?? "") ?? [];
    const owner = owners[Number(index)];
    if (!owner) throw new Error(result.message);
    found.set(owner, [...found.get(owner) ?? [], result]);
  }
  return found;
}

/**
 * What is found of one operation, by the field that it is about or else by what
 * it says.
 */
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

/** That an operation is not in the document. */
function absence(operation: Operation, theirs: Json): Map<string, Finding> {
  // An excerpt with the look-up alone does not say that there is nothing else
  const isExcerpt = only(getRoomOperation, theirs) &&
    Object.keys(theirs.paths as Json).length === 1;
  const name = nameOf(operation);
  const finding: Finding = isExcerpt
    ? { weight: "undeclared", text: `${name} is not declared` }
    : { weight: "contradiction", text: `There is no ${name} any more` };
  return new Map([[finding.text, finding]]);
}

/**
 * What a finding is about, the same wherever it stands: a participant's field in
 * a room's sessions is that of a participant by itself.
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
 * Compares the pact, and the description that this project keeps, with the
 * document that the provider publishes.
 *
 * @param pact The committed pact.
 * @param ours The description that this project keeps.
 * @param theirs The provider's document, of OpenAPI 3.0 or 3.1.
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
  const said = new Map<string, Weight>();
  for (const operation of operations) {
    const name = nameOf(operation);
    const both = shared.find((one) => one.operation === operation);
    const found = both
      ? findingsOf(both, results.get(operation) ?? [])
      : absence(operation, theirs);
    for (const [key, { weight, text }] of found) {
      const what = subject(operation, key);
      const earlier = said.get(what);
      if (earlier === weight || earlier === "contradiction") continue;
      said.set(what, weight);
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

/** The findings for a person to read. */
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
