import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { curlOf, hiddenRefreshToken, shellWord } from "../../lib/cli/curl.ts";
import { idNames } from "../../lib/core/path.ts";
import {
  createRoomOperation,
  refreshJoinTokenOperation,
} from "../../lib/core/mod.ts";
import { sessionId } from "../../lib/cli/example_rooms.ts";
import { sh } from "../../scripts/sh.ts";
import { id } from "../support/example.ts";
import { requestOf, rows, uuid } from "../support/operations.ts";
import { command, fails } from "./command.ts";

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

const isUnix = Deno.build.os !== "windows";

Deno.test({
  name: "shellWord() is the text again in a POSIX shell",
  ignore: !isUnix,
  async fn() {
    const text = fc.oneof(
      fc.string({ unit: "binary-ascii" }),
      fc.string({
        unit: fc.constantFrom("'", "\\", '"', "$", "`", "!", "\n", "a"),
      }),
      fc.string({ unit: "binary" }),
    ).map((text) =>
      text.replaceAll("\0", "").replaceAll("\x01", "").toWellFormed()
    );
    const texts = fc.array(text, { minLength: 40, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(texts, async (texts) => {
        const [words] = await wordsOf([
          `curl ${texts.map(shellWord).join(" ")}\n`,
        ]);
        assertEquals(words, texts);
      }),
      { numRuns: 25 },
    );
  },
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

Deno.test({
  name:
    "curlOf() of every operation is its request, and has the key from the environment",
  ignore: !isUnix,
  async fn() {
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
});

Deno.test({
  name:
    "curlOf() sends any name as it is, and shows no character that a terminal acts on",
  ignore: !isUnix,
  async fn() {
    const name = fc.string({ unit: "binary", minLength: 1 })
      .filter((text) => text.isWellFormed());
    const names = fc.array(name, { minLength: 20, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(names, async (names) => {
        const lines = names.map((unique_name) =>
          curlOf(createRoomOperation, { ids: {}, payload: { unique_name } }, {})
        );
        assert(!/[\x7f-\x9f\u2028\u202e]/.test(lines.join("")));
        const sent = (await wordsOf(lines)).map((words) => sentBy(words).body);
        assertEquals(sent, names.map((unique_name) => ({ unique_name })));
      }),
      { numRuns: 20 },
    );
  },
});

Deno.test({
  name: "curlOf() takes a refresh token from the environment",
  ignore: !isUnix,
  async fn() {
    const ids = { roomId: uuid(1) };
    const line = curlOf(
      refreshJoinTokenOperation,
      { ids, payload: hiddenRefreshToken },
      {},
    );
    const [words = []] = await wordsOf([line]);
    assertEquals(sentBy(words).body, { refresh_token: "eyJ.refresh.token" });
  },
});

/** Command lines, each of one request. */
const commandLines: string[][] = [
  ["list", "--name", "It's", "--limit", "300"],
  ["list", "--active", "--limit", "3"],
  ["get", id, "--sessions"],
  ["create", "--name", "a 'b' $c", "--recording", "on"],
  ["update", "My Room", "--max-participants", "9"],
  ["delete", id, "--yes"],
  ["token", id, "--ttl", "60"],
  ["token", id, "--refresh"],
  ["sessions", "--active", "--room", "My Room"],
  ["sessions", sessionId],
  ["end", sessionId, "--yes"],
  ["kick", sessionId, "all", "--yes"],
  ["mute", sessionId, id],
  ["unmute", sessionId, "all", "--exclude", id],
  ["participants", "--session", sessionId],
  ["recordings", "--until", "2026-01-31", "--delete", "--yes"],
  ["recordings", id],
  ["compositions", id, "--delete", "--yes"],
  ["compose", sessionId],
];
for (const args of commandLines) {
  Deno.test({
    name: `${args.join(" ")} --curl prints the request, and does not send it`,
    ignore: !isUnix,
    async fn() {
      const line = "eyJ.refresh.token";
      const world = { env: { TELNYX_API_KEY: key.split(" ")[0] ?? "" }, line };
      const printed = await command([...args, "--curl"], world);
      assertEquals([printed.exitCode, printed.stderr], [0, ""]);
      // Only the name of a room is looked up
      const isNamed = args.includes("My Room");
      assertEquals(printed.requests.length, isNamed ? 1 : 0);
      const [words = []] = await wordsOf([printed.stdout]);

      const { requests } = await command(args, world);
      const sent = requests.at(isNamed ? 1 : 0);
      const { method, url, body } = sentBy(words);
      assertEquals([method, url, body], [
        sent?.method,
        sent?.url,
        sent?.body === undefined ? undefined : JSON.parse(sent.body),
      ]);
    },
  });
}

Deno.test("--curl needs no API key, and prints a line for each id", async () => {
  const { exitCode, stdout } = await command(
    ["get", id, sessionId, "--curl"],
    { env: {} },
  );
  assertEquals(exitCode, 0);
  assertEquals(stdout.match(/^curl \S+/gm)?.length, 2);
  assertEquals(
    (await fails(["compose", sessionId, "--curl", "--wait"]))[0],
    2,
  );
});
