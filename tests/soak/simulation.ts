/**
 * `deno task simulate [--events N]`: an evening's simulation, with a page that
 * watches, a receiver of webhooks and a client that asks. The memory stays flat.
 */
import { parseArgs } from "node:util";
import { createJoinToken, listSessions } from "../../mod.ts";
import { fakeRooms } from "../../lib/testing/fake_rooms.ts";
import { partsOf } from "../../lib/testing/parts.ts";
import { simulation } from "../../lib/testing/simulation.ts";
import { addStartingRooms } from "../../lib/testing/starting_rooms.ts";

const { values } = parseArgs({
  args: Deno.args,
  options: { events: { type: "string", default: "10000" } },
});
const events = Number(values.events);
if (!Number.isSafeInteger(events) || events < 1000) {
  console.error("simulation: --events must be an integer from 1000");
  Deno.exit(2);
}

/** How much the memory may grow after the first part, in bytes. */
const maxGrowth = 8_000_000;

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

/** The bytes in use, after what can be forgotten is. */
function heap(): number {
  const collect: unknown = Reflect.get(globalThis, "gc");
  if (typeof collect === "function") collect();
  return Deno.memoryUsage().heapUsed;
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
const megabytes = (n: number) => `${(n / 1e6).toFixed(1)} MB`;
console.log(
  `${received} events in ${steps} steps, ${megabytes(bytes)} told to the page;`,
  `memory ${megabytes(early)} after a fifth, ${megabytes(late)} at the end`,
);
if (late - early > maxGrowth) {
  console.error(`The memory grew by more than ${megabytes(maxGrowth)}`);
  Deno.exit(1);
}
Deno.exit(0);
