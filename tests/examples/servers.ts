/** Starts an example as a user does, with a provider, and asks it. */
import assert from "node:assert/strict";
import { exampleRooms } from "../support/example_rooms.ts";
import type { WebhookErrorCode } from "../../lib/core/errors.ts";
import { fakeRooms, serveRooms } from "../../lib/testing/fake_rooms.ts";
import { sendOddRequests } from "./odd_requests.ts";

/** How long all requests to a server may take: a browser is slow. */
const patienceMs = 660_000;

/** A command that starts an example. */
export interface Program {
  command: string;
  args: string[];
  cwd: string;
  env?: Record<string, string>;
}

/** An example that listens. */
export interface Server {
  origin: string;
  /** What it has printed so far. */
  printed: () => string;
}

/** Starts a program that prints its address, and stops it after `use`. */
export async function withExample<T>(
  { command, args, cwd, env }: Program,
  use: (server: Server) => Promise<T>,
): Promise<T> {
  const provider = await serveRooms(fakeRooms({ rooms: exampleRooms }));
  const child = new Deno.Command(command, {
    args,
    cwd,
    env: {
      PORT: "0",
      DENO_SERVE_ADDRESS: "tcp:127.0.0.1:0",
      NO_COLOR: "1",
      DATABASE: ":memory:",
      TELNYX_API_KEY: "any",
      TELNYX_BASE_URL: provider.url,
      TELNYX_PUBLIC_KEY: fakeRooms().publicKey,
      ...env,
    },
    stdout: "piped",
    stderr: "piped",
    signal: AbortSignal.timeout(patienceMs),
  }).spawn();
  let printed = "";
  const { promise: listening, resolve } = Promise.withResolvers<string>();
  const reading = [child.stdout, child.stderr].map(async (stream) => {
    for await (const text of stream.pipeThrough(new TextDecoderStream())) {
      printed += text;
      const [, port] =
        /(?:(?:Listening|Serving .*) on|- Local:) +http:\S+?:(\d+)\D/.exec(
          printed,
        ) ?? [];
      if (port) resolve(port);
    }
  });
  const ended = Promise.all(reading).then(() => resolve(""));
  try {
    const port = await listening;
    assert(port, `It did not listen: ${printed}`);
    return await use({
      origin: `http://127.0.0.1:${port}`,
      printed: () => printed,
    });
  } finally {
    try {
      child.kill();
    } catch {
      // it has already ended, and printed why
    }
    await Promise.all([ended, child.status, provider.close()]);
  }
}

/** What a server must do, and answers whatever else a client sends. */
export type Check = (server: Server) => Promise<void>;

const [{ id }] = exampleRooms;

/** Says who is in the room of the provider, as `expected`. */
export const tellsWhoIsThere =
  (expected: unknown, notOurs?: string[]): Check => async (server) => {
    const response = await fetch(`${server.origin}/rooms/${id}`);
    assert.deepEqual(await response.json(), expected);
    await sendOddRequests(server, `/rooms/${id}`, notOurs);
  };

/** Who is in the room. */
export const present = {
  name: "My Room",
  live: true,
  people: [{ name: "Alice", since: "2021-04-16T09:46:20.954863Z" }],
};

/** Answers a `POST` with a status for each `Authorization`. */
export const requiresKey =
  (path: string, statuses: Record<string, number>): Check => async (server) => {
    for (const [authorization, status] of Object.entries(statuses)) {
      const response = await fetch(server.origin + path, {
        method: "POST",
        headers: { authorization, "content-type": "application/json" },
        body: "{}",
      });
      assert.equal(response.status, status, await response.text());
    }
    await sendOddRequests(server, path);
  };

/** Changes of a webhook, and what each is refused for; undefined if it is not. */
const changes: [
  change: (headers: Headers, body: string) => string | void,
  error?: WebhookErrorCode,
][] = [
  [() => {}],
  [(_, body) => `${body} `, "bad_signature"],
  [(headers) => headers.set("telnyx-timestamp", "1700000000"), "too_old"],
  [(headers) => headers.delete("telnyx-timestamp"), "missing_header"],
  [() => " ".repeat(2_000_000), "too_large"],
  [() => {}],
];

/**
 * Accepts the webhooks of the provider, unchanged and again, but not changed, and
 * works on each event once.
 */
export const acceptsWebhooks =
  (notOurs?: string[]): Check => async (server) => {
    const sent: Request[] = [];
    const fake = fakeRooms({
      rooms: [{ id }],
      webhookUrl: server.origin,
      onWebhook: (request) => void sent.push(request),
    });
    fake.leave(fake.join(id, { context: "Alice" }).id);
    await fake.delivered();
    assert.equal(sent.length, 4);
    for (const request of sent) {
      const { url, method } = request;
      const text = await request.text();
      for (const [change, error] of changes) {
        const headers = new Headers(request.headers);
        const body = change(headers, text) ?? text;
        const response = await fetch(url, { method, body, headers });
        const expected = error ? [400, JSON.stringify({ error })] : [204, ""];
        assert.deepEqual([response.status, await response.text()], expected);
      }
    }
    // The work is done afterwards, once for each event
    const worked = () =>
      server.printed().match(/ (joined|left|started|ended)$/gm) ?? [];
    for (let waits = 0; worked().length < 4 && waits < 600; waits++) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await sendOddRequests(server, "/", notOurs);
    const done = [" ended", " joined", " left", " started"];
    assert.deepEqual(worked().sort(), done);
  };

/** Holds meetings with its fake. */
export const holdsMeetings: Check = async (server) => {
  const response = await fetch(`${server.origin}/rooms`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ name: "Standup" }),
  });
  const { fake, page } = await response.json();
  assert.deepEqual([response.status, fake], [200, true]);
  assert.match(page, /^http:\/\/127.0.0.1:\d+\/_fake\/#room=/);
  await sendOddRequests(server, "/rooms");
};
