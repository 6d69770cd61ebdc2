/** The examples for Deno, started as a user does. */
import { assertEquals, assertMatch } from "@std/assert";
import { fakeRooms, serveRooms } from "@videorooms/telnyx/testing";
import { root, sh } from "../../scripts/sh.ts";
import { publicKey, sign, vector } from "../support/signed.ts";
import { id } from "../support/example.ts";

/**
 * Starts a program, sends it a request, and stops it. It must print nothing else.
 *
 * @param program The program, in `examples/`, and its arguments.
 * @param output Where it prints its address: `Deno.serve` in `stderr`.
 */
async function ask(
  [file, ...args]: [string, ...string[]],
  env: Record<string, string>,
  path: string,
  init: RequestInit,
  output: "stdout" | "stderr" = "stderr",
): Promise<{ status: number; body: unknown }> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-lock",
      "--no-prompt",
      "--config=deno.json", // maps the package name to this project
      "--allow-net=127.0.0.1",
      "--allow-env",
      "--allow-read=examples",
      `examples/${file}`,
      ...args,
    ],
    cwd: root,
    env: {
      DENO_SERVE_ADDRESS: "tcp:127.0.0.1:0",
      TELNYX_API_KEY: "any",
      ...env,
    },
    stdout: "null",
    [output]: "piped",
    signal: AbortSignal.timeout(20_000),
  }).spawn();
  let printed = "";
  let result: Promise<{ status: number; body: unknown }> | undefined;
  for await (const text of child[output].pipeThrough(new TextDecoderStream())) {
    printed += text;
    const [, origin] = /^Listening on (\S+?)\/?\n/.exec(printed) ?? [];
    if (!origin) continue;
    result ??= fetch(`${origin}${path}`, init)
      .then(async (response) => {
        const text = await response.text();
        return { status: response.status, body: text && JSON.parse(text) };
      })
      .finally(() => child.kill());
  }
  await child.status;
  assertEquals(printed.replace(/^Listening on \S+\n/, ""), "");
  if (!result) throw new Error("It did not listen");
  return await result;
}

/** Serves a fake with a full room while `use` runs. */
async function withProvider(
  use: (env: Record<string, string>) => Promise<void>,
): Promise<void> {
  const fake = fakeRooms({ rooms: [{ id, max_participants: 2 }] });
  for (const context of ["Alice", "Bob"]) fake.join(id, { context });
  const { url, close } = await serveRooms(fake);
  try {
    await use({ TELNYX_BASE_URL: url });
  } finally {
    await close();
  }
}

Deno.test("examples/who_is_here starts on Deno, and as a Supabase function", () =>
  withProvider(async (env) => {
    const deno = ["who_is_here/deno.ts"] as [string];
    const { status, body } = await ask(deno, env, `/rooms/${id}`, {});
    const { people } = body as { people: { name: string }[] };
    assertEquals([status, ...people.map(({ name }) => name)], [
      200,
      "Alice",
      "Bob",
    ]);
    const sent = { method: "POST", body: JSON.stringify({ room_id: id }) };
    const supabase = ["who_is_here/supabase/functions/room/index.ts"];
    const result = await ask(supabase as [string], env, "/room", sent);
    assertEquals(result, { status: 200, body: { live: true, people: 2 } });
  }));

Deno.test("examples/join_token starts and requires its key", () =>
  withProvider(async (env) => {
    const file = "join_token/main.ts";
    const path = `/rooms/${id}/join_token`;
    const withKey = (key: string): RequestInit => ({
      method: "POST",
      headers: { authorization: `Bearer ${key}` },
    });
    const keyed = { ...env, APP_KEY: "open-sesame" };
    const statuses = await Promise.all([
      ask([file], keyed, path, withKey("open-sesame")),
      ask([file], keyed, path, withKey("open")),
      ask([file], env, path, withKey("undefined")),
    ]);
    assertEquals(statuses.map(({ status }) => status), [409, 403, 403]);
  }));

Deno.test("examples/webhooks starts and accepts only signed webhooks", async () => {
  const { body } = vector;
  const env = { TELNYX_PUBLIC_KEY: publicKey, DATABASE: ":memory:" };
  const signed = { ...sign(body, `${Math.floor(Date.now() / 1000)}`) };
  const [right, forged] = await Promise.all([
    { headers: signed, body },
    { headers: signed, body: `${body} ` },
  ].map((init) =>
    ask(["webhooks/deno.ts"], env, "/", { method: "POST", ...init })
  ));
  assertEquals(right, { status: 204, body: "" });
  assertEquals(forged, { status: 400, body: { error: "bad_signature" } });
});

Deno.test("examples/meeting starts with a fake and no API key", async () => {
  const init = {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ name: "Standup" }),
  };
  const main = "meeting/main.ts";
  const result = await ask(
    [main, "--fake"],
    { PORT: "0" },
    "/rooms",
    init,
    "stdout",
  );
  assertEquals(result.status, 200);
  assertEquals((result.body as { fake: boolean }).fake, true);
});

Deno.test("the servers on node:http say in one line that their port is taken", async () => {
  using taken = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  const { port } = taken.addr as Deno.NetAddr;
  const files = ["meeting/main.ts", "who_is_here/node.js", "webhooks/node.ts"];
  for (const file of files) {
    const run = ["run", "--no-lock", "--no-prompt", "--config=deno.json"];
    const allow = ["--allow-net", "--allow-env", "--allow-read=examples"];
    const { code, stderr } = await sh(
      Deno.execPath(),
      [...run, ...allow, `examples/${file}`, "--fake"],
      {
        env: {
          PORT: `${port}`,
          TELNYX_API_KEY: "any",
          DATABASE: ":memory:",
        },
      },
    );
    assertEquals(code, 1, file);
    assertMatch(stderr, /^Cannot serve: [^\n]+\n$/);
  }
});

Deno.test("examples/meeting requires its password", async () => {
  const statuses = ["meeting:open-sesame", "meeting:", "meeting:undefined"]
    .map(async (login) => {
      const { status } = await ask(
        ["meeting/main.ts"],
        { PORT: "0", APP_KEY: "open-sesame" },
        "/rooms/standup",
        { headers: { authorization: `Basic ${btoa(login)}` } },
        "stdout",
      );
      return status;
    });
  assertEquals(await Promise.all(statuses), [400, 401, 401]);
});
