/**
 * What only Node shows: warnings about listeners, and requests of its server.
 * Prints one line of JSON.
 */
import { getEventListeners } from "node:events";
import process from "node:process";
import { Readable } from "node:stream";

const [client, testing] = process.argv.slice(2);
const { getRoom, getRooms, parseWebhook, watchRoom } = await import(client);
const { fakeRooms } = await import(testing);

/** The bodies of a webhook that Node's server would give. */
const readWebhook = async () => {
  const id = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
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
  const event = await parseWebhook({ headers, body }, fake.publicKey);
  return event.event_type;
};

/** How many listeners a signal has while calls wait on it, and afterwards. */
const listen = async () => {
  const controller = new AbortController();
  const { signal } = controller;
  const count = () => getEventListeners(signal, "abort").length;
  const rooms = Array.from({ length: 100 }, () => ({
    id: crypto.randomUUID(),
  }));
  const fake = fakeRooms({ rooms });
  const ids = rooms.map(({ id }) => id);
  const slow = async (...args) => {
    await new Promise((resolve) => setTimeout(resolve, 10));
    return fake.fetch(...args);
  };
  const opts = { signal };
  const calls = ids.map((id) => getRoom(slow, "any", id, opts));
  await new Promise((resolve) => setTimeout(resolve, 1));
  const during = [count()];
  await Promise.all(calls);
  const lookUps = getRooms(slow, "any", ids, { ...opts, concurrency: 20 });
  await lookUps.next();
  during.push(count());
  while (!(await lookUps.next()).done);
  const after = [count()];
  const watches = ids.slice(0, 12).map(async (id) => {
    const watch = watchRoom(slow, "any", id, { ...opts, intervalMs: 1000 });
    for await (const _ of watch);
  });
  await new Promise((resolve) => setTimeout(resolve, 100));
  during.push(count());
  controller.abort();
  const ends = await Promise.allSettled(watches);
  after.push(count());
  const isOver = ends.every(({ status }) => status === "rejected");
  return { during, after, isOver };
};

console.log(JSON.stringify({ ...await listen(), event: await readWebhook() }));
