import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { fakeRooms } from "../../lib/testing/fake_rooms.ts";
import { id } from "../support/example.ts";
import { countedSignal } from "../support/signals.ts";
import { test } from "../support/virtual_time.ts";
import { ask } from "./ask.ts";

const room = `/rooms/${id}`;

Deno.test("fakeRooms().fault() injects copies of faults into the next requests, in order", async () => {
  const fake = fakeRooms({ rooms: [{ id }] });
  const fault = { status: 503 };
  fake.fault(fault, 2);
  fault.status = 400;
  fake.fault({ status: 404 });
  fake.fault({ status: 418 }, 0);
  fake.fault({ status: 408 }); // for one that is aborted
  const next = async () => (await ask(fake)).status;
  assertEquals([await next(), await next(), await next()], [503, 503, 404]);
  const signal = AbortSignal.abort("gone");
  const gone = await ask(fake, room, { signal }).catch((reason) => reason);
  assertEquals([gone, await next()], ["gone", 200]);
  fake.fault({ status: 500 }, Infinity);
  assertEquals([await next(), await next(), await next()], [500, 500, 500]);
});

Deno.test("fakeRooms().fault() sends the documented body for a status, or yours", async () => {
  const fake = fakeRooms({ rooms: [{ id }] });
  const codes: [number, string][] = [
    [400, "10015"],
    [401, "10009"],
    [403, "10010"],
    [404, "10005"],
    [408, "10008"],
    [429, "10011"],
    [500, "10007"],
  ];
  for (const [status, code] of codes) {
    fake.fault({ status });
    const { status: got, body: { errors: [error] } } = await ask(fake);
    assertEquals([got, error.code], [status, code]);
  }
  fake.fault({ status: 404, body: { a: 1 }, headers: { "retry-after": "1" } });
  const { body, headers } = await ask(fake);
  assertEquals([body, headers.get("retry-after")], [{ a: 1 }, "1"]);
  assertEquals(headers.get("content-type"), "application/json; charset=utf-8");
  fake.fault({ body: '"plain"' });
  assertEquals((await ask(fake)).body, "plain");
  fake.fault({ status: 204 });
  assertEquals((await ask(fake)).body, undefined);
  fake.fault({ status: 203 }); // with the usual body
  assertEquals((await ask(fake)).body.data.id, id);
});

test("fakeRooms().fault() delays a response, and an abort rejects with its reason", async (clock) => {
  const fake = fakeRooms({ rooms: [{ id }] });
  fake.fault({ delayMs: 20 });
  const from = clock.now;
  const { signal, listeners } = countedSignal();
  assertEquals((await ask(fake, room, { signal })).status, 200);
  assertEquals([clock.now - from, listeners()], [20, 0]);
  for (const delayMs of [Infinity, 60_000]) {
    fake.fault({ delayMs });
    const controller = new AbortController();
    setTimeout(() => controller.abort("enough"), 59_999);
    const { signal } = controller;
    const refused = await ask(fake, room, { signal }).catch((it) => it);
    assertEquals(refused, "enough");
  }
});

test("fakeRooms().fault() breaks or stalls a body after half of it", async (clock) => {
  const fake = fakeRooms({ rooms: [{ id }] });
  const headers = { authorization: "Bearer any" };
  fake.fault({ disconnect: "in-body" });
  await assertRejects(() => ask(fake), TypeError, "broke");
  fake.fault({ bodyDelayMs: 20 });
  const from = clock.now;
  assertEquals((await ask(fake)).body.data.id, id);
  assertEquals(clock.now - from, 20);

  for (const end of ["cancel", "abort"]) {
    fake.fault({ bodyDelayMs: 60_000 });
    const controller = new AbortController();
    const { body } = await fake.fetch(`https://a.example${room}`, {
      headers,
      signal: controller.signal,
    });
    const reader = (body as ReadableStream<Uint8Array>).getReader();
    const first = await reader.read();
    assert(first.value && first.value.length > 0);
    if (end === "cancel") await reader.cancel();
    else {
      controller.abort("enough");
      assertEquals(await reader.read().catch((reason) => reason), "enough");
    }
  }
});

Deno.test("fakeRooms().fault() refuses what no response can have", () => {
  const { fault } = fakeRooms();
  for (const status of [0, 100, 199, 600, 200.5, NaN]) {
    assertThrows(() => fault({ status }), RangeError, "'status' must be");
  }
  assertThrows(() => fault({ afterBytes: -1 }), RangeError, "afterBytes");
  const cyclic: Record<string, unknown> = {};
  cyclic.self = cyclic;
  for (const body of [1n, cyclic, () => {}]) {
    assertThrows(() => fault({ body }), TypeError, "'body' must be");
  }
});
