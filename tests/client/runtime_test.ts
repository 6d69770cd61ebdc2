/** What differs between runtimes, and how a call meets it. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { isFramed } from "../../lib/client/body.ts";
import { isPage, isServer } from "../../lib/client/runtime.ts";
import { isBun, isDeno } from "../../lib/core/runtime.ts";
import {
  ApiError,
  createRoom,
  type FetchFn,
  getRoom,
  InvalidArgumentError,
  InvalidResponseError,
} from "../../mod.ts";
import { example, id } from "../support/example.ts";
import { test } from "../support/virtual_time.ts";

Deno.test("This runtime is Deno, a server, and no page", () => {
  const found = [isDeno(), isBun(), isServer(), isPage()];
  assertEquals(found, [true, false, true, false]);
});

/** Globals of other runtimes, and what `isServer()` and `isPage()` say of them. */
const worlds: [name: string, globals: object, found: [boolean, boolean]][] = [
  ["a page", { document: {} }, [false, true]],
  [
    "a page into which a bundler put a process",
    { document: {}, process: { env: {}, browser: true, versions: {} } },
    [false, true],
  ],
  [
    "a page with a bare process",
    { document: {}, process: { env: { NODE_ENV: "production" } } },
    [false, true],
  ],
  ["a page with a Deno of its own", { document: {}, Deno: {} }, [false, true]],
  ["a worker", {}, [false, false]],
  ["Node", { process: { versions: { node: "20.0.0" } } }, [true, false]],
  [
    "Node with jsdom",
    { document: {}, process: { versions: { node: "20.0.0" } } },
    [true, false],
  ],
];

for (const [name, globals, found] of worlds) {
  Deno.test(`isServer() and isPage() are ${found.join(" and ")} in ${name}`, () => {
    const names = ["Deno", "process", "document"];
    const originals = names.map((key) =>
      [key, Object.getOwnPropertyDescriptor(globalThis, key)] as const
    );
    let asked: unknown;
    try {
      for (const key of names) {
        const value: unknown = Reflect.get(globals, key);
        Object.defineProperty(globalThis, key, { value, configurable: true });
      }
      asked = [isServer(), isPage()];
    } finally {
      for (const [key, original] of originals) {
        if (original) Object.defineProperty(globalThis, key, original);
        else Reflect.deleteProperty(globalThis, key);
      }
    }
    assertEquals(asked, found);
  });
}

Deno.test('isFramed() is false for a response of the type "cors", which hides headers', () => {
  const response = Object.defineProperties(
    new Response("", { headers: { "content-length": "5" } }),
    { type: { value: "cors" }, url: { value: "http://x.example/" } },
  );
  assertEquals(isFramed(fetch, response, 10), false);
});

test("getRoom() does not count the time before fetchFn returns, as that of a permission prompt", async (clock) => {
  const fetchFn: FetchFn = () => {
    clock.tick(60); // a prompt blocks the process
    return Promise.resolve(Response.json(example));
  };
  const opts = { attemptTimeoutMs: 30, retry: false } as const;
  assertEquals((await getRoom(fetchFn, "any", id, opts)).id, id);
});

Deno.test("createRoom() sends a Blob in Deno, which fetch does not send a second time; updates and others send text", async () => {
  const bodies: unknown[] = [];
  const fetchFn: FetchFn = (_url, { body }) => {
    bodies.push(body);
    return Promise.resolve(Response.json(example, { status: 201 }));
  };
  await createRoom(fetchFn, "any", { unique_name: "Standup" });
  const [body] = bodies;
  assert(body instanceof Blob);
  assertEquals(await body.text(), '{"unique_name":"Standup"}');
});

Deno.test("getRoom() names a content-encoding that the runtime did not decode", async () => {
  const fetchFn: FetchFn = () =>
    Promise.resolve(
      new Response(new Uint8Array([0x28, 0xb5, 0x2f, 0xfd, 0xff]), {
        headers: { "content-encoding": "zstd" },
      }),
    );
  await assertRejects(
    () => getRoom(fetchFn, "any", id),
    InvalidResponseError,
    "content-encoding zstd",
  );
});

Deno.test("getRoom() does not call a 304 a redirect", async () => {
  const fetchFn: FetchFn = () =>
    Promise.resolve(new Response(null, { status: 304 }));
  const error = await assertRejects(
    () => getRoom(fetchFn, "any", id),
    ApiError,
    "HTTP 304",
  );
  assert(!error.message.includes("redirect"), error.message);
});

Deno.test({
  name:
    "createRoom() is refused at once when the HttpClient of Deno was closed",
  sanitizeOps: false, // Deno's fetch does not close the body that it refuses
  sanitizeResources: false,
  fn: async () => {
    const client = Deno.createHttpClient({});
    client.close();
    const fetchFn: FetchFn = (url, init) => fetch(url, { ...init, client });
    const error = await assertRejects(
      () => createRoom(fetchFn, "any", {}, { baseUrl: "http://127.0.0.1:2" }),
      InvalidArgumentError,
      "its client was closed",
    );
    assertEquals([error.attempts, error.mayHaveTakenEffect], [1, false]);
  },
});
