// deno-fmt-ignore-file: a table, whose rows are programs
/** The matrix: each row is a small program with other software. */
import { runtimePackages } from "../../scripts/install_package.ts";

/** A program, and what it must print. */
export interface Combination {
  name: string;
  packages: string; // besides ours: the page has the version of the first
  code: string; // of `main.mjs`
  prints?: string; // part of the output; default: five calls worked
  result?: string; // on the page; default: "works"
  files?: Record<string, string>; // other files of the project
  run?: string; // default: main.mjs
  by?: string; // a binary in `node_modules`; default: Node 24
}

export const all = "got, listed, created, deleted, not_found";
const node20 = { by: "node-20/bin/node" };
const prints = "invalid_argument: fetchFn, attempt 1";
const wrapIt = { prints, result: "refused with a clear error: wrap it" };

const sdk = (major: number): Combination => ({
  name: `telnyx ${major}`,
  packages: `telnyx@${major} ws`, // release 6 imports it without declaring it
  code: `import Telnyx from "telnyx";
    import { baseUrl, outcomes } from "./calls.mjs";
    const telnyx = new Telnyx(${major < 3 ? `"KEY"` : `{ apiKey: "KEY", baseURL: baseUrl, maxRetries: 0 }`});
    telnyx.setHost?.("127.0.0.1", new URL(baseUrl).port, "http");
    const one = (promise) => promise.then(
      ({ data }) => data?.id ? data : Promise.reject({ code: "resolved" }),
      ({ status, statusCode }) => Promise.reject({ code: status ?? statusCode }));
    console.log(await outcomes({
      get: (id) => one(telnyx.rooms.retrieve(id)),
      list: () => telnyx.rooms.list(),
      create: () => one(telnyx.rooms.create({ unique_name: "sdk" })),
      remove: (id) => telnyx.rooms[${major < 3} ? "del" : "delete"](id),
    }));`,
  prints: all.replace("not_found", "404"),
  ...major < 3 && node20, // release 2 can't do plain HTTP on Node 24
});

const intercepted = (name: string, code: string): Combination => ({
  name,
  packages: name,
  code: `import { calls, id } from "./calls.mjs";
    import { fakeRooms } from "@videorooms/telnyx/testing";
    const fake = fakeRooms({ rooms: [{ id }] });
    const api = "https://api.telnyx.com";
    ${code}`,
});

const program = (packages: string, fetchFn: string) =>
  `import * as it from "${packages.split(" ")[0]}";
    import { Readable } from "node:stream";
    import { calls } from "./calls.mjs";
    const answer = (body, status, headers) =>
      new Response(status === 204 ? null : body, { status, headers });
    console.log(await calls(${fetchFn}));`;

/** A `fetchFn` from the exports of a package. */
const sent = (name: string, packages: string, fetchFn: string, expected?: Partial<Combination>): Combination =>
  ({ name, packages, code: program(packages, fetchFn), ...expected });

const tested = `import { calls, id } from "./calls.mjs";
  import { fakeRooms } from "@videorooms/telnyx/testing";
  test("calls", async () => {
    expect(await calls(fakeRooms({ rooms: [{ id }] }).fetch)).toBe("${all}");
  });`;

/** A test in which the timers are fake, `queueMicrotask` and `nextTick` too. */
const timed = (install: string) =>
  tested.replace('test("calls", async () => {', (start) => `${start}\n${install}`);

const inJest = (name: string, testEnvironment: string, expected?: Partial<Combination>, ignored = "(?!.*@videorooms/)"): Combination => ({
  name: `Jest, ${name}`,
  packages: "jest @swc/jest @swc/core jest-environment-jsdom jest-fixed-jsdom",
  code: tested,
  files: {
    // The globals that jsdom lacks and the client needs
    "least.cjs": `const { TestEnvironment } = require("jest-environment-jsdom");
      module.exports = class extends TestEnvironment {
        constructor(...args) {
          super(...args);
          Object.assign(this.global, { Response, TextDecoder });
        }
      };`,
    "jest.config.json": JSON.stringify({
      testMatch: ["**/main.mjs"],
      transform: { "\\.m?js$": "@swc/jest" },
      transformIgnorePatterns: [`/node_modules/${ignored}`],
      testEnvironment,
    }),
  },
  run: "node_modules/jest/bin/jest.js",
  prints: "1 passed",
  ...expected,
});

const inVitest = (name: string, code: string): Combination => ({
  name, packages: "vitest", prints: "1 passed", code,
  run: "node_modules/vitest/vitest.mjs run",
  files: { "vitest.config.js": `export default { test: { include: ["main.mjs"] } };` },
});

/** The Next.js example, with a page at `/`, and without some of its code. */
const onNext = (major: number, react: number, without = "", expected: Partial<Combination> = { prints: "/ is fresh" }): Combination => ({
  name: `Next.js ${major}${without && `, without \`${without}\``}`,
  packages: `next@${major} react@${react} react-dom@${react}`,
  code: `import { readFileSync, writeFileSync } from "node:fs";
    const page = "app/rooms/[id]/page.jsx";
    const copy = readFileSync(page, "utf8").replace('${without}', "");
    writeFileSync(page, copy);
    writeFileSync("app/page.jsx", copy.replace("await params", "{ id: process.env.ROOM_ID }"));
    await import("./next.mjs");`,
  ...expected,
});

const node = runtimePackages["node-20"].replace(/^npm:(.*)@.*/, "$1");
const required = (version: string, error?: string): Combination => ({
  name: `Node ${version}`,
  packages: `${node}@${version}`,
  by: `${node}/bin/node`,
  code: `import { createRequire } from "node:module";
    console.log(typeof createRequire(import.meta.url)("@videorooms/telnyx/testing").fakeRooms);`,
  prints: error ?? "function",
  ...error && { result: `${error}: \`await import()\` it` },
});

/** The rows, by the kind of software. */
export const groups: Record<string, Combination[]> = {
  "The provider's SDK, before the fake": [1, 2, 3, 4, 5, 6, 7].map(sdk),

  "Interceptors of requests": [
    intercepted("msw", `import { http } from "msw";
      import { setupServer } from "msw/node";
      setupServer(http.all(api + "/*", ({ request }) => fake.fetch(request))).listen();
      console.log(await calls(fetch, {}));`),
    intercepted("nock", `import nock from "nock";
      const scope = nock(api).persist();
      for (const method of ["get", "post", "delete"]) {
        scope[method](/./).reply(async (request) => {
          const response = await fake.fetch(request);
          return [response.status, await response.text(), Object.fromEntries(response.headers)];
        });
      }
      console.log(await calls(fetch, {}));`),
    { ...intercepted("undici", `import { fetch, MockAgent, setGlobalDispatcher } from "undici";
      const agent = new MockAgent();
      agent.disableNetConnect();
      setGlobalDispatcher(agent);
      const reply = (method, path, status, data) => agent.get(api)
        .intercept({ method, path: "/v2/rooms" + path })
        .reply(status, data && { data, meta: { total_pages: 1 } });
      const other = id.replace(/^./, "0");
      reply("GET", "/" + id, 200, { id });
      reply("GET", "", 200, [{ id }]);
      reply("POST", "", 201, { id: other });
      reply("DELETE", "/" + other, 204);
      reply("GET", "/" + other, 404);
      console.log(await calls(fetch, {}));`), name: "undici's MockAgent" },
  ],

  "Functions in place of `fetch`": [
    sent("undici", "undici", "it.fetch"),
    sent("node-fetch", "node-fetch", "it.default", wrapIt),
    sent("node-fetch, wrapped", "node-fetch", `async (url, init) => {
      const { body, status, headers } = await it.default(url, init);
      return answer(Readable.toWeb(body), status, [...headers]);
    }`),
    sent("cross-fetch", "cross-fetch", "it.default", wrapIt),
    sent("got-fetch", "got-fetch got", "it.fetch", wrapIt),
    sent("ky", "ky", "it.default", {
      prints: all.replace("not_found", prints),
      result: "works but for errors, refused with a clear error: wrap it",
    }),
    sent("ky, wrapped", "ky", "it.default.create({ throwHttpErrors: false, retry: 0 })"),
    sent("axios, wrapped", "axios", `async (url, { body, redirect, ...init }) => {
      const { data, status, headers } = await it.default({ ...init, url, data: body,
        adapter: "fetch", responseType: "stream", maxRedirects: 0, validateStatus: null });
      return answer(data, status, headers.toJSON());
    }`),
  ],

  "Test runners, with the fake": [
    inJest("as it comes", "node", { ...node20, prints: "Must use import",
      result: "refused: have the transform take this module" }, ""),
    inJest("Node 20", "node", node20),
    inJest("jest-fixed-jsdom", "jest-fixed-jsdom"),
    inJest("jsdom with `Response` and `TextDecoder`", "./least.cjs"),
    inJest("the same on Node 20", "./least.cjs", node20),
    { ...inJest("fake timers", "node"), code: timed("jest.useFakeTimers();") },
    { ...inJest("fake timers on Node 20", "node", node20), code: timed("jest.useFakeTimers();") },
    inVitest("Vitest", `import { expect, test } from "vitest";\n${tested}`),
    inVitest("Vitest, fake timers", `import { expect, test, vi } from "vitest";\n${
      timed(`vi.useFakeTimers({ toFake: ["setTimeout", "setInterval", "Date", "queueMicrotask"] });`)}`),
    ...[{}, node20].map((by) => ({
      name: `sinon, fake timers${by === node20 ? " on Node 20" : ""}`, packages: "sinon", ...by,
      code: `import sinon from "sinon";
        import { calls, id } from "./calls.mjs";
        import { fakeRooms } from "@videorooms/telnyx/testing";
        const clock = sinon.useFakeTimers();
        const result = await calls(fakeRooms({ rooms: [{ id }] }).fetch);
        clock.restore();
        console.log(result);` })),
  ],

  "Frameworks and runtimes": [
    { name: "Fastify", packages: "fastify",
      code: `import { fastify } from "fastify";
        import { calls } from "./calls.mjs";
        const app = fastify().get("/", () => calls(fetch));
        console.log((await app.inject("/")).body);` },
    onNext(14, 18),
    onNext(15, 19),
    onNext(16, 19),
    onNext(14, 18, `, cache: "no-store"`, { prints: "is stale", result: "shows an old room" }),
    onNext(16, 19, `export const dynamic = "force-dynamic";`,
      { prints: "Dynamic server usage", result: "does not build" }),
    { name: "workerd, by miniflare", packages: "miniflare@4 esbuild",
      code: `import { buildSync } from "esbuild";
        import { Miniflare } from "miniflare";
        const contents = \`import { calls } from "./calls.mjs";
          export default { fetch: async (_, { TELNYX_BASE_URL: baseUrl }) =>
            new Response(await calls(fetch, { baseUrl })) };\`;
        const { outputFiles: [{ text: script }] } = buildSync({ bundle: true, write: false,
          format: "esm", external: ["node:*"], stdin: { resolveDir: ".", contents } });
        const worker = new Miniflare({ modules: true, script, bindings: { ...process.env },
          compatibilityDate: "2025-09-01", compatibilityFlags: ["nodejs_compat"] });
        console.log(await (await worker.dispatchFetch("http://worker/")).text());
        await worker.dispose();` },
    { name: "Bun", packages: runtimePackages.bun.replace(/^npm:/, ""), by: "bun/bin/bun",
      code: program("node:process", "fetch") },
    { name: "OpenTelemetry's instrumentation of undici",
      // The last for which there is a matching SDK
      packages: "@opentelemetry/instrumentation-undici@0.30 @opentelemetry/sdk-trace-node@2 @opentelemetry/api@1.9",
      code: `import { UndiciInstrumentation } from "@opentelemetry/instrumentation-undici";
        import * as sdk from "@opentelemetry/sdk-trace-node";
        import { calls } from "./calls.mjs";
        const exporter = new sdk.InMemorySpanExporter();
        const spanProcessors = [new sdk.SimpleSpanProcessor(exporter)];
        new UndiciInstrumentation().setTracerProvider(new sdk.NodeTracerProvider({ spanProcessors }));
        await calls(fetch);
        const spans = exporter.getFinishedSpans();
        const text = JSON.stringify(spans.map(({ attributes }) => attributes));
        console.log(spans.map(({ name }) => name).join(), text.includes("KEY"));`,
      prints: "GET,GET,POST,DELETE,GET false",
      result: "a span for each request, without the token" },
  ],

  "`require()` of this module": [
    required("20.18.3", "ERR_REQUIRE_ESM"),
    required("20.19.0"),
    required("22.11.0", "ERR_REQUIRE_ESM"),
    required("22.12.0"),
  ],
};
