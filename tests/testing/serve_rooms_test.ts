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
  const opts = { baseUrl, includeSessions: true };
  const room = await getRoom(fetch, "any", id, opts);
  assertEquals([room.id, room.sessions], [id, []]);
  const unique_name = "Zoë 李雷";
  const made = await createRoom(fetch, "any", { unique_name }, { baseUrl });
  const wrong = await fetch(`${baseUrl}/rooms/${id}`);
  assertEquals((await wrong.json()).errors[0].code, "10009");
  await close();
  assertEquals(fake.rooms.at(-1)?.unique_name, unique_name);
  assertEquals(made.unique_name, unique_name);
  assertEquals(
    fake.requests.map(({ method, url, status }) =>
      `${method} ${url.slice(baseUrl.length)} ${status}`
    ),
    [
      `GET /rooms/${id}?include_sessions=true 200`,
      "POST /rooms 201",
      `GET /rooms/${id} 401`,
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

const loopback = ["127.0.0.1"];
const network = ["0.0.0.0", "192.168.0.7"];
const v6 = ["::", "::ffff:192.168.0.7", "fd00::7", "fe80::1%eth0"];
const names = ["Rooms", "172.17.0.2"];
const hosts: [host: string, own: string[], isRight: boolean][] = [
  ["127.0.0.1", loopback, true],
  ["127.0.0.1:1", loopback, true],
  ["127.8.8.8", loopback, true],
  ["localhost:3000", loopback, true],
  ["LOCALHOST.", loopback, true],
  ["api.localhost", loopback, true],
  ["[::1]:7070", loopback, true],
  ["", loopback, false],
  [":80", loopback, false],
  ["evil.example", loopback, false],
  ["localhost.evil.example", loopback, false],
  ["127.0.0.1.evil.example", loopback, false],
  ["notlocalhost", loopback, false],
  ["192.168.0.7:7070", loopback, false],
  ["0.0.0.0", loopback, false],
  ["evil.example@localhost", loopback, false],
  ["localhost/v2", loopback, false],
  ["a b", loopback, false],
  ["[::1", loopback, false],
  ["%", loopback, false],
  ["0.0.0.0:7070", network, true],
  ["192.168.0.7:7070", network, true],
  ["192.168.0.8", network, false],
  ["rooms:7070", network, false],
  ["192.168.0.7:7070", v6, true],
  ["[FD00:0::7]:7070", v6, true],
  ["", v6, false],
  ["rooms:7070", names, true],
];
for (const [host, own, isRight] of hosts) {
  Deno.test(`strangerProblem() ${isRight ? "accepts" : "refuses"} the Host ${JSON.stringify(host)} on ${own}`, () => {
    const sender = { host, origin: undefined, site: undefined, own };
    const problem = strangerProblem(sender);
    assertEquals(problem?.status, isRight ? undefined : 403);
    if (isRight) return;
    const told = "have it listen on that name (host)";
    assertStringIncludes(JSON.stringify(problem?.body), told);
  });
}

const fromLocalhost = "serve the page from localhost";
const otherSites = "Pages of other sites may not use this";
const senders: [
  sender: { host?: string; origin?: string; site?: string },
  problem?: string,
][] = [
  [{ origin: "http://localhost:3000" }],
  [{ origin: "https://127.0.0.1" }],
  [{ origin: "http://[::1]:5173" }],
  [{ origin: "http://app.localhost" }],
  [{ origin: "capacitor://localhost" }],
  [{ origin: "https://evil.example" }, fromLocalhost],
  [{ origin: "https://localhost.evil.example" }, fromLocalhost],
  [{ origin: "https://evil.example@localhost" }, fromLocalhost],
  [{ origin: "null" }, fromLocalhost],
  [{ origin: "localhost" }, fromLocalhost],
  [{ origin: "" }, fromLocalhost],
  [{ site: "cross-site" }, otherSites],
  [{ site: "cross-site", host: "rooms.localhost" }, otherSites],
  [{ site: "same-site" }],
  [{ site: "same-origin" }],
  [{ site: "none" }],
  [{ site: "" }, otherSites],
  [{ site: "of-another-kind" }, otherSites],
  [{ site: "cross-site", origin: "http://127.0.0.1:3000" }],
  [{ site: "same-site", origin: "http://localhost:3000" }],
  [{ site: "same-site", origin: "https://evil.example" }, fromLocalhost],
  [{ site: "none", origin: "https://evil.example" }, fromLocalhost],
  // What the pages of a neighbor in its network embed
  [{ site: "same-site", host: "rooms.example" }, otherSites],
  [{ site: "same-origin", host: "rooms.example" }],
  // The page of the fake itself, on a name that others can reach
  [{ origin: "http://rooms.example:7070", host: "rooms.example:7070" }],
  [
    { origin: "http://rooms.example:8080", host: "rooms.example:7070" },
    fromLocalhost,
  ],
];
for (const [sender, problem] of senders) {
  Deno.test(`strangerProblem() ${problem ? "refuses" : "accepts"} ${JSON.stringify(sender)}`, () => {
    const refused = strangerProblem({
      host: "localhost",
      origin: undefined,
      site: undefined,
      own: ["rooms.example"],
      ...sender,
    });
    assertEquals(refused?.status, problem && 403);
    if (problem) assertStringIncludes(JSON.stringify(refused?.body), problem);
  });
}

const strangers: [what: string, lines: string[]][] = [
  ["without a Host", ["GET /v2/rooms HTTP/1.0"]],
  ["with an odd Host", ["GET /v2/rooms HTTP/1.1", "Host: a b"]],
  ["with another Host", ["GET /v2/rooms HTTP/1.1", "Host: evil.example"]],
  ["of a foreign page", [
    "OPTIONS /v2/rooms HTTP/1.1",
    "Host: localhost",
    "Origin: https://evil.example",
  ]],
  ["of an image elsewhere", [
    "GET /v2/rooms HTTP/1.1",
    "Host: localhost",
    "Sec-Fetch-Site: cross-site",
  ]],
];
for (const [what, lines] of strangers) {
  Deno.test(`serveRooms() responds with 403 to a request ${what}, which the fake does not see`, async () => {
    const fake = fakeRooms();
    fake.fault({ status: 418 });
    const { url, close } = await serveRooms(fake);
    const { status, text } = await sendRaw(url, ...lines, authorization);
    const next = await fetch(`${url}/rooms`);
    await next.body?.cancel();
    await close();
    assertEquals([status, next.status, fake.requests.length], [403, 418, 1]);
    assert(!/access-control/i.test(text));
  });
}

Deno.test("serveRooms() lets pages of loopback origins read every header", async () => {
  const { url, close } = await serveRooms(fakeRooms());
  const headers = { authorization: "Bearer any", origin: "http://localhost:1" };
  for (const [method, status] of [["OPTIONS", 204], ["GET", 200]] as const) {
    const response = await fetch(`${url}/rooms`, { method, headers });
    await response.body?.cancel();
    assertEquals(response.status, status);
    assertEquals(response.headers.get("access-control-allow-origin"), "*");
    assertEquals(response.headers.get("access-control-expose-headers"), "*");
    assertEquals(
      response.headers.get("access-control-allow-headers"),
      "*, authorization",
    );
  }
  await close();
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
    const detail = "The body is larger than 1048576 bytes.";
    assertEquals(errors?.[0].detail, status === 201 ? undefined : detail);
  });
}

Deno.test("serveRooms() responds with 413 before it reads a body that says how large it is", async () => {
  const { url, close } = await serveRooms(fakeRooms());
  const timer = setTimeout(close, 60_000); // ends the wait for a response
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
  let timer: ReturnType<typeof setInterval>;
  const { promise: canceled, resolve } = Promise.withResolvers<void>();
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      timer = setInterval(() => controller.enqueue(new Uint8Array(1e5)), 1);
    },
    cancel() {
      clearInterval(timer);
      resolve();
    },
  });
  const fake = fakeRooms();
  const { url, close } = await serveRooms(fake);
  // The 413 may be lost, as the connection breaks while this side still sends
  await fetch(url, { method: "POST", body })
    .then((response) => response.body?.cancel(), () => {});
  await canceled;
  await close();
  assertEquals(fake.requests, []);
});

Deno.test("serveRooms() aborts the signal of a request whose client leaves before the response", async () => {
  const { promise: arrived, resolve } = Promise.withResolvers<AbortSignal>();
  const { url, close } = await serveRooms({
    fetch(_, init) {
      if (init?.signal) resolve(init.signal);
      return new Promise(() => {});
    },
  });
  const gone = new AbortController();
  const asked = fetch(url, { signal: gone.signal }).catch(() => {});
  const signal = await arrived;
  gone.abort();
  await asked;
  for (let i = 0; i < 1000 && !signal.aborted; i++) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  await close();
  assert(signal.aborted);
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
