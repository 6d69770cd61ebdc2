/** Compares the readings of clients, judges the targets, and shows them. */

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
    ["getRoom", "httpFetch"]
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
  return { other, value: quantile(ratios, 0.5), noise };
}

/** Compares with the best of those clients; nothing if none was measured. */
function best(
  { own, measured }: Column,
  workload: string,
  others: string[],
): Ratio | undefined {
  const readings = measured[workload] ?? {};
  const ours = readings[own] ?? [];
  const [first] = others.flatMap((other) => {
    const theirs = readings[other];
    return theirs && ours.length > 0 ? [ratio(ours, other, theirs)] : [];
  }).sort((a, b) => a.value - b.value);
  return first;
}

/** "✗" for a target that is missed, "~" by less than the noise, or nothing. */
export function mark({ value, noise }: Ratio, least: number): "" | "~" | "✗" {
  if (value >= least) return "";
  return value + noise >= least ? "~" : "✗";
}

/** First, or within 3 % of it. */
const leastOfBest = 0.97;

/** The targets besides the first places: how many times as fast as another. */
const targets: [
  what: string,
  own: string,
  id: string,
  other: string,
  least: number,
][] = [
  ["32 at once, `httpFetch`", "httpFetch", "32", "fetch", 1.3],
  ["cold start, `httpFetch`", "httpFetch", "cold", "fetch", 1.43],
  ["looking ahead", "getRoom httpFetch", "ahead", "telnyx", 3.33],
];
const named: Record<string, string> = {
  fetch: "bare `fetch`",
  telnyx: "the SDK",
};

/** A line for each target, with its verdict. */
export function verdicts(results: Results): string {
  const all = columns(results);
  const marks = all.flatMap((column) =>
    workloads.flatMap(([id]) => {
      const first = best(column, id, checking);
      return first ? [mark(first, leastOfBest)] : [];
    })
  );
  const [missed, close] = ["✗", "~"].map((wanted) =>
    marks.filter((mark) => mark === wanted).length
  );
  const rest = targets.map(([what, owns, id, other, least]) => {
    const cells = all.flatMap((column) => {
      const found = owns.includes(column.own) && best(column, id, [other]);
      return found
        ? [`${column.title} ${mark(found, least)}${found.value.toFixed(2)}`]
        : [];
    });
    const target = `${what} ≥ ${least} × ${named[other]}`;
    return `- ${target}: ${cells.join("; ") || "not measured"}`;
  });
  const first =
    `- first, or within 3 %, in all but ${missed} (✗) of ${marks.length} cells, and ${close} that miss it by less than the noise (~)`;
  return [first, ...rest].join("\n");
}

const median = (values: number[] = []) => quantile(values, 0.5);

const whole = (value: number) => Math.round(value).toLocaleString("en-US");

/** Our figures, each with the best of those clients. */
function table(results: Results, others: string[], least: number): string {
  const all = columns(results);
  const rows = workloads.map(([id, name, unit]) => [
    `${name}, ${unit}`,
    ...all.map((column) => {
      const found = best(column, id, others);
      if (!found) return "–";
      const ours = median(column.measured[id]?.[column.own]);
      const noise = found.noise > 0 ? `±${found.noise.toFixed(2)}` : "";
      return `${whole(unit === "calls/s" ? 1000 / ours : ours)}<br>${
        mark(found, least)
      }${found.value.toFixed(2)}${noise} ${found.other}`;
    }),
  ]);
  const head = ["", ...all.map(({ title }) => title)];
  return [head, head.map(() => "---"), ...rows]
    .map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/** The parts of the page, and what the task prints. */
export const parts = (results: Results): Record<string, string> => ({
  about: results.about,
  checking: table(results, checking, leastOfBest),
  unchecked: table(results, unchecked, 0),
  verdicts: verdicts(results),
});

/** `docs/benchmarks.md`, by its template. */
export const toPage = (template: string, results: Results): string =>
  template.replaceAll(/{{(\w+)}}/g, (_, name) => parts(results)[name] ?? "");

const bars = [
  "getRoom",
  "httpFetch",
  ...checking.filter((name) => !name.includes("zod")),
  "telnyx",
];

/** Calls a second of each client, 32 at once, as a part of bare `fetch`. */
export function toChart({ runtimes }: Results): string {
  const [left, longest] = [140, 170];
  const groups = Object.entries(runtimes).map(
    ([runtime, { 32: costs = {} }]) => {
      const bare = median(costs.fetch);
      const shown = bars.map((client, i) => ({
        client,
        kind: i < 2 ? "own" : "other",
        ms: median(costs[client]),
      })).filter(({ ms }) => ms > 0);
      return { runtime, bare, shown };
    },
  );
  const shares = groups.flatMap(({ bare, shown }) =>
    shown.map(({ ms }) => bare / ms)
  );
  const unit = longest / Math.max(1, ...shares);
  let y = 14;
  const text = (x: number, kind: string, words: string) =>
    `<text x="${x.toFixed(1)}" y="${y}" class="${kind}">${words}</text>`;
  const drawn = [text(0, "strong", "Calls a second, 32 at once")];
  for (const { runtime, bare, shown } of groups) {
    y += 26;
    const x = (left + unit).toFixed(1);
    drawn.push(
      text(0, "strong", runtime),
      text(left + unit, "bare", `bare fetch: ${whole(1000 / bare)}`),
      `<path d="M${x} ${y + 3}v${14 * shown.length}"/>`,
    );
    for (const { client, kind, ms } of shown) {
      y += 14;
      const width = unit * bare / ms;
      const size = `width="${width.toFixed(1)}" height="11"`;
      drawn.push(
        text(left - 6, "title", client),
        `<rect x="${left}" y="${y - 9}" ${size} class="${kind}"/>`,
        text(left + width + 4, "", whole(1000 / ms)),
      );
    }
  }
  const size = `width="360" height="${y + 8}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img">
<title>Calls a second, 32 at once, on each runtime; a line is bare fetch</title>
<style>
text { font: 11px system-ui, sans-serif; fill: #1f2328 }
path { stroke: #59636e; stroke-dasharray: 3 2 }
.strong { font-weight: 600 }
.title { text-anchor: end }
.bare { text-anchor: middle }
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
