/**
 * What a call costs, in counts that are the same on every machine: whoever adds
 * a timer, a copy or a turn of the queue finds out here, and not by a clock.
 */
import { assert, assertEquals } from "@std/assert";
import { type FetchFn, getRoom } from "../mod.ts";
import { readText } from "../lib/body.ts";
import { room } from "../lib/room.ts";
import { example, id } from "./example.ts";
import { countedSignal } from "./signals.ts";

// Of the stub's own, so that they do not count
const headers = new Headers();
const resolved = Promise.resolve.bind(Promise);

const bytes = new TextEncoder().encode(JSON.stringify(example));

/** Answers at once, in two reads, without a stream of the runtime's. */
function answering() {
  const told = { reads: 0, cancels: 0 };
  const reader = () => {
    let left = 1;
    return {
      read: () => {
        told.reads++;
        const done = left-- === 0;
        return resolved({ done, value: done ? undefined : bytes });
      },
      cancel: () => resolved(void told.cancels++),
    };
  };
  const response = () => ({
    status: 200,
    type: "default",
    headers,
    body: { locked: false, getReader: reader },
  } as unknown as Response);
  const fetchFn: FetchFn = () => resolved(response());
  return { fetchFn, told };
}

/** Counts the calls of functions of an object's while `use` runs. */
async function counting<K extends string>(
  holder: Record<K, unknown>,
  names: K[],
  use: () => Promise<unknown>,
): Promise<Record<K, number>> {
  const counts = Object.fromEntries(names.map((name) => [name, 0])) as Record<
    K,
    number
  >;
  const originals = names.map((name) => holder[name]);
  names.forEach((name, i) => {
    const count = () => counts[name]++;
    holder[name] = new Proxy(originals[i] as () => void, {
      apply: (
        target,
        self,
        args,
      ) => (count(), Reflect.apply(target, self, args)),
      construct: (target, args) => (count(), Reflect.construct(target, args)),
    });
  });
  try {
    await use();
  } finally {
    names.forEach((name, i) => holder[name] = originals[i]);
  }
  return counts;
}

Deno.test("getRoom() makes one timer and one controller, and decodes and parses once", async () => {
  const { fetchFn } = answering();
  const call = () => getRoom(fetchFn, "any", id);
  const globals = await counting(
    globalThis as unknown as Record<string, unknown>,
    [
      "setTimeout",
      "clearTimeout",
      "AbortController",
      "TextDecoder",
      "Promise",
      "URL",
      "Headers",
      "Request",
      "Response",
      "Uint8Array",
      "queueMicrotask",
      "structuredClone",
    ],
    call,
  );
  assertEquals(globals, {
    setTimeout: 1,
    clearTimeout: 1,
    AbortController: 1,
    TextDecoder: 1,
    Promise: 1,
    URL: 0,
    Headers: 0,
    Request: 0,
    Response: 0,
    Uint8Array: 0,
    queueMicrotask: 0,
    structuredClone: 0,
  });
  const json = await counting(
    JSON as unknown as Record<string, unknown>,
    ["parse", "stringify"],
    call,
  );
  assertEquals(json, { parse: 1, stringify: 0 });
  const objects = await counting(
    Object as unknown as Record<string, unknown>,
    ["assign", "entries", "fromEntries", "keys"],
    call,
  );
  assertEquals(objects, { assign: 0, entries: 0, fromEntries: 0, keys: 0 });
});

Deno.test("getRoom() reads a body to its end, once, and cancels nothing", async () => {
  const { fetchFn, told } = answering();
  await getRoom(fetchFn, "any", id);
  assertEquals(told, { reads: 2, cancels: 0 });
});

Deno.test("getRoom() listens to the caller's signal once", async () => {
  const { fetchFn } = answering();
  const { signal, listeners } = countedSignal();
  const methods = await counting(
    signal as unknown as Record<string, unknown>,
    ["addEventListener", "removeEventListener"],
    () => getRoom(fetchFn, "any", id, { signal }),
  );
  assertEquals(methods, { addEventListener: 1, removeEventListener: 1 });
  assertEquals(listeners(), 0);
});

Deno.test("getRoom() settles within few turns of the microtask queue", async () => {
  const { fetchFn } = answering();
  let [turns, settled] = [0, false];
  getRoom(fetchFn, "any", id).finally(() => settled = true);
  while (!settled && turns < 1000) {
    await null;
    turns++;
  }
  // Of each promise that awaits another: fetchFn, two reads, the text, the
  // answer, the attempt, the call, and `finally` here
  assert(turns <= 8, `${turns} turns`);
});

/** Bytes that one run of `use` leaves to the collector; the median of many. */
async function allocated(use: () => unknown): Promise<number> {
  const readings: number[] = [];
  for (let i = 0; i < 120; i++) {
    const before = Deno.memoryUsage().heapUsed;
    for (let n = 0; n < 20; n++) await use();
    readings.push((Deno.memoryUsage().heapUsed - before) / 20);
  }
  const positive = readings.filter((bytes) => bytes > 0).sort((a, b) => a - b);
  return positive[positive.length >> 1] ?? Infinity;
}

Deno.test("getRoom() allocates little besides the room", async () => {
  const { fetchFn } = answering();
  const text = JSON.stringify(example);
  const all = await allocated(() => getRoom(fetchFn, "any", id));
  const least = await allocated(() =>
    JSON.parse(new TextDecoder().decode(bytes))
  );
  assert(text.length > 0 && least > 500, `${least} bytes of the room itself`);
  assert(all - least < 8000, `${all - least} bytes besides the room`);
});

Deno.test("room decodes without allocating", async () => {
  const session = example.data.sessions[0];
  const large = {
    ...example.data,
    sessions: Array.from({ length: 1000 }, () => structuredClone(session)),
  };
  assertEquals(room(large), undefined);
  const bytes = await allocated(() => room(large));
  assert(bytes < 1000, `${bytes} bytes for ${large.sessions.length} sessions`);
});

Deno.test("readText() copies no byte of a body in one piece, and few of one in very many", async () => {
  let copied = 0;
  const { set } = Uint8Array.prototype;
  Uint8Array.prototype.set = function (source, start) {
    copied += source.length;
    set.call(this, source, start);
  };
  try {
    const copies = async (pieces: number, size: number) => {
      copied = 0;
      const piece = new Uint8Array(size).fill(97);
      let left = pieces;
      const read = () => {
        const done = left-- === 0;
        return Promise.resolve({ done, value: done ? undefined : piece });
      };
      const reader = { read, cancel: () => Promise.resolve() };
      const text = await readText(reader, pieces * size);
      assertEquals(text.length, pieces * size);
      return copied / text.length;
    };
    assertEquals(await copies(1, 10_000), 0);
    assertEquals(await copies(100, 10_000), 1);
    // Together as they come: a piece takes a hundred times its one byte
    const { Uint8Array: joins } = await counting(
      globalThis as unknown as Record<string, unknown>,
      ["Uint8Array"],
      async () => assert(await copies(100_000, 1) <= 2),
    );
    assert(joins > 50, `${joins} times put together`);
  } finally {
    Uint8Array.prototype.set = set;
  }
});

/** The modules that a module needs to run, itself included. */
async function graph(url: URL, seen = new Map<string, string>()) {
  if (seen.has(url.href)) return seen;
  const source = (await Deno.readTextFile(url))
    .replace(/\/\*[^]*?\*\//g, "") // which have imports in their examples
    .replace(/^\s*\/\/.*$/gm, "");
  seen.set(url.href, source);
  const imports = source.matchAll(
    /^(?:import|export) (?!type)[^;]*? from "(.*?)";$/gm,
  );
  for (const [, to = ""] of imports) await graph(new URL(to, url), seen);
  return seen;
}

Deno.test("getRoom() takes few modules, and little code", async () => {
  const modules = await graph(new URL("../lib/get_room.ts", import.meta.url));
  assert(modules.size <= 14, [...modules.keys()].join("\n"));
  const code = [...modules.values()].join("\n").replace(/\s+/g, " ");
  const stream = new Blob([code]).stream()
    .pipeThrough(new CompressionStream("gzip"));
  const { length } = await new Response(stream).bytes();
  // `deno task size` weighs what bundlers make of it
  assert(length <= 8500, `${length} bytes of source without comments, gzipped`);
});
