/** The README's table of operations, from the code, the fake and the contract. */
import pact from "../contracts/videorooms-telnyx-telnyx-video-api.json" with {
  type: "json",
};
import * as core from "../lib/core/mod.ts";
import { routes } from "../lib/testing/routes.ts";
import * as mod from "../mod.ts";
import { idNames, matchPath } from "../lib/core/path.ts";

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

/** A row of the table, for an operation of the fake. */
interface Row {
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
function rowOf(operation: Operation): Row {
  const [key = "", own = operation] =
    operations.find(([, one]) => one === operation) ??
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

/** The lines of a Markdown table, aligned as `deno fmt` has them. */
function aligned(table: string[][]): string[] {
  const widths =
    table[0]?.map((_, column) =>
      Math.max(...table.map((row) => row[column]?.length ?? 0))
    ) ?? [];
  const line = (cells: string[], fill: string) =>
    `| ${
      cells.map((cell, i) => cell.padEnd(widths[i] ?? 0, fill)).join(" | ")
    } |`;
  const [head = [], ...body] = table;
  return [
    line(head, " "),
    line(head.map(() => ""), "-"),
    ...body.map((cells) => line(cells, " ")),
  ];
}

const code = (text: string) => `\`${text}\``;

/** The cells of a row. */
function cellsOf({ operation, own, functions, statuses }: Row): string[] {
  const { method, path, repeatable } = operation;
  const [filter] = idNames(path);
  const isFiltered = own !== operation;
  return [
    code(`${method} ${path}`),
    isFiltered
      ? code(`${functions[0]}({ ${filter} })`)
      : functions.map(code).join(", "),
    repeatable ? "yes" : "no",
    isFiltered
      ? `as ${code(own.path)}`
      : [...statuses].map(([status, times]) =>
        times > 1 ? `${status} ×${times}` : `${status}`
      ).join(", "),
  ];
}

/** The table in Markdown. */
function operationTable(): string {
  const heads = ["operation", "function", "repeatable", "in the contract"];
  return aligned([heads, ...rows.map(cellsOf)]).join("\n");
}

const [begin, end] = [
  "<!-- deno task docs writes this table -->",
  "<!-- end of the table -->",
];

/** The README with an updated table. */
export function withTable(readme: string): string {
  const [before, rest = ""] = readme.split(begin);
  const [, after] = rest.split(end);
  if (after === undefined) throw new Error("The README's table has no markers");
  return `${before}${begin}\n\n${operationTable()}\n\n${end}${after}`;
}
