/** Turns measurements into tables, and compares them with the targets. */

import { loads } from "./loads.mjs";

/** The readings of one client, one per round. */
export interface Reading {
  values: number[];
  /** Bytes allocated per call, if the runtime reports it. */
  bytes?: number | null;
  p50?: number;
  p99?: number;
  connections?: number;
}

/** Readings by what was varied (stub, concurrency, size), then by client. */
export type Part = Record<string, Record<string, Reading>>;

/** The measurements on one runtime. */
export interface Measured {
  runtime: string;
  overhead: Part;
  loopback: Part;
  many: Part;
  big: Part;
  /** Peak MiB, by size, then by client. */
  memory: Record<string, Record<string, number>>;
  decode: Part;
  /** Milliseconds of a fresh process, by client; `empty` is an empty program. */
  cold: Record<string, Reading>;
}

/** A table; its first row is the head. */
export interface Table {
  title: string;
  note: string;
  rows: string[][];
}

const [ours, bare, byHand, byCore] = ["getRoom", "fetch", "hand", "core"];

/** The names of the clients in the tables. */
const titles: Record<string, string> = {
  [bare]: "bare fetch",
  [byHand]: "by hand",
  [byCore]: "with checks",
  telnyx: "telnyx SDK",
  empty: "empty program",
  decoder: "this decoder",
};
const title = (name: string) => titles[name] ?? name;

export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2
    ? sorted[middle] ?? NaN
    : ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2;
}

/** Half the distance between the quartiles, in hundredths of the median. */
export function spread(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) =>
    sorted[Math.round(share * (sorted.length - 1))] ?? NaN;
  return 100 * (at(0.75) - at(0.25)) / 2 / median(values);
}

/** The ratio to another client, over the rounds of both. */
export function ratio(one?: Reading, other?: Reading): number {
  return median(
    (one?.values ?? []).map((value, i) => value / (other?.values[i] ?? NaN)),
  );
}

const figure = (value: number): string =>
  value.toFixed(value >= 100 ? 0 : value >= 10 ? 1 : 2);

const cell = (reading: Reading | undefined, base: Reading | undefined) =>
  reading
    ? `${figure(median(reading.values))}±${
      spread(reading.values).toFixed(0)
    }% ×${ratio(reading, base).toFixed(2)}`
    : "-";

/** The clients of a part, this module and bare `fetch` first. */
function clientsOf(parts: Record<string, unknown>[]): string[] {
  const names = new Set([ours, bare, ...parts.flatMap(Object.keys)]);
  return [...names].filter((name) => parts.some((part) => name in part));
}

/** A table with a row per client and a column per runtime. */
function byClient<T>(
  all: Measured[],
  heading: string,
  note: string,
  part: (measured: Measured) => Record<string, T>,
  show: (value: T | undefined, part: Record<string, T>) => string,
): Table {
  const parts = all.map(part);
  return {
    title: heading,
    note,
    rows: [
      ["", ...all.map(({ runtime }) => runtime)],
      ...clientsOf(parts).map((name) => [
        title(name),
        ...parts.map((one) => show(one[name], one)),
      ]),
    ],
  };
}

const against =
  (base: string) =>
  (reading: Reading | undefined, part: Record<string, Reading>): string =>
    cell(reading, part[base]);

const loopbackTitle = (key: string) =>
  key.replace(/-far$/, ", gzip, 10 ms").replace(/^\d+/, "$& at once");

/** What a stub responds with, by its kind. */
const stubs: Record<string, string> = {
  stream: "a stream of bytes, as the network does",
  text: "text, as tests do",
};

/** Every table, in the order of the page. */
export function tables(all: Measured[]): Table[] {
  const [first] = all;
  if (!first) return [];
  return [
    ...Object.entries(stubs).flatMap(([kind, words]) => [
      byClient(
        all,
        `Overhead, when fetchFn answers with ${words}`,
        "µs a call, its spread, and how many times bare fetch.",
        ({ overhead }) => overhead[kind] ?? {},
        against(bare),
      ),
      byClient(
        all,
        `Allocation, when fetchFn answers with ${words}`,
        "kB a call; Bun's heap does not tell.",
        ({ overhead }) => overhead[kind] ?? {},
        (reading) => reading?.bytes ? figure(reading.bytes / 1000) : "-",
      ),
    ]),
    ...Object.keys(first.loopback).flatMap((concurrency) => [
      byClient(
        all,
        `Loopback HTTP, ${loopbackTitle(concurrency)}`,
        "Calls a second, their spread, and how many times bare fetch.",
        ({ loopback }) => loopback[concurrency] ?? {},
        against(bare),
      ),
      byClient(
        all,
        `Latency and connections, ${loopbackTitle(concurrency)}`,
        "Median / 99th percentile in ms, and connections opened after a warm-up.",
        ({ loopback }) => loopback[concurrency] ?? {},
        (reading) =>
          reading
            ? `${figure(reading.p50 ?? NaN)}/${
              figure(reading.p99 ?? NaN)
            } ${reading.connections}`
            : "-",
      ),
    ]),
    byClient(
      all,
      "2000 rooms over loopback HTTP, 32 at once",
      "Rooms a second, their spread, and how many times Promise.all.",
      ({ many }) => many["2000"] ?? {},
      against("Promise.all"),
    ),
    ...Object.keys(first.big).map((sessions) =>
      byClient(
        all,
        `A room of ${sessions} sessions`,
        "ms over loopback HTTP, its spread, and how many times bare fetch.",
        ({ big }) => big[sessions] ?? {},
        against(bare),
      )
    ),
    ...Object.keys(first.memory).map((sessions) =>
      byClient(
        all,
        `Memory for a room of ${sessions} sessions`,
        "MiB of a process at its most, one call in it.",
        ({ memory }) => memory[sessions] ?? {},
        (mebibytes) => mebibytes === undefined ? "-" : figure(mebibytes),
      )
    ),
    byClient(
      all,
      "Decoding a room of 10000 sessions",
      "ms, its spread, and how many times JSON.parse of the same text.",
      ({ decode }) => decode["10000"] ?? {},
      against("JSON.parse"),
    ),
    byClient(
      all,
      "Cold start",
      "ms of a fresh process: import, one call over loopback; ms over empty.",
      ({ cold }) => cold,
      (reading, { empty }) =>
        reading && empty
          ? `${figure(median(reading.values))}±${
            spread(reading.values).toFixed(0)
          }% +${over(reading, empty).toFixed(1)}`
          : "-",
    ),
  ].filter(({ rows }) => rows.length > 1);
}

/** The difference to another client, over the rounds of both. */
function over(one: Reading | undefined, other: Reading | undefined): number {
  return median(
    (one?.values ?? []).map((value, i) => value - (other?.values[i] ?? NaN)),
  );
}

interface Target {
  name: string;
  /** One limit for all runtimes, or one each for Deno, Node and Bun. */
  limit: number | [deno: number, node: number, bun: number];
  /** Whether the limit is a minimum. Default: a maximum. */
  least?: true;
  /** The value of this module, or of a call by hand. */
  of(measured: Measured, client: string): number;
}

const beside = (part: Part, key: string, client: string): number =>
  ratio(part[key]?.[client], part[key]?.[bare]);

/** The ratio to each similar client; NaN if none was measured. */
function besidePeers(part: Part, key: string, client: string): number[] {
  const peers = ["ky", "ofetch", "openapi-fetch"]
    .flatMap((name) => part[key]?.[name] ?? []);
  return peers.length > 0
    ? peers.map((peer) => ratio(part[key]?.[client], peer))
    : [NaN];
}

/**
 * How much the ratio to bare fetch grows when a room has ten times as many
 * sessions. Garbage collection makes both clients slower than linear.
 */
function bend({ big }: Measured, client: string): number {
  return beside(big, "100000", client) / beside(big, "10000", client);
}

const stubKinds = Object.keys(stubs);
const loadNames = Object.keys(loads);

const targets: Target[] = [
  ...stubKinds.map((kind): Target => ({
    name: `over a stub, ${kind}`,
    limit: [1.3, 1.1, 1.3],
    of: ({ overhead }, client) => beside(overhead, kind, client),
  })),
  ...stubKinds.map((kind): Target => ({
    name: `over a stub, ${kind}, × best peer`,
    limit: 1,
    of: ({ overhead }, client) =>
      Math.max(...besidePeers(overhead, kind, client)),
  })),
  ...loadNames.map((load): Target => ({
    name: loopbackTitle(load),
    limit: [0.85, 0.97, 0.92],
    least: true,
    of: ({ loopback }, client) => beside(loopback, load, client),
  })),
  ...loadNames.map((load): Target => ({
    name: `${loopbackTitle(load)}, × best peer`,
    limit: 1,
    least: true,
    of: ({ loopback }, client) =>
      Math.min(...besidePeers(loopback, load, client)),
  })),
  ...["10000", "100000"].map((sessions): Target => ({
    name: `${sessions} sessions, × bare fetch`,
    limit: 1.15,
    of: ({ big }, client) => beside(big, sessions, client),
  })),
  {
    name: "10 times as many, × of bare fetch",
    limit: 1.15,
    of: bend,
  },
  {
    name: "decoder, × JSON.parse",
    limit: 0.3,
    of: ({ decode }, client) =>
      client === ours
        ? ratio(decode["10000"]?.decoder, decode["10000"]?.["JSON.parse"])
        : NaN,
  },
  {
    name: "cold start, ms over bare fetch",
    limit: 5,
    of: ({ cold }, client) => over(cold[client], cold[bare]),
  },
];

/** The targets, and whether each runtime meets them. */
export function verdicts(
  all: Measured[],
): { table: Table; judged: number; missed: number } {
  let missed = 0;
  const measured = targets
    .map((target) => ({
      ...target,
      values: all.map((measured) => target.of(measured, ours)),
      hands: [byHand, byCore].map((name) => ({
        name: `… ${title(name)}`,
        values: all.map((measured) => target.of(measured, name)),
      })),
    }))
    .filter(({ values }) => !values.some(Number.isNaN));
  const rows = measured.flatMap(({ name, limit, least, values, hands }) => {
    const isMet = (value: number, i: number) => {
      const [deno, node = deno, bun = deno] = [limit].flat() as [number];
      const runtime = all[i]?.runtime ?? "";
      const bound = /^Deno/.test(runtime)
        ? deno
        : /^Node/.test(runtime)
        ? node
        : bun;
      return least ? value >= bound : value <= bound;
    };
    const misses = values.filter((value, i) => !isMet(value, i)).length;
    missed += misses;
    const show = (value: number, i: number) =>
      Number.isNaN(value)
        ? "-"
        : `${isMet(value, i) ? "" : "✗ "}${figure(value)}`;
    const row = [
      `${name} ${least ? "≥" : "≤"} ${[limit].flat().join("/")}`,
      ...values.map(show),
    ];
    // If a call by hand is no better, the runtime or the checks are the limit
    const byHands = hands.flatMap(({ name, values }) =>
      misses > 0 && !values.every(Number.isNaN)
        ? [[name, ...values.map(show)]]
        : []
    );
    return [row, ...byHands];
  });
  return {
    table: {
      title: "Targets",
      note: [
        "By the median of the rounds; ✗ marks a target that is not met; three limits are",
        "for Deno, Node and Bun. Over a stub is time, at once is calls a second: times",
        "bare fetch, or the best of ky, ofetch and openapi-fetch. By hand is a call with",
        "one AbortController, one timer and no checks: what it misses too is a limit of",
        "the runtime. With checks is the same call with toRequest() and parseResponse():",
        "what it misses too is the price of the checks.",
      ].join("\n"),
      rows: [["", ...all.map(({ runtime }) => runtime)], ...rows],
    },
    judged: measured.length * all.length,
    missed,
  };
}

/** A table for the terminal. */
export function toText({ title, note, rows }: Table): string {
  const widths = (rows[0] ?? []).map((_, i) =>
    Math.max(...rows.map((row) => row[i]?.length ?? 0))
  );
  const lines = rows.map((row) =>
    row.map((text, i) =>
      i === 0 ? text.padEnd(widths[i] ?? 0) : text.padStart(widths[i] ?? 0)
    ).join("  ").trimEnd()
  );
  return [title, note, ...lines].join("\n");
}

/** A table for a page. */
export function toMarkdown({ title, note, rows }: Table): string {
  const line = (cells: string[]) => `| ${cells.join(" | ")} |`;
  const [head = [], ...rest] = rows;
  const rule = head.map((_, i) => i === 0 ? "---" : "--:");
  return `## ${title}\n\n${note}\n\n${
    [line(head), line(rule), ...rest.map(line)].join("\n")
  }`;
}
