/** The examples for Deno, started as a user does. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { fakeRooms, serveRooms } from "@videorooms/telnyx/testing";
import { root } from "../../scripts/sh.ts";
import { id } from "../support/example.ts";
import { publicKey, sign, vector } from "../support/signed.ts";
import { sendOddRequests } from "./odd_requests.ts";

/** A program in `examples/`, and its arguments. */
type Program = [file: string, ...args: string[]];

/** Starts a program, which may use this machine's network alone. */
function start([file, ...args]: Program, env: Record<string, string>) {
  return new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-lock",
      "--no-prompt",
      "--config=deno.json", // maps the package name to this project
      "--allow-net=127.0.0.1,0.0.0.0,[::]",
      "--allow-env",
      "--allow-read=examples",
      `examples/${file}`,
      ...args,
    ],
    cwd: root,
    env: {
      PORT: "0",
      DATABASE: ":memory:",
      NO_COLOR: "1",
      TELNYX_API_KEY: "any",
      TELNYX_PUBLIC_KEY: publicKey,
      ...env,
    },
    stdout: "piped",
    stderr: "piped",
    signal: AbortSignal.timeout(60_000),
  }).spawn();
}

/**
 * Starts a program with a provider that has a full room, and stops it after `use`.
 * It must print its address, and nothing else.
 */
async function withExample(
  program: Program,
  env: Record<string, string>,
  use: (origin: string, printed: () => string) => Promise<void>,
): Promise<void> {
  const fake = fakeRooms({ rooms: [{ id, max_participants: 2 }] });
  for (const context of ["Alice", "Bob"]) fake.join(id, { context });
  const provider = await serveRooms(fake);
  const child = start(program, {
    DENO_SERVE_ADDRESS: "tcp:127.0.0.1:0",
    TELNYX_BASE_URL: provider.url,
    ...env,
  });
  let printed = "";
  const { promise: listening, resolve } = Promise.withResolvers<string>();
  const watching = [child.stdout, child.stderr].map(async (stream) => {
    for await (const text of stream.pipeThrough(new TextDecoderStream())) {
      printed += text;
      const [, port] = /Listening on http:\S+?:(\d+)/.exec(printed) ?? [];
      if (port) resolve(port);
    }
    resolve("");
  });
  try {
    const port = await listening;
    assert(port, `It did not listen: ${printed}`);
    await use(`http://127.0.0.1:${port}`, () => printed);
  } finally {
    child.kill();
    await Promise.all(watching);
    await child.status;
    await provider.close();
  }
  assertEquals(printed.replace(/^Listening on .*\n/, ""), "");
}

/** Sends a request; returns the response. */
async function ask(url: string, init: RequestInit = {}) {
  const response = await fetch(url, init);
  const text = await response.text();
  return { status: response.status, body: text && JSON.parse(text) };
}
const post = (body: unknown, headers: HeadersInit = {}): RequestInit => ({
  method: "POST",
  headers,
  body: typeof body === "string" ? body : JSON.stringify(body),
});
const json = { "content-type": "application/json" };

/** Programs that serve, a path that they know, and what they respond. */
const servers: [
  program: Program,
  path: string,
  responds?: (origin: string) => Promise<void>,
][] = [
  [["meeting/main.ts", "--fake"], "/rooms", async (origin) => {
    const room = post({ name: "Standup" }, json);
    const { status, body } = await ask(`${origin}/rooms`, room);
    assertEquals([status, body.fake], [200, true]);
    assertMatch(body.page, /^http:\/\/127.0.0.1:\d+\/_fake\/#room=/);
  }],
  [["join_token/main.ts"], `/rooms/${id}/join_token`],
  [["who_is_here/node.js"], `/rooms/${id}`, async (origin) => {
    const { status, body } = await ask(`${origin}/rooms/${id}`);
    assertEquals([status, body.people.length], [200, 2]);
  }],
  [["who_is_here/deno.ts"], `/rooms/${id}`, async (origin) => {
    const { body: { people } } = await ask(`${origin}/rooms/${id}`);
    const names = people.map(({ name }: { name: string }) => name);
    assertEquals(names, ["Alice", "Bob"]);
  }],
  [
    ["who_is_here/supabase/functions/room/index.ts"],
    "/room",
    async (origin) => {
      const result = await ask(`${origin}/room`, post({ room_id: id }));
      assertEquals(result, { status: 200, body: { live: true, people: 2 } });
    },
  ],
  [["webhooks/deno.ts"], "/", async (origin) => {
    const { body } = vector;
    const headers = { ...sign(body, `${Math.floor(Date.now() / 1000)}`) };
    const right = await ask(origin, post(body, headers));
    assertEquals(right, { status: 204, body: "" });
    const forged = await ask(origin, post(`${body} `, headers));
    const error = { error: "bad_signature" };
    assertEquals(forged, { status: 400, body: error });
  }],
  [["webhooks/node.ts"], "/"],
];
for (const [program, path, responds] of servers) {
  Deno.test(`examples/${program[0]} starts, responds, and answers whatever a client sends`, () =>
    withExample(program, {}, async (origin, log) => {
      await responds?.(origin);
      await sendOddRequests(Number(new URL(origin).port), path, { log });
    }));
}

const APP_KEY = "open-sesame";
const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
const basic = (login: string) => ({ authorization: `Basic ${btoa(login)}` });

/** Programs that ask for a key, and their responses to right and wrong ones. */
const keyed: [
  program: Program,
  env: Record<string, string>,
  path: string,
  requests: [headers: HeadersInit, status: number][],
][] = [
  [["join_token/main.ts"], { APP_KEY }, `/rooms/${id}/join_token`, [
    [bearer(APP_KEY), 409],
    [bearer("open"), 403],
  ]],
  [["join_token/main.ts"], {}, `/rooms/${id}/join_token`, [
    [bearer("undefined"), 403],
  ]],
  [["meeting/main.ts"], { APP_KEY }, "/rooms/standup/token", [
    [{ ...basic(`meeting:${APP_KEY}`), ...json }, 400],
    [basic("meeting:"), 401],
    [basic("meeting:undefined"), 401],
  ]],
];
for (const [program, env, path, requests] of keyed) {
  const key = env.APP_KEY ? "its key" : "a key, though none is set";
  Deno.test(`examples/${program[0]} requires ${key}`, () =>
    withExample(program, env, async (origin) => {
      for (const [headers, status] of requests) {
        const response = await ask(origin + path, post({}, headers));
        assertEquals(response.status, status, JSON.stringify(headers));
      }
    }));
}

Deno.test("the servers on node:http say in one line that their port is taken", async () => {
  using taken = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  const { port } = taken.addr as Deno.NetAddr;
  const files = ["meeting/main.ts", "who_is_here/node.js", "webhooks/node.ts"];
  for (const file of files) {
    const { code, stderr } = await start([file, "--fake"], { PORT: `${port}` })
      .output();
    assertEquals(code, 1, file);
    const said = new TextDecoder().decode(stderr);
    assertMatch(said, /^Cannot serve: [^\n]+\n$/);
  }
});
