import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { getRecording, getRoom } from "../../mod.ts";
import type { RequestEntry } from "../../lib/testing/activity.ts";
import { isControlOn, toLocal } from "../../lib/testing/control_access.ts";
import {
  fakeRooms,
  type RoomRecording,
  serveRooms,
} from "../../lib/testing/fake_rooms.ts";
import { id } from "../support/example.ts";
import { countedSignal } from "../support/signals.ts";
import { after, test } from "../support/virtual_time.ts";
import { ask } from "./ask.ts";

const base = "http://localhost/_fake/";
const header = { "x-fake-rooms": "1" };

/** A fake, and what asks its routes. */
function controlled(options: Parameters<typeof fakeRooms>[0] = {}) {
  const fake = fakeRooms({
    rooms: [{ id, unique_name: "stand-up" }],
    ...options,
  });
  const send = async (method: string, path: string, body?: unknown) => {
    const response = await fake.fetch(base + path, {
      method,
      headers: header,
      ...body !== undefined && { body: JSON.stringify(body) },
    });
    return { status: response.status, body: await response.json() };
  };
  return { fake, send };
}

Deno.test("/_fake/rooms/{room}/… and /_fake/participants/{participant}/leave change a room, by id or by name", async () => {
  const { fake, send } = controlled();
  const post = async (path: string, body?: unknown) =>
    (await send("POST", path, body)).body;
  const isActive = () => fake.rooms[0]?.sessions?.[0]?.active;
  await post("rooms/stand-up/start");
  assertEquals(isActive(), true);
  const ann = await post("rooms/stand-up/join", { context: "Ann" });
  await post(`rooms/${id}/join`, {});
  const names = fake.present(id).map(({ context }) => context);
  assertEquals(names, ["Ann", undefined]);
  await post(`participants/${ann.id}/leave`);
  assertEquals(fake.present(id).length, 1);
  const on = await post("rooms/stand-up/record", { on: true });
  assertEquals([on.recordings.length, on.enable_recording], [2, true]);
  const off = await post("rooms/stand-up/record", { on: false });
  assertEquals(fake.present(id).length, 1);
  assert(off.recordings.every((it: RoomRecording) => it.ended_at));
  await post("rooms/stand-up/end");
  assertEquals(isActive(), false);
  await post("rooms/stand-up/compose");
  assertEquals(await post("rooms/stand-up/complete"), { completed: 3 });
  const [room] = (await send("GET", "state")).body.rooms;
  const files = [...room.recordings, ...room.compositions];
  assertEquals(files.map(({ status }) => status), Array(3).fill("completed"));
  assertStringIncludes(files[0].download_url, "http://localhost/_fake/files/");
  const name = { unique_name: "retro" };
  const renamed = await send("PATCH", "rooms/stand-up", name);
  assertEquals(renamed.body.unique_name, "retro");
});

Deno.test("/_fake/faults injects a fault into the next requests, and /_fake/log tells of it", async () => {
  const { fake, send } = controlled();
  const { body } = await send("POST", "faults", { status: 503, times: 2 });
  assertEquals(body.faults, [{ fault: "status 503", times: 2 }]);
  const statusOf = () =>
    getRoom(fake.fetch, "any", id, { retry: false })
      .then(() => 200, ({ status }) => status);
  const statuses = [await statusOf(), await statusOf(), await statusOf()];
  assertEquals(statuses, [503, 503, 200]);
  await send("POST", "faults", { delayMs: "forever", times: "always" });
  const gone = new AbortController();
  const { signal } = gone;
  const left = ask(fake, `/rooms/${id}`, { signal }).catch(() => "left");
  await send("DELETE", "faults");
  gone.abort();
  assertEquals(await left, "left");
  assertEquals(await statusOf(), 200);
  const { entries } = (await send("GET", "log")).body;
  assertEquals(
    entries.map(({ fault = "", outcome }: RequestEntry) => [fault, outcome]),
    [
      ["status 503", "answered"],
      ["status 503", "answered"],
      ["", "answered"],
      ["no response", "left"],
      ["", "answered"],
    ],
  );
});

Deno.test("/_fake/clock moves the clock forward, and reset puts it back", async () => {
  const now = Date.UTC(2026, 0, 1);
  const { fake, send } = controlled({ now: () => now });
  const { body } = await send("POST", "clock", { seconds: 3600 });
  assertEquals(body.now, "2026-01-01T01:00:00.000Z");
  const { joined_at } = fake.join(id);
  assertEquals(joined_at, "2026-01-01T01:00:00.000000Z");
  await send("POST", "reset");
  assertEquals(fake.present(id), []);
  const { body: health } = await send("GET", "health");
  const at = new Date(now).toISOString();
  assertEquals(health, { status: "ok", rooms: 1, now: at });
});

test("/_fake/simulation has the seed 1 and a step every 1.5 s by default, until it is off or all is reset", async () => {
  const { fake, send } = controlled();
  const simulation = async (body: object) =>
    (await send("POST", "simulation", body)).body.simulation;
  assertEquals(await simulation({}), { seed: 1 });
  await after(1499);
  assertEquals(fake.present(id).length, 0);
  await after(1);
  assertEquals(fake.present(id).length, 1);
  assertEquals(await simulation({ on: false }), null);
  for (const reset of [() => send("POST", "reset"), () => fake.reset()]) {
    assertEquals(await simulation({ seed: 7 }), { seed: 7 });
    await reset();
    assertEquals((await send("GET", "state")).body.simulation, null);
  }
});

Deno.test("/_fake/log has requests without the API key, and what was ignored", async () => {
  const { fake, send } = controlled();
  const headers = { authorization: "Bearer SECRET-KEY" };
  await ask(fake, "/rooms?filter[name]=x&page[size]=1", { headers });
  const body = JSON.stringify({ unique_name: "retro", color: "blue" });
  await ask(fake, "/rooms", { method: "POST", headers, body });
  const { body: log } = await send("GET", "log");
  assert(!JSON.stringify(log).includes("SECRET"), JSON.stringify(log));
  const [list, created] = log.entries;
  assertEquals(list.ignored, ["filter[name]"]);
  assertEquals([created.ignored, created.status], [["color"], 201]);
  assertEquals(JSON.parse(created.responseBody).data.unique_name, "retro");
  assertEquals(created.headers.authorization, "Bearer [redacted]");
  assertEquals(fake.requests.length, 2);
});

Deno.test("/_fake/log keeps the newest 500 entries", async () => {
  const { fake, send } = controlled();
  for (let i = 0; i < 510; i++) await ask(fake);
  const entries = async (query = "") =>
    (await send("GET", `log${query}`)).body.entries;
  assertEquals((await entries()).at(-1).id, 510);
  const counts = { "": 500, "?limit=1000": 500, "?limit=2": 2 };
  const kinds = { "?kind=request": 500, "?kind=webhook": 0 };
  for (const [query, count] of Object.entries({ ...counts, ...kinds })) {
    assertEquals((await entries(query)).length, count, query);
  }
});

Deno.test("/_fake/webhooks are events with attempts; redeliver sends one again", async () => {
  const ids: string[] = [];
  const { fake, send } = controlled({
    webhookUrl: "https://example.com/hook",
    async onWebhook(request) {
      ids.push((await request.json()).data.id);
    },
  });
  fake.join(id, { context: "Ann" });
  await fake.delivered();
  const { body } = await send("GET", "webhooks");
  const [{ event, attempts }] = body.webhooks;
  assertEquals(event.event_type, "video.room.session.started");
  assertEquals(attempts, [{ url: "https://example.com/hook", status: 200 }]);
  await send("POST", `webhooks/${event.id}/redeliver`);
  await fake.delivered();
  assertEquals(ids.filter((each) => each === event.id).length, 2);
  assertEquals((await send("POST", "webhooks/x/redeliver")).status, 404);
});

const statuses: [status: number, request: string, body?: unknown][] = [
  [200, "PATCH rooms/stand-up/", {}], // as the API, it takes a slash at the end
  [405, "PATCH rooms/", {}],
  [404, "POST rooms/nowhere/join", {}],
  [409, "POST rooms/stand-up/end"],
  [409, "POST rooms/stand-up/compose"],
  [422, "POST rooms/stand-up/join", { context: 7 }],
  [400, "POST rooms/stand-up/join", []],
  [422, "POST faults", {}],
  [422, "POST faults", { statuss: 503 }],
  [422, "POST faults", { status: "503" }],
  [409, "POST faults", { status: 99 }],
  [422, "POST faults", { status: 503, times: 0 }],
  [409, "POST webhook-faults", { fault: "lost" }],
  [422, "POST clock", {}],
  [409, "POST clock", { seconds: -1 }],
  [409, "POST rooms", { max_participants: "many" }],
  [409, "POST participants/x/leave"],
  [422, "GET log?limit=0"],
  [405, "GET reset"],
  [404, "GET nothing"],
];
for (const [status, request, body] of statuses) {
  const how = status === 200 ? "" : " with a sentence";
  Deno.test(`/_fake/: ${request} with ${JSON.stringify(body)} is a ${status}${how}`, async () => {
    const { send } = controlled();
    const [method = "", path = ""] = request.split(" ");
    const response = await send(method, path, body);
    assertEquals(response.status, status, JSON.stringify(response.body));
    const { error } = response.body;
    assert(status === 200 ? !error : /^[A-Z'].*[.?]$/s.test(error), error);
  });
}

const state = `${base}state`;
const strangers: [what: string, headers: HeadersInit, url?: string][] = [
  ["of another origin", { origin: "http://localhost:3000" }],
  ["of no origin (null)", { origin: "null" }],
  ["of another site", { "sec-fetch-site": "cross-site" }],
  ["of the same site", { "sec-fetch-site": "same-site" }],
  ["with another Host", { host: "evil.example" }],
  ["to another name", {}, "http://rooms.example/_fake/state"],
];
for (const [what, headers, url = state] of strangers) {
  Deno.test(`/_fake/ refuses a request ${what}`, async () => {
    const response = await fakeRooms().fetch(url, { headers });
    assertEquals(response.status, 403);
    assert((await response.json()).error.endsWith("."));
    assertEquals(response.headers.get("access-control-allow-origin"), null);
  });
}

Deno.test("serveRooms() serves /_fake/ without CORS, to its own origin only", async () => {
  const { fake } = controlled();
  const { url, close } = await serveRooms(fake);
  const { origin } = new URL(url);
  const status = async (path: string, init?: RequestInit) => {
    const response = await fetch(`${origin}/_fake/${path}`, init);
    const { error } = await response.json();
    assertEquals(typeof error, response.ok ? "undefined" : "string");
    assertEquals(response.headers.get("access-control-allow-origin"), null);
    return response.status;
  };
  const own = { headers: { ...header, origin }, method: "POST" };
  const other = { ...header, origin: "http://127.0.0.1:1" };
  assertEquals(await status("reset", own), 200);
  assertEquals(await status("reset", { ...own, headers: other }), 403);
  assertEquals(await status("reset", { method: "OPTIONS" }), 403);
  assertEquals(await status("reset", { method: "POST" }), 403);
  await close();
});

Deno.test("toLocal() lets the fake's own page act on any name, and no other page", async () => {
  const { fake } = controlled();
  const url = new URL("http://rooms.example:7070/_fake/reset");
  const status = async (origin: string) => {
    const sent = { ...header, host: "rooms.example:7070", origin };
    const [local, headers] = toLocal(url, sent);
    return (await fake.fetch(local, { method: "POST", headers })).status;
  };
  assertEquals(await status("http://rooms.example:7070"), 200);
  assertEquals(await status("http://rooms.example:8080"), 403);
  assertEquals(await status("http://127.0.0.1:7070"), 403);
  const own = new URL("http://rooms.localhost:1/_fake/");
  assertEquals(toLocal(own, { host: own.host }), [own, { host: own.host }]);
});

Deno.test("isControlOn() is for loopback addresses, unless it is told", () => {
  const others = ["0.0.0.0", "::", "192.168.1.7", "rooms.example"];
  const all = ["127.0.0.1", "localhost", "::1", ...others];
  assertEquals(all.filter((host) => !isControlOn(host)), others);
  assertEquals(all.filter((host) => isControlOn(host, true)), all);
  assertEquals(all.filter((host) => isControlOn(host, false)), []);
});

Deno.test("serveRooms() with control off refuses /_fake/, and serves files", async () => {
  const { fake } = controlled();
  const { url, close } = await serveRooms(fake, { control: false });
  const { origin } = new URL(url);
  const response = await fetch(`${origin}/_fake/health`);
  assertEquals(response.status, 403);
  assertStringIncludes(await response.text(), "--control");
  const { id: recording } = fake.addRecording();
  const { download_url } = await getRecording(fetch, "any", recording, {
    baseUrl: url,
  });
  const file = await fetch(download_url ?? "");
  assertEquals(file.status, 200);
  await file.body?.cancel();
  await close();
});

Deno.test("/_fake/events tells the state and the log, then what changes", async () => {
  const { fake } = controlled();
  const leave = new AbortController();
  const timer = setTimeout(() => leave.abort("not told in time"), 60_000);
  const response = await fake.fetch(`${base}events`, { signal: leave.signal });
  const reader = response.body?.pipeThrough(new TextDecoderStream())
    .getReader();
  assert(reader);
  let text = "";
  const until = async (part: string) => {
    while (!text.includes(part)) text += (await reader.read()).value ?? "";
    text = text.slice(text.indexOf(part));
  };
  await until("event: state");
  await until("event: log");
  fake.join(id, { context: "Ann" });
  await until('"context":"Ann"');
  fake.changeRoom(id, { unique_name: "retro" });
  await ask(fake);
  await until('"unique_name":"retro"');
  clearTimeout(timer);
  leave.abort();
  await reader.read().catch(() => {});
});

test("/_fake/events leaves no timer or listener behind when it is left", async () => {
  const { fake } = controlled();
  // While it has something to tell, and when it has told it
  for (const ms of [0, 50]) {
    const { signal, abort, listeners } = countedSignal();
    const { body } = await fake.fetch(`${base}events`, { signal });
    const reader = body?.getReader();
    assert(reader);
    await after(ms);
    if (ms === 0) abort("enough");
    else await reader.cancel();
    await ask(fake);
    assertEquals(listeners(), 0);
    await reader.closed.catch(() => {});
  }
});

test("/_fake/events tells nothing more when it is left just after a tick", async () => {
  const { fake } = controlled();
  const { body } = await fake.fetch(`${base}events`);
  await after(490);
  await ask(fake); // told 40 ms later, or by the tick at 500 ms
  await after(20);
  await body?.cancel();
});

Deno.test("/_fake/ is the page, with a strict policy", async () => {
  const { fake } = controlled();
  for (const file of ["", "app.js", "style.css", "icon.svg"]) {
    const response = await fake.fetch(base + file);
    assertEquals(response.status, 200);
    const policy = response.headers.get("content-security-policy") ?? "";
    assert(!policy.includes("unsafe"), policy);
    const text = await response.text();
    assert(text.length > 100);
    const inline = /<script(?! type="module" src=)|\son\w+=|style=/;
    assert(file !== "" || !inline.test(text), text);
  }
});

const nothing = "There is nothing at this address";
const paths: [request: string, detail: string][] = [
  ["GET /cats", `${nothing}.`],
  ["PUT /rooms", "There is no PUT of this address, only GET, POST."],
  [
    `GET /rooms/${id}/recordings`,
    `${nothing}; you may mean GET /room_recordings?filter[room_id]=${id}.`,
  ],
];
for (const [request, detail] of paths) {
  Deno.test(`fakeRooms() says of ${request}: ${detail}`, async () => {
    const [method = "", path] = request.split(" ");
    const { status, body } = await ask(fakeRooms(), path, { method });
    assertEquals([status, body.errors[0].detail], [404, detail]);
  });
}
