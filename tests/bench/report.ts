/** Compares the readings of clients, judges the targets, and shows them. */
import { toTable } from "../support/page.ts";

/** The costs of each client, in milliseconds or MiB, one for each round. */
export type Readings = Record<string, number[]>;

/** Readings by workload. */
export type Measured = Record<string, Readings>;

export interface Results {
  /** Where it was measured, and the versions. */
  about: string;
  runtimes: Record<string, Measured>;
}

/** Those that check what they receive, as this module does. */
export const checking = [
  "ofetch + valibot",
  "ofetch + zod",
  "ky + valibot",
  "ky + zod",
  "openapi-fetch + valibot",
];
export const unchecked = ["ofetch", "ky", "openapi-fetch", "telnyx", "fetch"];

/** This module, with `fetch` and with `httpFetch`. */
const owns = ["getRoom", "httpFetch"];

/** The workloads: their names, and their units. */
const workloads: [id: string, name: string, unit: "calls/s" | "ms" | "MiB"][] =
  [
    ["1", "1 at once", "calls/s"],
    ["32", "32 at once", "calls/s"],
    ["256", "256 at once", "calls/s"],
    ["far", "32, gzip, 10 ms", "calls/s"],
    ["list", "10,000 rooms", "ms"],
    ["room", "10,000 sessions", "ms"],
    ["cold", "cold start", "ms"],
    ["memory", "100,000 calls", "MiB"],
  ];

/** This module on one runtime, with `fetch` or `httpFetch`. */
interface Column {
  title: string;
  own: string;
  measured: Measured;
}

const columns = ({ runtimes }: Results): Column[] =>
  Object.entries(runtimes).flatMap(([title, measured]) =>
    owns
      .filter((own) => measured["32"]?.[own])
      .map((own) => ({
        title: own === "httpFetch" ? `${title}, httpFetch` : title,
        own,
        measured,
      }))
  );

/** A value among the sorted ones; 0.5 is the median. NaN for none. */
function quantile(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const at = share * (sorted.length - 1);
  const [below = NaN, above = below] = sorted.slice(Math.floor(at));
  return below + (above - below) * (at % 1);
}

const median = (values: number[] = []) => quantile(values, 0.5);

/** How many times our cost another client has, by the median of the rounds. */
export interface Ratio {
  other: string;
  value: number;
  /** Half of the interval of 95 % around it, as in a notched box plot. */
  noise: number;
}

export function ratio(own: number[], other: string, theirs: number[]): Ratio {
  const ratios = own.map((cost, round) => (theirs[round] ?? NaN) / cost);
  const between = quantile(ratios, 0.75) - quantile(ratios, 0.25);
  const noise = 1.57 * between / Math.sqrt(ratios.length);
  return { other, value: median(ratios), noise };
}

/** "✗" for a target that is missed, "~" by less than the noise, or nothing. */
export function mark({ value, noise }: Ratio, least: number): "" | "~" | "✗" {
  if (value >= least) return "";
  return value + noise >= least ? "~" : "✗";
}

/** First, or within 3 % of it. */
const leastOfBest = 0.97;

/** This module's cost, and that of the best of some other clients. */
interface Cell extends Ratio {
  ours: number;
  mark: string;
}

/** Compares with the best of those clients; nothing if none was measured. */
function cellOf(
  { own, measured }: Column,
  workload: string,
  others: string[],
  least: number,
): Cell | undefined {
  const { [own]: ours = [], ...readings } = measured[workload] ?? {};
  if (ours.length === 0) return undefined;
  const [best] = others.flatMap((other) => {
    const theirs = readings[other];
    return theirs ? [ratio(ours, other, theirs)] : [];
  }).sort((a, b) => a.value - b.value);
  return best && { ...best, ours: median(ours), mark: mark(best, least) };
}

/** The targets besides the first places: how many times as fast as another. */
const targets: [
  what: string,
  owns: string[],
  id: string,
  other: string,
  least: number,
][] = [
  ["32 at once, `httpFetch`", ["httpFetch"], "32", "fetch", 1.3],
  ["cold start, `httpFetch`", ["httpFetch"], "cold", "fetch", 1.43],
  ["looking ahead", owns, "ahead", "telnyx", 3.33],
];

/** A line for each target, with its verdict. */
export function verdicts(results: Results): string {
  const all = columns(results);
  const marks = all.flatMap((column) =>
    workloads.flatMap(([id]) =>
      cellOf(column, id, checking, leastOfBest)?.mark ?? []
    )
  );
  const [missed, close] = ["✗", "~"]
    .map((wanted) => marks.filter((mark) => mark === wanted).length);
  const first =
    `- first, or within 3 %, in all but ${missed} (✗) of ${marks.length} cells, and ${close} that miss it by less than the noise (~)`;
  const rest = targets.map(([what, owns, id, other, least]) => {
    const cells = all.flatMap((column) => {
      const cell = owns.includes(column.own) &&
        cellOf(column, id, [other], least);
      return cell ? `${column.title} ${cell.mark}${cell.value.toFixed(2)}` : [];
    });
    const target = `${what} ≥ ${least} × \`${other}\``;
    return `- ${target}: ${cells.join("; ") || "not measured"}`;
  });
  return [first, ...rest].join("\n");
}

const whole = (value: number) => Math.round(value).toLocaleString("en-US");

/** Our figures, each with the best of those clients. */
function table(results: Results, others: string[], least: number): string {
  const all = columns(results);
  const rows = workloads.map(([id, name, unit]) => [
    `${name}, ${unit}`,
    ...all.map((column) => {
      const cell = cellOf(column, id, others, least);
      if (!cell) return "–";
      const { ours, mark, value, noise, other } = cell;
      const figure = whole(unit === "calls/s" ? 1000 / ours : ours);
      const range = noise > 0 ? `±${noise.toFixed(2)}` : "";
      return `${figure}<br>${mark}${value.toFixed(2)}${range} ${other}`;
    }),
  ]);
  return toTable([["", ...all.map(({ title }) => title)], ...rows]);
}

/** The parts of the page, and what the task prints. */
export const parts = (results: Results): Record<string, string> => ({
  about: results.about,
  checking: table(results, checking, leastOfBest),
  unchecked: table(results, unchecked, 0),
  verdicts: verdicts(results),
});

const bars = [
  ...owns,
  ...checking.filter((name) => !name.includes("zod")),
  "telnyx",
  "fetch",
];

/** Calls a second of each client, 32 at once; the fastest has the longest bar. */
export function toChart({ runtimes }: Results): string {
  const drawn: string[] = [];
  let y = 14;
  const text = (x: number, kind: string, words: string) =>
    drawn.push(`<text x="${x}" y="${y}" class="${kind}">${words}</text>`);
  text(0, "strong", "Calls a second, 32 at once");
  for (const [runtime, { 32: costs = {} }] of Object.entries(runtimes)) {
    const shown = bars.filter((client) => costs[client])
      .map((client) => ({ client, rate: 1000 / median(costs[client]) }));
    const most = Math.max(...shown.map(({ rate }) => rate));
    y += 26;
    text(0, "strong", runtime);
    for (const { client, rate } of shown) {
      y += 14;
      const kind = owns.includes(client) ? "own" : "other";
      const width = Math.round(170 * rate / most);
      const at = `x="140" y="${y - 9}" width="${width}" height="11"`;
      text(134, "title", client);
      drawn.push(`<rect ${at} class="${kind}"/>`);
      text(width + 144, "", whole(rate));
    }
  }
  const size = `width="360" height="${y + 8}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img">
<title>Calls a second, 32 at once, of each client on each runtime</title>
<style>
text { font: 11px system-ui, sans-serif; fill: #1f2328 }
.strong { font-weight: 600 }
.title { text-anchor: end }
.own { fill: #2da44e }
.other { fill: #afb8c1 }
@media (prefers-color-scheme: dark) {
  text { fill: #f0f6fc }
  .other { fill: #656c76 }
}
</style>
${drawn.join("\n")}
</svg>
`;
}
