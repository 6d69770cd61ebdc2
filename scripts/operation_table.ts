/**
 * The tables of operations: the README's, and that of the contract's interactions.
 */
import pact from "../contracts/videorooms-telnyx-telnyx-video-api.json" with {
  type: "json",
};
import * as core from "../lib/core/mod.ts";
import { idNames, matchPath } from "../lib/core/path.ts";
import { routes } from "../lib/testing/routes.ts";
import * as mod from "../mod.ts";

type Operation = core.Operation;

const operations = Object.entries(core)
  .filter(([name]) => name.endsWith("Operation")) as [string, Operation][];

/** The statuses of an operation in the contract, and how often each occurs. */
function statusesOf({ method, path }: Operation): Map<number, number> {
  const times = new Map<number, number>();
  for (const { request, response: { status } } of pact.interactions) {
    if (request.method !== method || !matchPath(path, request.path)) continue;
    times.set(status, (times.get(status) ?? 0) + 1);
  }
  return new Map([...times].sort(([a], [b]) => a - b));
}

/** An operation of the API. */
interface OperationRow {
  operation: Operation;
  /** The operation of `./core`; another one for a nested list. */
  own: Operation;
  /** The names of its functions. */
  functions: string[];
  /** The statuses in the contract, and how often each occurs. */
  statuses: Map<number, number>;
}

/**
 * The row of an operation. A list nested below a room or a session is the list of
 * all, with a filter.
 */
function rowOf(operation: Operation): OperationRow {
  const [key = "", own = operation] =
    operations.find(([, one]) =>
      one.method === operation.method && one.path === operation.path
    ) ??
      operations.find(([, { options }]) =>
        options && options === operation.options
      ) ?? [];
  const name = key.replace(/Operation$/, "");
  return {
    operation,
    own,
    functions: [...new Set([name, name.replace(/^list/, "all")])]
      .filter((name) => name in mod),
    statuses: statusesOf(own),
  };
}

/** Every operation of the API, by resource. */
export const rows = routes.map(({ operation }) => rowOf(operation));

const code = (text: string) => `\`${text}\``;
const nameOf = ({ method, path }: Operation) => code(`${method} ${path}`);

/** A table in Markdown. */
export function tableOf(heads: string[], rows: string[][]): string {
  return [heads, heads.map(() => "---"), ...rows]
    .map((row) => `| ${row.join(" | ")} |`).join("\n");
}

function functionsOf({ operation, own, functions }: OperationRow): string {
  if (own.path === operation.path) return functions.map(code).join(", ");
  const [filter] = idNames(operation.path);
  return code(`${functions[0]}({ ${filter} })`);
}

/** The documents with a table. */
export const tables: Readonly<Record<string, string>> = {
  "README.md": tableOf(
    ["operation", "function", "idempotent"],
    rows.map((row) => [
      nameOf(row.operation),
      functionsOf(row),
      row.operation.repeatable ? "yes" : "no",
    ]),
  ),
  "contracts/README.md": tableOf(
    ["operation", `${pact.interactions.length} interactions, by status`],
    rows.filter(({ operation, own }) => own.path === operation.path)
      .map(({ operation, statuses }) => [
        nameOf(operation),
        [...statuses].map(([status, times]) =>
          times > 1 ? `${status} ×${times}` : `${status}`
        ).join(", "),
      ]),
  ),
};
