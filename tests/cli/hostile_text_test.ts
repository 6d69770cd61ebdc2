// Words from outside, in a terminal: whatever the API says and whatever a command
// is given, nothing moves the cursor, colors the text or begins a line.
import { assert } from "@std/assert";
import fc from "fast-check";
import { type Option, wordsOf } from "../../lib/cli/command.ts";
import { commands } from "../../lib/cli/commands.ts";
import { eventNames } from "../../lib/testing/example_events.ts";
import { findRoute } from "../../lib/testing/routes.ts";
import {
  description,
  findOperation,
  type Json,
  listOf,
  valuesOf,
} from "../support/described.ts";
import { id } from "../support/example.ts";
import { inVirtualTime } from "../support/virtual_time.ts";
import { command, withFolder } from "./command.ts";

/** What a terminal acts on, or shows as nothing. */
const hostilePieces = [
  ...["\x1b[2J", "\x1b[31m", "\x1b]8;;https://a.example\x07", "\x1b"],
  ...["\x9b2J", "\x9d", "\x85", "\x7f", "\0", "\b", "\t", "\r"],
  ...["\nFORGED", "\r\nFORGED", "\u2028FORGED", "\u2029FORGED"],
  ...["\u202e", "\u2066", "\u061c", "\u200e", "\u200f"],
  ...["\ud800", "\udc00", "\u200b", "\ufeff"],
];
const hostile = fc.array(
  fc.oneof(
    { weight: 2, arbitrary: fc.constantFrom(...hostilePieces) },
    fc.constantFrom("a", " ", "李", "👩‍👩‍👧", "%"),
    fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
  ),
  { minLength: 1, maxLength: 5 },
).map((pieces) => pieces.join(""));

const unsafe =
  // deno-lint-ignore no-control-regex
  /[\0-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/;

/** Where lines are not wrapped, a word never begins one. */
const unsafeOrForged = new RegExp(`${unsafe.source}|^ *FORGED`, "m");

/** What the command itself writes to a terminal: status lines and colors. */
// deno-lint-ignore no-control-regex
const ownOnTerminal = /\r(?=[^\r\x1b]*\x1b\[K)|\x1b\[(?:K|[0-2]m|32m)/g;

/** Mostly what is right; else hostile. */
const mostly = (right: fc.Arbitrary<string>) =>
  fc.oneof({ weight: 3, arbitrary: right }, hostile);

/** A path in the folder. */
const pathIn = (folder: string) =>
  hostile.map((text) => `${folder}/${text.replaceAll(/[/\0]/g, "_")}`);

/**
 * Right words for the placeholders of arguments and of options' values. Files are
 * in the folder, and no host is looked up.
 */
function rightWords(folder: string): Record<string, fc.Arbitrary<string>> {
  const ids = fc.constantFrom(id, id.replace("7", "8"));
  const hostileUrl = hostile.map((text) => `https://a.example/${text}`);
  return {
    room: fc.oneof(ids, hostile),
    participant: fc.constantFrom("all", id),
    ROOM: fc.oneof(ids, hostile),
    event: fc.constantFrom(...eventNames),
    COMMAND: fc.constantFrom(...Object.keys(commands)),
    N: fc.constant("2"),
    SECONDS: fc.constant("60"),
    URL: hostileUrl,
    NAME: hostile,
    FILE: pathIn(folder),
    DIR: pathIn(folder),
    "FILE.json": fc.constant(`${folder}.json`),
    "YYYY-MM-DD": fc.constant("2026-01-01"),
    "FIELD=VALUE": hostile.map((text) => `payload.context=${text}`),
    "ID,ID": fc.constant(`${id},${id}`),
    "N/SECONDS": fc.constant("10/60"),
    FAULT: fc.constant("503"),
    KEY: fc.constant("KEY"),
    ADDRESS: fc.constant("127.0.0.1"),
    ID: ids,
  };
}

/** Any arguments of a command, most of them such that it gets far. */
function argsOf(name: string, folder: string): fc.Arbitrary<string[]> {
  const { args = "", options = {} } = commands[name] ?? {};
  const right = rightWords(folder);
  const words = (placeholder: string) =>
    fc.oneof(
      ...wordsOf(placeholder).map((word) => fc.constant(word)),
      right[placeholder.replaceAll(/[^\w=.,/-]/g, "")] ?? right.ID ?? hostile,
    );
  const positionals = args.split(" ").filter(Boolean).map((argument) => {
    const [, placeholder = ""] = /^\[?(?:all\|)?<?([\w|]+)/.exec(argument) ??
      [];
    const minLength = argument.startsWith("[") ? 0 : 1;
    const maxLength = argument.includes("...") ? 2 : 1;
    return fc.array(mostly(words(placeholder)), { minLength, maxLength });
  });
  const flags = Object.entries<Option>(options).map(([name, { value }]) => {
    if (!value) return fc.constant(`--${name}`);
    const isOfMachine = /ADDRESS|FILE|DIR/.test(value);
    const values = isOfMachine ? words(value) : mostly(words(value));
    return values.map((text) => `--${name}=${text}`);
  });
  const chosen = fc.shuffledSubarray(flags, {
    maxLength: Math.min(3, flags.length),
  });
  const always: Record<string, string[]> = {
    serve: ["--port=0"],
    trigger: ["--to=https://a.example/"],
    download: [`--dir=${folder}`],
  };
  return chosen.chain((flags) =>
    fc.tuple(fc.tuple(...positionals), fc.tuple(...flags))
  ).map(([positionals, flags]) => [
    name,
    ...positionals.flat(),
    ...always[name] ?? [],
    ...flags,
  ]);
}

/** JSON data in which texts are replaced, in turn; null leaves one as it is. */
function withTexts(data: unknown, texts: readonly (string | null)[]): unknown {
  let n = 0;
  return JSON.parse(
    JSON.stringify(data),
    (_, value) =>
      typeof value === "string" ? texts[n++ % texts.length] ?? value : value,
  );
}

const someTexts = fc.array(fc.option(hostile, { freq: 2 }), {
  minLength: 7,
  maxLength: 7,
});

/** A response's body of this schema. */
const bodyOf = (schema: unknown) =>
  fc.tuple(valuesOf(schema, "whole"), someTexts)
    .map(([body, texts]) => withTexts(body, texts) as Json);

const anyHostile = () => hostile;
const anyOutcome = () => outcome;
const outcome = fc.constantFrom(...Array(9).fill("done"), "refused", "broken");
const errorOf = () =>
  fc.record({
    status: fc.constantFrom(400, 401, 404, 422, 429, 503),
    code: hostile,
    title: hostile,
    detail: hostile,
  });

/** A provider that says anything, in the form that is described. */
function anyProvider(g: fc.GeneratorValue) {
  return (url: string, { method = "GET" }: { method?: string }) => {
    const { hostname, searchParams } = new URL(url);
    if (hostname === "files.invalid") {
      return new Response("a file", { headers: { etag: '"1"' } });
    }
    const happens = g(anyOutcome);
    if (happens === "broken") throw new TypeError(g(anyHostile));
    if (happens === "refused") {
      const { status, ...error } = g(errorOf);
      return Response.json({ errors: [error] }, { status });
    }
    const route = findRoute({ method, url });
    if (!route) return new Response(null, { status: 404 });
    const { operation } = route;
    const schema = findOperation(description, operation)?.schema;
    if (!schema || operation.status === 204) {
      return new Response(null, { status: operation.status });
    }
    const body = g(bodyOf, schema);
    if (body.meta) {
      const page_number = Number(searchParams.get("page[number]") ?? 1);
      body.meta = { page_number, total_pages: 2 };
    }
    // Some ids are right, and some files ready, so that there is a next step
    const isSound = g(fc.boolean);
    for (const record of [body.data].flat() as Json[]) {
      if (!record) continue;
      if (isSound) record.id = id;
      if (isSound && "download_url" in record) {
        record.download_url = "https://files.invalid/";
        record.status = "completed";
      }
    }
    const name = searchParams.get("filter[unique_name]");
    const [first] = listOf(body.data) as Json[];
    if (name !== null && first) {
      body.data = [{ ...first, id, unique_name: name }];
    }
    return Response.json(body, { status: operation.status });
  };
}

/** The commands that show what the API said. */
const showing = [
  ...["list", "get", "watch", "create", "update", "token"],
  ...["sessions", "participants", "recordings", "compositions"],
];

// verify is not run: the verifier would be installed
for (const name of Object.keys(commands).filter((name) => name !== "verify")) {
  Deno.test(`${name} prints nothing that a terminal acts on, whatever it is given and told`, async () => {
    let shown = 0;
    await withFolder(async (folder) => {
      const given = fc.record({
        args: argsOf(name, `${folder}/files`),
        line: fc.oneof(fc.constantFrom("y", "eyJ.refresh.token"), hostile),
        isTTY: fc.boolean(),
        columns: fc.constantFrom(20, 40, 80),
      });
      await fc.assert(
        fc.asyncProperty(given, fc.gen(), async (given, g) => {
          const { args, isTTY } = given;
          const rooms = [{ id, unique_name: g(anyHostile) }];
          await Deno.mkdir(`${folder}/files`, { recursive: true });
          await Deno.writeTextFile(
            `${folder}/files.json`,
            JSON.stringify(rooms),
          );
          const stop = new AbortController();
          const respond = anyProvider(g);
          let requests = 0;
          const { stdout, stderr } = await inVirtualTime(() =>
            command(args, {
              ...given,
              program: g(anyHostile),
              stop: stop.signal,
              async fetch(url, init) {
                if (++requests > 12) stop.abort();
                await Promise.resolve();
                return respond(url, init);
              },
              onWrite(text) {
                if (text.includes("Try ")) stop.abort();
              },
            })
          );
          await Deno.remove(`${folder}/files`, { recursive: true });
          for (const output of [stdout, stderr]) {
            const text = args.includes("--csv")
              ? output.replaceAll("\r\n", "\n") // RFC 4180
              : output;
            const at = (isTTY ? text.replace(ownOnTerminal, "") : text)
              .search(isTTY ? unsafe : unsafeOrForged);
            assert(at < 0, JSON.stringify(text.slice(at, at + 80)));
          }
          if (stdout.includes("\\u{")) shown++;
        }),
        { numRuns: 100 },
      );
    });
    assert(shown > 0 || !showing.includes(name), "hostile text was not shown");
  });
}
