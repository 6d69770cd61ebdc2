/** No token appears in an error, an event or a message. */
import { assert, assertEquals, assertInstanceOf } from "@std/assert";
import fc from "fast-check";
import { inspect } from "node:util";
import {
  type AttemptEvent,
  call,
  type CallOptions,
  createJoinToken,
  type FetchFn,
  getRoom,
  InvalidArgumentError,
  listRooms,
  type Operation,
  refreshJoinToken,
  RoomsError,
} from "../../mod.ts";
import { id } from "../support/example.ts";
import { type OperationRow, rows, uuid } from "../support/operations.ts";

/** An API key and a refresh token, such as the provider issues and others. */
const secrets = fc.tuple(
  fc.stringMatching(/^KEY[\x21-\x7e]{12,60}$/),
  fc.stringMatching(/^[\w-]{12,20}(\.[\w-]{8,20}){0,2}$/),
).filter(([key, token]) => !key.includes(token));

/** Everything that a log may contain of a value. */
function logged(value: unknown): string {
  return [
    inspect(value, { depth: Infinity, showHidden: true, getters: true }),
    Deno.inspect(value, { depth: 100 }),
    JSON.stringify(value),
    value instanceof Error ? `${value.stack}${logged(value.cause)}` : "",
  ].join("\n");
}

const rejection = (call: Promise<unknown>) =>
  call.then(() => undefined, (error: unknown) => error);

/** A server that repeats what it was sent to a request of an operation. */
type Echo = (
  text: string,
  row: OperationRow,
  signal: AbortSignal | undefined,
) => unknown;

const json = (status: number, body: unknown, headers: HeadersInit = {}) =>
  Response.json(body, { status, headers });
const bodyStatus = ({ operation: { status } }: OperationRow) =>
  status === 204 ? 200 : status;

const echoes: Record<string, Echo> = {
  "in the general error body": (text) => {
    const source = { pointer: `/${text}`, parameter: text };
    const meta = { [text]: [text, { text }] };
    const texts = { code: text, title: text, detail: text, [text]: text };
    return json(422, { errors: [{ ...texts, source, meta }] });
  },
  "in the bare error body": (text) =>
    json(403, { code: text, title: text, source: { pointer: text } }),
  "as a message": (text) => json(400, { success: false, message: text }),
  "in keys": (text) => json(422, { errors: { [text]: [text] } }),
  "in the details of several errors": (text) =>
    json(500, { errors: [{ detail: text }, { detail: [text] }, text] }),
  "as HTML": (text) => new Response(`<h1>${text}</h1>`, { status: 404 }),
  "in headers": (text) =>
    json(500, {}, { "x-request-id": text, "www-authenticate": text }),
  "in the status text": (text) =>
    new Response(null, { status: 418, statusText: text }),
  "in a redirect": (text) =>
    new Response(text, { status: 302, headers: { location: text } }),
  "in another success": (text) => json(203, { data: text }),
  "in an invalid success": (text, row) => json(bodyStatus(row), { data: text }),
  "as a key of a success": (text, row) =>
    json(bodyStatus(row), {
      data: { id: { [text]: text }, video_layout: { [text]: 7 } },
    }),
  "in invalid JSON": (text, row) =>
    new Response(`{"${text}`, { status: bodyStatus(row) }),
  "as the request id of a success": (text, { operation, received }) => {
    const { status } = operation;
    const body = received === undefined ? null : JSON.stringify(received);
    return new Response(body, { status, headers: { "x-request-id": text } });
  },
  "in a body that breaks off": (text, row) => {
    const body = new ReadableStream({
      start: (controller) => controller.error(new Error(text)),
    });
    return new Response(body, { status: bodyStatus(row) });
  },
  "in a network error": (text) => {
    const config = { headers: { authorization: text } };
    const cause = Object.assign(new Error(text), { code: text, config });
    throw Object.assign(new TypeError(text, { cause }), { code: text });
  },
  "as a thrown string": (text) => Promise.reject(text),
  "as a thrown object": (text) => Promise.reject({ text }),
  "as a thrown response": (text) => {
    const response = { status: 418, text };
    return Promise.reject(Object.assign(new Error(text), { response }));
  },
  "when it is aborted": (text, _, signal) =>
    new Promise((_, reject) => {
      signal?.addEventListener("abort", () => reject(new Error(text)));
    }),
  "in place of a response": (text) => text,
};

const echoed = rows.filter(({ name, operation }) =>
  name === "getRoom" || operation.method !== "GET"
);

for (const [name, echo] of Object.entries(echoes)) {
  Deno.test(`No operation leaks a secret that a server repeats ${name}`, async () => {
    await fc.assert(
      fc.asyncProperty(secrets, async ([key, refreshToken]) => {
        for (const row of echoed) {
          const { run, args, opts, operation } = row;
          const sent = operation.isSecret ? [args[0], refreshToken] : args;
          const events: AttemptEvent[] = [];
          const fetchFn: FetchFn = async (_, { headers, signal }) => {
            const text = `${key}, ${refreshToken}, ${JSON.stringify(headers)}`;
            return await echo(text, row, signal) as Response;
          };
          const error = await rejection(run(fetchFn, key, ...sent, {
            ...opts,
            attemptTimeoutMs: 5,
            retry: { maxAttempts: 2, baseDelayMs: 0 },
            onAttempt: (event: AttemptEvent) => events.push(event),
          }));
          const seen = logged([error, events]);
          assert(!seen.includes(key), seen);
          assert(!operation.isSecret || !seen.includes(refreshToken), seen);
          assert(events.length > 0);
          if (!name.includes("success")) assertInstanceOf(error, RoomsError);
        }
      }),
      { numRuns: 1 },
    );
  });
}

const half = "KEY0123456789abcdefghij";

/** The error of a look-up with a key, by what it gets. */
async function errorOf(response: Response): Promise<RoomsError> {
  const fetchFn = () => Promise.resolve(response);
  const opts = { retry: false } as const;
  const error = await rejection(getRoom(fetchFn, half, id, opts));
  assertInstanceOf(error, RoomsError);
  return error;
}

const badBytes = (encoding: string) =>
  new Response(new Uint8Array([0xff]), {
    headers: { "content-encoding": encoding },
  });
const cut = (length: number, text: string) =>
  new Response(" ".repeat(length) + text, { status: 500 });

/** Texts of the server that end, or are cut, within the key. */
const bounds: Record<string, Response> = {
  "a text of 5000 characters": cut(4990, half),
  "a page of 5000 characters": cut(0, `<a>${" ".repeat(4970)}</a>${half}`),
  "a content-encoding": badBytes(half),
  "a content-encoding of 50 characters": badBytes("x".repeat(40) + half),
};

for (const [name, response] of Object.entries(bounds)) {
  Deno.test(`getRoom() leaks no half of the key at the end of ${name}`, async () => {
    const error = await errorOf(response);
    assert(!/KEY|0123/.test(logged(error)), logged(error));
  });
}

Deno.test("getRoom() leaks no key in what headers throw or return", async () => {
  const thrower = () => {
    throw new Error(half);
  };
  const getters = [
    thrower,
    () => ({ toString: thrower }),
    () => Symbol(half),
    () => ({ [half]: half }),
    () => 7,
  ];
  for (const status of [200, 429]) {
    for (const get of getters) {
      const response = new Response(new Uint8Array([0xff]), { status });
      Object.defineProperty(response, "headers", { value: { get } });
      assert(!logged(await errorOf(response)).includes(half));
    }
  }
});

Deno.test("refreshJoinToken() redacts a refresh token that its argument's toJSON() makes", async () => {
  const secret: unknown = { toJSON: () => "REFRESH-0123456789" };
  const fetchFn: FetchFn = (_, { body }) =>
    Promise.resolve(json(403, { message: body }));
  const call = refreshJoinToken(fetchFn, half, id, secret as string);
  const error = await rejection(call);
  assertInstanceOf(error, RoomsError);
  assert(!logged(error).includes("REFRESH"), logged(error));
});

Deno.test("call() redacts the secret body of an operation of one's own, whatever its format", async () => {
  const refresh: Operation<"/refresh", CallOptions, undefined, undefined> = {
    method: "POST",
    path: "/refresh",
    body: { headers: {}, toText: () => "REFRESH-0123456789" },
    isSecret: true,
    status: 204,
    repeatable: true,
  };
  const fetchFn: FetchFn = (_, { body }) =>
    Promise.resolve(json(403, { message: body }));
  const error = await rejection(call(fetchFn, half, refresh, { ids: {} }));
  assertInstanceOf(error, RoomsError);
  assert(!logged(error).includes("REFRESH"), logged(error));
});

Deno.test("refreshJoinToken() quotes no argument when its arguments are swapped", async () => {
  await fc.assert(
    fc.asyncProperty(secrets, async ([key, secret]) => {
      const calls = [[key, secret, uuid(1)], [uuid(1), key, secret]] as const;
      for (const args of calls) {
        const error = await rejection(
          refreshJoinToken(() => Promise.resolve(json(500, {})), ...args),
        );
        assertInstanceOf(error, InvalidArgumentError);
        const isShown = args.filter((arg) => logged(error).includes(arg));
        assertEquals(isShown, []);
      }
    }),
    { numRuns: 20 },
  );
});

Deno.test("createJoinToken() leaks no token of an invalid response", async () => {
  const data = { token: "a-token-of-the-provider", refresh_token: 7 };
  const fetchFn = () => Promise.resolve(json(201, { data }));
  const error = await rejection(createJoinToken(fetchFn, half, id));
  assertInstanceOf(error, RoomsError);
  assert(!logged(error).includes(data.token));
});

Deno.test("getRoom() and listRooms() quote no token in a wrong argument", async () => {
  const opts: unknown[] = [
    { baseUrl: `https://x:${half}@x.example` },
    { retry: half },
    { timeoutMs: half },
    { [`${"x".repeat(490)}${half}`]: 1 }, // which is cut
  ];
  const number: unknown = 1234567890123; // as a key may be
  const calls: Promise<unknown>[] = [
    getRoom(fetch, half, number as string),
    getRoom(fetch, id, half),
    getRoom(fetch, `Bearer ${half}`, id),
    getRoom(fetch, `${half}\n`, id),
    getRoom(fetch, half, `${id}${half}`),
    ...opts.map((opts) => getRoom(fetch, half, id, opts as object)),
    listRooms(fetch, "any", { createdAt: { eq: half } }),
  ];
  for (const call of calls) {
    const error = await rejection(call);
    assertInstanceOf(error, InvalidArgumentError);
    assert(!/KEY0|12345678/.test(logged(error)), logged(error));
  }
});
