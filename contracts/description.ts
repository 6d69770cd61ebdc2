/** Checks responses against an OpenAPI document. */
import { assert, assertEquals } from "@std/assert";
import addFormats from "npm:ajv-formats@^3.0.1";
import { Ajv2020 } from "npm:ajv@^8.20.0/dist/2020.js";
import { matchPath } from "../lib/core/path.ts";
import { deref, type Json } from "../tests/support/described.ts";

const ajv = new Ajv2020({ allErrors: true, strict: false });
addFormats.default(ajv);

/** Compiles a schema of the document, in which its references resolve. */
export const compile = ({ components }: Json, schema: unknown) =>
  ajv.compile({ ...schema as Json, components });

/** The same document, whose objects have no field that is not described. */
export const closed = (document: Json): Json =>
  JSON.parse(
    JSON.stringify(document),
    (_, value) =>
      value?.properties && value.type
        ? { additionalProperties: false, ...value }
        : value,
  );

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

/** Creates a check that fails if a response is not as described. */
export function responseChecker(document: Json) {
  const validators = new Map<unknown, ReturnType<typeof compile>>();
  /** What is at these keys, one below the other. */
  const at = (...keys: string[]) =>
    keys.reduce((found, key) => deref(document, found[key]), document);

  return async (
    { method, path }: Endpoint,
    response: Response,
  ): Promise<void> => {
    const { status, headers } = response;
    const name = `${method} ${path}: ${status}`;
    const responses = ["paths", path, method.toLowerCase(), "responses"];
    const declared = [`${status}`, `${status}`.replace(/..$/, "XX")]
      .find((key) => key in at(...responses));
    assert(declared, `${name} is not declared`);
    const { content, headers: known } = at(...responses, declared);
    const text = await response.text();
    if (content) {
      const { schema } = deref(document, (content as Json)["application/json"]);
      const validate = validators.get(schema) ?? compile(document, schema);
      validators.set(schema, validate);
      const isValid = validate(JSON.parse(text));
      assert(isValid, JSON.stringify([name, validate.errors, text]));
    } else assertEquals(text, "", `${name} has a body`);

    for (const [header, value] of headers) {
      const declared = deref(document, known)[header];
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
