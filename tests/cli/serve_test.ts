import { assertEquals, assertStringIncludes } from "@std/assert";
import {
  createComposition,
  endSession,
  type FetchInit,
  getRoom,
  listRooms,
  parseWebhook,
  type RoomEvent,
  type RoomsError,
} from "../../mod.ts";
import { exampleRooms } from "../support/example_rooms.ts";
import { logLineFrom, postWebhooks } from "../../lib/cli/post_webhooks.ts";
import { fakeRooms, type FakeWebhook } from "../../lib/testing/fake_rooms.ts";
import { id } from "../support/example.ts";
import {
  command,
  contextOf,
  fails,
  until,
  withFile,
  type World,
} from "./command.ts";

type Use = (baseUrl: string) => Promise<unknown>;

/** Serves while `use` runs with the URL; returns what was printed. */
async function served(
  args: string[],
  use: Use = () => Promise.resolve(),
  world: World = {},
): Promise<string> {
  const stop = new AbortController();
  let [output, used]: [string, Promise<unknown> | undefined] = ["", undefined];
  const { exitCode, stderr } = await command(
    ["serve", "--port", "0", ...args],
    {
      fetch,
      stop: stop.signal,
      ...world,
      onWrite(text) {
        output += text;
        const [baseUrl] = /http:\S+\/v2/.exec(output) ?? [];
        if (!baseUrl) return;
        used ??= use(baseUrl).then(() => {}, (error) => error)
          .finally(() => stop.abort());
      },
    },
  );
  const error = await used;
  if (error) throw error;
  assertEquals(exitCode, 0, stderr);
  return output;
}

/** How a look-up ends: as `done`, or with the code of its error. */
const lookUp = (baseUrl: string, opts: object = {}, token = "any") =>
  getRoom(fetch, token, id, { baseUrl, retry: false, ...opts }).then(
    () => "done",
    ({ code }: RoomsError) => code,
  );

/** Ends the session of the first room. */
async function endFirst(baseUrl: string): Promise<string> {
  const { active_session_id } = await getRoom(fetch, "any", id, { baseUrl });
  await endSession(fetch, "any", `${active_session_id}`, { baseUrl });
  return `${active_session_id}`;
}

/** A line of the log: when a request began, what it was, and how long it took. */
const timed = /^\d\d:\d\d:\d\d (.*) \d+ ms$/gm;

Deno.test("serve prints its URL, what to try, and a line for each request to the API", async () => {
  const other = id.replace("7", "8");
  let url = "";
  const output = await served([], async (baseUrl) => {
    url = baseUrl;
    await lookUp(baseUrl);
    await (await fetch(new URL("/_fake/health", baseUrl))).body?.cancel();
    await getRoom(fetch, "any", other, { baseUrl }).catch(() => {});
  });
  assertEquals(output.replaceAll(timed, "$1").split("\n"), [
    `Serving 6 rooms on ${url}; press Ctrl+C to stop`,
    `Page  ${url.replace("/v2", "/_fake/")}`,
    `Try   export TELNYX_BASE_URL=${url} TELNYX_API_KEY=any`,
    `      telnyx-rooms get ${id} --sessions`,
    `GET /v2/rooms/${id} 200`,
    `GET /v2/rooms/${other} 404`,
    "",
  ]);
});

const two = [{ id }, { id: id.replace("7", "8") }];
const files: [what: string, text: string, rooms: number][] = [
  ["a room", JSON.stringify(two[0]), 1],
  ["an array", JSON.stringify(two), 2],
  ["a saved listing", JSON.stringify({ data: two, meta: {} }), 2],
  ["a saved look-up", JSON.stringify({ data: exampleRooms[0] }), 1],
  ["no rooms", "[]", 0],
  ["a file with a byte order mark", `\ufeff[{"id":"${id}"}]`, 1],
];
for (const [what, text, rooms] of files) {
  Deno.test(`serve --rooms accepts ${what}`, async () => {
    await withFile(text, async (file) => {
      const output = await served(["--rooms", file], async (baseUrl) => {
        for (const _ of ["at first", "after a reset"]) {
          const { data } = await listRooms(fetch, "any", { baseUrl });
          assertEquals(data.length, rooms);
          const headers = { "x-fake-rooms": "1" };
          const reset = new URL("/_fake/reset", baseUrl);
          await (await fetch(reset, { method: "POST", headers })).body
            ?.cancel();
        }
      });
      const some = `${rooms} room${rooms === 1 ? "" : "s"}`;
      assertStringIncludes(output, `Serving ${some} `);
    });
  });
}

const wrongFiles: [text: string, message: string][] = [
  ["{", "The file of --rooms must be JSON; see --help"],
  ["[{}]", "Room 1 of 1: Cannot set the room as /id is missing"],
  ["null", "Room 1 of 1: Cannot set the room as it must be an object, recei"],
  [
    `{"data":[{"id":"${id}"},{"id":"${id}"}]}`,
    `Room 2 of 2 (${id}): Cannot add room`,
  ],
];
for (const [json, message] of wrongFiles) {
  Deno.test(`serve --rooms refuses ${json}: ${message}`, async () => {
    await withFile(json, async (file) => {
      const args = ["serve", "--port", "0", "--rooms", file];
      const [exitCode, text] = await fails(args);
      assertEquals(exitCode, 2);
      assertStringIncludes(text, message);
    });
  });
}

Deno.test("serve --api-key accepts only that key", async () => {
  await served(["--api-key", "KEY"], async (baseUrl) => {
    assertEquals(await lookUp(baseUrl, {}, "KEY"), "done");
    assertEquals(await lookUp(baseUrl), "unauthorized");
  });
});

const faults: [args: string[], codes: string[]][] = [
  [["--fault", "503"], ["server_error"]],
  [["--fault", "disconnect"], ["network"]],
  [["--fault", "in-body"], ["network"]],
  [["--fault", "stall"], ["timeout"]],
  [["--fault", "60s"], ["timeout"]],
  [["--fault", "0.001s"], ["done"]],
  [["--fault", "503", "--fault-every", "2"], ["done", "server_error", "done"]],
  [["--rate-limit", "2/3600"], ["done", "done", "rate_limited"]],
];
for (const [args, codes] of faults) {
  Deno.test(`serve ${args.join(" ")} is ${codes.join(", ")} to a client`, async () => {
    const opts = codes.includes("timeout") ? { timeoutMs: 200 } : {};
    const output = await served(args, async (baseUrl) => {
      for (const code of codes) {
        assertEquals(await lookUp(baseUrl, opts), code);
      }
    });
    assertStringIncludes(output, `GET /v2/rooms/${id} `);
  });
}

/** A receiver of webhooks that refuses the fourth one. */
function receiver() {
  const taken: RoomEvent[] = [];
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    async (request) => {
      taken.push(await parseWebhook(request, fakeRooms().publicKey));
      return new Response("x", { status: taken.length === 4 ? 503 : 200 });
    },
  );
  const url = `http://127.0.0.1:${server.addr.port}/hook`;
  return { url, taken, close: () => server.shutdown() };
}

Deno.test("serve --webhooks posts signed events, including completions", async () => {
  const { url, taken, close } = receiver();
  const output = await served(["--webhooks", url], async (baseUrl) => {
    const session_id = await endFirst(baseUrl);
    const log = await fetch(new URL("/_fake/webhooks", baseUrl));
    const { webhooks } = await log.json();
    const targets = webhooks.map(({ urls }: FakeWebhook) => urls);
    assertEquals(targets, Array(4).fill([url]));
    await createComposition(fetch, "any", { session_id }, { baseUrl });
    const isDone = ({ event_type }: RoomEvent) =>
      event_type === "video.room.composition.completed";
    await until(() => taken.some(isDone));
  });
  await close();
  const { publicKey } = fakeRooms();
  const to = `\nWebhooks go to ${url}; their public key is ${publicKey}\n`;
  assertStringIncludes(output, to);
  const events = [...new Map(taken.map((event) => [event.id, event])).values()];
  assertEquals(events.map(({ event_type }) => event_type.slice(11)), [
    "participant.left",
    "participant.left",
    "participant.left",
    "session.ended",
    "composition.completed",
  ]);
  assertEquals(taken.length, 6);
  assertStringIncludes(output, `POST ${url} video.room.session.ended 503 `);
  assertStringIncludes(output, `POST ${url} video.room.session.ended 200 `);
});

Deno.test("serve --webhooks says once each time that its URL is unreachable, and continues", async () => {
  const url = "http://127.0.0.1:9/hook";
  let told = "";
  const isUp = [false, false, true, false];
  const use: Use = async (baseUrl) => {
    await endFirst(baseUrl);
    await until(() => isUp.length === 0);
    assertEquals(await lookUp(baseUrl), "done");
  };
  await served(["--webhooks", url], use, {
    onStderr: (text) => told += text,
    fetch: () =>
      isUp.shift()
        ? Promise.resolve(new Response())
        : Promise.reject(new TypeError("refused")),
  });
  const line =
    `telnyx-rooms: Cannot deliver webhooks: no response from ${url}\n`;
  assertEquals(told, line.repeat(2));
});

Deno.test("serve --webhooks does not wait for a receiver when it is interrupted", async () => {
  let [told, isPosting, endedBy] = ["", false, ""];
  const use: Use = async (baseUrl) => {
    await endFirst(baseUrl);
    await until(() => isPosting);
  };
  await served(["--webhooks", "http://127.0.0.1:9/"], use, {
    onStderr: (text) => told += text,
    async fetch(_, { signal }) {
      isPosting = true;
      signal?.throwIfAborted();
      await new Promise((resolve) =>
        signal?.addEventListener("abort", resolve)
      );
      endedBy = signal?.reason.name;
      throw signal?.reason;
    },
  });
  assertEquals([endedBy, told], ["AbortError", ""]); // no TimeoutError
});

Deno.test("postWebhooks() follows no redirect, since every webhook goes to one URL", async () => {
  const sent: [string, FetchInit | undefined][] = [];
  let canceled = 0;
  const stream = new ReadableStream({ cancel: () => void canceled++ });
  const context = contextOf({
    fetch: (url, init) => {
      sent.push([`${url}`, init]);
      return Promise.resolve(new Response(stream, { status: 302 }));
    },
  });
  const post = postWebhooks("http://127.0.0.1:9/hook", context);
  const body = '{"data":{"event_type":"video.room.session.started"}}';
  const request = new Request("http://room.example/", { method: "POST", body });
  const response = await post(request);
  assertEquals(response instanceof Response && response.status, 302);
  assertEquals(
    sent.map(([url, init]) => [url, init?.method, init?.redirect]),
    [["http://127.0.0.1:9/hook", "POST", "manual"]],
  );
  assertEquals(canceled, 1);
});

Deno.test("logLineFrom() prints the local time when a request began, and how long it took", () => {
  let [now, printed] = [new Date(2026, 10, 28, 9, 5, 7).getTime(), ""];
  const context = contextOf({
    stdout: { write: (text) => printed += text },
    now: () => now,
  });
  const logLine = logLineFrom(context);
  now += 1234;
  logLine("POST http://a.example/\x1b[2J 200");
  const request = "POST http://a.example/\\u{1b}[2J 200";
  assertEquals(printed, `09:05:07 ${request} 1234 ms\n`);
});
