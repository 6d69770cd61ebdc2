/**
 * `deno task simulate [--events N]`: an evening's simulation, with a page that
 * watches, a receiver of webhooks and a client that asks. The memory stays flat.
 */
import { createJoinToken, listSessions } from "../../mod.ts";
import { fakeRooms } from "../../lib/testing/fake_rooms.ts";
import { partsOf } from "../../lib/testing/parts.ts";
import { simulation } from "../../lib/testing/simulation.ts";
import { addStartingRooms } from "../../lib/testing/starting_rooms.ts";
import { end, numberOption, report } from "../support/task.ts";

const events = numberOption("events", 10_000, 1000);

/** How much the memory may grow after the first part, in MB. */
const maxGrowth = 8;

let now = Date.UTC(2026, 0, 1, 18);
let received = 0;
const fake = fakeRooms({
  now: () => now,
  webhookUrl: "http://127.0.0.1/hook",
  async onWebhook(request) {
    await request.text();
    received++;
  },
});
const parts = partsOf(fake);
addStartingRooms(parts);
const [room] = fake.rooms;

let bytes = 0;
const leave = new AbortController();

/** Reads what a page would be told, until it leaves. */
async function watch(): Promise<void> {
  const { signal } = leave;
  const { body } = await fake.fetch("http://localhost/_fake/events", {
    signal,
  });
  for await (const piece of body ?? []) bytes += piece.byteLength;
}

/** The MB in use, after what can be forgotten is. */
function heap(): number {
  const collect: unknown = Reflect.get(globalThis, "gc");
  if (typeof collect === "function") collect();
  return Deno.memoryUsage().heapUsed / 1e6;
}

const watching = watch().catch(() => {});
const step = simulation(parts.state, 1);
let steps = 0;
let early = 0;
while (received < events) {
  now += 1500;
  step();
  steps++;
  if (steps % 10 === 0 && room) {
    await createJoinToken(fake.fetch, "any", room.id);
    await listSessions(fake.fetch, "any");
  }
  await fake.delivered();
  if (early === 0 && received >= events / 5) early = heap();
}
const late = heap();
leave.abort();
await watching;
console.log(`${received} events in ${steps} steps`);
console.log(`${(bytes / 1e6).toFixed(1)} MB told to the page`);
report(
  `memory: ${early.toFixed(1)} MB after a fifth, ${late.toFixed(1)} at the end`,
  late - early > maxGrowth && `it may grow by ${maxGrowth}`,
);
end();
