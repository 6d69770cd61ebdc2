/** Options and payloads whose getters and proxies are hostile, in every function. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { inspect } from "node:util";
import {
  allRooms,
  createComposition,
  createRoom,
  deleteRecordings,
  endSession,
  type FetchFn,
  getRoom,
  getRooms,
  InvalidArgumentError,
  listRecordings,
  listSessions,
  muteParticipants,
  parseWebhook,
  updateRoom,
  watchRoom,
} from "../../mod.ts";
import { id } from "../support/example.ts";
import { rows } from "../support/operations.ts";

const key = "KEY0123456789abcdef";

/** Fails the test if anything is sent. */
const neverSent: FetchFn = () => Promise.reject(new Error("It was sent"));

/** The error of a call with these options; nothing is sent. */
async function refusal(
  call: (opts: never) => Promise<unknown>,
  opts: unknown,
): Promise<InvalidArgumentError> {
  const error = await call(opts as never).then(
    () => undefined,
    (error: unknown) => error,
  );
  assert(error instanceof InvalidArgumentError, inspect(error));
  assert(!`${error.stack}${inspect(error)}`.includes(key), inspect(error));
  return error;
}

type Call = (opts: never) => Promise<unknown>;

/** Every function that takes options, by its name. */
const functions: [name: string, call: Call][] = [
  ...rows.map(({ name, run, args }): [string, Call] => [
    name,
    (opts) => run(neverSent, key, ...args, opts),
  ]),
  ["endSession", (opts) => endSession(neverSent, key, id, opts)],
  ["allRooms", (opts) => allRooms(neverSent, key, opts).next()],
  ["getRooms", (opts) => getRooms(neverSent, key, [id], opts).next()],
  ["watchRoom", (opts) => watchRoom(neverSent, key, id, opts).next()],
];

const throwing = {
  get timeoutMs() {
    throw new Error(`Failed: ${key}`);
  },
};

for (const [name, call] of functions) {
  Deno.test(`${name}() names an option that cannot be read, is unknown or inherited`, async () => {
    const unreadable = await refusal(call, throwing);
    assertEquals(unreadable.argument, "timeoutMs");
    assert(unreadable.cause instanceof Error);
    const unknown = await refusal(call, { [`timeout${key}`]: 1 });
    assert(/is unknown$/.test(unknown.message), unknown.message);
    const inherited = await refusal(call, Object.create({ timeoutMs: 1 }));
    assert(/'timeoutMs' is inherited/.test(inherited.message));
  });
}

Deno.test("parseWebhook() names an option that cannot be read, is unknown or inherited", async () => {
  const request = new Request("http://localhost");
  const options: [options: object, message: string][] = [
    [throwing, "'timeoutMs' cannot be read"],
    [{ tolerance: 1 }, "did you mean 'toleranceSecs'?"],
    [Object.create({ now: 1 }), "'now' is inherited"],
  ];
  for (const [opts, message] of options) {
    await assertRejects(
      () => parseWebhook(request, "any", opts),
      InvalidArgumentError,
      message,
    );
  }
});

const hostileBounds = new Proxy({}, {
  ownKeys() {
    throw new Error(`Failed: ${key}`);
  },
});
const endless = new Proxy([], {
  get: (_, name) => name === "length" ? 2 ** 32 - 1 : id,
});
const throwingUrl = {
  get href() {
    throw new Error(`Failed: ${key}`);
  },
};
const throwingText = {
  toString() {
    throw new Error(`Failed: ${key}`);
  },
};

const calls: [name: string, argument: string, call: () => Promise<unknown>][] =
  [
    [
      "getRoom() with a policy",
      "retry.maxAttempts",
      () =>
        getRoom(neverSent, key, id, {
          retry: {
            get maxAttempts(): number {
              throw new Error(`Failed: ${key}`);
            },
          },
        }),
    ],
    [
      "getRoom() with a base URL",
      "baseUrl",
      () => getRoom(neverSent, key, id, { baseUrl: throwingUrl as never }),
    ],
    [
      "getRoom() with a base URL that is no text",
      "baseUrl",
      () => getRoom(neverSent, key, id, { baseUrl: throwingText as never }),
    ],
    [
      "getRoom() with a signal",
      "signal",
      () => getRoom(neverSent, key, id, { signal: throwingSignal() }),
    ],
    [
      "listRecordings() with bounds",
      "startedAt",
      () =>
        listRecordings(neverSent, key, { startedAt: hostileBounds as never }),
    ],
    [
      "listSessions() with a bound",
      "createdAt.gte",
      () =>
        listSessions(neverSent, key, {
          createdAt: {
            get gte(): string {
              throw new Error(`Failed: ${key}`);
            },
          },
        }),
    ],
    [
      "deleteRecordings() with a filter",
      "filter",
      () => deleteRecordings(neverSent, key, hostileBounds as never),
    ],
    [
      "updateRoom() with changes",
      "changes",
      () => updateRoom(neverSent, key, id, hostileBounds as never),
    ],
    [
      "muteParticipants() with a list without an end",
      "who",
      () => muteParticipants(neverSent, key, id, endless as never),
    ],
    [
      "muteParticipants() with exceptions without an end",
      "exclude",
      () =>
        muteParticipants(neverSent, key, id, "all", {
          exclude: endless as never,
        }),
    ],
  ];

/** A signal that throws when it is asked. */
function throwingSignal(): AbortSignal {
  return new Proxy(new AbortController().signal, {
    get() {
      throw new Error(`Failed: ${key}`);
    },
  });
}

for (const [name, argument, call] of calls) {
  Deno.test(`${name} that cannot be read rejects with its name, not with its error`, async () => {
    const error = await refusal(call, {});
    assertEquals(error.argument, argument);
  });
}

Deno.test("the payloads of users set no option", async () => {
  const urls: string[] = [];
  const fetchFn: FetchFn = (url) => {
    urls.push(url);
    return Promise.resolve(new Response(null, { status: 503 }));
  };
  const options = {
    baseUrl: "https://evil.example/",
    timeoutMs: 1,
    retry: { maxAttempts: 9 },
    maxBodyBytes: 1,
  };
  await createRoom(fetchFn, key, { unique_name: "standup", ...options })
    .catch(() => {});
  await updateRoom(fetchFn, key, id, { max_participants: 8, ...options }, {
    retry: false,
  }).catch(() => {});
  await createComposition(fetchFn, key, { format: "mp4", ...options })
    .catch(() => {});
  assertEquals(urls, [
    "https://api.telnyx.com/v2/rooms",
    `https://api.telnyx.com/v2/rooms/${id}`,
    "https://api.telnyx.com/v2/room_compositions",
  ]);
});

Deno.test("getRoom() takes no option of a polluted Object.prototype", async () => {
  const polluted = {
    baseUrl: "https://evil.example/",
    retry: { maxAttempts: 9 },
    maxAttempts: 9,
    includeSessions: true,
    timeoutMs: 1,
  };
  const { prototype } = Object;
  for (const [name, value] of Object.entries(polluted)) {
    Object.defineProperty(prototype, name, {
      value,
      enumerable: true,
      configurable: true,
    });
  }
  const urls: string[] = [];
  try {
    const fetchFn: FetchFn = (url) => {
      urls.push(url);
      return Promise.reject(new Error("It broke"));
    };
    const retry = { baseDelayMs: 0 };
    await getRoom(fetchFn, key, id).catch(() => {});
    await getRoom(fetchFn, key, id, { retry }).catch(() => {});
  } finally {
    for (const name of Object.keys(polluted)) {
      Reflect.deleteProperty(prototype, name);
    }
  }
  assertEquals(
    new Set(urls),
    new Set([`https://api.telnyx.com/v2/rooms/${id}`]),
  );
  assertEquals(urls.length, 6);
});
