import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { curlOf, shellWord } from "../../lib/cli/curl.ts";
import { idNames } from "../../lib/core/path.ts";
import { wholeMeeting } from "../../lib/core/whole_meeting.ts";
import { sessionId } from "../../lib/cli/command.ts";
import { printable } from "../../lib/cli/text.ts";
import { sh } from "../../scripts/sh.ts";
import { id } from "../support/example.ts";
import { requestOf, rows } from "../support/operations.ts";
import { command, missing } from "./command.ts";

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

/** What a shell or a terminal could act on. */
const name = "a 'b' $c\u202e\x9b\u2028";
const page = "page[number]=1&page[size]=250";
/** Command lines, and the request of each after the look-up of a room by its name. */
const requests: [args: string[], sent: string, body?: object][] = [
  [
    ["list", "--name", "a b", "--since=2026-01-01", "--until", "2026-01-31"],
    "GET /rooms?filter[date_created_at][gte]=2026-01-01&" +
    `filter[date_created_at][lte]=2026-01-31&filter[unique_name]=a b&${page}`,
  ],
  [
    ["create", `--name=${name}`, "--max-participants=4", "--webhook-timeout=5"],
    "POST /rooms",
    { unique_name: name, max_participants: 4, webhook_timeout_secs: 5 },
  ],
  [
    [
      "update",
      "My Room",
      "--recording",
      "off",
      "--webhook-url=https://a.example/",
    ],
    `PATCH /rooms/${id}`,
    { enable_recording: false, webhook_event_url: "https://a.example/" },
  ],
  [
    ["token", id, "--ttl", "60", "--refresh-ttl", "600"],
    `POST /rooms/${id}/actions/generate_join_client_token`,
    { token_ttl_secs: 60, refresh_token_ttl_secs: 600 },
  ],
  [
    ["sessions", "--room", "My Room", "--active"],
    `GET /room_sessions?filter[active]=true&filter[room_id]=${id}&${page}`,
  ],
  [
    ["sessions", sessionId],
    `GET /room_sessions/${sessionId}?include_participants=true`,
  ],
  [
    ["mute", sessionId, id, missing],
    `POST /room_sessions/${sessionId}/actions/mute`,
    { participants: [id, missing] },
  ],
  [
    ["unmute", sessionId, "all"],
    `POST /room_sessions/${sessionId}/actions/unmute`,
    { participants: "all" },
  ],
  [
    ["kick", sessionId, "all", `--exclude=${id},${missing}`, "--yes"],
    `POST /room_sessions/${sessionId}/actions/kick`,
    { exclude: [id, missing], participants: "all" },
  ],
  [
    ["recordings", "--participant", id, "--type=video"],
    `GET /room_recordings?filter[participant_id]=${id}&filter[type]=video&` +
    page,
  ],
  [["recordings", id, "--delete", "--yes"], `DELETE /room_recordings/${id}`],
  [
    ["recordings", "--since=2026-01-01", "--delete", "--yes"],
    "DELETE /room_recordings?filter[date_started_at][gte]=2026-01-01",
  ],
  [
    ["compositions", "--session", id, "--status", "completed"],
    `GET /room_compositions?filter[session_id]=${id}&` +
    `filter[status]=completed&${page}`,
  ],
  [
    ["list", "--active", "--limit", "300"],
    "GET /rooms?page[number]=1&page[size]=250",
  ],
  [["list", "--limit", "300"], "GET /rooms?page[number]=1&page[size]=150"],
  [["get", id, "--sessions"], `GET /rooms/${id}?include_sessions=true`],
  [["delete", id, "--yes"], `DELETE /rooms/${id}`],
  [
    ["token", id, "--refresh"],
    `POST /rooms/${id}/actions/refresh_client_token`,
    { refresh_token: "eyJ.refresh.token" },
  ],
  [
    ["compose", sessionId],
    "POST /room_compositions",
    { ...wholeMeeting, session_id: sessionId },
  ],
];
for (const [args, sent, body] of requests) {
  Deno.test(`${printable(args.join(" "))} sends ${sent}, which --curl prints only`, async () => {
    const lookUps = args.includes("My Room") ? 1 : 0;
    const line = "eyJ.refresh.token";
    const { requests } = await command(args, { line });
    const { method = "", url = "", body: text } = requests.at(lookUps) ?? {};
    const path = decodeURIComponent(url.replace(/^.*?\/v2/, ""))
      .replaceAll("+", " ");
    const [before, query = ""] = path.split("?");
    const sorted = query.split("&").sort().join("&");
    assertEquals(`${method} ${before}${sorted && `?${sorted}`}`, sent);
    assertEquals(text && JSON.parse(text), body);

    // What is only printed needs no key
    const world = lookUps > 0 ? { line } : { line, env: {} };
    const printed = await command([...args, "--curl"], world);
    assertEquals([printed.exitCode, printed.stderr], [0, ""]);
    assertEquals(printed.requests.length, lookUps);
    assert(!/[\x7f-\x9f\u2028\u202e]/.test(printed.stdout));
    if (Deno.build.os === "windows") return;
    const [words = []] = await wordsOf([printed.stdout]);
    const { headers: _, ...request } = sentBy(words);
    assertEquals(request, { method, url, body });
  });
}

Deno.test("--curl needs no API key, and prints a line for each id", async () => {
  const args = ["get", id, sessionId, "--curl"];
  const { exitCode, stdout } = await command(args, { env: {} });
  assertEquals([exitCode, stdout.match(/^curl \S+/gm)?.length], [0, 2]);
});
