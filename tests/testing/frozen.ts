/**
 * A program for Node: uses the fake while every timer, `queueMicrotask` and
 * `nextTick` are faked, and prints what never ended. Each line is a name.
 */
import process from "node:process";
import { writeSync } from "node:fs";
import FakeTimers from "@sinonjs/fake-timers";
import * as client from "../../mod.ts";
import { fakeRooms } from "../../lib/testing/fake_rooms.ts";

const id = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
const url = `https://api.telnyx.com/v2/rooms/${id}`;
const headers = { authorization: "Bearer any" };
const events: Promise<client.RoomEvent>[] = [];
const fake = fakeRooms({
  rooms: [{ id }],
  webhookUrl: "https://www.example.com/hook",
  onWebhook: async (request) => {
    const event = client.parseWebhook(request, fake.publicKey);
    events.push(event);
    await event;
  },
});

const get = () => fake.fetch(url, { headers });
const patch = (body: BodyInit) =>
  fake.fetch(url, { method: "PATCH", headers, body })
    .then((response) => response.json());

async function readPieces(): Promise<void> {
  const { body } = await get();
  const reader = (body as ReadableStream<Uint8Array>).getReader();
  while (!(await reader.read()).done);
}

async function delayed(delayMs: number): Promise<void> {
  fake.fault({ delayMs });
  const response = get();
  await clock.tickAsync(delayMs);
  await response;
}

async function stalled(bodyDelayMs: number): Promise<void> {
  fake.fault({ bodyDelayMs });
  const text = get().then((response) => response.text());
  await clock.tickAsync(bodyDelayMs);
  await text;
}

/** What has to end, by its name. */
const uses: Record<string, () => Promise<unknown>> = {
  text: async () => (await get()).text(),
  json: async () => (await get()).json(),
  arrayBuffer: async () => (await get()).arrayBuffer(),
  getReader: readPieces,
  cancel: async () => await (await get()).body?.cancel(),
  "a Request": () => fake.fetch(new Request(url, { headers })),
  "a body of text": () => patch("{}"),
  "a body of bytes": () => patch(new TextEncoder().encode("{}")),
  "a body of URLSearchParams": () => patch(new URLSearchParams({ a: "1" })),
  getRoom: () => client.getRoom(fake.fetch, "any", id),
  "getRoom of no room": () =>
    client.getRoom(fake.fetch, "any", id.replace("7", "8"))
      .catch((error) => error),
  createRoom: () => client.createRoom(fake.fetch, "any", {}),
  "webhooks": async () => {
    fake.join(id);
    await fake.delivered();
    if ((await Promise.all(events)).length !== 2) throw new Error("not two");
  },
  "a delay, by the fake clock": () => delayed(3_600_000),
  "a slow body, by the fake clock": () => stalled(3_600_000),
};

// Whatever loops without end never lets a timer fire: the parent kills it
const { setTimeout: wait } = globalThis;
const within = (ms: number, work: Promise<unknown>) =>
  Promise.race([
    work.then(() => true),
    new Promise<false>((resolve) => wait(() => resolve(false), ms)),
  ]);
const clock = FakeTimers.install();
for (const [name, use] of Object.entries(uses)) {
  writeSync(1, `${name}: `);
  writeSync(1, await within(2000, use()) ? "ended\n" : "never ended\n");
}
writeSync(1, "That is all\n");
process.exit(0);
