/** Checks responses against an OpenAPI document. */
import { assert, assertEquals } from "@std/assert";
import addFormats from "npm:ajv-formats@^3.0.1";
import { Ajv2020 } from "npm:ajv@^8.20.0/dist/2020.js";
import { matchPath } from "../lib/core/path.ts";
import { deref, type Json } from "../tests/support/described.ts";

export const ajv = new Ajv2020({ allErrors: true });
addFormats.default(ajv);

interface Described {
  headers?: Record<string, { schema: Json }>;
  content?: { "application/json": { schema: unknown } };
}

/**
 * A schema of the document with its references resolved. If it is closed, it
 * allows only the fields that are described.
 */
export function standalone(
  document: Json,
  schema: unknown,
  isClosed = false,
): Json {
  const { schemas } = deref(document, document.components);
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

/** An operation of the document. */
export interface Endpoint {
  path: string;
  method: string;
}

/** The operation that a request is for. */
export function endpointOf(
  document: Json,
  method: string,
  url: string,
): Endpoint | undefined {
  const { pathname } = new URL(url);
  const [path] = Object.entries(deref(document, document.paths))
    .find(([path, item]) =>
      matchPath(`/v2${path}`, pathname) &&
      deref(document, item)[method.toLowerCase()]
    ) ?? [];
  return path === undefined ? undefined : { path, method };
}

/** The description of a response, if there is one. */
function responseOf(
  document: Json,
  { path, method }: Endpoint,
  status: number,
): Described | undefined {
  const item = deref(document, deref(document, document.paths)[path]);
  const operation = deref(document, item[method.toLowerCase()]);
  const responses = deref(document, operation.responses);
  const declared = responses[status] ??
    responses[`${Math.floor(status / 100)}XX`] ?? responses.default;
  return declared ? deref(document, declared) : undefined;
}

/** Creates a check that fails if a response is not as described. */
export function responseChecker(document: Json, isClosed = false) {
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
      const schema = deref(document, deref(document, declared).schema);
      const typed = schema.type === "integer" ? Number(value) : value;
      assert(ajv.validate(schema, typed), `${header}: ${value}`);
    }
  };
}
