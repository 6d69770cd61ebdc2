/** No token appears in an error, an event or a message. */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { inspect } from "node:util";
import {
  type AttemptEvent,
  type FetchFn,
  getRoom,
  InvalidArgumentError,
  listRooms,
  refreshJoinToken,
  RoomsError,
} from "../../mod.ts";
import { id } from "../support/example.ts";
import { type OperationRow, rows, uuid } from "../support/operations.ts";

/** Two different tokens, such as the provider issues. */
const token = fc.stringMatching(/^[\w-]{12,20}(\.[\w-]{8,20}){0,2}$/);
const secrets = fc.tuple(token, token)
  .filter(([a, b]) => !a.includes(b) && !b.includes(a));

/** A response of a server that repeats the request in it. */
type Echo = (text: string) => ReturnType<FetchFn>;

const json = (body: unknown, init?: ResponseInit) =>
  Promise.resolve(Response.json(body, init));

const echoes: Record<string, Echo> = {
  "in the general error body": (text) =>
    json({
      errors: [{ code: text, title: text, detail: text, meta: { text } }],
    }, {
      status: 422,
    }),
  "in the bare error body": (text) =>
    json({ code: "10010", title: text, source: { pointer: text } }, {
      status: 403,
    }),
  "as a message": (text) =>
    json({ success: false, message: text }, { status: 400 }),
  "in keys": (text) => json({ errors: { [text]: [text] } }, { status: 422 }),
  "in the details of several errors": (text) =>
    json({ errors: [{ detail: text }, { detail: [text] }, text] }, {
      status: 500,
    }),
  "as text": (text) => Promise.resolve(new Response(text, { status: 404 })),
  "in a header": (text) =>
    json({}, { status: 500, headers: { "x-request-id": text } }),
  "in the status text": (text) =>
    Promise.resolve(new Response(null, { status: 418, statusText: text })),
  "in another success": (text) => json({ data: text }, { status: 203 }),
  "in an invalid success": (text) => json({ data: text }, { status: 201 }),
  "as a key of a composition": (text) =>
    json({ data: { id: "", video_layout: { [text]: 7 } } }, { status: 202 }),
  "in invalid JSON": (text) =>
    Promise.resolve(new Response(`{"${text}`, { status: 201 })),
  "in a network error": (text) => {
    const cause = Object.assign(new Error(text), { code: text, headers: text });
    return Promise.reject(new TypeError(`failed: ${text}`, { cause }));
  },
  "as a thrown string": (text) => Promise.reject(text),
  "as a thrown response": (text) =>
    Promise.reject(Object.assign(new Error(text), {
      response: { status: 418, text },
    })),
  "in place of a response": (text) => Promise.resolve(text as never),
};

const writes = rows.filter(({ operation }) => operation.method !== "GET");
const refresh = rows.find(({ name }) =>
  name === "refreshJoinToken"
) as OperationRow;

/** Calls a function, with a server that repeats the whole request. */
async function call(
  { run, args, opts, operation }: OperationRow,
  [key, refreshToken]: [string, string],
  echo: Echo,
) {
  const sent = operation.isSecret ? [args[0], refreshToken] : args;
  const events: AttemptEvent[] = [];
  const error = await run(
    (_, init) => echo(`Received ${JSON.stringify(init)}`),
    key,
    ...sent,
    {
      ...opts,
      retry: { maxAttempts: 2, baseDelayMs: 0 },
      onAttempt: (event: AttemptEvent) => events.push(event),
    },
  ).then(() => undefined, (error: unknown) => error);
  return { error, events };
}

for (const [name, echo] of Object.entries(echoes)) {
  Deno.test(`No operation leaks a secret that a server repeats ${name}`, async () => {
    await fc.assert(
      fc.asyncProperty(secrets, async (secrets) => {
        for (const row of writes) {
          const { error, events } = await call(row, secrets, echo);
          const seen = inspect([error, events], {
            depth: Infinity,
            showHidden: true,
          });
          const [key, refreshToken] = secrets;
          assert(!seen.includes(key), "the API key");
          assert(!seen.includes(refreshToken), "the refresh token");
          assert(!JSON.stringify([error, events]).includes(refreshToken));
          if (error) assert(error instanceof RoomsError, `${error}`);
        }
      }),
      { numRuns: 4 },
    );
  });
}

Deno.test("refreshJoinToken() redacts a refresh token that contains the API key as a whole", async () => {
  const [token, secret] = ["KEY", "begin-KEY-end"];
  const body = JSON.stringify({ errors: [{ title: `No ${secret}` }] });
  const fetchFn = () => Promise.resolve(new Response(body, { status: 403 }));
  const error = await refreshJoinToken(fetchFn, token, id, secret)
    .catch((error: RoomsError) => error);
  assert(error instanceof RoomsError);
  assert(!/begin|end/.test(error.message), error.message);
});

/** A long text of the server that ends, or is cut, within the key. */
const half = "KEY0123456789abcdefghij";
const bounds: Record<string, Response> = {
  "a text of 5000 characters": new Response(" ".repeat(4990) + half, {
    status: 500,
  }),
  "a page of 5000 characters": new Response(
    `<style>${" ".repeat(4970)}</style>${half}`,
    { status: 500 },
  ),
  "a content-encoding": new Response(new Uint8Array([0xff]), {
    headers: { "content-encoding": half },
  }),
  "a content-encoding of 50 characters": new Response(new Uint8Array([0xff]), {
    headers: { "content-encoding": "x".repeat(40) + half },
  }),
};

for (const [name, response] of Object.entries(bounds)) {
  Deno.test(`getRoom() leaks no half of the key at the end of ${name}`, async () => {
    const opts = { retry: false } as const;
    const error = await getRoom(
      () => Promise.resolve(response),
      half,
      id,
      opts,
    ).catch((error: unknown) => error);
    assert(error instanceof RoomsError);
    assert(!/KEY|0123/.test(inspect(error, { depth: Infinity })), `${error}`);
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
  const cases = [200, 429].flatMap((status) =>
    getters.map((get) => [status, get] as const)
  );
  for (const [status, get] of cases) {
    const response = new Response(new Uint8Array([0xff]), { status });
    Object.defineProperty(response, "headers", { value: { get } });
    const error = await getRoom(
      () => Promise.resolve(response),
      half,
      id,
      { retry: false },
    ).catch((error: unknown) => error);
    assert(error instanceof RoomsError, `${error}`);
    assert(!inspect(error, { depth: Infinity }).includes(half));
  }
});

Deno.test("refreshJoinToken() redacts a refresh token that its argument's toJSON() makes", async () => {
  const secret = { toJSON: () => "REFRESH-0123456789" };
  const error = await refreshJoinToken(
    (_, init) => json({ message: init.body }, { status: 403 }),
    half,
    id,
    secret as never,
  ).catch((error: unknown) => error);
  assert(error instanceof RoomsError);
  assert(!inspect(error, { depth: Infinity }).includes("REFRESH"), `${error}`);
});

Deno.test("refreshJoinToken() quotes no argument when its arguments are swapped", async () => {
  const { run } = refresh;
  await fc.assert(
    fc.asyncProperty(secrets, async ([key, secret]) => {
      const calls = [[key, secret, uuid(1)], [uuid(1), key, secret]];
      for (const [token = "", ...args] of calls) {
        const error = await run(() => json({}), token, ...args)
          .catch((error: unknown) => error);
        const seen = inspect(error, { showHidden: true });
        assertEquals([seen.includes(key), seen.includes(secret)], [
          false,
          false,
        ]);
      }
    }),
    { numRuns: 20 },
  );
});

Deno.test("createJoinToken() leaks no token of an invalid response", async () => {
  const row = rows.find(({ name }) =>
    name === "createJoinToken"
  ) as OperationRow;
  const data = { token: "a-token-of-the-provider", refresh_token: 7 };
  const { error } = await call(
    row,
    ["KEY", ""],
    () => json({ data }, { status: 201 }),
  );
  assert(error instanceof RoomsError);
  assert(!inspect(error, { showHidden: true }).includes(data.token));
});

/** Everything that a log may contain of a value. */
function logged(value: unknown): string {
  return [
    inspect(value, { depth: Infinity, showHidden: true, getters: true }),
    Deno.inspect(value, { depth: 100 }),
    JSON.stringify(value),
    value instanceof Error ? `${value.stack}${logged(value.cause)}` : "",
  ].join("\n");
}

Deno.test("getRoom() leaks the token in no error, event or message", async () => {
  const key = fc.stringMatching(/^KEY[\x21-\x7e]{12,60}$/);
  /** Hostile responses and errors, with the token in every place. */
  const hostile: ((token: string) => FetchFn)[] = [
    (token) => () => Promise.reject(new Error(`No luck with ${token}`)),
    (token) => () => {
      throw Object.assign(new TypeError(token, { cause: new Error(token) }), {
        config: { headers: { authorization: `Bearer ${token}` } },
        code: token,
      });
    },
    (token) => () => Promise.reject(token),
    (token) => () => Promise.reject({ token }),
    (token) => () =>
      Promise.resolve(
        Response.json({
          errors: [{
            code: "10009",
            title: `Bad ${token}`,
            detail: token,
            source: { pointer: `/${token}`, parameter: token },
            meta: { [token]: [token, { token }] },
            [token]: token,
          }],
        }, {
          status: 401,
          headers: { "x-request-id": token, "www-authenticate": token },
        }),
      ),
    (token) => () =>
      Promise.resolve(
        Response.json({ code: token, title: token }, { status: 503 }),
      ),
    (token) => () =>
      Promise.resolve(new Response(`<h1>${token}</h1>`, { status: 404 })),
    (token) => () =>
      Promise.resolve(
        new Response(token, { status: 302, headers: { location: token } }),
      ),
    (token) => () => Promise.resolve(new Response(`not JSON: ${token}`)),
    (token) => () =>
      Promise.resolve(
        Response.json({ data: { id, sessions: [{ id: [token] }] } }),
      ),
    (token) => () =>
      Promise.resolve(Response.json({ data: { id: { [token]: token } } })),
    (token) => () => Promise.resolve(token as unknown as Response),
    (token) => (_, { signal }) =>
      new Promise((_, reject) =>
        signal?.addEventListener("abort", () => reject(new Error(token)))
      ),
    (token) => () =>
      Promise.resolve(
        new Response(
          new ReadableStream({
            start: (controller) => controller.error(new Error(token)),
          }),
        ),
      ),
  ];
  const options = fc.constantFrom({}, { maxBodyBytes: 1 }, { timeoutMs: 0 });
  const codes = new Set<string>();
  await fc.assert(
    fc.asyncProperty(
      key,
      fc.constantFrom(...hostile),
      options,
      async (token, fetchFn, opts) => {
        const events: AttemptEvent[] = [];
        const error = await getRoom(fetchFn(token), token, id, {
          timeoutMs: 5,
          retry: { maxAttempts: 2, baseDelayMs: 0 },
          onAttempt: (event) => events.push(event),
          ...opts,
        }).then(() => undefined, (error: unknown) => error);
        assert(error instanceof RoomsError);
        codes.add(error.code);
        assert(!logged([error, ...events]).includes(token), logged(error));
      },
    ),
    { numRuns: 500 },
  );
  assert(codes.size >= 8, `only ${[...codes]}`);
});

Deno.test("getRoom() and listRooms() quote no token in a wrong argument", async () => {
  const token = "KEY0123456789abcdef";
  const calls: Promise<unknown>[] = [
    getRoom(fetch, id, token),
    getRoom(fetch, `Bearer ${token}`, id),
    getRoom(fetch, `${token}\n`, id),
    getRoom(fetch, token, `${id}${token}`),
    getRoom(fetch, "any", id, { baseUrl: `https://x:${token}@x.example` }),
    getRoom(fetch, "any", id, { retry: token as never }),
    getRoom(fetch, "any", id, { timeoutMs: token as never }),
    listRooms(fetch, "any", { createdAt: { eq: token } }),
  ];
  for (const call of calls) {
    const error = await call.then(() => undefined, (error: unknown) => error);
    assert(error instanceof InvalidArgumentError);
    assert(!logged(error).includes(token), logged(error));
  }
});

Deno.test("getRoom() shows no key that a server echoes where its text is cut, or as an encoding", async () => {
  const key = "KEY0123456789abcdefSECRET";
  const responses = [
    new Response(" ".repeat(5001 - key.length) + key, { status: 500 }),
    new Response(new Uint8Array([255, 254]), {
      headers: { "content-encoding": key },
    }),
  ];
  for (const response of responses) {
    const { message } = await getRoom(
      () => Promise.resolve(response),
      key,
      id,
      { retry: false },
    ).catch((error) => error);
    assert(!message.includes(key.slice(0, 12)), message);
  }
});
