/**
 * The cases for every runtime: plain JavaScript without a test framework, so that
 * they run wherever the package does. The runner of each runtime imports the
 * three entries by the names that users import.
 */

import { resultsOf } from "../support/results.js";
import { callEveryOperation } from "../support/story.js";

const id = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
const missing = "0ccc7b54-4df3-4bca-a65a-3da1ecc777f0";
const once = { maxAttempts: 1 };

/**
 * A webhook that neither the module nor its tests signed; the provider's own SDK
 * (release 7.24.0) accepts it.
 */
export const webhook = {
  publicKey: "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
  now: 1_700_000_000_000,
  headers: {
    "telnyx-timestamp": "1700000000",
    "telnyx-signature-ed25519":
      "588KynigVi8Z7ZrU88yhLVnXFETE3VelmQATeQGTR0Cl3d0nP2i0BSReJGZviZB3t6Fs4s8UEwKTCnNHfYoWBQ==",
  },
  body:
    '{"data":{"event_type":"video.room.session.started","id":"0ccc7b54-4df3-4bca-a65a-3da1ecc777f0","occurred_at":"2021-04-16T09:46:20.954863Z","payload":{"room_id":"7b61621f-62e0-4aad-ab11-9fd19e272e73","session_id":"7b61621f-62e0-4aad-ab11-9fd19e272e74"},"record_type":"event"}}',
};

function equal(actual, expected) {
  const [a, b] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (a !== b) throw new Error(`Expected ${b}, got ${a}`);
}

function below(ms, limit) {
  if (!(ms < limit)) throw new Error(`Took ${ms} ms, more than ${limit}`);
}

async function rejection(promise) {
  let value;
  try {
    value = await promise;
  } catch (error) {
    return error;
  }
  throw new Error(`Expected a rejection, got ${JSON.stringify(value)}`);
}

/** Whether Web Crypto can verify and sign Ed25519 here. */
async function hasEd25519() {
  const usages = ["sign", "verify"];
  return await crypto.subtle.generateKey("Ed25519", false, usages)
    .then(() => true, () => false);
}

const isWorkerd = globalThis.navigator?.userAgent === "Cloudflare-Workers";
const isOldDeno = /^2\.1\./.test(globalThis.Deno?.version.deno);
const isOldBun = /^1\.3\.\d$/.test(globalThis.Bun?.version);
const isNode = globalThis.navigator?.userAgent?.startsWith("Node.js") ??
  (globalThis.process !== undefined && !globalThis.document);

/** A function of a user, whose name stacks should have. */
async function myProgram(run) {
  return await run();
}

/** The cases, by name, against a server of `serveFaults()` at `origin`. */
function cases({ main, core, testing, loadNode, origin }) {
  const { getRoom, RoomsError } = main;
  const unique = Math.random().toString(36).slice(2);

  /** Where the server has a fault: each request, or, below a key, the first. */
  const pathOf = (fault) => encodeURIComponent(JSON.stringify(fault));

  /** Looks up the room below a path of the server, or with a fault. */
  const look = (where, opts = {}, token = "KEY", room = id) => {
    const path = typeof where === "string" ? where : pathOf(where);
    const baseUrl = `${origin}/${path}`;
    return getRoom(fetch, token, room, { baseUrl, ...opts });
  };

  /** Asserts a RoomsError with this code; returns it. */
  const fails = async (code, promise) => {
    const error = await rejection(promise);
    if (!(error instanceof RoomsError)) throw error;
    equal(error.code, code);
    equal(error.name, error.constructor.name);
    if (`${error.stack}${JSON.stringify(error)}`.includes("KEY")) {
      throw new Error("The token is in an error");
    }
    return error;
  };

  const byCode = {
    unauthorized: () => look("v2", {}, "other"),
    not_found: () => look("v2", {}, "KEY", missing),
    server_error: () => look({ status: 500 }, { retry: once }),
    network: () => look("", { baseUrl: "http://127.0.0.1:2", retry: once }),
    timeout: () => look({ delayMs: 60_000 }, { timeoutMs: 200 }),
    invalid_response: () => look({ body: { data: { id: 7 } } }),
    response_too_large: () => look("v2", { maxBodyBytes: 100 }),
  };

  return {
    ...Object.fromEntries(
      Object.entries(byCode).map(([code, call]) => [
        `getRoom() fails with ${code}`,
        () => fails(code, call()),
      ]),
    ),

    "getRoom() fails with rate_limited and retryAfterMs": async () => {
      const fault = { status: 429, headers: { "retry-after": "3600" } };
      const error = await fails("rate_limited", look(fault));
      equal([error.retryAfterMs, error.attempts], [3_600_000, 1]);
    },

    "getRoom() retries after 429, 503 and broken connections": async () => {
      const faults = {
        busy: { status: 429, headers: { "retry-after": "0" } },
        down: { status: 503 },
        broken: { disconnect: "before-response" },
      };
      for (const [name, fault] of Object.entries(faults)) {
        const attempts = [];
        const room = await look(`${pathOf(fault)}/${unique}`, {
          retry: { baseDelayMs: 1 },
          onAttempt: ({ attempt }) => attempts.push(attempt),
        });
        // fetch in Bun repeats a broken one itself on a reused connection
        const count = name === "broken" ? attempts.length : 2;
        equal([room.id, attempts.length], [id, count]);
      }
    },

    "A write is sent once over a kept connection that closes": async () => {
      // Browsers repeat it by themselves, and nothing can keep them from it
      if (globalThis.document) return;
      const writes = {
        createRoom: {},
        createComposition: { session_id: id },
        deleteRecordings: { roomId: id },
      };
      for (const [name, payload] of Object.entries(writes)) {
        const path = `lossy/${unique}-${name}`;
        await look(path); // opens the connection, and keeps it
        const opts = { baseUrl: `${origin}/${path}` };
        const call = main[name](fetch, "KEY", payload, opts);
        const error = await fails("network", call);
        const { count } = await look(path);
        equal([name, count, error.mayHaveTakenEffect], [name, 1, true]);
      }
    },

    "createRoom() is repeated only if nothing was sent": async () => {
      // These do not tell a refused connection from one that was lost
      const isVague = globalThis.document !== undefined || isWorkerd;
      const isVagueOfTls = isVague || globalThis.Bun !== undefined && !isOldBun;
      const refused = [
        ["http://127.0.0.1:2", isVague],
        ["http://none.invalid", isVague],
        [origin.replace("http:", "https:"), isVagueOfTls],
      ];
      for (const [baseUrl, isVague] of refused) {
        const opts = { baseUrl, retry: { baseDelayMs: 1 } };
        const call = main.createRoom(fetch, "KEY", {}, opts);
        const error = await fails("network", call);
        const expected = isVague ? [1, true] : [3, false];
        equal([error.attempts, error.mayHaveTakenEffect], expected);
      }
      // A port that fetch blocks, where it does, and says so
      const opts = { baseUrl: "http://127.0.0.1:6000" };
      const error = await rejection(main.createRoom(fetch, "KEY", {}, opts));
      const isBlocked = isNode || globalThis.Deno !== undefined && !isOldDeno;
      equal(error.code, isBlocked ? "invalid_argument" : error.code);
      if (error.code === "network") return;
      equal([error.code, error.attempts], ["invalid_argument", 1]);
      equal(error.mayHaveTakenEffect, false);
    },

    "getRoom() says in a page that its origin may be refused": async () => {
      const { message } = await fails("network", byCode.network());
      const says = message.includes("whether its server allows this origin");
      equal(says, globalThis.document !== undefined);
    },

    "getRoom() says how to pass a fetch that needs its this": async () => {
      const service = { fetch };
      const unbound = (url, init) => service.fetch(url, init);
      const baseUrl = `${origin}/v2`;
      const outcome = await getRoom(unbound, "KEY", id, { baseUrl }).catch(
        (error) => error,
      );
      if (outcome.id === id) return; // this runtime does not need it
      equal([outcome.code, outcome.attempts], ["invalid_argument", 1]);
      const advice = "(url, init) => env.SERVICE.fetch(url, init)";
      equal(outcome.message.includes(advice), true);
    },

    "parseWebhook() bounds bodies in bytes and time": async () => {
      const { publicKey, now, headers } = webhook;
      /** A stream of pieces that are views on 64 KiB each. */
      const tiny = (count) =>
        new ReadableStream({
          pull(controller) {
            if (count-- <= 0) return controller.close();
            controller.enqueue(new Uint8Array(65_536).subarray(0, 1));
          },
        });
      const stalled = new ReadableStream({
        start: (controller) => controller.enqueue(new Uint8Array(9)),
      });
      const outcome = async (body, opts) => {
        const all = { now, ...opts };
        const call = main.parseWebhook({ headers, body }, publicKey, all);
        const { code } = await rejection(call);
        return code === "unsupported" ? "bad_signature" : code;
      };
      equal(
        await outcome(tiny(20_000), { timeoutMs: 60_000 }),
        "bad_signature",
      );
      equal(
        await outcome(tiny(Infinity), { maxBodyBytes: 10_000 }),
        "too_large",
      );
      for (const body of [tiny(Infinity), stalled]) {
        const began = Date.now();
        equal(await outcome(body, { timeoutMs: 50 }), "incomplete");
        below(Date.now() - began, 9000); // the default is 10 s
      }
    },

    "getRoom() fails with network when a body breaks off": async () => {
      const opts = { retry: once, timeoutMs: isOldBun ? 3000 : 30_000 };
      const { code } = await look({ disconnect: "in-body" }, opts).catch((
        error,
      ) => error);
      // Old versions of Bun often do not tell
      equal(code, isOldBun && code === "timeout" ? "timeout" : "network");
    },

    "getRoom() ends a stalled body at the deadline": async () => {
      const began = Date.now();
      // The headers must come before, also on a busy machine
      const call = look({ bodyDelayMs: 60_000 }, { timeoutMs: 2000 });
      const error = await fails("timeout", call);
      equal(error.waitingFor, "body");
      below(Date.now() - began, 9000); // the default is 10 s
    },

    "getRoom() rejects with the reason of an abort": async () => {
      for (const fault of [{ delayMs: 60_000 }, { bodyDelayMs: 60_000 }]) {
        const controller = new AbortController();
        const { signal } = controller;
        const reason = { because: fault };
        setTimeout(() => controller.abort(reason), 50);
        equal(await rejection(look(fault, { signal })), reason);
      }
    },

    "Every stack names the called function, and its caller": async () => {
      const later = (_, reject) => setTimeout(() => reject(new Error("x")), 5);
      const servers = {
        network: [() => Promise.reject(7), () => new Promise(later)],
        timeout: [() => new Promise(() => {})],
        not_found: [async () => await new Response("{}", { status: 404 })],
        invalid_argument: [undefined],
      };
      const named = async (code, fetch, name, ...args) => {
        const { [name]: run } = main;
        const timeoutMs = code === "timeout" ? 20 : undefined;
        const opts = { retry: false, timeoutMs };
        const call = myProgram(() => run(fetch, "KEY", ...args, opts));
        const { stack } = await fails(code, call);
        for (const called of [name, "myProgram"]) {
          const frame = new RegExp(`^\\s*at (async )?${called} `, "m");
          if (frame.test(stack)) continue;
          throw new Error(`${called} is not named, ${code}: ${stack}`);
        }
      };
      for (const [code, fetches] of Object.entries(servers)) {
        for (const fetch of fetches) {
          // Functions of several kinds
          await named(code, fetch, "getRoom", id);
          await named(code, fetch, "createRoom", {});
          await named(code, fetch, "listRooms");
          await named(code, fetch, "endSession", id);
        }
      }
      const empty = async () => await new Response("{}");
      await named("invalid_response", empty, "getRoom", id);
    },

    "A call that succeeds makes no error": async () => {
      let made = 0;
      const counted = (target) =>
        new Proxy(target, {
          construct(...args) {
            made++;
            return Reflect.construct(...args);
          },
        });
      const { Error, TypeError } = globalThis;
      Object.assign(globalThis, {
        Error: counted(Error),
        TypeError: counted(TypeError),
      });
      // The one that super() calls
      Object.setPrototypeOf(RoomsError, globalThis.Error);
      const { fetch } = testing.fakeRooms({ rooms: [{ id }] });
      const found = () => Promise.resolve(Response.json({ data: { id } }));
      try {
        await getRoom(fetch, "any", id);
        const { signal } = new AbortController();
        await getRoom(found, "any", id, { signal });
        equal(made, 0);
        // It counts the errors of a call that fails
        const refused = () => Promise.reject(7);
        await fails("network", getRoom(refused, "any", id, { retry: once }));
        equal(made > 0, true);
      } finally {
        Object.assign(globalThis, { Error, TypeError });
        Object.setPrototypeOf(RoomsError, Error);
      }
    },

    "getRoom() follows no redirect": async () => {
      const headers = { location: "/v2/rooms/elsewhere" };
      const call = look({ status: 302, headers });
      const error = await fails("unexpected_status", call);
      if (error.status !== 302 && error.status !== 0) {
        throw new Error(`Status ${error.status}`);
      }
    },

    "parseWebhook() accepts signed webhooks in every form": async () => {
      const { publicKey, now, headers, body } = webhook;
      const init = { method: "POST", headers, body };
      const forms = [
        new Request("http://127.0.0.1/", init),
        { headers, body },
        { headers: new Headers(headers), body: new TextEncoder().encode(body) },
        { headers, body: new Blob([body]).stream() },
      ];
      for (const form of forms) {
        const event = await main.parseWebhook(form, publicKey, { now });
        equal(event, core.readEvent(body));
        equal(event.payload.room_id, id);
      }
    },

    "parseWebhook() rejects what is forged, large, or was already read":
      async () => {
        const { publicKey, now, headers, body } = webhook;
        const forged = {
          ...headers,
          "telnyx-signature-ed25519": `${"A".repeat(86)}==`,
        };
        const toRequest = (headers, body) =>
          new Request("http://127.0.0.1/", { method: "POST", headers, body });
        const refused = async (code, headers, body, opts) => {
          for (const form of [toRequest(headers, body), { headers, body }]) {
            const call = main.parseWebhook(form, publicKey, { now, ...opts });
            await fails(code, call);
          }
        };
        await refused("bad_signature", forged, body);
        await refused("bad_signature", headers, `${body} `);
        await refused("too_large", headers, body, { maxBodyBytes: 10 });
        const request = toRequest(headers, body);
        await request.text();
        const call = main.parseWebhook(request, publicKey, { now });
        equal((await fails("invalid_argument", call)).argument, "request");
      },

    "parseWebhook() accepts the webhooks of the fake": async () => {
      const sent = [];
      const fake = testing.fakeRooms({
        rooms: [{ id }],
        webhookUrl: "http://127.0.0.1/",
        onWebhook: (request) => void sent.push(request),
      });
      fake.join(id, { context: "Alice" });
      if (!await hasEd25519()) {
        const { message } = await rejection(fake.delivered());
        equal(message.includes("Web Crypto has no Ed25519"), true);
        return;
      }
      await fake.delivered();
      const [started, joined] = await Promise.all(
        sent.map((request) => main.parseWebhook(request, fake.publicKey)),
      );
      equal(started.event_type, "video.room.session.started");
      equal(joined.payload.context, "Alice");
    },

    "watchRoom() yields who joins, and ends with its signal": async () => {
      const controller = new AbortController();
      const opts = { baseUrl: `${origin}/v2`, signal: controller.signal };
      const seen = [];
      const reason = { because: "enough" };
      const watching = (async () => {
        for await (const event of main.watchRoom(fetch, "KEY", id, opts)) {
          seen.push(event);
          if (seen.length === 3) controller.abort(reason);
        }
      })();
      equal(await rejection(watching), reason);
      const joined = seen.filter(({ event_type }) =>
        event_type === "video.room.participant.joined"
      );
      equal(joined.map(({ payload }) => payload.context), ["Alice", "Bob"]);
    },

    "every operation works over HTTP": async () => {
      const baseUrl = `${origin}/own/${unique}`;
      const ask = (name, args, opts) =>
        main[name](fetch, "KEY", ...args, { baseUrl, ...opts });
      const made = await callEveryOperation(ask, id);
      equal([made.unique_name, made.max_participants], ["Größe", 3]);
      const left = [];
      for (const of of ["Rooms", "Sessions", "Participants", "Recordings"]) {
        let count = 0;
        for await (const _ of ask(`all${of}`, [])) count++;
        left.push(count);
      }
      equal(left, [1, 1, 2, 0]);
    },

    "./core makes requests and reads responses": async () => {
      const { getRoomOperation } = core;
      const opts = { baseUrl: `${origin}/v2` };
      const request = core.toRequest(getRoomOperation, "KEY", { id }, opts);
      const response = await fetch(request.url, request);
      const { status, headers } = response;
      const read = { status, headers, body: await response.text() };
      equal(core.parseResponse(getRoomOperation, read).data.id, id);
    },

    "./node has httpFetch, or says what it needs": async () => {
      const loading = loadNode();
      const version = globalThis.Deno?.version.deno;
      // The oldest Deno that is supported is one of these
      const isOld = version !== undefined && /^2\.[0-7]\./.test(version);
      if (!globalThis.process?.getBuiltinModule || isOld) {
        const { name, message } = await rejection(loading);
        equal([name, message.includes("pass fetch instead")], [
          "TypeError",
          true,
        ]);
        return;
      }
      const { httpFetch } = await loading;
      const opts = { baseUrl: `${origin}/v2` };
      equal((await getRoom(httpFetch, "KEY", id, opts)).id, id);
    },

    "jobs: the room of a name, who is in it, and its files": async () => {
      let now = Date.now();
      const fake = testing.fakeRooms({ now: () => now });
      const ask = (name, ...args) => main[name](fake.fetch, "any", ...args);
      const fields = { unique_name: "Standup", enable_recording: true };
      const find = () => ask("findOrCreateRoom", fields);
      const [room, same] = await Promise.all([find(), find()]);
      equal([room.id, fake.rooms.length], [same.id, 1]);

      const { id: alice, session_id } = fake.join(room.id, {
        context: "Alice",
      });
      const live = await ask("getRoom", room.id, { includeSessions: true });
      const people = main.presentParticipants(live);
      equal(people.map(({ context }) => context), ["Alice"]);
      fake.leave(alice);

      const wait = { intervalMs: 100, onProgress: () => now += 2000 };
      const settled = { ...wait, settleMs: 0 };
      equal((await ask("waitForRecordings", session_id, settled)).length, 2);
      const composed = { ...main.wholeMeeting, session_id };
      const film = await ask("createComposition", composed);
      const { status } = await ask("waitForComposition", film.id, wait);
      equal(status, "completed");
    },

    "downloadRecording() reads a file, and resumes it": async () => {
      const read = async (path) => {
        const statuses = [];
        const file = await main.downloadRecording(fetch, "KEY", id, {
          baseUrl: `${origin}/${path}`,
          retry: { baseDelayMs: 1 },
          onAttempt: ({ operation, status }) => {
            if (operation === "GET download_url") statuses.push(status);
          },
        });
        const bytes = await new Response(file.stream).arrayBuffer();
        const hash = await crypto.subtle.digest("SHA-256", bytes);
        const { size, etag } = file;
        return { statuses, file: [size, etag, new Uint8Array(hash)] };
      };
      const whole = await read("files");
      equal([whole.file[0], whole.statuses], [200_000, [200]]);
      const resumed = await read("once-broken-file");
      equal([resumed.file, resumed.statuses.length], [whole.file, 2]);
    },

    "serveRooms() serves, or rejects without node:http": async () => {
      const fake = testing.fakeRooms({ rooms: [{ id }] });
      const serving = testing.serveRooms(fake);
      if (!globalThis.process?.getBuiltinModule) {
        const { message } = await rejection(serving);
        equal(message.includes("no node:http"), true);
        return;
      }
      const { url: baseUrl, close } = await serving;
      const opts = { baseUrl, retry: once };
      equal((await getRoom(fetch, "any", id, opts)).id, id);
      // Some runtimes retry a broken connection themselves
      fake.fault({ disconnect: "before-response" }, 99);
      await fails("network", getRoom(fetch, "any", id, opts));
      await close();
    },
  };
}

/** Runs every case; returns its name, and how it failed. */
export const runCases = (context) => resultsOf(cases(context));
