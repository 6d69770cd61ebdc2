/**
 * What only Node shows: warnings of too many listeners, and bodies of its server.
 * Prints the numbers of listeners, and the type of a webhook.
 */
import { getEventListeners } from "node:events";
import process from "node:process";
import { Readable } from "node:stream";

const [client, testing] = process.argv.slice(2);
const { getRoom, parseWebhook, watchRoom } = await import(client);
const { fakeRooms } = await import(testing);

const id = crypto.randomUUID();
const sent = [];
const fake = fakeRooms({
  rooms: [{ id }],
  webhookUrl: "http://127.0.0.1/",
  onWebhook: (request) => void sent.push(request),
});
const controller = new AbortController();
const { signal } = controller;
const listeners = () => getEventListeners(signal, "abort").length;
const watch = async () => {
  for await (const _ of watchRoom(fake.fetch, "any", id, { signal }));
};
const waiting = Array.from({ length: 20 }, watch);
const calls = waiting.map(() => getRoom(fake.fetch, "any", id, { signal }));
const during = listeners();
await Promise.all(calls);
controller.abort();
await Promise.allSettled(waiting);
const after = listeners();

fake.join(id, { context: "Alice" });
await fake.delivered();
const bytes = Buffer.from(await sent[0].arrayBuffer());
const pieces = [bytes.subarray(0, 9), bytes.subarray(9)];
const { event_type } = await parseWebhook({
  headers: Object.fromEntries(sent[0].headers),
  body: Readable.from(pieces, { objectMode: false }),
}, fake.publicKey);
console.log(JSON.stringify([during, after, event_type]));
