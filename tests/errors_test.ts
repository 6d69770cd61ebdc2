import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { inspect } from "node:util";
import {
  ApiError,
  type AttemptEvent,
  type FetchFn,
  getRoom,
  InvalidArgumentError,
  InvalidResponseError,
  NetworkError,
  ResponseTooLargeError,
  RoomsError,
  TimeoutError,
  WebhookError,
} from "../mod.ts";
import { id } from "./example.ts";

const each: [string, string, RoomsError][] = [
  [
    "InvalidArgumentError",
    "invalid_argument",
    new InvalidArgumentError("id", "must be a UUID"),
  ],
  [
    "ApiError",
    "not_found",
    new ApiError("Not found", { code: "not_found", status: 404, details: [] }),
  ],
  ["NetworkError", "network", new NetworkError("It broke")],
  ["TimeoutError", "timeout", new TimeoutError(5, "body", "timeoutMs")],
  [
    "InvalidResponseError",
    "invalid_response",
    new InvalidResponseError("/data", "object", "null"),
  ],
  [
    "ResponseTooLargeError",
    "response_too_large",
    new ResponseTooLargeError(5),
  ],
  ["WebhookError", "too_old", new WebhookError("too_old", "It is late")],
];

for (const [name, code, error] of each) {
  Deno.test(`${name} is a RoomsError with a name, a code and one clear line`, () => {
    assert(error instanceof RoomsError && error instanceof Error);
    assertEquals([error.name, error.code], [name, code]);
    assertEquals(error.attempts, 0);
    assert(/^['A-Z].*[^.]$/.test(error.message), error.message);
    assert(error.stack?.startsWith(`${name}: `), error.stack);
    assertEquals(JSON.parse(JSON.stringify(error)).code, code);
  });
}

/** All that a log could make of a value. */
function logged(value: unknown): string {
  return [
    inspect(value, { depth: Infinity, showHidden: true, getters: true }),
    Deno.inspect(value, { depth: 100 }),
    JSON.stringify(value),
    value instanceof Error ? `${value.stack}${logged(value.cause)}` : "",
  ].join("\n");
}

Deno.test("The token occurs in no error, event or message, for any failure", async () => {
  const token = fc.stringMatching(/^KEY[\x21-\x7e]{12,60}$/);
  /** A hostile answer or throw that has the token wherever it can. */
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
      token,
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

Deno.test("The token occurs in no error when arguments are swapped or broken", async () => {
  const token = "KEY0123456789abcdef";
  const calls: Promise<unknown>[] = [
    getRoom(fetch, id, token),
    getRoom(fetch, `Bearer ${token}`, id),
    getRoom(fetch, `${token}\n`, id),
    getRoom(fetch, token, `${id}${token}`),
    getRoom(fetch, "any", id, { baseUrl: `https://x:${token}@x.example` }),
    getRoom(fetch, "any", id, { retry: token as never }),
    getRoom(fetch, "any", id, { timeoutMs: token as never }),
  ];
  for (const call of calls) {
    const error = await call.then(() => undefined, (error: unknown) => error);
    assert(error instanceof InvalidArgumentError);
    assert(!logged(error).includes(token), logged(error));
  }
});
