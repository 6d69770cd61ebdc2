/**
 * Records what each command prints on a terminal, in a world that is always the
 * same: the snapshots of the tests, and `docs/terminal.svg`. `scripts/terminal.ts`
 * prints these files as JSON, and with `--update` writes them.
 */
import { stripVTControlCharacters } from "node:util";
import type { Context } from "../lib/cli/command.ts";
import { shellWord } from "../lib/cli/curl.ts";
import { run } from "../lib/cli/run.ts";
import { cellsOf } from "../lib/cli/width.ts";
import {
  type FakeRooms,
  fakeRooms,
  type Room,
} from "../lib/testing/fake_rooms.ts";
import { root } from "./sh.ts";

const now = Date.parse("2026-11-28T14:05:00Z");
const minuteMs = 60_000;
const dayMs = 86_400_000;

/** An id: rooms are 1 to 4, all that happens in them 100 and on. */
const idOf = (n: number) =>
  `7b61621f-62e0-4aad-ab11-9fd19e27${`${n}`.padStart(4, "0")}`;

/** How long a session began ago, in days and minutes; its length; how many people. */
const past: [
  room: number,
  daysAgo: number,
  at: number,
  min: number,
  n: number,
][] = [
  [1, 11, 570, 18, 4],
  [2, 11, 660, 42, 3],
  [1, 10, 570, 22, 5],
  [1, 9, 570, 15, 4],
  [2, 9, 900, 61, 2],
  [1, 8, 570, 20, 5],
  [1, 5, 570, 17, 5],
  [2, 5, 840, 35, 4],
  [1, 4, 570, 24, 6],
  [1, 3, 570, 19, 5],
  [3, 3, 1380, 95, 7], // past midnight
  [1, 2, 570, 16, 4],
  [2, 2, 690, 48, 3],
  [1, 1, 570, 21, 5],
];
const names = ["Ada", "Ben", "Chloe", "李雷", "Zoë", "Omar 🚀", "Nora"];

const spell = (ms: number) => new Date(ms).toISOString().replace("Z", "000Z");

function room(
  n: number,
  unique_name: string | null,
  max_participants: number,
): Room {
  const created_at = spell(now - 20 * dayMs);
  const dates = { created_at, updated_at: created_at };
  return { id: idOf(n), unique_name, max_participants, ...dates };
}

/** A fake in which the same has always happened. */
function world(): FakeRooms {
  let time = now;
  let made = 0;
  const fake = fakeRooms({
    rooms: [
      room(1, "stand-up", 8),
      room(2, "customer-call", 6),
      room(3, "夜の勉強会 🌙", 10),
      room(4, null, 50),
    ],
    newId: () => idOf(100 + made++),
    now: () => time,
  });
  /** People join a room, one a minute. */
  const meet = (n: number, began: number, people: number) =>
    names.slice(0, people).map((context, minute) => {
      time = began + minute * minuteMs;
      return fake.join(idOf(n), { context });
    });
  for (const [n, daysAgo, at, minutes, people] of past) {
    const began = now - now % dayMs - daysAgo * dayMs + at * minuteMs;
    const present = meet(n, began, people);
    time = began + minutes * minuteMs;
    fake.endSession(idOf(n));
    if (n !== 2) continue;
    for (const [k, { id = "", session_id }] of present.entries()) {
      fake.addRecording({
        ...{ participant_id: id, session_id },
        started_at: spell(began),
        duration_secs: minutes * 60,
        size_mb: minutes * 7.5 + k,
      });
    }
  }
  const [, , chloe] = meet(1, now - 25 * minuteMs, 4);
  time = now - 5 * minuteMs;
  fake.leave(chloe?.id ?? "");
  time = now;
  fake.changeRoom(idOf(2), { enable_recording: true });
  return fake;
}

/** The session that is active. */
const active = idOf(200);

/**
 * What is recorded: every command, and what goes wrong; and what ends it, if it does
 * not end by itself.
 */
export const lines: readonly [words: string, stopAfter?: string][] = [
  ["help"],
  ["help end"],
  ["list"],
  ["list --limit 2"],
  ["list --name nobody"],
  ["get stand-up --sessions"],
  [`get ${idOf(4)} ${idOf(9)}`],
  [`get ${idOf(1)} --curl`],
  ["watch stand-up", "left Chloe"],
  ["create --name retro --recording on"],
  ["update stand-up --max-participants 20"],
  ["delete stand-up"],
  ["delete stand-up customer-call --dry-run"],
  ["token stand-up"],
  ["sessions --limit 3"],
  [`sessions ${active}`],
  [`end ${active}`],
  [`end ${idOf(100)} --yes`],
  [`kick ${active} all`],
  [`mute ${active} all`],
  [`unmute ${active} ${idOf(201)}`],
  [`participants --session ${active}`],
  [`participants ${idOf(204)}`],
  ["recordings --room customer-call --limit 2"],
  [`recordings ${idOf(109)}`],
  ["recordings --until 2026-11-20 --delete"],
  ["compositions"],
  [`download ${idOf(109)} -o call.webm`],
  [`compose ${idOf(105)}`],
  ["usage"],
  ["usage --from 2026-11-27 --csv"],
  ["serve --port 0", "--sessions\n"],
  ["verify not!a!room"],
  ["trigger session.ended --to http://127.0.0.1:3000/"],
  ["completions tcsh"],
  ["lst"],
  ["get 会議"],
];

/** What is left of text in which a status line was written over. */
const settled = (text: string): string =>
  // deno-lint-ignore no-control-regex
  text.replace(/(\r[^\r\n]*?\x1b\[K)+/g, "");

/** Runs a command line on a terminal, and returns what that shows. */
async function record(
  [words, stopAfter]: typeof lines[number],
  { columns, color }: { columns: number; color: boolean },
): Promise<string> {
  const args = words.split(" ");
  const fake = world();
  const stop = new AbortController();
  let text = "";
  const write = (more: string) => {
    text += more;
    if (stopAfter !== undefined && text.includes(stopAfter)) stop.abort();
  };
  const output = { isTTY: true, columns, write };
  const context: Context = {
    env: { TELNYX_API_KEY: "KEY", ...!color && { NO_COLOR: "1" } },
    stdin: {
      isTTY: true,
      readLine() {
        write("y\n");
        return Promise.resolve("y");
      },
      readAll: () => Promise.resolve(""),
    },
    stdout: output,
    stderr: output,
    fetch: (url, init) =>
      url.startsWith("http://127.0.0.1:3000/")
        ? Promise.resolve(new Response())
        : fake.fetch(url, init as RequestInit),
    now: () => now,
    stop: stop.signal,
  };
  await run(args, context);
  const shown = settled(text).replaceAll("\r\n", "\n").replaceAll(
    /127\.0\.0\.1:\d{5}\b/g,
    "127.0.0.1:7070",
  );
  return `$ telnyx-rooms ${args.map(shellWord).join(" ")}\n${shown}`;
}

/** Everything that is recorded, in a folder of its own. */
async function recordAll(columns: number): Promise<string> {
  const dir = await Deno.makeTempDir();
  Deno.chdir(dir);
  const records: string[] = [];
  for (const line of lines) {
    records.push(await record(line, { columns, color: false }));
    await Deno.remove("call.webm").catch(() => {});
  }
  Deno.chdir(root);
  await Deno.remove(dir, { recursive: true });
  return records.join("\n");
}

const cellWidth = 8.43;
const lineHeight = 20;
const margin = 16;

const escape = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

const classes: Record<string, string> = { 1: "bold", 2: "dim", 32: "green" };

/**
 * A line of the terminal as SVG: its colors are classes, and each column of a table
 * is placed, since wide characters differ in fonts.
 */
function toSpans(line: string): string {
  const colored = line.replace(/^\$/, "\x1b[2m$$\x1b[0m");
  let cells = 0;
  let name: string | undefined;
  const spans: string[] = [];
  // deno-lint-ignore no-control-regex
  for (const part of colored.split(/(\x1b\[\d+m| {2,})/)) {
    const [, code] = /\[(\d+)m/.exec(part) ?? [];
    if (code !== undefined) name = classes[code];
    else {
      const x = (margin + cells * cellWidth).toFixed(1);
      const style = name ? ` class="${name}"` : "";
      if (part.trim() !== "") {
        spans.push(`<tspan x="${x}"${style}>${escape(part)}</tspan>`);
      }
      cells += cellsOf(part);
    }
  }
  return spans.join("");
}

/** What a terminal shows, as a picture for light and for dark pages. */
function draw(title: string, shown: string): string {
  const rows = shown.trimEnd().split("\n");
  const plain = stripVTControlCharacters(shown).split("\n");
  const cells = Math.max(...plain.map((row) => cellsOf(row)));
  const width = Math.ceil(cells * cellWidth) + 2 * margin;
  const height = rows.length * lineHeight + 2 * margin;
  const texts = rows.map((row, i) =>
    `<text y="${margin + (i + 0.75) * lineHeight}">${toSpans(row)}</text>`
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title">
<title id="title">${title}</title>
<style>
text { font: 14px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
.back { fill: #fff; stroke: #d0d7de; }
text { fill: #1f2328; white-space: pre; }
.dim { fill: #59636e; }
.green { fill: #1a7f37; font-weight: 600; }
.bold { font-weight: 600; }
@media (prefers-color-scheme: dark) {
  .back { fill: #0d1117; stroke: #3d444d; }
  text { fill: #f0f6fc; }
  .dim { fill: #9198a1; }
  .green { fill: #3fb950; }
}
</style>
<rect class="back" x="0.5" y="0.5" width="${width - 1}" height="${
    height - 1
  }" rx="8"/>
${texts.filter((_, i) => rows[i] !== "").join("\n")}
</svg>
`;
}

/** The files to write, by their paths. */
async function files(): Promise<Record<string, string>> {
  const drawn: string[] = [];
  for (
    const words of [
      "list",
      "get stand-up",
      "delete stand-up --dry-run",
      "usage",
    ]
  ) {
    drawn.push(await record([words], { columns: 80, color: true }));
  }
  const title = "What telnyx-rooms list, get, delete and usage print";
  return {
    "tests/cli/recorded_80.txt": await recordAll(80),
    "tests/cli/recorded_40.txt": await recordAll(40),
    "docs/terminal.svg": draw(title, drawn.join("\n")),
  };
}

if (import.meta.main) {
  const made = await files();
  if (!Deno.args.includes("--update")) console.log(JSON.stringify(made));
  else {
    for (const [path, text] of Object.entries(made)) {
      await Deno.writeTextFile(root + path, text);
    }
  }
}
