/**
 * What has moved between this contract and the document that the provider
 * publishes, in plain words.
 */
import { Comparator } from "npm:@pactflow/openapi-pact-comparator@^2.3.1";

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

/**
 * The document with the look-up of a room as its only operation, its path
 * relative to the API's base; undefined if the document has no such operation.
 */
export function onlyViewRoom(document: Json): Json | undefined {
  const paths = isObject(document.paths) ? document.paths : {};
  const [path] = Object.keys(paths)
    .filter((path) => /^[^{}]*\/rooms\/\{[^{}]+\}$/.test(path))
    .filter((path) => resolve(paths[path], document).get)
    .sort((a, b) => a.length - b.length);
  if (path === undefined) return undefined;
  const { get, parameters } = resolve(paths[path], document);
  return {
    ...document,
    paths: {
      [path.slice(path.indexOf("/rooms/"))]: { get, parameters },
    },
  };
}

/** The one operation of a document that `onlyViewRoom` gave. */
function viewRoom(document: Json): Json {
  const [path] = Object.values(document.paths as Json);
  return (path as { get: Json }).get;
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

function bodyFields(document: Json): Map<string, Field> {
  const { responses } = viewRoom(document);
  const { content } = resolve(
    isObject(responses) ? responses["200"] : undefined,
    document,
  );
  const media = isObject(content) ? content["application/json"] : undefined;
  return fields(isObject(media) ? media.schema : undefined, document);
}

/** What the published fields are, that the contract's own are not. */
function fieldFindings(ours: Json, theirs: Json): Map<string, Finding> {
  const [known, published] = [bodyFields(ours), bodyFields(theirs)];
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

/** Optional parameters that the contract does not know. */
function parameterFindings(ours: Json, theirs: Json): Finding[] {
  const names = (document: Json) => {
    const { parameters } = viewRoom(document);
    return (Array.isArray(parameters) ? parameters : [])
      .map((parameter) => resolve(parameter, document))
      .filter((parameter) => parameter.in !== "path" && !parameter.required)
      .map((parameter) => `${parameter.in} parameter ${parameter.name}`);
  };
  const known = names(ours);
  return names(theirs)
    .filter((name) => !known.includes(name))
    .map((name) => ({ weight: "news", text: `The ${name} is new` }));
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
    case "request.query.incompatible": {
      const name = mockDetails?.location.split(".").at(-1);
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

/**
 * Compares the pact, and the description that this project keeps, with the
 * document that the provider publishes.
 *
 * @param pact The committed pact.
 * @param ours The description that this project keeps.
 * @param theirs The provider's document, of OpenAPI 3.0 or 3.1.
 */
export async function drift(
  pact: unknown,
  ours: Json,
  theirs: Json,
): Promise<Finding[]> {
  const [own, published] = [onlyViewRoom(ours), onlyViewRoom(theirs)];
  if (!own || !published) {
    const text = "There is no GET …/rooms/{room_id} any more";
    return [{ weight: "contradiction", text }];
  }
  const byField = fieldFindings(own, published);
  const others = new Map<string, Finding>();
  // The comparator writes into what it is given
  const oas = structuredClone(published) as never;
  for await (const result of new Comparator({ oas }).compare(pact as never)) {
    if (result.type !== "error" && result.code !== "response.status.default") {
      continue;
    }
    const [field, finding] = explain(result);
    const said = field === undefined ? undefined : byField.get(field);
    if (field === undefined) others.set(finding.text, finding);
    else if (said?.weight !== "contradiction") byField.set(field, finding);
  }
  return [
    ...others.values(),
    ...byField.values(),
    ...parameterFindings(own, published),
  ];
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
