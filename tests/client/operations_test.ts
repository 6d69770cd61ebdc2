/** Every operation, with the function that carries it out. */
import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertRejects,
  assertThrows,
} from "@std/assert";
import * as core from "../../lib/core/mod.ts";
import { callOptionNames } from "../../lib/core/call_options.ts";
import {
  ApiError,
  type CallOptions,
  type FetchFn,
  InvalidArgumentError,
} from "../../mod.ts";
import * as functions from "../../mod.ts";
import { type OperationRow, requestOf, rows } from "../support/operations.ts";
import { isRecord } from "../../lib/core/redact.ts";
import { idNames } from "../../lib/core/path.ts";

const base = "https://api.telnyx.com/v2";
const once = { retry: false };
const nothing: unknown = null;

/** A `fetchFn` with one response, which records the requests. */
function recording(respond: () => Response) {
  const requests: unknown[] = [];
  const fetchFn: FetchFn = async (url, { signal: _, body, ...init }) => {
    // Deno gets a Blob where it would send text a second time
    const text = body instanceof Blob ? await body.text() : body;
    requests.push({ url, ...init, ...text ? { body: text } : {} });
    return respond();
  };
  return { fetchFn, requests };
}

const success = ({ operation, received }: OperationRow) => () =>
  received === undefined
    ? new Response(null, operation)
    : Response.json(received, operation);

Deno.test("Every operation and every function that carries one out has a row", () => {
  const declared = Object.values<unknown>(core)
    .filter((value) => isRecord(value) && "path" in value);
  assertEquals(declared.length, rows.length);
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

Deno.test("Every operation but three may be repeated, and deleting is done where nothing is left", () => {
  const namesOf = (kept: (row: OperationRow) => boolean) =>
    rows.filter(kept).map(({ name }) => name).sort();
  assertEquals(
    namesOf(({ operation }) => !operation.repeatable),
    ["createComposition", "createRoom", "deleteRecordings"],
  );
  assertEquals(
    namesOf(({ operation }) => operation.doneStatus === 404),
    ["deleteComposition", "deleteRecording", "deleteRoom"],
  );
});

for (const row of rows) {
  const { name, run, args, opts, operation, wrong } = row;
  const hasBody = row.body !== undefined;

  Deno.test(`${name}() sends ${operation.method} ${operation.path} with every argument and option`, async () => {
    const { fetchFn, requests } = recording(success(row));
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
    const { fetchFn, requests } = recording(success(row));
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
    const { fetchFn, requests } = recording(success(row));
    const ids = idNames(operation.path);
    const refused: [argument: string, { args?: unknown[]; opts?: object }][] = [
      ...wrong,
      ...ids.flatMap((argument, i) =>
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
      ["fetchFn", () => run(nothing as FetchFn, "KEY", ...args)],
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
      const { fetchFn } = recording(() => new Response(body, { status }));
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

Deno.test("callOptionNames are the options of every call", () => {
  const all: Record<keyof CallOptions, true> = {
    baseUrl: true,
    signal: true,
    timeoutMs: true,
    attemptTimeoutMs: true,
    retry: true,
    maxBodyBytes: true,
    onAttempt: true,
  };
  assertEquals([...callOptionNames].sort(), Object.keys(all).sort());
});
