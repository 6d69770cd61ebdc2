import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import fc from "fast-check";
import { Buffer } from "node:buffer";
import {
  InvalidArgumentError,
  parseWebhook,
  WebhookError,
  type WebhookErrorCode,
  type WebhookOptions,
  type WebhookRequest,
} from "../../mod.ts";
import { otherPublicKey, publicKey, sign, vector } from "../support/signed.ts";
import { after, test } from "../support/virtual_time.ts";

const signedAt = 1_700_000_000;
const now = signedAt * 1000;
const { body } = vector;
const { data: event } = JSON.parse(body);
const bytes = new TextEncoder().encode(body);

function asRequest(
  { headers, body }: { headers: HeadersInit; body: BodyInit | null },
) {
  return new Request("http://127.0.0.1/", { method: "POST", headers, body });
}

/** A body, signed as the provider does. */
const signed = <Body extends string | Uint8Array>(
  body: Body,
  timestamp = `${signedAt}`,
) => ({ headers: { ...sign(body, timestamp) }, body });

/** The webhook of the test vector, with another header. */
const withHeader = (
  name: keyof typeof vector.headers,
  value: string | string[] | undefined,
) => ({ headers: { ...vector.headers, [name]: value }, body });

const withSignature = (signature: string) =>
  withHeader("telnyx-signature-ed25519", signature);

/** Asserts that a webhook is refused with this code; returns the message. */
async function refused(
  code: WebhookErrorCode,
  request: WebhookRequest,
  opts: WebhookOptions = {},
  key: string | string[] = publicKey,
): Promise<string> {
  const error = await assertRejects(
    () => parseWebhook(request, key, { now, ...opts }),
    WebhookError,
  );
  assertEquals(error.code, code, error.message);
  return error.message;
}

Deno.test("parseWebhook() accepts webhooks that other implementations signed", async () => {
  await fc.assert(fc.asyncProperty(
    fc.string({ unit: "grapheme" }),
    fc.integer({ min: 0, max: 4e9 }),
    async (context, seconds) => {
      const data = { ...event, context };
      const request = asRequest(signed(JSON.stringify({ data }), `${seconds}`));
      const now = seconds * 1000;
      assertEquals<unknown>(
        await parseWebhook(request, publicKey, { now }),
        data,
      );
    },
  ));
});

/** States that a webhook is accepted. */
function accepts(what: string, request: WebhookRequest) {
  Deno.test(`parseWebhook() accepts ${what}`, async () => {
    assertEquals(await parseWebhook(request, publicKey, { now }), event);
  });
}

/** States that a webhook is refused. */
function refuses(
  code: WebhookErrorCode,
  what: string,
  request: WebhookRequest,
  says = /./,
) {
  Deno.test(`parseWebhook() refuses ${what}: ${code}`, async () => {
    const message = await refused(code, request);
    assertMatch(message, says);
    assert(!message.includes("secret"), message);
  });
}

const { headers } = vector;
const { "telnyx-timestamp": timestamp, "telnyx-signature-ed25519": signature } =
  headers;
const rawSignature = Buffer.from(signature, "base64");

const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
shared.set(bytes);
const bodies = {
  "text": body,
  "bytes": bytes,
  "a Node Buffer": Buffer.from(`--${body}--`).subarray(2, -2),
  "an ArrayBuffer": bytes.buffer,
  "a SharedArrayBuffer": shared.buffer,
  "bytes that are shared": shared,
  "a DataView": new DataView(bytes.buffer),
};
async function* pieces(...pieces: unknown[]) {
  for (const piece of pieces) yield await Promise.resolve(piece as Uint8Array);
}
const streams = {
  "a stream": new Blob([bytes]).stream(),
  "a stream of single bytes": ReadableStream.from(
    [...bytes].map((byte) => Uint8Array.of(byte)),
  ),
  "an iterable, as of Node's server": pieces(
    bytes.subarray(0, 7),
    Buffer.from(bytes.subarray(7)),
  ),
};
for (const [what, body] of Object.entries(streams)) {
  accepts(`a body that is ${what}`, { headers, body });
}

accepts("a Request", asRequest(vector));
const headerForms = {
  "in a Headers object": new Headers(headers),
  "as in Node": { host: "127.0.0.1", ...headers, "set-cookie": [] },
  "in another case": {
    "Telnyx-Signature-Ed25519": signature,
    "TELNYX-TIMESTAMP": timestamp,
  },
  "in arrays": {
    "telnyx-timestamp": [timestamp],
    "telnyx-signature-ed25519": [signature],
  },
  "next to an undefined one": { ...headers, "x-none": undefined },
  "without a prototype": Object.assign(Object.create(null), headers),
  "with zeros before the timestamp": signed(body, `000${timestamp}`).headers,
};
for (const [what, headers] of Object.entries(headerForms)) {
  accepts(`headers ${what}`, { headers, body });
}

for (const name of ["telnyx-timestamp", "telnyx-signature-ed25519"] as const) {
  const { [name]: value, ...others } = headers;
  const says = RegExp(`'${name}' is missing`);
  const without = asRequest({ headers: others, body });
  refuses("missing_header", `a Request without ${name}`, without, says);
  for (const none of [undefined, "", []]) {
    const what = `the ${name} ${JSON.stringify(none)}`;
    refuses("missing_header", what, withHeader(name, none), says);
  }
  const twice = withHeader(name, [value, value]);
  const twiceSays = RegExp(`'${name}' must be`);
  refuses("bad_header", `two values of ${name}`, twice, twiceSays);
}

const notTimestamps = [
  ...["-1700000000", "+1700000000", "1.7e9", "1700000000.0", "0x6553f100"],
  ...[" 1700000000", "1700000000\n", "1_700_000_000", "2023-11-14T22:13:20Z"],
  "١٧٠٠٠٠٠٠٠٠",
];
for (const wrong of notTimestamps) {
  const what = `the timestamp ${JSON.stringify(wrong)}`;
  refuses("bad_header", what, signed(body, wrong));
}
refuses("too_old", "the timestamp 0", signed(body, "0"));
for (const digits of [20, 400]) {
  const request = signed(body, "9".repeat(digits));
  refuses("too_new", `a timestamp of ${digits} digits`, request);
}

const notSignatures = {
  "base64 without padding": signature.replace(/=+$/, ""),
  "base64url": signature.replace("5", "_"),
  "hex": rawSignature.toString("hex"),
  "a byte short": rawSignature.subarray(1).toString("base64"),
  "a byte too long": Buffer.alloc(65, rawSignature).toString("base64"),
  "base64 with stray bits": signature.replace("BQ==", "BR=="),
  "broken into lines": `${signature.slice(0, 64)}\n${signature.slice(64)}`,
};
for (const [what, wrong] of Object.entries(notSignatures)) {
  refuses("bad_header", `a signature that is ${what}`, withSignature(wrong));
}

/** A signature with the group order added to S, which RFC 8032, 5.1.7, forbids. */
function withGroupOrder(signature: Buffer): string {
  const order = 2n ** 252n + 27742317777372353535851937790883648493n;
  const bigEndian = Buffer.from(signature.subarray(32)).reverse();
  const s = BigInt(`0x${bigEndian.toString("hex")}`) + order;
  const hex = s.toString(16).padStart(64, "0");
  return Buffer.concat([
    signature.subarray(0, 32),
    Buffer.from(hex, "hex").reverse(),
  ]).toString("base64");
}
refuses(
  "bad_signature",
  "a signature with the group order added to S",
  withSignature(withGroupOrder(rawSignature)),
);

const otherBodies = {
  "none": undefined,
  "serialized again": JSON.stringify(JSON.parse(body), null, 1),
  "with a line break after it": `${body}\n`,
  "with a byte order mark": `\ufeff${body}`,
  "truncated": body.slice(0, -1),
};
for (const [what, body = null] of Object.entries(otherBodies)) {
  refuses("bad_signature", `a body ${what}`, asRequest({ headers, body }));
}

const wrongType = body.replace('"session_id":"', '"session_id":0,"x":"');
const malformed: [what: string, body: string | Uint8Array, says: RegExp][] = [
  ["nothing", "", /JSON/],
  ["text", "secret", /JSON/],
  ["truncated JSON", body.slice(0, -1), /JSON/],
  ["bytes that are not UTF-8", Uint8Array.of(0x22, 0xff, 0x22), /JSON/],
  ["JSON without an event", "{}", /\/data is missing/],
  ["a wrong payload", wrongType, /session_id must be a string, received a n/],
];
for (const [what, body, says] of malformed) {
  refuses("malformed", `${what}, even if it is signed`, signed(body), says);
}
refuses(
  "malformed",
  "a stream of text, whose bytes are lost",
  { headers, body: pieces(body) },
  /setEncoding/,
);

/** The bytes with one bit flipped. */
function flip(bytes: Uint8Array, bit: number): Uint8Array<ArrayBuffer> {
  const copy = Uint8Array.from(bytes);
  copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return copy;
}

const flips: [
  part: string,
  bytes: Uint8Array,
  request: (flipped: Uint8Array<ArrayBuffer>) => WebhookRequest,
][] = [
  [
    "signature",
    rawSignature,
    (raw) => withSignature(Buffer.from(raw).toString("base64")),
  ],
  [
    "timestamp",
    Buffer.from(timestamp),
    (text) =>
      withHeader("telnyx-timestamp", Buffer.from(text).toString("latin1")),
  ],
  ["body", bytes, (body) => ({ headers, body })],
];
for (const [part, original, request] of flips) {
  Deno.test(`parseWebhook() refuses the ${part} with any bit flipped`, async () => {
    for (let bit = 0; bit < 8 * original.length; bit++) {
      const { code } = await assertRejects(
        () => parseWebhook(request(flip(original, bit)), publicKey, { now }),
        WebhookError,
      );
      assertMatch(code, /^(bad_signature|bad_header|too_old|too_new)$/);
    }
  });
}

Deno.test("parseWebhook() accepts only a timestamp within toleranceSecs, 300 by default, in whole seconds", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.option(fc.integer({ min: 0, max: 100_000 }), { nil: undefined }),
      fc.integer({ min: -100_000_000, max: 100_000_000 }),
      async (toleranceSecs, ageMs) => {
        const opts = { toleranceSecs, now: now + ageMs };
        const ageSecs = Math.floor(ageMs / 1000);
        if (Math.abs(ageSecs) <= (toleranceSecs ?? 300)) {
          await parseWebhook(asRequest(vector), publicKey, opts);
          return;
        }
        const [code, when] = ageSecs > 0
          ? ["too_old", "ago"] as const
          : ["too_new", "ahead"] as const;
        const message = await refused(code, asRequest(vector), opts);
        assertStringIncludes(message, `${Math.abs(ageSecs)} s ${when}`);
      },
    ),
    {
      examples: [300_999, 301_000, -300_000, -300_001]
        .map((ageMs) => [undefined, ageMs]),
    },
  );
});

Deno.test("parseWebhook() uses the clock without an explicit now", async () => {
  const request = asRequest(signed(body, `${Math.floor(Date.now() / 1000)}`));
  assertEquals(await parseWebhook(request, publicKey), event);
  await refused("too_old", asRequest(vector), { now: undefined });
});

Deno.test("parseWebhook() does not read the body when a header is missing", async () => {
  const request = asRequest({ headers: {}, body });
  await refused("missing_header", request);
  assertEquals(request.bodyUsed, false);
  assertEquals(await request.text(), body);
});

const streamed = {
  "a stream": () => new Blob([bytes]).stream(),
  "an iterable": () => pieces(bytes.subarray(0, 7), bytes.subarray(7)),
};
for (const [what, body] of Object.entries({ ...bodies, ...streamed })) {
  test(`parseWebhook() accepts a body of maxBodyBytes bytes that is ${what}, but not of one more, and leaves no timer`, async () => {
    const opts = { now, maxBodyBytes: bytes.length };
    const request = () => ({
      headers,
      body: typeof body === "function" ? body() : body,
    });
    assertEquals(await parseWebhook(request(), publicKey, opts), event);
    await refused("too_large", request(), { maxBodyBytes: bytes.length - 1 });
  });
}

test("parseWebhook() leaves no timer once a stream has ended", async (clock) => {
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(bytes);
      controller.close();
    },
  });
  const began = clock.now;
  assertEquals(
    await parseWebhook({ headers, body }, publicKey, { now }),
    event,
  );
  assertEquals(clock.now, began); // one that is left would have fired by now
});

Deno.test("parseWebhook() counts the bytes of a text, not its characters", async () => {
  const text = JSON.stringify({ data: { ...event, note: "é".repeat(100) } });
  const maxBodyBytes = text.length + 50;
  await refused("too_large", signed(text), { maxBodyBytes });
});

Deno.test("parseWebhook() stops reading an endless body at the bound", async () => {
  let [pulled, canceled] = [0, false];
  const endless = new ReadableStream({
    pull(controller) {
      pulled++;
      controller.enqueue(new Uint8Array(1024));
    },
    cancel: () => void (canceled = true),
  }, { highWaterMark: 0 });
  await refused("too_large", asRequest({ headers, body: endless }));
  assertEquals([pulled, canceled], [1025, true]); // 1 MiB, and one more chunk
});

test("parseWebhook() waits at most timeoutMs for a body that stalls", async (clock) => {
  for (const [opts, ms] of [[{}, 10_000], [{ timeoutMs: 50 }, 50]] as const) {
    let canceled = false;
    const stalled = new ReadableStream({
      start: (controller) => controller.enqueue(bytes.subarray(0, 9)),
      cancel: () => {
        canceled = true;
        return new Promise(() => {}); // which must not block either
      },
    });
    const began = clock.now;
    const message = await refused("incomplete", {
      headers,
      body: stalled,
    }, opts);
    assertStringIncludes(message, `${ms} ms`);
    assertEquals([clock.now - began, canceled], [ms, true]);
  }
});

Deno.test("parseWebhook() ends an iterable body that it gives up, and reads no more of one that goes on", async () => {
  let [reads, returned, isOver] = [0, 0, false];
  const body = {
    [Symbol.asyncIterator]: () => ({
      next() {
        reads++;
        return Promise.resolve({ done: isOver, value: new Uint8Array() });
      },
      return() {
        returned++;
        return Promise.resolve({ done: true as const, value: undefined });
      },
    }),
  };
  await refused("incomplete", { headers, body }, { timeoutMs: 20 });
  const before = reads;
  await after(30);
  isOver = true;
  assertEquals([reads, returned], [before, 1]);
});

Deno.test("parseWebhook() rejects a body that breaks off, without the words of its error", async () => {
  const broken = new ReadableStream({
    start: (controller) => controller.enqueue(bytes.subarray(0, 100)),
    pull: (controller) => controller.error(new TypeError(body)),
  });
  const request = asRequest({ headers, body: broken });
  const message = await refused("incomplete", request);
  assert(!message.includes(event.id), message);
});

Deno.test("parseWebhook() accepts either key during a key rotation", async () => {
  const other = { headers: { ...sign(body, timestamp, "other key") }, body };
  for (
    const keys of [[publicKey, otherPublicKey], [otherPublicKey, publicKey]]
  ) {
    await parseWebhook(asRequest(vector), keys, { now });
    await parseWebhook(other, keys, { now });
  }
  await parseWebhook(other, otherPublicKey, { now });
  await refused("bad_signature", other);
  const others = [otherPublicKey, otherPublicKey];
  await refused("bad_signature", asRequest(vector), {}, others);
});

Deno.test("parseWebhook() uses the bytes and keys that it was called with, even if they change", async () => {
  const body = Uint8Array.from(bytes);
  const keys = [publicKey];
  const parsing = parseWebhook({ headers, body }, keys, { now });
  body.fill(32);
  keys.length = 0;
  assertEquals(await parsing, event);
});

Deno.test("parseWebhook() reads the event from the bytes that it verified, also if a stream writes its buffer again", async () => {
  const buffer = Uint8Array.from(bytes);
  const forged = body.replace("7b61621f", "00000000");
  const { verify } = crypto.subtle;
  crypto.subtle.verify = async (...args: Parameters<typeof verify>) => {
    const verified = await verify.apply(crypto.subtle, args);
    buffer.set(new TextEncoder().encode(forged));
    return verified;
  };
  try {
    const request = { headers, body: pieces(buffer) };
    assertEquals(await parseWebhook(request, publicKey, { now }), event);
  } finally {
    crypto.subtle.verify = verify;
  }
});

Deno.test("parseWebhook() reads the verified bytes of a text, not the text", async () => {
  const text = JSON.stringify({
    data: { ...event, event_type: "video.room.new", payload: { text: "LONE" } },
  }).replace("LONE", "\ud800");
  const { payload } = await parseWebhook(signed(text), publicKey, { now });
  assertEquals<unknown>(payload, { text: "\ufffd" });
});

/** Keys for which anybody can sign. */
const smallOrderKeys = [
  "00".repeat(32),
  `01${"00".repeat(31)}`,
  `ec${"ff".repeat(30)}7f`,
  `ed${"ff".repeat(30)}7f`,
  `ee${"ff".repeat(30)}7f`,
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
].flatMap((hex) => {
  const key = Buffer.from(hex, "hex");
  return [key, flip(key, 255)]; // the sign
}).map((key) => Buffer.from(key).toString("base64"));

const notKeys = [
  ...["", "abc", publicKey.slice(1), `${publicKey}\n`],
  ...[publicKey.replace("=", ""), 7, null, undefined, {}, [], [publicKey, ""]],
  ...smallOrderKeys.flatMap((key) => [key, [publicKey, key]]),
];
const notRequests = [
  ...[null, undefined, "text", {}, { body }, { headers: null, body }],
];
const notBodies = [undefined, event, [1]];
const unreadable = new Proxy({}, {
  get() {
    throw new Error(publicKey);
  },
});
const wrongArguments: [argument: string, ...args: unknown[]][] = [
  ...notKeys.map((key): [string, ...unknown[]] => ["publicKey", vector, key]),
  ...notRequests.map((request): [string, unknown] => ["request", request]),
  ...notBodies.map((body): [string, unknown] => [
    "request.body",
    { headers: {}, body },
  ]),
  ["request.headers", { headers: unreadable, body }],
  ["opts", vector, publicKey, 300],
  ...["toleranceSecs", "now", "maxBodyBytes", "timeoutMs"].flatMap((name) =>
    [-1, NaN, Infinity, "1", null].map((value): [string, ...unknown[]] => [
      name,
      vector,
      publicKey,
      { [name]: value },
    ])
  ),
];

Deno.test("parseWebhook() names a wrong argument, a key for which anybody can sign included, and does not quote it", async () => {
  for (const [argument, request, ...args] of wrongArguments) {
    const [key = args.length ? undefined : publicKey, opts] = args;
    const error = await assertRejects(
      () => Reflect.apply(parseWebhook, undefined, [request, key, opts]),
      InvalidArgumentError,
    );
    assertEquals(error.argument, argument, error.message);
    assert(!error.message.includes(publicKey.slice(1, 9)), error.message);
    if (typeof key === "string" && argument === "publicKey") {
      assertMatch(error.message, /received (an empty string|\d+ characters)$/);
    }
  }
});

Deno.test("parseWebhook() rejects a body that was already read", async () => {
  const read = asRequest(vector);
  await read.json();
  const locked = asRequest(vector);
  locked.body?.getReader();
  // By bodyUsed alone, if its stream is unlocked
  const unlocked = { headers, body: new Blob([]).stream(), bodyUsed: true };
  for (const request of [read, { headers, body: locked.body }, unlocked]) {
    await assertRejects(
      () => parseWebhook(request, publicKey, { now }),
      InvalidArgumentError,
      "unread",
    );
  }
});

/** Runs a test while a property has another value, or none. */
async function without(
  object: object,
  name: string,
  value: unknown,
  run: () => Promise<void>,
) {
  const original = Reflect.get(object, name);
  const configurable = true;
  Object.defineProperty(object, name, { value, configurable });
  try {
    await run();
  } finally {
    Object.defineProperty(object, name, { value: original, configurable });
  }
}

Deno.test("parseWebhook() rejects with code unsupported where Ed25519 is missing", async () => {
  const importKey = () =>
    Promise.reject(new DOMException("", "NotSupportedError"));
  for (const subtle of [undefined, { importKey }]) {
    await without(crypto, "subtle", subtle, async () => {
      const message = await refused("unsupported", asRequest(vector));
      assertStringIncludes(message, "Ed25519");
    });
  }
});

Deno.test("parseWebhook() needs no Blob, as in jsdom, whose Blob has no arrayBuffer()", async () => {
  await without(globalThis, "Blob", undefined, async () => {
    assertEquals(await parseWebhook(vector, publicKey, { now }), event);
  });
});
