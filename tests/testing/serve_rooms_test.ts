import process from "node:process";
import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { createRoom, getRoom, NetworkError } from "../../mod.ts";
import { fakeRooms, serveRooms } from "../../lib/testing/fake_rooms.ts";
import { strangerProblem } from "../../lib/testing/local_only.ts";
import { id } from "../support/example.ts";

Deno.test("serveRooms() responds over HTTP as the fake does", async () => {
  const fake = fakeRooms({ rooms: [{ id }], tokens: ["any"] });
  const { url: baseUrl, close } = await serveRooms(fake);
  assertMatch(baseUrl, /^http:\/\/127\.0\.0\.1:\d+\/v2$/);
  const room = await getRoom(fetch, "any", id, {
    baseUrl,
    includeSessions: true,
  });
  assertEquals([room.id, room.sessions], [id, []]);
  const made = await createRoom(fetch, "any", { unique_name: "Zoë 李雷" }, {
    baseUrl,
  });
  const wrong = await fetch(`${baseUrl}/rooms/${id}`);
  assertEquals([wrong.status, (await wrong.json()).errors[0].code], [
    401,
    "10009",
  ]);
  await close();
  assertEquals(fake.rooms.at(-1)?.unique_name, "Zoë 李雷");
  assertEquals(made.unique_name, "Zoë 李雷");
  assertEquals(
    fake.requests.map(({ method, url, status }) => [
      method,
      url.slice(baseUrl.length),
      status,
    ]),
    [
      ["GET", `/rooms/${id}?include_sessions=true`, 200],
      ["POST", "/rooms", 201],
      ["GET", `/rooms/${id}`, 401],
    ],
  );
});

for (const disconnect of ["before-response", "in-body"] as const) {
  Deno.test(`serveRooms() breaks the connection ${disconnect} when the fake does`, async () => {
    const fake = fakeRooms({ rooms: [{ id }] });
    fake.fault({ disconnect });
    const { url: baseUrl, close } = await serveRooms(fake);
    await assertRejects(
      () => getRoom(fetch, "any", id, { baseUrl, retry: false }),
      NetworkError,
    );
    assertEquals((await getRoom(fetch, "any", id, { baseUrl })).id, id);
    await close();
  });
}

/** Sends a request as text to a server; returns the status and the rest. */
async function sendRaw(url: string, ...lines: string[]) {
  const { port } = new URL(url);
  const connection = await Deno.connect({
    hostname: "127.0.0.1",
    port: Number(port),
  });
  const request = [...lines, "Connection: close", "", ""].join("\r\n");
  await connection.write(new TextEncoder().encode(request));
  const text = await new Response(connection.readable).text();
  const [, status] = /^HTTP\/1\.1 (\d+)/.exec(text) ?? [];
  return { status: Number(status), text };
}

const authorization = "Authorization: Bearer any";

const hosts: [host: string, status: number][] = [
  ["127.0.0.1", 200],
  ["127.0.0.1:1", 200],
  ["127.8.8.8", 200],
  ["localhost:3000", 200],
  ["LOCALHOST.", 200],
  ["api.localhost", 200],
  ["[::1]:7070", 200],
  ["", 403],
  [":80", 403],
  ["evil.example", 403],
  ["localhost.evil.example", 403],
  ["127.0.0.1.evil.example", 403],
  ["notlocalhost", 403],
  ["192.168.0.7:7070", 403],
  ["0.0.0.0", 403],
  ["evil.example@localhost", 403],
  ["localhost/v2", 403],
  ["a b", 403],
  ["[::1", 403],
  ["%", 403],
];

for (const [host, status] of hosts) {
  Deno.test(`serveRooms() responds with ${status} to the Host ${JSON.stringify(host)}`, async () => {
    const fake = fakeRooms({ rooms: [{ id }] });
    const { url, close } = await serveRooms(fake);
    const lines = ["GET /v2/rooms HTTP/1.1", `Host: ${host}`, authorization];
    const got = await sendRaw(url, ...lines);
    await close();
    assertEquals(got.status, status);
    assertEquals(fake.requests.length, status === 200 ? 1 : 0);
    if (status === 403) {
      assertStringIncludes(got.text, "have it listen on that name (host)");
      assert(!/access-control/i.test(got.text));
    }
  });
}

Deno.test("serveRooms() responds with 403 to a request without a Host", async () => {
  const fake = fakeRooms();
  const { url, close } = await serveRooms(fake);
  const { status } = await sendRaw(url, "GET /v2/rooms HTTP/1.0");
  await close();
  assertEquals([status, fake.requests], [403, []]);
});

const own: [own: string[], host: string, isOwn: boolean][] = [
  [["0.0.0.0", "192.168.0.7"], "0.0.0.0:7070", true],
  [["0.0.0.0", "192.168.0.7"], "192.168.0.7:7070", true],
  [["::", "::ffff:192.168.0.7"], "192.168.0.7:7070", true],
  [["::", "fd00::7"], "[FD00:0::7]:7070", true],
  [["Rooms", "172.17.0.2"], "rooms:7070", true],
  [["0.0.0.0", "192.168.0.7"], "192.168.0.8", false],
  [["0.0.0.0", "192.168.0.7"], "rooms:7070", false],
  [["::", "fe80::1%eth0"], "", false],
];

for (const [names, host, isOwn] of own) {
  Deno.test(`serveRooms() ${isOwn ? "accepts" : "refuses"} the Host ${host} on ${names}`, () => {
    const problem = strangerProblem({
      host,
      origin: undefined,
      site: undefined,
      own: names,
    });
    assertEquals(problem?.status, isOwn ? undefined : 403);
  });
}

const origins: [origin: string, status: number][] = [
  ["http://localhost:3000", 200],
  ["https://127.0.0.1", 200],
  ["http://[::1]:5173", 200],
  ["http://app.localhost", 200],
  ["capacitor://localhost", 200],
  ["https://evil.example", 403],
  ["https://localhost.evil.example", 403],
  ["https://evil.example@localhost", 403],
  ["null", 403],
  ["localhost", 403],
  ["", 403],
];

for (const [origin, status] of origins) {
  Deno.test(`serveRooms() responds with ${status} to pages of ${JSON.stringify(origin)}`, async () => {
    const fake = fakeRooms({ rooms: [{ id }] });
    const { url, close } = await serveRooms(fake);
    const lines = ["Host: localhost", `Origin: ${origin}`, authorization];
    const got = await sendRaw(url, "GET /v2/rooms HTTP/1.1", ...lines);
    const preflight = await sendRaw(
      url,
      "OPTIONS /v2/rooms HTTP/1.1",
      ...lines,
    );
    await close();
    assertEquals(got.status, status);
    assertEquals(preflight.status, status === 200 ? 204 : 403);
    assertEquals(fake.requests.length, status === 200 ? 1 : 0);
    for (const { text } of [got, preflight]) {
      assertEquals(
        text.toLowerCase().includes("access-control-allow-origin: *"),
        status === 200,
      );
    }
    if (status === 403) assertStringIncludes(got.text, "from localhost");
  });
}

const sites: [site: string, headers: string[], status: number][] = [
  ["cross-site", [], 403],
  ["cross-site", ["Host: rooms.localhost"], 403],
  ["same-site", [], 200],
  ["same-origin", [], 200],
  ["none", [], 200],
  ["", [], 403],
  ["of-another-kind", [], 403],
  ["cross-site", ["Origin: http://127.0.0.1:3000"], 200],
  ["same-site", ["Origin: http://localhost:3000"], 200],
  ["same-site", ["Origin: https://evil.example"], 403],
  ["none", ["Origin: https://evil.example"], 403],
];

for (const [site, headers, status] of sites) {
  const from = [JSON.stringify(site), ...headers].join(", ");
  Deno.test(`serveRooms() responds with ${status} to Sec-Fetch-Site ${from}`, async () => {
    const fake = fakeRooms({ rooms: [{ id }] });
    fake.fault({ status: 418 });
    const { url, close } = await serveRooms(fake);
    const isHost = (line: string) => line.startsWith("Host: ");
    const host = headers.find(isHost) ?? "Host: localhost";
    const got = await sendRaw(
      url,
      "GET /v2/rooms HTTP/1.1",
      host,
      `Sec-Fetch-Site: ${site}`,
      ...headers.filter((line) => !isHost(line)),
    );
    const next = await sendRaw(url, "GET /v2/rooms HTTP/1.1", host);
    await close();
    // A refused request takes no fault, and is not in the log
    assertEquals(
      [got.status, next.status, fake.requests.length],
      status === 403 ? [403, 418, 1] : [418, 401, 2],
    );
    if (status !== 403) return;
    assert(!/access-control/i.test(got.text));
    if (headers.some((line) => line.startsWith("Origin"))) return;
    assertStringIncludes(got.text, "Pages of other sites may not use this");
  });
}

Deno.test("serveRooms() on a name of the network refuses what its neighbors' pages embed", () => {
  const own = ["rooms.example"];
  const embedded = (host: string, site: string) =>
    strangerProblem({ host, origin: undefined, site, own })?.status;
  assertEquals(embedded("rooms.example", "same-site"), 403);
  assertEquals(embedded("rooms.example", "same-origin"), undefined);
  assertEquals(embedded("localhost", "same-site"), undefined);
});

Deno.test("serveRooms() lets pages of loopback origins read every header", async () => {
  const { url, close } = await serveRooms(fakeRooms({ rooms: [{ id }] }));
  const headers = { authorization: "Bearer any" };
  const preflight = await fetch(`${url}/rooms/${id}`, { method: "OPTIONS" });
  const response = await fetch(`${url}/rooms/${id}`, { headers });
  await response.body?.cancel();
  await close();
  assertEquals(preflight.status, 204);
  for (const { headers } of [preflight, response]) {
    assertEquals(headers.get("access-control-allow-origin"), "*");
    assertEquals(headers.get("access-control-expose-headers"), "*");
  }
  assertEquals(
    preflight.headers.get("access-control-allow-headers"),
    "*, authorization",
  );
});

Deno.test("serveRooms() ignores the authority in a request's target", async () => {
  const fake = fakeRooms({ rooms: [{ id }] });
  const { url, close } = await serveRooms(fake);
  const host = "Host: localhost";
  const targets = ["http://evil.example/v2/rooms", "//evil.example/v2/rooms"];
  for (const target of targets) {
    const lines = [`GET ${target} HTTP/1.1`, host, authorization];
    await sendRaw(url, ...lines);
  }
  await close();
  assertEquals(
    fake.requests.map(({ url }) => new URL(url).hostname),
    ["localhost", "localhost"],
  );
});

const mebibyte = 2 ** 20;
const sizes: [name: string, body: () => BodyInit, status: number][] = [
  ["1 MiB", () => `{"a":"${"x".repeat(mebibyte - 8)}"}`, 201],
  ["1 MiB and a byte", () => "x".repeat(mebibyte + 1), 413],
  ["30 MB", () => "x".repeat(30e6), 413],
  ["1 MiB and a byte in chunks", () => {
    const half = new Uint8Array(mebibyte / 2);
    return new Blob([half, half, "x"]).stream();
  }, 413],
];

for (const [name, body, status] of sizes) {
  Deno.test(`serveRooms() responds with ${status} to a body of ${name}`, async () => {
    const fake = fakeRooms();
    const { url, close } = await serveRooms(fake);
    const response = await fetch(`${url}/rooms`, {
      method: "POST",
      headers: { authorization: "Bearer any" },
      body: body(),
    });
    const { errors } = await response.json();
    await close();
    assertEquals(response.status, status);
    assertEquals(fake.requests.length, status === 201 ? 1 : 0);
    if (status === 201) return;
    assertEquals(
      errors[0].detail,
      "The body is larger than 1048576 bytes.",
    );
  });
}

Deno.test("serveRooms() responds with 413 before it reads a body that says how large it is", async () => {
  const { url, close } = await serveRooms(fakeRooms());
  const timer = setTimeout(close, 3000); // ends the wait for a response
  const { status } = await sendRaw(
    url,
    "POST /v2/rooms HTTP/1.1",
    "Host: localhost",
    `Content-Length: ${mebibyte + 1}`,
  );
  clearTimeout(timer);
  await close();
  assertEquals(status, 413);
});

Deno.test("serveRooms() breaks off a body without end", async () => {
  const { body, canceled } = endless();
  const fake = fakeRooms();
  const { url, close } = await serveRooms(fake);
  // The 413 may be lost, as the connection breaks while this side still sends
  await fetch(url, { method: "POST", body })
    .then((response) => response.body?.cancel(), () => {});
  await canceled;
  await close();
  assertEquals(fake.requests, []);
});

/** A body without end, and a promise that resolves when it is canceled. */
function endless() {
  let timer: ReturnType<typeof setInterval>;
  const { promise, resolve } = Promise.withResolvers<void>();
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      timer = setInterval(() => controller.enqueue(new Uint8Array(1e5)), 1);
    },
    cancel() {
      clearInterval(timer);
      resolve();
    },
  });
  return { body, canceled: promise };
}

Deno.test("serveRooms() cancels the body when the client aborts", async () => {
  const { body, canceled } = endless();
  const { url, close } = await serveRooms({
    fetch: () => Promise.resolve(new Response(body)),
  });
  const gone = new AbortController();
  const response = await fetch(url, { signal: gone.signal });
  await response.body?.getReader().read();
  gone.abort();
  await canceled;
  await close();
});

Deno.test("serveRooms() drops a delayed response when the client aborts", async () => {
  const fake = fakeRooms({ rooms: [{ id }] });
  fake.fault({ delayMs: Infinity });
  fake.fault({ bodyDelayMs: Infinity });
  const { url: baseUrl, close } = await serveRooms(fake);
  for (let i = 0; i < 2; i++) {
    const opts = { baseUrl, timeoutMs: 500, retry: false } as const;
    await getRoom(fetch, "any", id, opts).catch(() => {});
  }
  await close();
  assertEquals(fake.requests.length, 2);
});

Deno.test("serveRooms() rejects when the port is taken", async () => {
  const { url, close } = await serveRooms(fakeRooms());
  const error = await assertRejects(
    () => serveRooms(fakeRooms(), { port: Number(new URL(url).port) }),
    Error,
  );
  assert("code" in error && error.code === "EADDRINUSE");
  await close();
});

Deno.test("serveRooms() says which Deno it needs, where there is no getBuiltinModule", async () => {
  const original = process.getBuiltinModule;
  Reflect.set(process, "getBuiltinModule", undefined);
  try {
    await assertRejects(
      () => serveRooms(fakeRooms()),
      TypeError,
      "Cannot serve as this Deno is too old: use Deno 2.1 or later",
    );
  } finally {
    Reflect.set(process, "getBuiltinModule", original);
  }
});
