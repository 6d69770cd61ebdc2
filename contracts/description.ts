/** Checks responses against an OpenAPI document. */
import { assert, assertEquals } from "@std/assert";
import addFormats from "npm:ajv-formats@^3.0.1";
import { Ajv2020 } from "npm:ajv@^8.20.0/dist/2020.js";

export type Json = Record<string, unknown>;

export const ajv = new Ajv2020({ allErrors: true });
addFormats.default(ajv);

/** The part of an OpenAPI document that is used here. */
export interface Description {
  paths: Record<string, unknown>;
  components: unknown;
}

interface Described {
  headers?: Record<string, { schema: Json }>;
  content?: { "application/json": { schema: unknown } };
}

/**
 * A schema of the document with its references resolved. If it is closed, it
 * allows only the fields that are described.
 */
export function standalone(
  { components }: Description,
  schema: unknown,
  isClosed = false,
): Json {
  const { schemas } = components as { schemas: Json };
  const text = JSON.stringify({ ...schema as Json, $defs: schemas })
    .replaceAll("#/components/schemas/", "#/$defs/");
  return JSON.parse(
    text,
    (_, value) =>
      isClosed && value?.properties && value.type
        ? { additionalProperties: false, ...value }
        : value,
  );
}

/** Resolves a reference of the document; any other value is returned. */
function resolve<T>(document: Description, value: unknown): T {
  const { $ref } = value as { $ref?: string };
  if ($ref === undefined) return value as T;
  const found = $ref.split("/").slice(1)
    .reduce((at: unknown, name) => (at as Json)[name], document);
  return resolve(document, found);
}

/** An operation of the document. */
export interface Endpoint {
  path: string;
  method: string;
}

/** The operation that a request is for. */
export function endpointOf(
  { paths }: Description,
  method: string,
  url: string,
): Endpoint | undefined {
  const { pathname } = new URL(url);
  const path = Object.keys(paths).find((path) =>
    new RegExp(`^/v2${path.replaceAll(/\{\w+\}/g, "[^/]+")}$`).test(pathname) &&
    method.toLowerCase() in Object(paths[path])
  );
  return path === undefined ? undefined : { path, method };
}

/** The description of a response, if there is one. */
function responseOf(
  document: Description,
  { path, method }: Endpoint,
  status: number,
): Described | undefined {
  const operation = (document.paths[path] as Json)?.[method.toLowerCase()];
  const { responses } = Object(operation) as { responses?: Json };
  const declared = responses?.[status] ??
    responses?.[`${Math.floor(status / 100)}XX`] ?? responses?.default;
  return declared ? resolve<Described>(document, declared) : undefined;
}

/** The schema of a response's body, if it has one. */
export function schemaOf(
  document: Description,
  endpoint: Endpoint,
  status: number,
): unknown {
  return responseOf(document, endpoint, status)?.content?.["application/json"]
    .schema;
}

/** Creates a check that fails if a response is not as described. */
export function responseChecker(document: Description, isClosed = false) {
  const validators = new Map<Described, ReturnType<typeof ajv.compile>>();
  const validatorOf = (described: Described) => {
    const { schema } = described.content?.["application/json"] ?? {};
    if (!schema) return;
    const validate = validators.get(described) ??
      ajv.compile(standalone(document, schema, isClosed));
    validators.set(described, validate);
    return validate;
  };

  return async (
    endpoint: Endpoint,
    response: Response,
  ): Promise<void> => {
    const { status, headers } = response;
    const name = `${endpoint.method} ${endpoint.path}`;
    const described = responseOf(document, endpoint, status);
    assert(described, `${name}: the document declares no ${status}`);
    const validate = validatorOf(described);
    const text = await response.text();
    if (validate) {
      assert(
        validate(JSON.parse(text)),
        JSON.stringify([name, status, validate.errors, text]),
      );
    } else assertEquals(text, "", `${name}: ${status} has a body`);

    for (const [header, value] of headers) {
      const declared = described.headers?.[header];
      if (!declared) {
        assert(!header.startsWith("x-ratelimit"), `${header} is not declared`);
        continue;
      }
      const { schema } = resolve<{ schema: Json }>(document, declared);
      const typed = schema.type === "integer" ? Number(value) : value;
      assert(ajv.validate(schema, typed), `${header}: ${value}`);
    }
  };
}
