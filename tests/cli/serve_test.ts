import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import {
  createComposition,
  endSession,
  getRoom,
  listRooms,
  parseWebhook,
  type RoomEvent,
  type RoomsError,
} from "../../mod.ts";
import { exampleRooms } from "../../lib/cli/example_rooms.ts";
import { logLineFrom } from "../../lib/cli/post_webhooks.ts";
import { run } from "../../lib/cli/run.ts";
import { fakeRooms } from "../../lib/testing/fake_rooms.ts";
import { sleep } from "../../lib/client/timer.ts";
import { id } from "../support/example.ts";
import { contextOf, fails, until, withFile } from "./command.ts";

/** Serves while `use` runs with the URL; returns what was printed. */
async function served(
  args: string[],
  use: (baseUrl: string, output: () => string) => Promise<void> = () =>
    Promise.resolve(),
): Promise<string> {
  const stop = new AbortController();
  let [output, used]: [string, Promise<unknown> | undefined] = ["", undefined];
  const write = (text: string) => {
    output += text;
    const [baseUrl] = /http:\S+\/v2/.exec(output) ?? [];
    if (baseUrl) {
      used ??= use(baseUrl, () => output).catch((error) => error)
        .finally(() => stop.abort());
    }
  };
  const context = contextOf({
    stdout: { write },
    stderr: { write },
    stop: stop.signal,
  });
  const exitCode = await run(["serve", "--port", "0", ...args], context);
  const error = await used;
  if (error) throw error;
  assertEquals(exitCode, 0, output);
  return output;
}

const once = { retry: false } as const;
const codeOf = (promise: Promise<unknown>) =>
  promise.then(() => "done", ({ code }: RoomsError) => code);

/** A line of the log: when a request began, what it was, and how long it took. */
const timed = /^\d\d:\d\d:\d\d (.*) \d+ ms$/;

Deno.test("serve prints its URL, and a line for each request", async () => {
  const output = await served([], async (baseUrl) => {
    const room = await getRoom(fetch, "any", id, { baseUrl });
    assertEquals(room.unique_name, "stand-up");
    await codeOf(getRoom(fetch, "any", id.replace("7", "8"), { baseUrl }));
  });
  const [first = "", ...lines] = output.split("\n");
  assert(
    /^Serving 6 rooms on http:\S+; press Ctrl\+C to stop$/.test(first),
    first,
  );
  assert(first.length <= 80, first);
  const [, url = ""] = / on (\S+);/.exec(first) ?? [];
  const plain = lines.map((line) => line.replace(timed, "$1"));
  assertEquals(plain, [
    `Page  ${url.replace("/v2", "/_fake/")}`,
    `Try   export TELNYX_BASE_URL=${url} TELNYX_API_KEY=any`,
    `      telnyx-rooms get ${id} --sessions`,
    `GET /v2/rooms/${id} 200`,
    `GET /v2/rooms/${id.replace("7", "8")} 404`,
    "",
  ]);
});

const two = [{ id }, { id: id.replace("7", "8") }];
const files: [what: string, saved: unknown, rooms: number][] = [
  ["a room", two[0], 1],
  ["an array", two, 2],
  ["a saved listing", { data: two, meta: { total_pages: 1 } }, 2],
  ["a saved look-up", { data: exampleRooms[0] }, 1],
  ["no rooms", [], 0],
];
for (const [what, saved, rooms] of files) {
  Deno.test(`serve --rooms accepts ${what}`, async () => {
    await withFile(JSON.stringify(saved), async (file) => {
      const output = await served(["--rooms", file], async (baseUrl) => {
        const { data } = await listRooms(fetch, "any", { baseUrl });
        assertEquals(data.length, rooms);
      });
      assertStringIncludes(
        output,
        `Serving ${rooms} room${rooms === 1 ? "" : "s"} `,
      );
    });
  });
}

Deno.test("serve --rooms accepts a file with a byte order mark", async () => {
  await withFile(`\ufeff[{"id":"${id}"}]`, async (file) => {
    assertStringIncludes(await served(["--rooms", file]), "Serving 1 room ");
  });
});

const wrongFiles: [text: string, message: string][] = [
  ["{", "The file of --rooms must be JSON; see --help"],
  ["[{}]", "Room 1 of 1: Cannot set the room as /id is missing"],
  [
    "null",
    "Room 1 of 1: Cannot set the room as it must be an object, received null",
  ],
  [
    `{"data":[{"id":"${id}"},{"id":"${id}"}]}`,
    `Room 2 of 2 (${id}): Cannot add room`,
  ],
  [
    `[{"id":"${id}","sessions":7}]`,
    `Room 1 of 1 (${id}): Cannot set the room as /sessions must be an array, received a number`,
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
    const look = (token: string) =>
      codeOf(getRoom(fetch, token, id, { baseUrl }));
    assertEquals([await look("KEY"), await look("any")], [
      "done",
      "unauthorized",
    ]);
  });
});

Deno.test("serve --rate-limit responds with 429 above the limit", async () => {
  await served(["--rate-limit", "2/3600"], async (baseUrl) => {
    const look = () => codeOf(getRoom(fetch, "any", id, { baseUrl, ...once }));
    assertEquals([await look(), await look(), await look()], [
      "done",
      "done",
      "rate_limited",
    ]);
  });
});

const faults: [fault: string, code: string][] = [
  ["503", "server_error"],
  ["disconnect", "network"],
  ["in-body", "network"],
  ["stall", "timeout"],
  ["60s", "timeout"],
  ["0.001s", "done"],
];
for (const [fault, code] of faults) {
  Deno.test(`serve --fault ${fault} is ${code} to a client`, async () => {
    const output = await served(["--fault", fault], async (baseUrl) => {
      const opts = { baseUrl, timeoutMs: 200, ...once };
      assertEquals(await codeOf(getRoom(fetch, "any", id, opts)), code);
    });
    assertStringIncludes(output, `GET /v2/rooms/${id} `);
  });
}

Deno.test("serve --fault-every N injects the fault into every Nth request", async () => {
  const args = ["--fault", "503", "--fault-every", "3"];
  await served(args, async (baseUrl) => {
    const codes = [];
    for (let i = 0; i < 6; i++) {
      codes.push(await codeOf(getRoom(fetch, "any", id, { baseUrl, ...once })));
    }
    const three = ["done", "done", "server_error"];
    assertEquals(codes, [...three, ...three]);
  });
});

/** A receiver of webhooks that refuses the second one. */
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
    const { active_session_id } = await getRoom(fetch, "any", id, { baseUrl });
    const session_id = active_session_id ?? "";
    await createComposition(fetch, "any", { session_id }, { baseUrl });
    await endSession(fetch, "any", session_id, { baseUrl });
    const isDone = ({ event_type }: RoomEvent) =>
      event_type === "video.room.composition.completed";
    await until(() => taken.some(isDone));
  });
  await close();
  const [, second] = output.split("\n");
  assertEquals(
    second,
    `Webhooks go to ${url}; their public key is ${fakeRooms().publicKey}`,
  );
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

Deno.test("serve --webhooks reports an unreachable URL once, and continues", async () => {
  const { url, close } = receiver();
  await close();
  const output = await served(["--webhooks", url], async (baseUrl, output) => {
    const room = await getRoom(fetch, "any", id, { baseUrl });
    await endSession(fetch, "any", room.active_session_id ?? "", { baseUrl });
    await until(() => output().includes("no response"));
    await sleep(100);
    await getRoom(fetch, "any", id, { baseUrl });
  });
  assertEquals(output.match(/.*no response from.*/g), [
    `telnyx-rooms: Cannot deliver webhooks: no response from ${url}`,
  ]);
  const last = output.trimEnd().split("\n").at(-1)?.replace(timed, "$1");
  assertEquals(last, `GET /v2/rooms/${id} 200`);
});

Deno.test("serve --webhooks does not wait for a receiver when it is interrupted", async () => {
  using silent = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  const connection = silent.accept();
  const url = `http://127.0.0.1:${silent.addr.port}/`;
  const began = performance.now();
  const output = await served(["--webhooks", url], async (baseUrl) => {
    const room = await getRoom(fetch, "any", id, { baseUrl });
    await endSession(fetch, "any", room.active_session_id ?? "", { baseUrl });
    await (await connection).read(new Uint8Array(9));
  });
  (await connection).close();
  assert(performance.now() - began < 5000);
  assert(!output.includes("no response"), output);
});

const refusals: [string[], string][] = [
  [["--port", "x"], "--port must be an integer from 0 to 65535"],
  [["--port", "65536"], "--port must be an integer from 0 to 65535"],
  [["--rooms", "/none"], "Cannot read the file of --rooms: no such file"],
  [["--rate-limit", "10"], "--rate-limit must be N/SECONDS, such as 10/60"],
  [["--rate-limit", "0/1"], "--rate-limit must be N/SECONDS"],
  [["--rate-limit", "1/0"], "--rate-limit must be N/SECONDS"],
  [["--fault", "600"], "--fault must be a status such as 503, a delay such"],
  [["--fault", "toString"], "disconnect, in-body or stall; see --help"],
  [["--webhooks", "localhost:3000"], "--webhooks must be a URL, such as http:"],
  [["--fault-every", "0"], "--fault-every must be an integer from 1"],
  [["more"], '"more" is one argument too many'],
];
for (const [args, message] of refusals) {
  Deno.test(`serve ${args.join(" ")}: exit code 2, "${message}"`, async () => {
    const [exitCode, text] = await fails(["serve", ...args]);
    assertEquals(exitCode, 2);
    assertStringIncludes(text, message);
  });
}

Deno.test("logLineFrom() prints the local time when a request began, and how long it took", () => {
  let [now, printed] = [new Date(2026, 10, 28, 9, 5, 7).getTime(), ""];
  const context = contextOf({
    stdout: { write: (text) => printed += text },
    now: () => now,
  });
  const logLine = logLineFrom(context);
  now += 1234;
  logLine("GET /v2/rooms 200");
  assertEquals(printed, "09:05:07 GET /v2/rooms 200 1234 ms\n");
});
