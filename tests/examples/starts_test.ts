/** The examples for Deno, started as a user does. */
import { assertEquals, assertMatch } from "@std/assert";
import { root, sh } from "../../scripts/sh.ts";
import { id } from "../support/example.ts";
import {
  acceptsWebhooks,
  type Check,
  holdsMeetings,
  present,
  type Program,
  requiresKey,
  tellsWhoIsThere,
  withExample,
} from "./servers.ts";

/** The command for a file in `examples/`, which may use this machine's network alone. */
function deno(line: string, env: Record<string, string> = {}): Program {
  const args = [
    "run",
    "--no-lock",
    "--no-prompt",
    "--config=deno.json", // maps the package name to this project
    "--allow-net=127.0.0.1,0.0.0.0,[::]",
    "--allow-env",
    "--allow-read=examples",
    ...`examples/${line}`.split(" "),
  ];
  return { command: Deno.execPath(), args, cwd: root, env };
}

const APP_KEY = "open-sesame";
const login = (text: string) => `Basic ${btoa(text)}`;
const supabase = "who_is_here/supabase/functions/room/index.ts";

const servers: [line: string, check: Check, env?: Record<string, string>][] = [
  ["meeting/main.ts --fake", holdsMeetings],
  [
    "meeting/main.ts",
    requiresKey(`/rooms/${id}/token`, {
      [login(`meeting:${APP_KEY}`)]: 200,
      [login("meeting:")]: 401,
      [login("meeting:undefined")]: 401,
    }),
    { APP_KEY },
  ],
  ["who_is_here/main.js", tellsWhoIsThere(present)],
  [supabase, tellsWhoIsThere({ live: true, people: 1 })],
  ["webhooks/main.ts", acceptsWebhooks()],
];
for (const [line, check, env] of servers) {
  const key = env ? " with a key" : "";
  Deno.test(`examples/${line}${key} starts, responds to whatever a client sends, and prints no error`, () =>
    withExample(deno(line, env), async (server) => {
      await check(server);
      // The lines with a date are the work of webhooks
      assertMatch(server.printed(), /^Listening on .*\n(\d{4}-.*\n)*$/);
    }));
}

/** Starts a program that must not; returns what it says. */
async function refusal(line: string, env: Record<string, string>) {
  const { command, args, env: own } = deno(line, env);
  const { code, stderr } = await sh(command, args, {
    env: { NO_COLOR: "1", ...own },
  });
  assertEquals(code, 1, stderr);
  return stderr;
}

Deno.test("the servers on node:http say in one line that their port is taken", async () => {
  using taken = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  const PORT = String(taken.addr.port);
  const said = await refusal("meeting/main.ts --fake", { PORT });
  assertMatch(said, /^Cannot serve: [^\n]+\n$/);
});

Deno.test("examples/webhooks/main.ts does not start without a key", async () => {
  const said = await refusal("webhooks/main.ts", { TELNYX_PUBLIC_KEY: "" });
  assertMatch(said, /^Set TELNYX_PUBLIC_KEY, [^\n]+\n$/);
});

Deno.test("examples/meeting/main.ts does not start without a key", async () => {
  const said = await refusal("meeting/main.ts", { TELNYX_API_KEY: "any" });
  assertEquals(said, "Set TELNYX_API_KEY and APP_KEY, or try it with --fake\n");
});
