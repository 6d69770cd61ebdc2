// What a client sent that nobody read: a misspelled filter, a field of its own.
import { isRecord } from "../core/redact.ts";
import type { Operation } from "../core/operation.ts";
import type { FakeRequest } from "./log.ts";
import { findRoute } from "./routes.ts";

/** The names that an operation reads from a query or a body. */
function optionNames({ options = {} }: Operation): string[] {
  return Object.values(options).map(([name]) => name);
}

/** What no JSON has. A symbol would throw where a decoder makes it a string. */
const noJson = () => "no JSON";

/** Whether a decoder reads a field: it refuses what no JSON has. */
function isRead(
  { body }: Operation,
  sent: Record<string, unknown>,
  field: string,
): boolean {
  if (body?.field !== undefined) return body.field === field;
  const mismatch = body?.decoder?.({ ...sent, [field]: noJson });
  return mismatch?.pointer.startsWith(`/${field}`) ?? false;
}

function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? "{}");
  } catch {
    return {};
  }
}

/** The parameters and fields of a request that its operation does not know. */
export function ignoredOf(request: FakeRequest): string[] {
  const operation = findRoute(request)?.operation;
  if (!operation) return [];
  const known = optionNames(operation);
  const inQuery = [...new URL(request.url).searchParams.keys()];
  const inBody = parsed(request.body);
  const isKnown = (name: string) =>
    known.includes(name) ||
    known.includes(name.replace(/\[(eq|gte|lte)\]$/, ""));
  return [
    ...operation.body ? inQuery : inQuery.filter((name) => !isKnown(name)),
    ...!isRecord(inBody)
      ? []
      : Object.keys(inBody).filter((name) =>
        !(operation.body &&
          (known.includes(name) || isRead(operation, inBody, name)))
      ),
  ];
}
