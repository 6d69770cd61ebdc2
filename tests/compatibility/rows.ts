/** The matrix: each row is a small program that is run with other software. */
import { runtimePackages } from "../../scripts/runtime_packages.ts";

/** A program, and what it has to print. */
export interface Row {
  /** The kind of software; it becomes a table. */
  group: string;
  name: string;
  /** Besides ours; the version of the first is told. */
  packages: string[];
  /** The program: a module, unless `run` says otherwise. */
  code: string;
  /** Default: what five calls come to if all is well. */
  prints?: string;
  /** What the page says if it prints that. Default: that it works. */
  result?: string;
  /** More files of the project, and folders of the clone that are copied. */
  files?: Record<string, string>;
  copies?: string[];
  /** The command. Default: Node with the program. */
  run?: string[];
  /** Which Node is used. Default: 24. */
  node?: "node-20";
  /** The program that runs it, of `packages`; in place of Node. */
  binary?: string;
}

export const all = "got, listed, created, deleted, not_found";

const sdk = (major: number, client: string): Row => ({
  group: "The provider's SDK, against the fake",
  name: `telnyx ${major}`,
  // Release 6 imports the second without asking for it
  packages: [`telnyx@${major}`, "ws"],
  code: `import Telnyx from "telnyx";
    import { baseUrl, outcomes } from "./calls.mjs";
    const unique_name = "sdk-${major}";
    const { port } = new URL(baseUrl);
    ${client}
    const one = (promise) => promise.then(({ data }) => {
      if (!data?.id) throw { code: "resolved without a room" };
      return data;
    });
    console.log(await outcomes({
      get: (id) => one(rooms.retrieve(id)),
      list: () => rooms.list(),
      create: () => one(rooms.create({ unique_name })),
      remove: (id) => ${major < 3 ? "rooms.del(id)" : "rooms.delete(id)"},
    }));`,
  prints: /* the error's own status */ all.replace("not_found", "404"),
});
const old = `const { rooms } = new Telnyx("KEY", {
      host: "127.0.0.1", port, protocol: "http" });`;
const current = `const { rooms } = new Telnyx({
      apiKey: "KEY", baseURL: baseUrl, maxRetries: 0 });`;

const interceptor = (name: string, packages: string[], code: string): Row => ({
  group: "Interceptors of requests, before this module and the fake",
  name,
  packages,
  code: `import { calls, id } from "./calls.mjs";
    import { fakeRooms } from "@videorooms/telnyx/testing";
    const fake = fakeRooms({ rooms: [{ id }] });
    ${code}`,
});

const sender = (
  name: string,
  packages: string[],
  setup: string,
  fetchFn: string,
  expected: Pick<Row, "prints" | "result" | "node"> = {},
): Row => ({
  group: "Functions in place of `fetch`",
  name,
  packages,
  code: `import { calls } from "./calls.mjs";
    ${setup}
    console.log(await calls(${fetchFn}));`,
  ...expected,
});
const refused = {
  prints: "invalid_argument: fetchFn, attempt 1",
  result: "refused with a clear error: wrap it",
};

const test = `import { calls, id } from "./calls.mjs";
  import { fakeRooms } from "@videorooms/telnyx/testing";
  test("calls", async () => {
    expect(await calls(fakeRooms({ rooms: [{ id }] }).fetch)).toBe("${all}");
  });`;
const jest = (
  name: string,
  environment: string | undefined,
  expected: Pick<Row, "prints" | "result" | "node"> & { ignored?: boolean } =
    {},
): Row => ({
  group: "Test runners, with the fake",
  name,
  packages: [
    "jest@30",
    "@babel/preset-env@7",
    ...environment ? ["jest-environment-jsdom@30", "jest-fixed-jsdom@0.0"] : [],
  ],
  code: test,
  files: {
    "babel.config.cjs":
      `module.exports = { presets: [["@babel/preset-env", { targets: { node: "current" } }]] };`,
    // What jsdom lacks, and the client and the fake can't do without
    "two_globals.cjs": `const { TestEnvironment } =
        require("jest-environment-jsdom");
      module.exports = class extends TestEnvironment {
        constructor(...args) {
          super(...args);
          Object.assign(this.global, { Response, TextDecoder });
        }
      };`,
    "jest.config.cjs": `module.exports = ${
      JSON.stringify({
        testMatch: ["**/main.mjs"],
        transform: { "\\.m?js$": "babel-jest" },
        ...environment && { testEnvironment: environment },
        ...!expected.ignored &&
          { transformIgnorePatterns: ["/node_modules/(?!.*@videorooms/)"] },
      })
    };`,
  },
  run: ["node", "node_modules/jest/bin/jest.js"],
  prints: "1 passed",
  ...expected,
});

const next = (
  major: number,
  react: number,
  stale?: { name: string; code: string },
): Row => ({
  group: "Frameworks",
  name: `Next.js ${major}${stale?.name ?? ""}`,
  packages: [`next@${major}`, `react@${react}`, `react-dom@${react}`],
  copies: ["examples/nextjs/app"],
  files: {
    "app/page.jsx": `import Page from "./rooms/[id]/page.jsx";
      export const dynamic = "force-dynamic";
      export default () => Page({ params: { id: process.env.ROOM_ID } });`,
  },
  code: `${stale?.code ?? ""}
    await import("./next.mjs");`,
  prints: stale ? "is stale" : "/ is fresh",
  ...stale && { result: "shows an old room" },
});
const page = "app/rooms/[id]/page.jsx";

const node = runtimePackages["node-20"].replace(/^npm:(.*)@.*/, "$1");
const requires = (version: string, can: boolean): Row => ({
  group: "`require()` of this module",
  name: `Node ${version}`,
  packages: [`${node}@${version}`],
  binary: `${node}/bin/node`,
  code: `import { createRequire } from "node:module";
    const require = createRequire(import.meta.url);
    try {
      console.log(typeof require("@videorooms/telnyx").getRoom,
        typeof require("@videorooms/telnyx/testing").fakeRooms);
    } catch ({ code }) { console.log(code); }`,
  prints: can ? "function function" : "ERR_REQUIRE_ESM",
  ...!can && { result: "ERR_REQUIRE_ESM: `await import()` it" },
});

export const rows: Row[] = [
  sdk(1, old),
  sdk(2, old),
  ...[3, 4, 5, 6, 7].map((major) => sdk(major, current)),

  interceptor(
    "msw",
    ["msw"],
    `import { http } from "msw";
    import { setupServer } from "msw/node";
    setupServer(http.all("https://api.telnyx.com/*",
      ({ request }) => fake.fetch(request))).listen();
    console.log(await calls(fetch, {}));`,
  ),
  interceptor(
    "nock",
    ["nock"],
    `import nock from "nock";
    nock.disableNetConnect();
    const scope = nock("https://api.telnyx.com").persist();
    for (const method of ["get", "post", "delete"]) {
      scope[method](/./).reply(async (request) => {
        const response = await fake.fetch(request);
        return [response.status, await response.text(), Object.fromEntries(response.headers)];
      });
    }
    console.log(await calls(fetch, {}));`,
  ),
  interceptor(
    "undici's MockAgent",
    ["undici"],
    `import { fetch, MockAgent, setGlobalDispatcher } from "undici";
    const agent = new MockAgent();
    agent.disableNetConnect();
    setGlobalDispatcher(agent);
    const pool = agent.get("https://api.telnyx.com");
    const reply = (method, path, status, data) =>
      pool.intercept({ method, path }).reply(status, data && { data, meta: { total_pages: 1 } });
    const other = { id: id.replace(/^./, "0") };
    reply("GET", "/v2/rooms/" + id, 200, { id });
    reply("GET", "/v2/rooms", 200, [{ id }]);
    reply("POST", "/v2/rooms", 201, other);
    reply("DELETE", "/v2/rooms/" + other.id, 204);
    reply("GET", "/v2/rooms/" + other.id, 404);
    console.log(await calls(fetch, {}));`,
  ),

  sender(
    "`fetch` of undici",
    ["undici"],
    `import { fetch as f } from "undici";`,
    "f",
  ),
  sender(
    "node-fetch, as it comes",
    ["node-fetch"],
    `import f from "node-fetch";`,
    "f",
    refused,
  ),
  sender(
    "node-fetch, wrapped",
    ["node-fetch"],
    `import f from "node-fetch";
    import { Readable } from "node:stream";`,
    `async (url, init) => {
      const { status, headers, body } = await f(url, init);
      const web = status === 204 ? null : Readable.toWeb(body);
      return new Response(web, { status, headers: [...headers] });
    }`,
  ),
  sender(
    "cross-fetch, as it comes",
    ["cross-fetch"],
    `import f from "cross-fetch";`,
    "f",
    refused,
  ),
  sender(
    "got-fetch, as it comes",
    ["got-fetch", "got"],
    `import { fetch as f } from "got-fetch";`,
    "f",
    refused,
  ),
  sender(
    "got, wrapped",
    ["got"],
    `import got from "got";`,
    `async (url, { redirect, ...init }) => {
      const { statusCode: status, headers, rawBody } = await got(url, { ...init,
        throwHttpErrors: false, followRedirect: false, retry: { limit: 0 } });
      return new Response(status === 204 ? null : rawBody, { status, headers });
    }`,
  ),
  sender("ky, as it comes", ["ky"], `import ky from "ky";`, "ky", {
    prints: all.replace("not_found", refused.prints),
    result: "a 404 is refused with a clear error: wrap it",
  }),
  sender(
    "ky, wrapped",
    ["ky"],
    `import ky from "ky";`,
    "ky.create({ throwHttpErrors: false, retry: 0 })",
  ),
  sender(
    "axios, wrapped",
    ["axios"],
    `import axios from "axios";`,
    `async (url, { method, headers, body: data, signal }) => {
      const { status, ...response } = await axios({ url, method, headers, data, signal,
        adapter: "fetch", responseType: "stream", maxRedirects: 0, validateStatus: () => true });
      return new Response(status === 204 ? null : response.data,
        { status, headers: response.headers.toJSON() });
    }`,
  ),

  jest("Jest, as it comes", undefined, {
    ignored: true,
    node: "node-20",
    prints: "Must use import",
    result: "refused: let the transform take this module",
  }),
  jest("Jest", undefined, { node: "node-20" }),
  jest("Jest, jest-fixed-jsdom", "jest-fixed-jsdom", { node: "node-20" }),
  jest(
    "Jest, jsdom with Response and TextDecoder, Node 20",
    "./two_globals.cjs",
    { node: "node-20" },
  ),
  jest(
    "Jest, jsdom with Response and TextDecoder, Node 24",
    "./two_globals.cjs",
  ),
  {
    group: "Test runners, with the fake",
    name: "Vitest",
    packages: ["vitest"],
    code: `import { expect, test } from "vitest";\n${test}`,
    run: [
      "node",
      "node_modules/vitest/vitest.mjs",
      "run",
      "--dir=.",
      "main.mjs",
    ],
    files: {
      "vitest.config.js": `export default { test: { include: ["main.mjs"] } };`,
    },
    prints: "1 passed",
  },

  {
    group: "Frameworks",
    name: "Fastify",
    packages: ["fastify"],
    code: `import Fastify from "fastify";
      import { baseUrl, calls, id } from "./calls.mjs";
      const app = Fastify();
      app.get("/", () => calls(fetch));
      console.log((await app.inject("/")).body);`,
  },
  next(14, 18),
  next(15, 19),
  next(16, 19),
  next(14, 18, {
    name: " without the example's `cache`",
    code: `import { readFileSync, writeFileSync } from "node:fs";
      writeFileSync("${page}", readFileSync("${page}", "utf8").replace(', cache: "no-store"', ""));`,
  }),
  next(16, 19, {
    name: " without the example's `dynamic`",
    code: `import { readFileSync, writeFileSync } from "node:fs";
      for (const file of ["${page}", "app/page.jsx"]) writeFileSync(file, readFileSync(file, "utf8")
        .replace(/export const dynamic.*/, "").replace(', cache: "no-store"', ""));`,
  }),

  {
    group: "Runtimes",
    name: "Bun",
    packages: [runtimePackages.bun.replace(/^npm:/, "")],
    code: `import { calls } from "./calls.mjs";
      console.log(await calls(fetch));`,
    run: ["bun", "main.mjs"],
  },
  {
    group: "Runtimes",
    name: "workerd, by miniflare",
    packages: ["miniflare@4", "esbuild"],
    code: `import { buildSync } from "esbuild";
      import { Miniflare } from "miniflare";
      const { outputFiles: [{ text: script }] } = buildSync({ bundle: true, write: false, format: "esm",
        external: ["node:*"], stdin: { resolveDir: ".", contents: \`
          import { calls } from "./calls.mjs";
          export default { fetch: async (_, { ROOMS_URL: baseUrl, ROOM_ID }) =>
            new Response(await calls(fetch, { baseUrl })) };\` } });
      const worker = new Miniflare({ modules: true, script, compatibilityDate: "2025-09-01",
        compatibilityFlags: ["nodejs_compat"], bindings: { ...process.env } });
      console.log(await (await worker.dispatchFetch("http://worker/")).text());
      await worker.dispose();`,
  },

  {
    group: "Tracing",
    name: "OpenTelemetry's instrumentation of undici",
    packages: [
      "@opentelemetry/instrumentation-undici",
      "@opentelemetry/instrumentation",
      "@opentelemetry/sdk-trace-node",
    ],
    code:
      `import { registerInstrumentations } from "@opentelemetry/instrumentation";
      import { UndiciInstrumentation } from "@opentelemetry/instrumentation-undici";
      import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-node";
      import { calls } from "./calls.mjs";
      const exporter = new InMemorySpanExporter();
      new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }).register();
      registerInstrumentations({ instrumentations: [new UndiciInstrumentation()] });
      await calls(fetch);
      const spans = exporter.getFinishedSpans();
      const hasToken = JSON.stringify(spans.map(({ attributes }) => attributes)).includes("KEY");
      console.log(spans.map(({ name }) => name).join(), hasToken ? "with the token" : "without the token");`,
    prints: "GET,GET,POST,DELETE,GET without the token",
    result: "a span for each request, without the token",
  },

  requires("20.18.3", false),
  requires("20.19.0", true),
  requires("22.11.0", false),
  requires("22.12.0", true),
];
