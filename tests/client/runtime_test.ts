/** What differs between runtimes, and how a call meets it. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { isPage, isServer } from "../../lib/client/runtime.ts";
import { isBun, isDeno } from "../../lib/core/runtime.ts";
import { createRoom, type FetchFn, InvalidArgumentError } from "../../mod.ts";
import { example } from "../support/example.ts";

Deno.test("This runtime is Deno, a server, and no page", () => {
  const found = [isDeno(), isBun(), isServer(), isPage()];
  assertEquals(found, [true, false, true, false]);
});

const document = {};
const env = { NODE_ENV: "production" };
const node = { versions: { node: "20.0.0" } };
const bundled = { env, browser: true, versions: {} };

/** Globals of other runtimes, and which of the two they are. */
const worlds: [name: string, globals: object, is: string][] = [
  ["a page", { document }, "isPage"],
  ["a page of a bundler", { document, process: bundled }, "isPage"],
  ["a page with a bare process", { document, process: { env } }, "isPage"],
  ["a page with a Deno of its own", { document, Deno: {} }, "isPage"],
  ["a worker", {}, "neither"],
  ["Node", { process: node }, "isServer"],
  ["Node with jsdom", { document, process: node }, "isServer"],
];

for (const [name, globals, is] of worlds) {
  Deno.test(`Of isServer() and isPage(), ${is} is true in ${name}`, () => {
    const names = ["Deno", "process", "document"];
    const originals = names.map((name) =>
      [name, Object.getOwnPropertyDescriptor(globalThis, name)] as const
    );
    let asked: boolean[];
    try {
      for (const name of names) {
        const value: unknown = Reflect.get(globals, name);
        Object.defineProperty(globalThis, name, { value, configurable: true });
      }
      asked = [isServer(), isPage()];
    } finally {
      for (const [name, original] of originals) {
        if (original) Object.defineProperty(globalThis, name, original);
        else Reflect.deleteProperty(globalThis, name);
      }
    }
    assertEquals(asked, [is === "isServer", is === "isPage"]);
  });
}

Deno.test("createRoom() sends a Blob in Deno, whose fetch does not send it a second time", async () => {
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

Deno.test({
  name: "createRoom() is refused at once when Deno's HttpClient was closed",
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
