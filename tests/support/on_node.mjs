/**
 * What only Node shows: warnings about listeners, and requests of its server.
 * Prints one line of JSON.
 */
import { getEventListeners } from "node:events";
import process from "node:process";
import { Readable } from "node:stream";
import { setTimeout } from "node:timers/promises";

const [client, testing] = process.argv.slice(2);
const { getRoom, getRooms, parseWebhook, watchRoom } = await import(client);
const { fakeRooms } = await import(testing);

/** Reads a webhook as Node's server would give it. */
async function readWebhook() {
  const id = crypto.randomUUID();
  const sent = [];
  const fake = fakeRooms({
    rooms: [{ id }],
    webhookUrl: "http://127.0.0.1/",
    onWebhook: (request) => void sent.push(request),
  });
  fake.join(id, { context: "Alice" });
  await fake.delivered();
  const [request] = sent;
  const bytes = Buffer.from(await request.arrayBuffer());
  const headers = Object.fromEntries(request.headers);
  const body = Readable.from([bytes.subarray(0, 9), bytes.subarray(9)], {
    objectMode: false,
  });
  return (await parseWebhook({ headers, body }, fake.publicKey)).event_type;
}

/** How many listeners a signal has while calls wait on it, and afterwards. */
async function listen() {
  const controller = new AbortController();
  const { signal } = controller;
  const [during, after] = [[], []];
  const count = (counts) =>
    counts.push(getEventListeners(signal, "abort").length);
  const ids = Array.from({ length: 100 }, () => crypto.randomUUID());
  const fake = fakeRooms({ rooms: ids.map((id) => ({ id })) });
  const slow = async (...args) => {
    await setTimeout(10);
    return fake.fetch(...args);
  };
  const calls = ids.map((id) => getRoom(slow, "any", id, { signal }));
  await setTimeout(1);
  count(during);
  await Promise.all(calls);
  const opts = { signal, concurrency: 20 };
  const lookUps = getRooms(slow, "any", ids, opts);
  await lookUps.next();
  count(during);
  while (!(await lookUps.next()).done);
  count(after);
  const watches = ids.slice(0, 12).map(async (id) => {
    const opts = { signal, intervalMs: 1000 };
    for await (const _ of watchRoom(slow, "any", id, opts));
  });
  await setTimeout(100);
  count(during);
  controller.abort();
  const ends = await Promise.allSettled(watches);
  count(after);
  const isOver = ends.every(({ status }) => status === "rejected");
  return { during, after, isOver };
}

console.log(JSON.stringify({ ...await listen(), event: await readWebhook() }));
