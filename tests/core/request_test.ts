import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertRejects,
  assertThrows,
} from "@std/assert";
import fc from "fast-check";
import * as core from "../lib/core.ts";
import type { GetRoomQuery } from "../lib/rooms.ts";
import {
  ApiError,
  type FetchFn,
  InvalidArgumentError,
  type RequestOptions,
} from "../mod.ts";
import * as functions from "../mod.ts";
import { id } from "./example.ts";
import { requestOf, type Row, rows } from "./operations.ts";

const roomRequest = (
  token: string,
  id: string,
  opts?: GetRoomQuery & RequestOptions,
) => core.toRequest(core.getRoomOperation, token, { id }, opts);

Deno.test("toRequest() uses the base URL of the provider by default", () => {
  assertEquals(roomRequest("KEY", id), {
    method: "GET",
    url: `https://api.telnyx.com/v2/rooms/${id}`,
    headers: { accept: "application/json", authorization: "Bearer KEY" },
    redirect: "manual",
  });
});

Deno.test("toRequest() accepts a baseUrl with or without a trailing slash", () => {
  for (const base of ["http://127.0.0.1:8080/x", "http://127.0.0.1:8080/x/"]) {
    for (const baseUrl of [base, new URL(base)]) {
      assertEquals(
        roomRequest("KEY", id, { baseUrl }).url,
        `http://127.0.0.1:8080/x/rooms/${id}`,
      );
    }
  }
});

Deno.test("toRequest() reads each baseUrl anew, whatever the last one was", () => {
  const changed = new URL("http://127.0.0.1:8080/x");
  const toUrl = (baseUrl?: string | URL) =>
    roomRequest("KEY", id, { baseUrl }).url;
  for (let i = 0; i < 2; i++) {
    assertEquals(toUrl(), `https://api.telnyx.com/v2/rooms/${id}`);
    assertEquals(toUrl("http://a.example/"), `http://a.example/rooms/${id}`);
    for (let n = 0; n < 2; n++) {
      assertThrows(() => toUrl("http://a.example/?x"), InvalidArgumentError);
    }
    for (const path of ["y", "z"]) {
      changed.pathname = path;
      assertEquals(toUrl(changed), `http://127.0.0.1:8080/${path}/rooms/${id}`);
    }
  }
});

Deno.test("toRequest() puts every id in its place, and names one that is missing", () => {
  const own: core.Operation<"/a/{b}/c/{d-e}", object, never, never> = {
    method: "DELETE",
    path: "/a/{b}/c/{d-e}",
    status: 204,
    repeatable: true,
  };
  const other = "0ccc7b54-4df3-4bca-a65a-3da45ecdd4a6";
  assertEquals(
    core.toRequest(own, "KEY", { b: id, "d-e": other }).url,
    `https://api.telnyx.com/v2/a/${id}/c/${other}`,
  );
  assertThrows(
    () => core.toRequest(own, "KEY", { b: id } as never),
    InvalidArgumentError,
    "'d-e' must be a UUID, received nothing",
  );
});

Deno.test("toRequest() stays below baseUrl for any baseUrl and id", () => {
  const base = fc.oneof(
    fc.webUrl({ validSchemes: ["http", "https"] }),
    fc.webUrl({ withQueryParameters: true, withFragments: true }),
    fc.webAuthority().map((authority) => `https://user:secret@${authority}`),
    fc.string(),
  );
  const anyId = fc.oneof(
    { weight: 3, arbitrary: fc.uuid() },
    fc.uuid().map((uuid) => `${uuid}/../../x`),
    fc.uuid().map((uuid) => `../${uuid}`),
    fc.uuid().map((uuid) => `${uuid}\n`),
    fc.constantFrom("..", "%2e%2e", "?a", "#a", "\0", "\ud800", "//evil"),
    fc.string(),
  );
  let made = 0;
  fc.assert(
    fc.property(base, anyId, (baseUrl, id) => {
      let request;
      try {
        request = roomRequest("KEY", id, { baseUrl });
      } catch (error) {
        assert(error instanceof InvalidArgumentError);
        assert(["id", "baseUrl"].includes(error.argument));
        return;
      }
      made++;
      const from = new URL(baseUrl);
      const to = new URL(request.url);
      assertEquals(to.href, request.url);
      assertEquals(to.origin, from.origin);
      assertEquals(to.username + to.password + to.search + to.hash, "");
      assertEquals(
        to.pathname,
        `${from.pathname.replace(/\/$/, "")}/rooms/${id}`,
      );
    }),
    { numRuns: 1000 },
  );
  assert(made > 50, `only ${made} requests were made`);
});

const wrong: [string, Record<string, unknown>][] = [
  ["token", { token: undefined }],
  ["token", { token: 7 }],
  ["token", { token: "" }],
  ["token", { token: " " }],
  ["token", { token: "KEY\r\nx: y" }],
  ["token", { token: "KEY\n" }],
  ["token", { token: "Bearer KEY" }],
  ["token", { token: "KEYé" }],
  ["token", { token: "KEY\u{1f600}" }],
  ["id", { id: undefined }],
  ["id", { id: "" }],
  ["id", { id: "not-a-uuid" }],
  ["id", { id: `${id}\n` }],
  ["id", { id: ` ${id}` }],
  ["id", { id: "../rooms" }],
  ["id", { id: `..%2f${id}` }],
  ["id", { id: `${id}?x` }],
  ["id", { id: `${id}#x` }],
  ["id", { id: `${id}\0` }],
  ["id", { id: `${id.slice(1)}\ud800` }],
  ["id", { id: id.replace("7", "g") }],
  ["id", { id: "7".repeat(10_000_000) }],
  ["id", { id: [id] }],
  ["includeSessions", { includeSessions: null }],
  ["includeSessions", { includeSessions: "true" }],
  ["baseUrl", { baseUrl: null }],
  ["baseUrl", { baseUrl: "" }],
  ["baseUrl", { baseUrl: "/v2" }],
  ["baseUrl", { baseUrl: "api.telnyx.com/v2" }],
  ["baseUrl", { baseUrl: "ftp://api.telnyx.com/v2" }],
  ["baseUrl", { baseUrl: "file:///v2" }],
  ["baseUrl", { baseUrl: "data:text/plain,x" }],
  ["baseUrl", { baseUrl: "https://user@api.telnyx.com/v2" }],
  ["baseUrl", { baseUrl: "https://:secret@api.telnyx.com/v2" }],
  ["baseUrl", { baseUrl: "https://api.telnyx.com/v2?a=b" }],
  ["baseUrl", { baseUrl: "https://api.telnyx.com/v2?" }],
  ["baseUrl", { baseUrl: "https://api.telnyx.com/v2#a" }],
  ["baseUrl", { baseUrl: "https://api.telnyx.com/v2#" }],
  ["baseUrl", { baseUrl: Object.create(null) }],
];

for (const [argument, given] of wrong) {
  const shown = JSON.stringify(given)?.slice(0, 60);
  Deno.test(`toRequest() rejects ${argument} in ${shown}`, () => {
    const { token, id: wrongId, ...opts } = { token: "KEY", id, ...given };
    const error = assertThrows(
      () => roomRequest(token as string, wrongId as string, opts),
      InvalidArgumentError,
      `'${argument}' must`,
    );
    assertEquals(error.argument, argument);
    assertEquals(error.code, "invalid_argument");
    assertEquals(error.attempts, 0);
    assert(error.message.length < 250, error.message);
  });
}

const base = "https://api.telnyx.com/v2";
const once = { retry: false };

/** A `fetchFn` with one response, which records the requests. */
function serverOf(respond: () => Response) {
  const requests: unknown[] = [];
  const fetchFn: FetchFn = (url, { signal: _, ...init }) => {
    requests.push({ url, ...init });
    return Promise.resolve(respond());
  };
  return { fetchFn, requests };
}

const success = ({ operation, received }: Row) => () =>
  received === undefined
    ? new Response(null, operation)
    : Response.json(received, operation);

Deno.test("Every operation and every function that carries one out has a row", () => {
  const values = Object.values(core) as unknown[];
  assertEquals(
    values.filter((value) => Object(value).path).length,
    rows.length,
  );
  const tested = new Set(rows.map(({ operation }) => operation));
  assertEquals(tested.size, rows.length);
  const names = Object.entries(functions)
    .filter(([name, value]) =>
      typeof value === "function" &&
      name !== "getRooms" && // not an operation
      /^(get|list|create|update|delete|end|mute|unmute|kick|refresh)[A-Z]/
        .test(name)
    ).map(([name]) => name);
  assertEquals(names.sort(), rows.map(({ name }) => name).sort());
});

for (const row of rows) {
  const { name, run, args, opts, operation, wrong } = row;
  const hasBody = row.body !== undefined;

  Deno.test(`${name}() sends ${operation.method} ${operation.path} with every argument and option`, async () => {
    const { fetchFn, requests } = serverOf(success(row));
    const result = await run(fetchFn, "KEY", ...args, { ...opts, ...once });
    assertEquals(result, row.result);
    const request = requestOf(row);
    assertEquals(requests, [request]);
    const { url, body, ...rest } = request;
    const path = decodeURIComponent(url.slice(base.length));
    assertEquals(path.replaceAll("+", " "), row.path);
    assertEquals(body && JSON.parse(body), row.body);
    assertEquals(rest as unknown, {
      method: operation.method,
      headers: {
        accept: "application/json",
        authorization: "Bearer KEY",
        ...hasBody && { "content-type": "application/json" },
      },
      redirect: "manual",
    });
  });

  Deno.test(`${name}() does not send an option that is absent or undefined`, async () => {
    const { fetchFn, requests } = serverOf(success(row));
    await run(fetchFn, "KEY", ...args);
    const none = Object.keys(opts).map((option) => [option, undefined]);
    await run(fetchFn, "KEY", ...args, Object.fromEntries(none));
    assertEquals(requests[0], requests[1]);
    if (Object.keys(opts).length === 0) return;
    const { url, body } = requests[0] as core.ApiRequest;
    assertEquals(new URL(url).search, "");
    if (!hasBody) return;
    const payload = { ...row.body as Record<string, unknown> };
    for (const [option] of Object.values(operation.options ?? {})) {
      delete payload[option];
    }
    assertEquals(JSON.parse(`${body}`), payload);
  });

  Deno.test(`${name}() rejects wrong arguments by name, and sends nothing`, async () => {
    const { fetchFn, requests } = serverOf(success(row));
    const ids = [...operation.path.matchAll(/\{(\w+)\}/g)];
    const refused: [argument: string, { args?: unknown[]; opts?: object }][] = [
      ...Object.entries(wrong).flatMap(([argument, changes]) =>
        changes.map((changed): typeof refused[0] => [argument, changed])
      ),
      ...ids.flatMap(([, argument = ""], i) =>
        ["7", "", `${args[i]} `, `../${args[i]}`, null].map((
          id,
        ): typeof refused[0] => [
          argument,
          { args: args.map((arg, j) => i === j ? id : arg) },
        ])
      ),
      ["baseUrl", { opts: { baseUrl: "ftp://a.example" } }],
    ];
    for (const [argument, changed] of refused) {
      const { args, opts } = { ...row, ...changed };
      const all = { ...row.opts, ...opts };
      const error = await run(fetchFn, "KEY", ...args, all)
        .catch((error) => error);
      const shown = JSON.stringify([argument, changed]);
      assertInstanceOf(error, InvalidArgumentError, shown);
      assertEquals([error.argument, error.attempts], [argument, 0], shown);
      assert(!error.message.includes("may have been done"), shown);
      const pure = assertThrows(
        () => requestOf(row, changed),
        InvalidArgumentError,
      );
      assertEquals(pure.argument, argument);
    }
    const others: [string, () => Promise<unknown>][] = [
      ["token", () => run(fetchFn, "KEY\n", ...args)],
      ["opts", () => run(fetchFn, "KEY", ...args, 7)],
      ["timeoutMs", () => run(fetchFn, "KEY", ...args, { timeoutMs: 0 })],
      ["fetchFn", () => run(null as never, "KEY", ...args)],
    ];
    for (const [argument, call] of others) {
      const error = await assertRejects(call, InvalidArgumentError);
      assertEquals(error.argument, argument);
    }
    assertEquals(requests, []);
  });

  Deno.test(`${name}() succeeds only with status ${operation.status}`, async () => {
    for (const status of [200, 201, 202, 204]) {
      if (status === operation.status) continue;
      const body = status === 204 ? null : JSON.stringify(row.received ?? {});
      const { fetchFn } = serverOf(() => new Response(body, { status }));
      const error = await run(fetchFn, "KEY", ...args, once)
        .then(() => undefined, (error: unknown) => error);
      assertInstanceOf(error, ApiError);
      assertEquals([error.code, error.status], ["unexpected_status", status]);
      assertEquals(
        error.message.includes("it may have been done"),
        !operation.repeatable,
      );
    }
  });
}

Deno.test("Only operations that would have a second effect are not repeatable", () => {
  const names = rows.filter(({ operation }) => !operation.repeatable)
    .map(({ name }) => name);
  assertEquals(names, ["createRoom", "deleteRecordings", "createComposition"]);
  for (const { name, operation: { method, repeatable } } of rows) {
    if (method === "GET") assert(repeatable, name);
  }
});
