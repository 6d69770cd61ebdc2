/** What `onAttempt` is told, and operations of one's own. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  type AttemptEvent,
  call,
  type CallOptions,
  getRoom,
  InvalidArgumentError,
  type Operation,
} from "../../mod.ts";
import { fakeRooms } from "../../lib/testing/fake_rooms.ts";
import { id } from "../support/example.ts";

Deno.test("onAttempt is told the operation, request id and rate limit, of failures and successes", async () => {
  const fake = fakeRooms({
    rooms: [{ id }],
    rateLimit: { limit: 10, windowMs: 1000 },
    now: () => 0,
  });
  fake.fault({ status: 503 });
  fake.fault({ disconnect: "before-response" });
  const events: AttemptEvent[] = [];
  await getRoom(fake.fetch, "any", id, {
    retry: { baseDelayMs: 0 },
    onAttempt: (event) => events.push(event),
  });
  assertEquals(events.map(({ operation }) => operation), [
    "GET /rooms/{id}",
    "GET /rooms/{id}",
    "GET /rooms/{id}",
  ]);
  const requestId = (number: number) =>
    `00000000-0000-4000-8000-00000000000${number}`;
  assertEquals(events.map(({ requestId }) => requestId), [
    requestId(1),
    undefined,
    requestId(3),
  ]);
  assertEquals(events[2]?.rateLimit?.limit, 10);
  assert(
    events[1] && !("requestId" in events[1]) && !("rateLimit" in events[1]),
  );
});

Deno.test("onAttempt is told no API key, if a server echoes it as the request id", async () => {
  const headers = { "x-request-id": "KEY123456789" };
  const events: AttemptEvent[] = [];
  await getRoom(
    () => Promise.resolve(Response.json({ data: { id } }, { headers })),
    "KEY123456789",
    id,
    { onAttempt: (event) => events.push(event) },
  );
  assertEquals(events.length, 1);
  assert(!JSON.stringify(events).includes("KEY123456789"));
});

const deliveries: Operation<
  "/webhook_deliveries/{id}",
  CallOptions,
  undefined,
  { data: unknown }
> = {
  method: "GET",
  path: "/webhook_deliveries/{id}",
  status: 200,
  repeatable: true,
  result: () => undefined,
};

Deno.test("call() carries out an operation of one's own, with checks and retries", async () => {
  const urls: string[] = [];
  const result = await call(
    (url) => {
      urls.push(url);
      const status = urls.length === 1 ? 503 : 200;
      return Promise.resolve(Response.json({ data: 1 }, { status }));
    },
    "any",
    deliveries,
    { ids: { id } },
    { retry: { baseDelayMs: 0 } },
  );
  assertEquals(result, { data: 1 });
  const url = `https://api.telnyx.com/v2/webhook_deliveries/${id}`;
  assertEquals(urls, [url, url]);
});

Deno.test("call() refuses a wrong id by its name, and sends nothing", async () => {
  const error = await assertRejects(
    () =>
      call(
        () => Promise.reject(new Error("sent")),
        "any",
        deliveries,
        { ids: { id: "x" } },
      ),
    InvalidArgumentError,
  );
  assertEquals(error.argument, "id");
});
