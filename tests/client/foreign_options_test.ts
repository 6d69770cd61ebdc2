/** Options and payloads whose getters and proxies are hostile, in every function. */
import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { inspect } from "node:util";
import {
  allRooms,
  createComposition,
  createRoom,
  deleteRecordings,
  downloadRecording,
  type FetchFn,
  getRoom,
  getRooms,
  InvalidArgumentError,
  InvalidResponseError,
  listRecordings,
  listSessions,
  muteParticipants,
  parseWebhook,
  updateRoom,
  watchRoom,
} from "../../mod.ts";
import { id } from "../support/example.ts";
import { rows } from "../support/operations.ts";
import { test } from "../support/virtual_time.ts";

const key = "KEY0123456789abcdef";

/** Fails the test if anything is sent. */
const neverSent: FetchFn = () => Promise.reject(new Error("It was sent"));

/** The error of a call that is refused, without the key in it. */
async function refusal(call: Promise<unknown>): Promise<InvalidArgumentError> {
  const error = await call.then(() => undefined, (error: unknown) => error);
  assertInstanceOf(error, InvalidArgumentError, inspect(error));
  assert(!`${error.stack}${inspect(error)}`.includes(key), inspect(error));
  return error;
}

type Call = (opts: object) => Promise<unknown>;

/** Every function that takes options, by its name. */
const functions: [name: string, call: Call][] = [
  ...rows.map(({ name, run, args }): [string, Call] => [
    name,
    (opts) => run(neverSent, key, ...args, opts),
  ]),
  ["allRooms", (opts) => allRooms(neverSent, key, opts).next()],
  ["getRooms", (opts) => getRooms(neverSent, key, [id], opts).next()],
  ["watchRoom", (opts) => watchRoom(neverSent, key, id, opts).next()],
];

const trap = () => {
  throw new Error(`Failed: ${key}`);
};
/** An object with a property that cannot be read. */
const throwing = (name: string): object =>
  Object.defineProperty({}, name, { get: trap, enumerable: true });

for (const [name, call] of functions) {
  Deno.test(`${name}() names an option that cannot be read, is unknown or inherited`, async () => {
    const unreadable = await refusal(call(throwing("timeoutMs")));
    assertEquals(unreadable.argument, "timeoutMs");
    assertInstanceOf(unreadable.cause, Error);
    const unknown = await refusal(call({ [`timeout${key}`]: 1 }));
    assert(/is unknown$/.test(unknown.message), unknown.message);
    const inherited = await refusal(call(Object.create({ timeoutMs: 1 })));
    assert(/'timeoutMs' is inherited/.test(inherited.message));
  });
}

Deno.test("parseWebhook() names an option that cannot be read, is unknown or inherited", async () => {
  const request = new Request("http://localhost");
  const options: [options: object, message: string][] = [
    [throwing("now"), "'now' cannot be read"],
    [{ tolerance: 1 }, "did you mean 'toleranceSecs'?"],
    [Object.create({ now: 1 }), "'now' is inherited"],
  ];
  for (const [opts, message] of options) {
    const call = parseWebhook(request, "any", opts);
    await assertRejects(() => call, InvalidArgumentError, message);
  }
});

/** A signal like another one, but for a method that throws. */
const signalWithout = (method: string): object => {
  const { signal } = new AbortController();
  const methods = ["throwIfAborted", "addEventListener", "removeEventListener"]
    .map((name) => [name, Reflect.get(signal, name).bind(signal)]);
  return { aborted: false, ...Object.fromEntries(methods), [method]: trap };
};

const unlisted: object = new Proxy({}, { ownKeys: trap });
const signal = new Proxy(new AbortController().signal, { get: trap });
const endless = new Proxy<string[]>([], {
  get: (_, name) => name === "length" ? 2 ** 32 - 1 : id,
});

const look: Call = (opts) => getRoom(neverSent, key, id, opts);
const mute = (who: "all" | string[], exclude: string[] = []) =>
  muteParticipants(neverSent, key, id, who, { exclude });

/** Calls with what cannot be read, by the argument that the error names. */
const calls: [argument: string, what: string, () => Promise<unknown>][] = [
  [
    "signal",
    "to be listened to",
    () =>
      look({
        signal: Object.assign(new AbortController().signal, {
          addEventListener: trap,
        }),
      }),
  ],
  [
    "retry.maxAttempts",
    "in a policy",
    () => look({ retry: throwing("maxAttempts") }),
  ],
  ["baseUrl", "as a URL", () => look({ baseUrl: throwing("href") })],
  ["baseUrl", "as a text", () => look({ baseUrl: { toString: trap } })],
  ["signal", "as an AbortSignal", () => look({ signal })],
  ...["addEventListener", "removeEventListener"].flatMap((method) => {
    const opts = { signal: signalWithout(method) };
    const many = (opts: object) => getRooms(neverSent, key, [id], opts).next();
    return [look, many].map((call): typeof calls[number] => [
      "signal",
      `since its ${method} throws, in ${call.name}()`,
      () => call(opts),
    ]);
  }),
  [
    "startedAt",
    "as bounds",
    () => listRecordings(neverSent, key, { startedAt: unlisted }),
  ],
  [
    "createdAt.gte",
    "as a bound",
    () => listSessions(neverSent, key, { createdAt: throwing("gte") }),
  ],
  [
    "ids",
    "as an iterable",
    () => {
      const ids = new Proxy<string[]>([], { has: trap });
      return getRooms(neverSent, key, ids).next();
    },
  ],
  ["filter", "as a filter", () => deleteRecordings(neverSent, key, unlisted)],
  ["changes", "as a payload", () => updateRoom(neverSent, key, id, unlisted)],
  ["who", "as a list without an end", () => mute(endless)],
  ["exclude", "as a list without an end", () => mute("all", endless)],
];

for (const [argument, what, call] of calls) {
  Deno.test(`a call names '${argument}' that cannot be read ${what}, without its error`, async () => {
    assertEquals((await refusal(call())).argument, argument);
  });
}

const options = {
  baseUrl: "https://evil.example/",
  retry: { maxAttempts: 9 },
  maxAttempts: 9,
  includeSessions: true,
  timeoutMs: 1,
  maxBodyBytes: 1,
  body: "polluted",
  pageSize: 1,
  pageNumber: 2,
  limit: 1,
};

/** Runs while `Object.prototype` has these properties. */
async function polluting(properties: object, run: () => Promise<void>) {
  const { prototype } = Object;
  for (const [name, value] of Object.entries(properties)) {
    const property = { value, enumerable: true, configurable: true };
    Object.defineProperty(prototype, name, property);
  }
  try {
    await run();
  } finally {
    for (const name of Object.keys(properties)) {
      Reflect.deleteProperty(prototype, name);
    }
  }
}

/** A `fetchFn` that responds with a 503, and what it was asked for. */
function busyServer() {
  const urls: string[] = [];
  const fetchFn: FetchFn = (url, init) => {
    // What it throws would be the error of a call
    const isWrong = init.method === "GET" && Object.hasOwn(init, "body");
    urls.push(isWrong ? `${url} with a body` : url);
    return Promise.resolve(new Response(null, { status: 503 }));
  };
  return { urls, fetchFn };
}

const busy = busyServer();

Deno.test("the payloads of users set no option", async () => {
  const { urls, fetchFn } = busyServer();
  const once = { retry: false } as const;
  const room = { unique_name: "standup", ...options };
  await assertRejects(() => createRoom(fetchFn, key, room));
  await assertRejects(() => updateRoom(fetchFn, key, id, room, once));
  const composition = { session_id: id, ...options };
  await assertRejects(() => createComposition(fetchFn, key, composition));
  assertEquals(urls, [
    "https://api.telnyx.com/v2/rooms",
    `https://api.telnyx.com/v2/rooms/${id}`,
    "https://api.telnyx.com/v2/room_compositions",
  ]);
});

/** Calls, and what they send to a busy server. */
const busyCalls: Record<string, [call: Call, path: string]> = {
  "getRoom()": [(opts) => getRoom(busy.fetchFn, key, id, opts), `rooms/${id}`],
  "allRooms()": [
    (opts) => allRooms(busy.fetchFn, key, opts).next(),
    "rooms?page%5Bnumber%5D=1&page%5Bsize%5D=250",
  ],
  "allRooms() with a limit": [
    (opts) => allRooms(busy.fetchFn, key, { limit: 9, ...opts }).next(),
    "rooms?page%5Bnumber%5D=1&page%5Bsize%5D=9",
  ],
  "downloadRecording()": [
    (opts) => downloadRecording(busy.fetchFn, key, id, opts),
    `room_recordings/${id}`,
  ],
};

for (const [name, [call, path]] of Object.entries(busyCalls)) {
  test(`${name} takes no option of a polluted Object.prototype`, async () => {
    busy.urls.length = 0;
    const onAttempt = () => {
      throw new Error("It was polluted");
    };
    const body = { headers: {}, toText: () => "{}" };
    await polluting({ ...options, onAttempt, body }, async () => {
      await call({}).catch(() => {});
      await call({ retry: { baseDelayMs: 0 } }).catch(() => {});
    });
    const url = `https://api.telnyx.com/v2/${path}`;
    assertEquals(busy.urls, Array(6).fill(url));
  });
}

Deno.test("downloadRecording() reads no http URL because Object.prototype is polluted", async () => {
  const download_url = "http://files.example/";
  const data = { id, status: "completed", download_url };
  const fetchFn = () => Promise.resolve(Response.json({ data }));
  await polluting({ baseUrl: "http://evil.example/" }, async () => {
    const { message } = await assertRejects(
      () => downloadRecording(fetchFn, key, id),
      InvalidResponseError,
    );
    assertStringIncludes(message, "must be an https URL");
  });
});
