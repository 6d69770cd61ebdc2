import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import { messageOf } from "../../lib/cli/failure.ts";
import type { Fault } from "../../lib/testing/fake_rooms.ts";
import { id } from "../support/example.ts";
import { command, fails, missing, type World } from "./command.ts";

/** The words of a line, in which ID and NAME are of a room, and MISSING of none. */
const wordsOf = (line: string) =>
  line.split(" ").map((word) =>
    word.replace(/^ID$/, id).replace("=NAME", "=My Room")
      .replace("MISSING", missing)
  );

const base = (TELNYX_BASE_URL: string): World => ({ env: { TELNYX_BASE_URL } });
const key = (TELNYX_API_KEY: string): World => ({ env: { TELNYX_API_KEY } });

/**
 * Lines that are no usage of the command, and the message of each: it comes before
 * that of a missing key.
 */
const wrong: [line: string, message: string, world?: World][] = [
  ["lists", '"lists" is not a command: did you mean list?'],
  ["gte ID", '"gte" is not a command: did you mean get?'],
  ["part", '"part" is not a command: did you mean participants?'],
  ["none --help", '"none" is not a command; see --help'],
  ["toString", '"toString" is not a command; see --help'],
  ["--json list", "Options come after the command; see --help"],
  ["help creat", '"creat" is not a command: did you mean create?'],
  ["li\x1bst", '"li\\u{1b}st" is not a command: did you mean list?'],
  ["get --jsno", '"--jsno" is not an option of get: did you mean --json?'],
  ["get ID --token", '"--token" is not an option of get'],
  ["get --__proto__=x", '"--__proto__" is not an option of get'],
  ["get --constructor", '"--constructor" is not an option of get; see'],
  ["list -x", '"-x" is not an option of list; see --help'],
  ["usage -x", '"-x" is not an option of usage; see --help'],
  ["usage --curl", '"--curl" is not an option of usage; see --help'],
  ["serve --wait", '"--wait" is not an option of serve; see --help'],
  ["get ID --timeout", "--timeout needs a value; see"],
  ["get ID --timeout -5", "--timeout=VALUE; see"],
  ["get ID --json=1", "--json takes no value; see"],

  ["get", "get takes <room>...; see --help"],
  ["watch", "watch takes <room>...; see --help"],
  ["delete", "delete takes <room>...; see --help"],
  ["mute MISSING", "mute takes <session> all|<participant>..."],
  ["recordings --delete --yes", "--delete needs an id, or opt"],
  [
    "compositions --delete",
    "compositions --delete takes <composition>...; see",
  ],
  ["recordings ID --room MISSING", "--room cannot be used with the other arg"],
  ["sessions ID --limit 2", "--limit cannot be used with"],
  ["sessions ID --active", "--active cannot be used with"],
  ["token ID --refresh --refresh-ttl 600", "--refresh-ttl cannot be used with"],
  ["list more", '"more" is one argument too many; see --help'],
  ["list KEY0123456789ab", "Too many arguments; see --help"],

  ["get ID ", "The id or name of a room is empty"],
  ["end standup", "<session> must be a UUID, received 7 characters; see"],
  ["end ID x --yes", "<session> must be a UUID, received 1 character (id 2 of"],
  ["mute standup all", "<session> must be a UUID"],
  ["recordings x", "<recording> must be a UUID"],
  ["mute MISSING all Bob", "<participant> must be a UUID, or all by itself"],
  ["mute MISSING all --exclude=Bob", "--exclude must be a UUID"],
  ["recordings --session x", "--session must be a UUID"],
  ["recordings --status done", "must be completed or processing"],
  ["create --recording=yes", "--recording must be on or off; see"],
  ["create --max-participants=", "received NaN"],
  ["token ID --ttl 5", "--ttl must be an integer from 10 to 3"],
  ["create --max-participants 51", "integer from 2 to 50, received 51; see"],
  ["update ID --webhook-url hook", "--webhook-url must be an http(s) URL, rec"],
  ["list --since May", "--since must be a day, as YYYY-MM-DD"],
  ["list --limit 0", "--limit must be an integer from 1"],
  ["list --limit 2 --all", "--limit and --all exclude each"],
  ["list --base-url no", "--base-url must be"],
  ["list", "TELNYX_BASE_URL must be an http(s) URL without cred", base("a:1")],
  ["list", "TELNYX_BASE_URL must be", base("https://a:b@example.com/")],
  ["get ID --timeout 2147484", "--timeout must be a number of seconds"],
  ["get ID --timeout soon", "--timeout must be a number of seconds"],
  ["get ID --timeout 0", "--timeout must be a number of seconds"],
  ["get ID --timeout ", "--timeout must be a number of seconds"],
  ["watch ID --every soon", "--every must be"],
  ["watch ID --every 0.9", "at least 1"],
  ["get ID", "The API key must be visible ASCII", key("a b")],

  ["delete - --yes", "There are no ids on stdin", { line: "" }],
  ["delete - --yes", "There are no ids on stdin", { line: " \r\n\n" }],
  ["delete - --yes", "stdin must be UTF-8, with an id", { line: "\ufffd7\0b" }],
  ["token ID --refresh", "stdin must be visible ASCII", { line: "two words" }],
  ["token ID --refresh", "line breaks, received an empty string", { line: "" }],

  ["completions", "completions takes bash, zsh or fish"],
  ["completions toString", '"toString" is not bash, zsh or fish'],
  ["completions zsh more", '"more" is one argument'],

  ["usage --from 2026-02-30", "--from must be a day, as YYYY-MM-DD"],
  ["usage --to today", "--to must be a day"],
  ["usage --to 9999-12-31", "--to must be before 9999-12-31"],
  ["usage --from 2026-03-02 --to 2026-03-01", "--from must not be after --to"],
  ["usage --from 9999-12-31", "--from must not be after today; see --help"],
  ["usage --csv --json", "Choose --csv or --json"],

  ["download", "download needs ids of recordings, --session or"],
  ["download ID --session ID", "download needs ids of recordings"],
  ["download ID MISSING -o x", "--output is for a single file"],
  ["download --session ID -o x", "--output is for a single file"],
  ["download standup", "must be a UUID"],
  ["compose", "compose takes <session>"],
  ["compose standup", "must be a UUID"],
  ["compose ID ID", "Too many arguments"],
  ["compose ID --curl --wait", "--curl prints one request"],

  ["trigger", "trigger takes session.started, "],
  ["trigger session.endd", "did you mean session.ended?"],
  ["trigger session.ended", "--to must be a URL"],
  ["trigger session.ended --to ftp://x", "--to must be a URL"],
  ["trigger session.ended --to http://x --set context", "--set must be"],
  ["trigger session.ended --to http://x --set __proto__.x=1", "--set must be"],

  ["serve --port x", "--port must be an integer from 0 to 65535"],
  ["serve --port 65536", "--port must be an integer from 0 to 65535"],
  ["serve --rooms /none", "Cannot read the file of --rooms: no such file"],
  ["serve --rate-limit 10", "--rate-limit must be N/SECONDS, such as 10/60"],
  ["serve --rate-limit 0/1", "--rate-limit must be N/SECONDS"],
  ["serve --rate-limit 1/0", "--rate-limit must be N/SECONDS"],
  ["serve --fault 600", "--fault must be a status such as 503, a delay such"],
  ["serve --fault toString", "disconnect, in-body or stall; see --help"],
  ["serve --webhooks localhost:3000", "--webhooks must be a URL, such as http"],
  ["serve --fault-every 0", "--fault-every must be an integer from 1"],
];

type Failure = [line: string, code: number, message: string, world?: World];

const failing = (fault: Fault): World => ({ faults: [fault] });
const refuse = () => Promise.reject(new Error("refused"));
const hourLater = { "retry-after": "3600" };
const hostile = { code: "1", title: "\x1b[2J\nroot" };

/** What goes wrong, and how the command ends. */
const failures: Failure[] = [
  ["get ID", 4, "set TELNYX_API_KEY", { env: {} }],
  ["list", 4, "or name a file with --api-key-file", { env: {} }],
  ["get ID", 4, "No API key", key(" ")],
  ["get ID", 4, "check the API key (", key("other")],
  ["get ID MISSING", 4, "check the API key (", key("other")],
  ["get ID", 4, "forbidden", failing({ status: 403 })],
  ["get ID --api-key-file /none", 4, "file of --api-key-file: no such file"],
  ["get MISSING", 3, "not found"],
  ["watch MISSING", 3, "not found"],
  ["token MISSING", 3, "not found"],
  ["get ID", 5, "check the network and --base-url (refused)", {
    fetch: refuse,
  }],
  ["get ID", 2, "The request may not use this port: check --base-url (", {
    fetch: () => Promise.reject(new TypeError("bad port")),
  }],
  ["get ID --timeout 0.02", 6, "20 ms (--timeout", failing({ delayMs: 1e6 })],
  ["get ID", 7, "rate limited", failing({ status: 429, headers: hourLater })],
  ["get ID", 1, "bad request", failing({ status: 400 })],
  ["get ID", 1, "must be JSON", failing({ body: "<html>" })],
  // A hostile response is one harmless line
  [
    "get ID",
    3,
    "\\u{1b}[2J\\u{0a}root",
    failing({ status: 404, body: hostile }),
  ],
  ["create --name=NAME", 1, "unprocessable"],
  ...wrong.map(([line, message, world = {}]): Failure => [
    line,
    2,
    message,
    { env: {}, ...world },
  ]),
];
for (const [line, exitCode, message, world] of failures) {
  const { line: given = world?.env?.TELNYX_BASE_URL } = world ?? {};
  const of = given === undefined ? "" : ` of ${given}`;
  Deno.test(`${messageOf(new Error(line + of))}: exit code ${exitCode}, "${message}"`, async () => {
    const [code, text] = await fails(wordsOf(line), world);
    assertStringIncludes(text, message);
    assertEquals(code, exitCode);
    assert(!text.includes("KEY "), text);
  });
}

/** Where a key may be by mistake. */
const places = [
  "KEY",
  ..."help get watch token update sessions download list".split(" ")
    .map((command) => `${command} KEY`),
  ..."completions trigger serve".split(" ").map((command) => `${command} KEY`),
  "get ID KEY",
  "delete KEY --yes",
  "sessions --room KEY",
  "mute KEY all",
  "list --KEY",
  "list -KEY",
  "list --json=KEY",
  ..."api-key-file base-url timeout limit".split(" ")
    .map((option) => `list --${option} KEY`),
  "watch ID --every KEY",
  "create --max-participants KEY",
  "create --recording KEY",
  "serve --port 0 --host KEY",
  ..."rooms port fault fault-every rate-limit webhooks".split(" ")
    .map((option) => `serve --${option} KEY`),
];

Deno.test("a key in the wrong place is neither printed nor sent", async () => {
  const digits = fc.stringMatching(/^[0-9A-F]{12,40}$/)
    .filter((text) => /\d/.test(text));
  const key = fc.tuple(digits, fc.stringMatching(/^[A-Za-z0-9]{0,22}$/))
    .map(([id, secret]) => `KEY${id}_${secret}`);
  await fc.assert(
    fc.asyncProperty(key, fc.constantFrom(...places), async (key, place) => {
      const args = wordsOf(place).map((word) => word.replace("KEY", key));
      const { exitCode, stdout, stderr, requests } = await command(args);
      assert(exitCode > 0, place);
      assert(!(stdout + stderr).includes(key), stderr);
      assertEquals(requests.length, 0);
    }),
    { numRuns: 150 },
  );
});

Deno.test("a message names the option of an argument, and leaves other words as they are", () => {
  const named = (text: string) => messageOf(new Error(text));
  assertEquals(named("'baseUrl' must be a URL"), "--base-url must be a URL");
  for (const text of ["'constructor'", "(toString)", "'__proto__'"]) {
    assertEquals(named(text), text);
  }
});
