import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { curlOf, shellWord } from "../../lib/cli/curl.ts";
import { idNames } from "../../lib/core/path.ts";
import { sessionId } from "../../lib/cli/command.ts";
import { printable } from "../../lib/cli/text.ts";
import { sh } from "../../scripts/sh.ts";
import { id } from "../support/example.ts";
import { requestOf, rows } from "../support/operations.ts";
import { command } from "./command.ts";

const key = 'KEY "$HOME" `id` \\ \'';

/** What a POSIX shell makes of the lines, if the command is `curl`. */
async function wordsOf(lines: string[]): Promise<string[][]> {
  // A line, and then each command, ends with a character that no word has
  const script = `curl() { printf '%s\\0' "$@"; printf '\\001'; }
${lines.join("")}`;
  const { code, stdout, stderr } = await sh("sh", ["-c", script], {
    env: { TELNYX_API_KEY: key, TELNYX_REFRESH_TOKEN: "eyJ.refresh.token" },
  });
  assertEquals([code, stderr], [0, ""]);
  return stdout.split("\x01").slice(0, -1)
    .map((words) => words.split("\0").slice(0, -1));
}

/** A test that runs a POSIX shell. */
const test = (name: string, fn: () => Promise<void>) =>
  Deno.test({ name, fn, ignore: Deno.build.os === "windows" });

test("shellWord() is the text again in a POSIX shell", async () => {
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.string({
      unit: fc.constantFrom("'", "\\", '"', "$", "`", "!", "\n", "a"),
    }),
  ).map((text) =>
    text.replaceAll("\0", "").replaceAll("\x01", "").toWellFormed()
  );
  const texts = fc.array(text, { minLength: 40, maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(texts, async (texts) => {
      const line = `curl ${texts.map(shellWord).join(" ")}\n`;
      assertEquals(await wordsOf([line]), [texts]);
    }),
    { numRuns: 25 },
  );
});

/** The request that the words of curl make. */
function sentBy([url, ...words]: string[]) {
  const request = {
    method: "",
    url,
    headers: {} as Record<string, string>,
    body: undefined as unknown,
  };
  for (let i = 0; i < words.length; i++) {
    const word = words[i];
    if (word === "--globoff") continue;
    const value = words[++i] ?? "";
    if (word === "--request") request.method = value;
    else if (word === "--data") request.body = JSON.parse(value);
    else if (word === "--header") {
      const [name = "", ...rest] = value.split(": ");
      request.headers[name] = rest.join(": ");
    } else throw new Error(`curl has no ${word} here`);
  }
  request.method ||= request.body === undefined ? "GET" : "POST";
  return request;
}

test(
  "curlOf() of every operation is its request, and has the key from the environment",
  async () => {
    const lines = rows.map(({ operation, args, opts: given }) => {
      const names = idNames(operation.path);
      const ids = Object.fromEntries(names.map((name, i) => [name, args[i]]));
      const payload = args[names.length];
      const opts = operation.needsFilter
        ? { ...payload as object, ...given }
        : given;
      return curlOf(operation, { ids, payload }, opts);
    });
    const words = await wordsOf(lines);
    for (const [i, row] of rows.entries()) {
      const { redirect: _, ...request } = requestOf(row);
      assertEquals(sentBy(words[i] ?? []), {
        ...request,
        headers: { ...request.headers, authorization: `Bearer ${key}` },
        body: request.body === undefined ? undefined : JSON.parse(request.body),
      });
    }
  },
);

/** Command lines, each of one request. */
const commandLines: string[][] = [
  ["list", "--name", "It's", "--limit", "300"],
  ["list", "--active", "--limit", "3"],
  ["get", id, "--sessions"],
  ["create", "--name", "a 'b' $c\u202e\x9b\u2028", "--recording", "on"],
  ["update", "My Room", "--max-participants", "9"],
  ["delete", id, "--yes"],
  ["token", id, "--refresh"],
  ["sessions", "--active", "--room", "My Room"],
  ["kick", sessionId, "all", "--yes"],
  ["recordings", "--until", "2026-01-31", "--delete", "--yes"],
  ["compose", sessionId],
];
for (const args of commandLines) {
  test(
    `${
      printable(args.join(" "))
    } --curl prints the request, and does not send it`,
    async () => {
      const world = {
        env: { TELNYX_API_KEY: "KEY" },
        line: "eyJ.refresh.token",
      };
      const printed = await command([...args, "--curl"], world);
      assertEquals([printed.exitCode, printed.stderr], [0, ""]);
      // Only the name of a room is looked up
      const lookUps = args.includes("My Room") ? 1 : 0;
      assertEquals(printed.requests.length, lookUps);
      assert(!/[\x7f-\x9f\u2028\u202e]/.test(printed.stdout));
      const [words = []] = await wordsOf([printed.stdout]);

      const { requests } = await command(args, world);
      const { method, url, body } = sentBy(words);
      const sent = requests.at(lookUps);
      assertEquals(
        [method, url, body && JSON.stringify(body)],
        [sent?.method, sent?.url, sent?.body],
      );
    },
  );
}

Deno.test("--curl needs no API key, and prints a line for each id", async () => {
  const args = ["get", id, sessionId, "--curl"];
  const { exitCode, stdout } = await command(args, { env: {} });
  assertEquals([exitCode, stdout.match(/^curl \S+/gm)?.length], [0, 2]);
});
