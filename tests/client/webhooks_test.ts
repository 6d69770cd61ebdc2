import {
  assert,
  assertEquals,
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
import { test } from "../support/virtual_time.ts";

const signedAt = 1_700_000_000;
const now = signedAt * 1000;
const { body } = vector;
const { data: event } = JSON.parse(body);

function asRequest(
  { headers, body }: { headers: HeadersInit; body: BodyInit },
) {
  return new Request("http://127.0.0.1/", { method: "POST", headers, body });
}

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
  assertEquals(
    await parseWebhook(asRequest(vector), publicKey, { now }),
    event,
  );
  await fc.assert(fc.asyncProperty(
    fc.string({ unit: "grapheme" }),
    fc.integer({ min: 0, max: 4e9 }),
    async (context, seconds) => {
      const body = JSON.stringify({ data: { ...event, context } });
      const request = asRequest({
        headers: { ...sign(body, `${seconds}`) },
        body,
      });
      const parsed = await parseWebhook(request, publicKey, {
        now: seconds * 1000,
      });
      assertEquals<unknown>(parsed, { ...event, context });
    },
  ));
});

Deno.test("sign() makes the signature of the test vector", () => {
  assertEquals(sign(body, `${signedAt}`), vector.headers);
});

const bytes = new TextEncoder().encode(body);
const bodies: [string, WebhookRequest["body"]][] = [
  ["text", body],
  ["bytes", bytes],
  ["a Node Buffer", Buffer.from(`--${body}--`).subarray(2, -2)],
  ["an ArrayBuffer", bytes.buffer],
  ["a DataView", new DataView(bytes.buffer)],
  ["a stream", new Blob([bytes]).stream()],
  [
    "a stream of single bytes",
    ReadableStream.from([...bytes].map((byte) => Uint8Array.of(byte))),
  ],
];

for (const [what, body] of bodies) {
  Deno.test(`parseWebhook() accepts a body that is ${what}`, async () => {
    const request = { headers: vector.headers, body };
    assertEquals(await parseWebhook(request, publicKey, { now }), event);
  });
}

const { "telnyx-timestamp": timestamp, "telnyx-signature-ed25519": signature } =
  vector.headers;
const headerForms: [string, WebhookRequest["headers"]][] = [
  ["in a Headers object", new Headers(vector.headers)],
  ["as in Node", {
    host: "127.0.0.1",
    ...vector.headers,
    "set-cookie": [],
  }],
  ["in another case", {
    "Telnyx-Signature-Ed25519": signature,
    "TELNYX-TIMESTAMP": timestamp,
  }],
  ["in arrays", {
    "telnyx-timestamp": [timestamp],
    "telnyx-signature-ed25519": [signature],
  }],
  ["next to an undefined one", { ...vector.headers, "x-none": undefined }],
  [
    "in an object without a prototype",
    Object.assign(Object.create(null), vector.headers),
  ],
];

for (const [what, headers] of headerForms) {
  Deno.test(`parseWebhook() accepts headers ${what}`, async () => {
    const request = { headers, body };
    assertEquals(await parseWebhook(request, publicKey, { now }), event);
  });
}

for (const name of ["telnyx-timestamp", "telnyx-signature-ed25519"] as const) {
  Deno.test(`parseWebhook() rejects a webhook without ${name}`, async () => {
    const { [name]: _, ...others } = vector.headers;
    for (const headers of [others, new Headers(others)]) {
      const message = await refused("missing_header", { headers, body });
      assert(message.includes(`'${name}'`), message);
    }
    for (const value of [undefined, "", []]) {
      const headers = { ...vector.headers, [name]: value };
      await refused("missing_header", { headers, body });
    }
  });

  Deno.test(`parseWebhook() rejects a webhook with two values of ${name}`, async () => {
    const value = vector.headers[name];
    const headers = { ...vector.headers, [name]: [value, value] };
    await refused("bad_header", { headers, body });
  });
}

const notTimestamps = [
  "-1700000000",
  "+1700000000",
  "1.7e9",
  "1700000000.0",
  "0x6553f100",
  " 1700000000",
  "1700000000\n",
  "1_700_000_000",
  "2023-11-14T22:13:20Z",
  "١٧٠٠٠٠٠٠٠٠",
];

Deno.test("parseWebhook() rejects a timestamp of anything but digits", async () => {
  for (const timestamp of notTimestamps) {
    const headers = { ...sign(body, timestamp) };
    await refused("bad_header", { headers, body });
  }
});

const rawSignature = Buffer.from(signature, "base64");
const notSignatures: [string, string][] = [
  ["base64 without padding", signature.replace(/=+$/, "")],
  ["base64url", signature.replace("5", "_")],
  ["hex", rawSignature.toString("hex")],
  ["a byte short", rawSignature.subarray(1).toString("base64")],
  ["a byte too long", Buffer.alloc(65, rawSignature).toString("base64")],
  ["base64 with stray bits", signature.replace("BQ==", "BR==")],
  ["broken into lines", `${signature.slice(0, 64)}\n${signature.slice(64)}`],
];

for (const [what, wrong] of notSignatures) {
  Deno.test(`parseWebhook() rejects a signature that is ${what}`, async () => {
    const headers = { ...vector.headers, "telnyx-signature-ed25519": wrong };
    await refused("bad_header", { headers, body });
  });
}

Deno.test("parseWebhook() rejects a signature with the group order added to S", async () => {
  // An equivalent S, which RFC 8032, section 5.1.7, forbids
  const order = 2n ** 252n + 27742317777372353535851937790883648493n;
  const bytes = Buffer.from(rawSignature);
  let s = order;
  for (let i = 0; i < 32; i++) s += BigInt(bytes[32 + i] ?? 0) << BigInt(8 * i);
  for (let i = 0; i < 32; i++) {
    bytes[32 + i] = Number(s >> BigInt(8 * i) & 255n);
  }
  const headers = {
    ...vector.headers,
    "telnyx-signature-ed25519": bytes.toString("base64"),
  };
  await refused("bad_signature", { headers, body });
});

/** The bytes with one bit flipped. */
function flip(bytes: Uint8Array, bit: number): Uint8Array<ArrayBuffer> {
  const copy = Uint8Array.from(bytes);
  copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return copy;
}

/** Asserts that each flipped bit makes the webhook refused with one of `codes`. */
async function refusesEachBit(
  bits: number,
  flipped: (bit: number) => WebhookRequest,
  codes: WebhookErrorCode[],
) {
  for (let bit = 0; bit < bits; bit++) {
    const error = await assertRejects(
      () => parseWebhook(flipped(bit), publicKey, { now }),
      WebhookError,
    );
    assert(codes.includes(error.code), `bit ${bit}: ${error.code}`);
  }
}

Deno.test("parseWebhook() rejects the signature with any bit flipped", async () => {
  const withSignature = (text: string) => ({
    headers: { ...vector.headers, "telnyx-signature-ed25519": text },
    body,
  });
  await refusesEachBit(
    512,
    (bit) =>
      withSignature(Buffer.from(flip(rawSignature, bit)).toString("base64")),
    ["bad_signature"],
  );
  const text = Buffer.from(signature);
  await refusesEachBit(
    8 * text.length,
    (bit) => withSignature(Buffer.from(flip(text, bit)).toString("latin1")),
    ["bad_signature", "bad_header"],
  );
});

Deno.test("parseWebhook() rejects the timestamp with any bit flipped", async () => {
  const text = Buffer.from(timestamp);
  await refusesEachBit(8 * text.length, (bit) => ({
    headers: {
      ...vector.headers,
      "telnyx-timestamp": Buffer.from(flip(text, bit)).toString("latin1"),
    },
    body,
  }), ["bad_signature", "bad_header", "too_old", "too_new"]);
});

Deno.test("parseWebhook() rejects the body with any bit flipped", async () => {
  await refusesEachBit(
    8 * bytes.length,
    (bit) => ({ headers: vector.headers, body: flip(bytes, bit) }),
    ["bad_signature"],
  );
});

const changed: [string, string][] = [
  [
    "parsed and serialized again, with spaces",
    JSON.stringify(JSON.parse(body), null, 1),
  ],
  [
    "with its keys in another order",
    JSON.stringify({
      data: { id: event.id, ...event, event_type: event.event_type },
    }),
  ],
  ["with a line break after it", `${body}\n`],
  ["with a byte order mark", `\ufeff${body}`],
  ["truncated", body.slice(0, -1)],
  ["with a field repeated", body.replace('"id"', '"id":"1","id"')],
  ["of another event", body.replace("started", "ended")],
  ["empty", ""],
];

for (const [what, body] of changed) {
  Deno.test(`parseWebhook() rejects a body ${what}`, async () => {
    await refused("bad_signature", { headers: vector.headers, body });
    await refused(
      "bad_signature",
      asRequest({ headers: vector.headers, body }),
    );
  });
}

Deno.test("parseWebhook() rejects a request without a body", async () => {
  const { headers } = vector;
  await refused("bad_signature", new Request("http://127.0.0.1", { headers }));
});

Deno.test("parseWebhook() accepts a timestamp up to 300 s away by default, in whole seconds", async () => {
  const ages: [ms: number, code?: WebhookErrorCode, says?: string][] = [
    [0],
    [300_999],
    [301_000, "too_old", "301 s ago"],
    [-300_000],
    [-300_001, "too_new", "301 s ahead"],
  ];
  for (const [ms, code, says = ""] of ages) {
    const opts = { now: signedAt * 1000 + ms };
    if (code === undefined) {
      await parseWebhook(asRequest(vector), publicKey, opts);
    } else {
      assertStringIncludes(await refused(code, asRequest(vector), opts), says);
    }
  }
});

Deno.test("parseWebhook() accepts only a timestamp within toleranceSecs", async () => {
  await fc.assert(fc.asyncProperty(
    fc.integer({ min: 0, max: 100_000 }),
    fc.integer({ min: -100_000, max: 100_000 }),
    async (toleranceSecs, ageSecs) => {
      const opts = { toleranceSecs, now: (signedAt + ageSecs) * 1000 };
      if (Math.abs(ageSecs) <= toleranceSecs) {
        await parseWebhook(asRequest(vector), publicKey, opts);
      } else {
        const code = ageSecs > 0 ? "too_old" : "too_new";
        await refused(code, asRequest(vector), opts);
      }
    },
  ));
});

Deno.test("parseWebhook() uses the clock without an explicit now", async () => {
  const seconds = `${Math.floor(Date.now() / 1000)}`;
  const request = asRequest({ headers: { ...sign(body, seconds) }, body });
  assertEquals(await parseWebhook(request, publicKey), event);
  await refused("too_old", asRequest(vector), { now: undefined });
});

Deno.test("parseWebhook() reads a timestamp of any length", async () => {
  const ages: [string, WebhookErrorCode][] = [
    ["0", "too_old"],
    ["9".repeat(20), "too_new"],
    ["9".repeat(400), "too_new"],
  ];
  for (const [timestamp, code] of ages) {
    await refused(code, { headers: { ...sign(body, timestamp) }, body });
  }
  const padded = { ...sign(body, `000${timestamp}`) };
  await parseWebhook({ headers: padded, body }, publicKey, { now });
});

Deno.test("parseWebhook() does not read the body when a header is missing", async () => {
  const request = asRequest({ headers: {}, body });
  await refused("missing_header", request);
  assertEquals(request.bodyUsed, false);
  assertEquals(await request.text(), body);
});

Deno.test("parseWebhook() accepts maxBodyBytes bytes, but not one more", async () => {
  const size = bytes.length;
  for (const [, given] of bodies) {
    if (given instanceof ReadableStream) continue;
    const request = { headers: vector.headers, body: given };
    await parseWebhook(request, publicKey, { now, maxBodyBytes: size });
    await refused("too_large", request, { maxBodyBytes: size - 1 });
  }
  await parseWebhook(asRequest(vector), publicKey, { now, maxBodyBytes: size });
  await refused("too_large", asRequest(vector), { maxBodyBytes: size - 1 });
});

Deno.test("parseWebhook() counts the bytes of a text, not its characters", async () => {
  const body = JSON.stringify({ data: { ...event, note: "é".repeat(100) } });
  const headers = { ...sign(body, timestamp) };
  const maxBodyBytes = body.length + 50;
  await refused("too_large", { headers, body }, { maxBodyBytes });
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
  await refused(
    "too_large",
    asRequest({ headers: vector.headers, body: endless }),
  );
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
    const request = { headers: vector.headers, body: stalled };
    const began = clock.now;
    const message = await refused("incomplete", request, opts);
    assertStringIncludes(message, `${ms} ms`);
    assertEquals([clock.now - began, canceled], [ms, true]);
  }
});

test("parseWebhook() leaves no timer behind", async (clock) => {
  await parseWebhook(asRequest(vector), publicKey, { now });
  await refused("bad_signature", asRequest({ ...vector, body: "{}" }));
  await refused("too_large", asRequest(vector), { maxBodyBytes: 1 });
  assertEquals(clock.countTimers(), 0);
});

Deno.test("parseWebhook() rejects a body that breaks off", async () => {
  const broken = new ReadableStream({
    start(controller) {
      controller.enqueue(bytes.subarray(0, 100));
    },
    pull: (controller) => controller.error(new TypeError(body)),
  });
  const message = await refused(
    "incomplete",
    asRequest({ headers: vector.headers, body: broken }),
  );
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
  await refused("bad_signature", asRequest(vector), {}, [otherPublicKey]);
});

const malformed: [string, string | Uint8Array, RegExp][] = [
  ["an empty body", "", /JSON/],
  ["text", "secret", /JSON/],
  ["truncated JSON", body.slice(0, -1), /JSON/],
  ["bytes that are not UTF-8", Uint8Array.of(0x22, 0xff, 0x22), /JSON/],
  ["JSON without an event", "{}", /\/data is missing/],
  [
    "an event with a wrong payload",
    body.replace('"session_id":"', '"session_id":0,"x":"'),
    /\/data\/payload\/session_id must be a string, received a number/,
  ],
];

for (const [what, body, expected] of malformed) {
  Deno.test(`parseWebhook() rejects ${what}, even if it is signed`, async () => {
    const headers = { ...sign(body, timestamp) };
    const message = await refused("malformed", { headers, body });
    assert(expected.test(message), message);
    assert(!message.includes("secret"), message);
  });
}

Deno.test("parseWebhook() parses the bytes that it verified, even if they change later", async () => {
  const shared = Uint8Array.from(bytes);
  const parsed = parseWebhook(
    { headers: vector.headers, body: shared },
    publicKey,
    { now },
  );
  shared.fill(32);
  assertEquals(await parsed, event);
});

const wrongArguments: [string, () => Promise<unknown>][] = [
  ...[
    "",
    "abc",
    publicKey.slice(1),
    `${publicKey}\n`,
    publicKey.replace("=", ""),
    7,
    null,
    undefined,
    {},
    [],
    [publicKey, ""],
  ]
    .map((key): [string, () => Promise<unknown>] => [
      "publicKey",
      () => parseWebhook(asRequest(vector), key as string),
    ]),
  ...[
    null,
    undefined,
    "text",
    {},
    { body },
    { headers: null, body },
    { headers: {} },
    { headers: {}, body: event },
    { headers: {}, body: [1] },
  ]
    .map((request): [string, () => Promise<unknown>] => [
      "request",
      () => parseWebhook(request as WebhookRequest, publicKey),
    ]),
  ...(["toleranceSecs", "now", "maxBodyBytes", "timeoutMs"] as const)
    .flatMap((name) =>
      [-1, NaN, Infinity, "1", null].map((
        value,
      ): [string, () => Promise<unknown>] => [
        name,
        () =>
          parseWebhook(asRequest(vector), publicKey, {
            [name]: value as number,
          }),
      ])
    ),
  ["opts", () => parseWebhook(asRequest(vector), publicKey, 300 as never)],
];

Deno.test("parseWebhook() names a wrong argument, and does not quote it", async () => {
  for (const [argument, call] of wrongArguments) {
    const error = await assertRejects(call, InvalidArgumentError);
    assertEquals(error.argument, argument, error.message);
    assert(!error.message.includes(publicKey.slice(1, 9)), error.message);
  }
});

Deno.test("parseWebhook() rejects a body that was already read", async () => {
  const request = asRequest(vector);
  await request.json();
  const error = await assertRejects(
    () => parseWebhook(request, publicKey, { now }),
    InvalidArgumentError,
  );
  assert(error.message.includes("unread"), error.message);
  // By bodyUsed alone, if its stream is unlocked
  const { headers } = vector;
  const unlocked = { headers, body: new Blob([]).stream(), bodyUsed: true };
  await assertRejects(
    () => parseWebhook(unlocked, publicKey, { now }),
    InvalidArgumentError,
  );
  const { body: stream } = asRequest(vector);
  stream?.getReader();
  await assertRejects(
    () => parseWebhook({ headers: vector.headers, body: stream }, publicKey),
    InvalidArgumentError,
  );
});

Deno.test("parseWebhook() rejects with code unsupported where Ed25519 is missing", async () => {
  const { subtle } = crypto;
  for (
    const broken of [
      undefined,
      {
        importKey: () =>
          Promise.reject(new DOMException("", "NotSupportedError")),
      },
    ]
  ) {
    Object.defineProperty(crypto, "subtle", {
      value: broken,
      configurable: true,
    });
    try {
      const message = await refused("unsupported", asRequest(vector));
      assert(message.includes("Ed25519"), message);
    } finally {
      Object.defineProperty(crypto, "subtle", {
        value: subtle,
        configurable: true,
      });
    }
  }
});

const smallOrderKeys = [
  "00".repeat(32),
  `${"00".repeat(31)}80`,
  `01${"00".repeat(31)}`,
  `01${"00".repeat(30)}80`,
  `ec${"ff".repeat(30)}7f`,
  `ec${"ff".repeat(31)}`,
  `ed${"ff".repeat(30)}7f`,
  `ee${"ff".repeat(30)}7f`,
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
];

for (const hex of smallOrderKeys) {
  Deno.test(`parseWebhook() refuses the key ${hex}, for which anybody can sign`, async () => {
    const key = Buffer.from(hex, "hex").toString("base64");
    for (const keys of [key, [publicKey, key]]) {
      const error = await assertRejects(
        () => parseWebhook(asRequest(vector), keys, { now }),
        InvalidArgumentError,
      );
      assertEquals(error.argument, "publicKey");
    }
  });
}

Deno.test("parseWebhook() reads a request of Node's server, and bytes that are shared", async () => {
  const { headers, body } = vector;
  const bytes = new TextEncoder().encode(body as string);
  const shared = new SharedArrayBuffer(bytes.length);
  new Uint8Array(shared).set(bytes);
  async function* pieces() {
    yield bytes.subarray(0, 7);
    await Promise.resolve();
    yield Buffer.from(bytes.subarray(7));
  }
  for (const raw of [shared, new Uint8Array(shared), pieces()]) {
    const event = await parseWebhook({ headers, body: raw }, publicKey, {
      now,
    });
    assertEquals(event.event_type, "video.room.session.started");
  }
});

Deno.test("parseWebhook() reads the event from the bytes that it verified, also if a stream writes its buffer again", async () => {
  const buffer = new TextEncoder().encode(vector.body as string);
  const forged = new TextEncoder().encode(
    (vector.body as string).replace("7b61621f", "00000000"),
  );
  const { verify } = crypto.subtle;
  crypto.subtle.verify = async (...args: Parameters<typeof verify>) => {
    const verified = await verify.apply(crypto.subtle, args);
    buffer.set(forged);
    return verified;
  };
  try {
    const pieces = async function* () {
      yield buffer;
    };
    const event = await parseWebhook(
      { headers: vector.headers, body: pieces() },
      publicKey,
      { now },
    );
    assert(!JSON.stringify(event).includes("00000000"));
  } finally {
    crypto.subtle.verify = verify;
  }
});

Deno.test("parseWebhook() refuses a stream of text, whose bytes are lost", async () => {
  async function* pieces() {
    yield vector.body as string;
  }
  const error = await assertRejects(
    () =>
      parseWebhook(
        { headers: vector.headers, body: pieces() as never },
        publicKey,
        { now },
      ),
    WebhookError,
    "setEncoding",
  );
  assertEquals(error.code, "malformed");
});

Deno.test("parseWebhook() uses the keys that it was called with, also if the array changes", async () => {
  const keys = [publicKey];
  const parsing = parseWebhook(asRequest(vector), keys, { now });
  keys.length = 0;
  assertEquals((await parsing).event_type, "video.room.session.started");
});

Deno.test("parseWebhook() reads the verified bytes of a text, not the text", async () => {
  const body = JSON.stringify({
    data: {
      id: "1",
      event_type: "video.room.new",
      payload: { context: "LONE" },
    },
  }).replace("LONE", "\ud800");
  const request = { headers: { ...sign(body, `${signedAt}`) }, body };
  const event = await parseWebhook(request, publicKey, { now });
  assertEquals(event.payload as unknown, { context: "\ufffd" });
});

Deno.test("parseWebhook() needs no Blob, as in jsdom, whose Blob has no arrayBuffer()", async () => {
  const { Blob } = globalThis;
  Reflect.deleteProperty(globalThis, "Blob");
  try {
    const parsed = await parseWebhook({ ...vector }, publicKey, { now });
    assertEquals(parsed, event);
  } finally {
    globalThis.Blob = Blob;
  }
});

Deno.test("parseWebhook() names headers that cannot be read, without their error", async () => {
  const headers = new Proxy({}, {
    get() {
      throw new Error("secret");
    },
  });
  const error = await assertRejects(
    () => parseWebhook({ headers, body: "{}" }, publicKey),
    InvalidArgumentError,
  );
  assertEquals(error.argument, "request.headers");
  assert(!error.message.includes("secret"));
});
