/**
 * What `httpFetch` does on every runtime with Node's modules, in plain JavaScript:
 * cases by name, which throw if they fail.
 */
import { deepEqual, ok } from "node:assert/strict";
import { Buffer } from "node:buffer";
import http from "node:http";
import { tmpdir } from "node:os";
import process from "node:process";
import { setTimeout } from "node:timers";
import zlib from "node:zlib";
import { resultsOf } from "./results.js";
import { abortedIn, later, listen, onRequests, until } from "./tcp.js";

const id = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
const room = JSON.stringify({ data: { id, unique_name: "Größe" } });
const retry = { baseDelayMs: 0 };

const [isDeno, isBun] = ["Deno" in globalThis, "Bun" in globalThis];
const isNode = !isDeno && !isBun;

/** What a promise rejects with. */
const failure = (promise) =>
  promise.then(
    (value) => ok(false, `It resolved: ${JSON.stringify(value)}`),
    (error) => error,
  );

/** A response as it goes over the wire, whose connection is kept. */
function response(body = room, status = 200, headers = {}) {
  const bytes = Buffer.from(body);
  const all = { "content-length": bytes.length, ...headers };
  const lines = Object.entries(all).map((header) => `${header.join(": ")}\r\n`);
  const head = `HTTP/1.1 ${status} Any\r\n${lines.join("")}\r\n`;
  return Buffer.concat([Buffer.from(head, "latin1"), bytes]);
}

const half = response().subarray(0, -9);

/**
 * Serves on loopback while `use` runs. `act` gets each request with its number on
 * its connection, and the number of the connection.
 */
async function serving(act, use) {
  const requests = [];
  let connections = 0;
  const server = await listen((socket) => {
    const connection = connections++;
    onRequests(socket, (request) => {
      requests.push(request);
      act(socket, { ...request, connection });
    });
  });
  const url = `http://127.0.0.1:${server.port}`;
  try {
    await use({ ...server, url, requests, connections: () => connections });
  } finally {
    await server.close();
  }
}

/** A case with one server. */
const on = (act, use) => () => serving(act, use);

const answers = (bytes = response()) => (socket) => socket.write(bytes);

/** What each encoding makes of a body. */
const encoders = {
  gzip: zlib.gzipSync,
  "x-gzip": zlib.gzipSync,
  "GZip": zlib.gzipSync,
  deflate: zlib.deflateSync,
  "deflate ": zlib.deflateRawSync,
  br: zlib.brotliCompressSync,
  "gzip, br": (body) => zlib.brotliCompressSync(zlib.gzipSync(body)),
  "identity": (body) => body,
};

/** A response whose body is said to have an encoding. */
const saying = (encoding, bytes) =>
  response(bytes, 200, { "content-encoding": encoding });
const encoded = (name, body = room) =>
  saying(name, encoders[name](Buffer.from(body)));

/** Reads a body as a text, or piece by piece. */
async function readAs(how, response) {
  if (how === "text") return await response.text();
  const pieces = [];
  for await (const piece of response.body) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

export function cases({ main, node }) {
  const { createRoom, deleteRoom, getRoom, updateRoom } = main;
  const { createHttpFetch } = node;
  const httpFetch = createHttpFetch();

  /** Looks the room up. */
  const look = (baseUrl, opts, fetchFn = httpFetch) =>
    getRoom(fetchFn, "KEY", id, { baseUrl, retry, ...opts });
  const create = (baseUrl, fetchFn = httpFetch, opts = {}) =>
    createRoom(fetchFn, "KEY", {}, { baseUrl, retry, ...opts });

  /** A call of each kind of write, and the response to it. */
  const writes = {
    POST: [
      (opts) => create(opts.baseUrl, httpFetch, opts),
      response(room, 201),
    ],
    PATCH: [(opts) => updateRoom(httpFetch, "KEY", id, {}, opts), response()],
    DELETE: [
      (opts) => deleteRoom(httpFetch, "KEY", id, opts),
      "HTTP/1.1 204 Any\r\n\r\n",
    ],
  };

  return {
    "decodes what it accepts, and bounds it then, to the byte": async () => {
      // One that is larger when it is compressed, and one that is far smaller
      for (const body of ['{"data":{"id":"7"}}', room.padEnd(3_000_000)]) {
        const size = Buffer.byteLength(body);
        for (const name of Object.keys(encoders)) {
          await serving(answers(encoded(name, body)), async (server) => {
            const { url, requests } = server;
            const got = await look(url, { maxBodyBytes: size });
            deepEqual({ ...got }, JSON.parse(body).data, name);
            const [{ head }] = requests;
            ok(/^accept-encoding: gzip, deflate, br\r$/im.test(head), head);
            const cut = await failure(look(url, { maxBodyBytes: size - 1 }));
            deepEqual(cut.code, "response_too_large", name);
          });
        }
      }
    },

    "refuses a body cut off or broken inside its encoding": async () => {
      const noise = crypto.getRandomValues(new Uint8Array(60_000));
      const data = { id, noise: Buffer.from(noise).toString("base64") };
      for (const [name, encode] of Object.entries(encoders)) {
        if (name === "identity") continue;
        // The brotli of Deno takes what was cut off for whole: the JSON is not
        const isBlind = isDeno && name.includes("br");
        const whole = encode(Buffer.from(JSON.stringify({ data })));
        const broken = Buffer.from(whole).fill(0xff, 12, 60);
        for (const body of [whole.subarray(0, -9), broken]) {
          await serving(answers(saying(name, body)), async ({ url }) => {
            const { code } = await failure(look(url, { retry: false }));
            const codes = ["network", isBlind && "invalid_response"];
            ok(codes.includes(code), `${name} ${code}`);
            if (isBlind) return;
            const streamed = await httpFetch(url, {});
            ok(await failure(readAs("stream", streamed)), name);
          });
        }
      }
    },

    "names an encoding that it does not know": async () => {
      const body = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0xff, 0xfe]);
      await serving(answers(saying("zstd", body)), async ({ url }) => {
        const { code, message } = await failure(look(url));
        deepEqual([code, message.includes("zstd")], ["invalid_response", true]);
      });
    },

    "gives text, JSON, bytes and a stream of any response": async () => {
      for (const name of ["identity", "gzip", "br", "deflate"]) {
        const headers = { "content-encoding": name, "x-a": "1" };
        const bytes = encoders[name](Buffer.from(room));
        const act = answers(response(bytes, 200, headers));
        await serving(act, async ({ url, requests, connections }) => {
          const get = () => httpFetch(`${url}/a?b#c`, {});
          const first = await get();
          deepEqual(await first.text(), room, name);
          const { bodyUsed, ok: isOk, status, type } = first;
          deepEqual([bodyUsed, isOk, status, type], [true, true, 200, "basic"]);
          deepEqual([first.url, requests[0].path], [`${url}/a?b`, "/a?b"]);
          const named = ["X-A", "x-b", "constructor"]
            .map((name) => first.headers.get(name));
          deepEqual(named, ["1", null, null]);
          ok(await failure(first.text()) instanceof TypeError, "read twice");
          deepEqual((await (await get()).json()).data.id, id, name);
          const buffer = await (await get()).arrayBuffer();
          deepEqual(Buffer.from(buffer).toString(), room, name);
          deepEqual(await readAs("stream", await get()), room, name);
          // A stream that nobody has read does not stand in the way
          const both = await get();
          deepEqual([both.body.locked, both.bodyUsed], [false, false]);
          deepEqual([await both.text(), both.bodyUsed], [room, true]);
          deepEqual(connections(), 1);
        });
      }
    },

    "joins headers that come twice, as fetch does": async () => {
      const twice = "HTTP/1.1 200 OK\r\nx-a: 1\r\nX-A: 2\r\n" +
        "retry-after: 1\r\nretry-after: 2\r\ncontent-length: 0\r\n\r\n";
      await serving(answers(twice), async ({ url }) => {
        const { headers } = await httpFetch(url, {});
        deepEqual(headers.get("x-a"), "1, 2");
        // Bun and Deno keep one
        const kept = isNode ? ["1, 2"] : ["1, 2", "1", "2"];
        ok(kept.includes(headers.get("retry-after")));
      });
    },

    "keeps its connection after bodies, errors, redirects, none": async () => {
      const wire = [
        response(),
        response("{}", 404),
        response("{}", 302, { location: "/b" }),
        "HTTP/1.1 204 Any\r\n\r\n",
        "HTTP/1.1 304 Any\r\n\r\n",
        response("{}", 500),
        response(),
      ];
      const act = (socket, { nth }) => socket.write(wire[nth]);
      await serving(act, async ({ url, requests, connections }) => {
        for (const _ of wire) {
          await look(url, { retry: false }).catch(() => {});
          await later(5);
        }
        deepEqual(requests.length, wire.length);
        if (isNode) deepEqual(connections(), 1);
      });
    },

    "has no body where there is none": async () => {
      const act = (socket, { method, path }) => {
        const length = method === "HEAD" ? "content-length: 9\r\n" : "";
        socket.write(`HTTP/1.1 ${path.slice(1)} Any\r\n${length}\r\n`);
      };
      await serving(act, async ({ url }) => {
        for (const request of ["204 GET", "304 GET", "200 HEAD"]) {
          const [path, method] = request.split(" ");
          const response = await httpFetch(`${url}/${path}`, { method });
          deepEqual(
            [response.body, await response.text()],
            [null, ""],
            request,
          );
        }
      });
    },

    "rejects a response that changes the protocol, for which nobody asked": on(
      answers(
        "HTTP/1.1 101 Any\r\nconnection: upgrade\r\nupgrade: any\r\n\r\nany",
      ),
      async ({ url }) => {
        const error = await failure(httpFetch(url, {}));
        ok(/101/.test(error.message), error.message);
        for (const call of [look, create]) {
          const { code } = await failure(call(url));
          deepEqual(code, "network");
        }
      },
    ),

    "gives redirects as answers, follows them, or refuses them": async () => {
      const act = (socket, { path }) => {
        const [, status, to] = /^\/to\/(\d+)\/(.*)/.exec(path) ?? [];
        const headers = to ? { location: decodeURIComponent(to) } : {};
        socket.write(
          status ? response("gone", status, headers) : response(path),
        );
      };
      await serving(act, async ({ url, requests }) => {
        const go = (status, to, init = {}) =>
          httpFetch(`${url}/to/${status}/${encodeURIComponent(to)}`, init);
        for (const status of [301, 302, 303, 307, 308]) {
          const manual = await go(status, "/b", { redirect: "manual" });
          deepEqual([manual.status, await manual.text()], [status, "gone"]);
          const refused = go(status, "/b", { redirect: "error" });
          ok(await failure(refused) instanceof TypeError, `${status}`);
          const followed = await go(status, "/b?c");
          deepEqual([followed.status, await followed.text()], [200, "/b?c"]);
          deepEqual(followed.url, `${url}/b?c`);

          const headers = { "content-type": "text/plain", "x-a": "1" };
          const init = { method: "POST", body: "Größe", headers };
          await (await go(status, "/b", init)).text();
          const { method, body, head } = requests.at(-1);
          const keeps = status > 303;
          const sent = Buffer.from("Größe").toString("latin1");
          deepEqual([method, body], keeps ? ["POST", sent] : ["GET", ""]);
          deepEqual(/^content-type/im.test(head), keeps);
          ok(/^x-a: 1/im.test(head), head);
        }
        deepEqual((await go(302, "")).status, 302, "it has no target");
        const away = [
          "file:///a",
          "data:text/plain,a",
          "http://a:b@127.0.0.1/",
        ];
        for (const to of [...away, "http://["]) {
          ok(await failure(go(302, to)) instanceof TypeError, to);
        }
      });
      const loop = answers(response("", 302, { location: "/again" }));
      await serving(loop, async ({ url, requests }) => {
        const { message } = await failure(httpFetch(url, {}));
        ok(message.includes("20"), message);
        deepEqual(requests.length, 21);
      });
    },

    "leaves no redirect open that it follows or refuses": async () => {
      const cut = response("{}", 302, { location: "/b" }).subarray(0, -1);
      const act = (socket, { path }) =>
        socket.write(path === "/b" ? response() : cut);
      await serving(act, async ({ url, left }) => {
        await (await httpFetch(url, { keepalive: false })).text();
        deepEqual(await left(), 0, "followed");
        const refused = failure(httpFetch(url, { redirect: "error" }));
        ok(await refused instanceof TypeError);
        deepEqual(await left(), 0, "refused");
      });
    },

    "sends credentials to their own origin alone": async () => {
      const headers = {
        Authorization: "Bearer KEY",
        Cookie: "a=b",
        "x-a": "1",
      };
      const secret = /^(authorization|cookie):/im;
      await serving(answers(), async (other) => {
        const to = (location) => response("", 307, { location });
        const paths = { "/own": to("/end"), "/other": to(other.url) };
        const act = (socket, { path }) =>
          socket.write(paths[path] ?? response());
        await serving(act, async ({ url, requests }) => {
          await (await httpFetch(`${url}/own`, { headers })).text();
          ok(secret.test(requests[1].head), requests[1].head);
          await (await httpFetch(`${url}/other`, { headers })).text();
          const [{ head }] = other.requests;
          ok(!secret.test(head), head);
          ok(/^x-a: 1/im.test(head), head);
          ok(head.includes(`:${other.port}\r\n`), "the host is its own");
        });
      });
    },

    "rejects with the reason, whenever it is aborted": async () => {
      const gzip = encoded("gzip", room.padEnd(99_999));
      const moments = {
        "before it began": [answers(), 0],
        "before the headers": [() => {}, 30],
        "inside the headers": [answers("HTTP/1.1 200 OK\r\nconte"), 30],
        "before the body": [
          answers("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n"),
          30,
        ],
        "inside the body": [answers(half), 30],
        "inside a compressed body": [answers(gzip.subarray(0, -5)), 30],
      };
      const reasons = {
        text: new Error("enough"),
        stream: "text",
        getRoom: { a: 1 },
      };
      for (const [moment, [act, ms]] of Object.entries(moments)) {
        await serving(act, async ({ url, left }) => {
          for (const [how, reason] of Object.entries(reasons)) {
            const signal = abortedIn(ms, reason);
            const reading = how === "getRoom"
              ? look(url, { signal })
              : httpFetch(url, { signal }).then((got) => readAs(how, got));
            const thrown = await failure(reading);
            ok(thrown === reason, `${moment}, ${how}: ${thrown?.stack}`);
            deepEqual(await left(), 0, `${moment}: open`);
          }
        });
      }
    },

    "aborts while it connects": async () => {
      const reason = new Error("enough");
      // A name that is never resolved
      const agent = new http.Agent({ lookup: () => {} });
      const signal = abortedIn(20, reason);
      const fetchFn = createHttpFetch({ agent });
      const pending = fetchFn("http://a.invalid/", { signal });
      if (isNode) deepEqual(await failure(pending) === reason, true);
      else pending.catch(() => {}); // they may resolve names themselves
    },

    "does not end a body that was read whole": on(
      answers(),
      async ({ url, connections }) => {
        const controller = new AbortController();
        const { signal } = controller;
        deepEqual(await (await httpFetch(url, { signal })).text(), room);
        controller.abort();
        await later(20);
        await (await httpFetch(url, {})).text();
        deepEqual(connections(), 1);
      },
    ),

    "cancels a stream, and its connection": on(
      answers(half),
      async ({ url, left }) => {
        await (await httpFetch(url, {})).body.cancel("enough");
        deepEqual(await left(), 0);
        const reader = (await httpFetch(url, {})).body.getReader();
        await reader.read();
        await reader.cancel();
        deepEqual(await left(), 0);
      },
    ),

    "reads a stream only as fast as it is read": async () => {
      const size = 64 * 2 ** 20;
      const piece = Buffer.alloc(65_536, "x");
      let written = 0;
      const act = (socket) => {
        const write = () => {
          while (written < size && !socket.destroyed) {
            written += piece.length;
            if (!socket.write(piece)) return;
          }
        };
        socket.on("drain", write);
        socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${size}\r\n\r\n`);
        write();
      };
      await serving(act, async ({ url }) => {
        const reader = (await httpFetch(url, {})).body.getReader();
        await reader.read();
        await later(200);
        ok(written < size / 2, `${written} bytes were written`);
        for (let read = 0; read <= size / 2;) {
          read += (await reader.read()).value.length;
        }
        await reader.cancel();
      });
    },

    "reports a body that ends early, but reads one that is whole": async () => {
      const ends = { end: half, resetAndDestroy: half, "": response() };
      for (const [end, bytes] of Object.entries(ends)) {
        const act = (socket) => {
          if (!end) return socket.end(bytes);
          socket.write(bytes);
          setTimeout(() => socket[end](), 20);
        };
        await serving(act, async ({ url }) => {
          for (const how of ["text", "stream"]) {
            for (const ms of [0, 60]) {
              const got = await httpFetch(url, {});
              await later(ms);
              const read = await readAs(how, got).catch((error) => error);
              if (end) ok(read instanceof Error, `${end}, ${how}, ${ms}`);
              else deepEqual(read, room);
            }
          }
        });
      }
    },

    "sends a GET again at once where the kept connection closed": async () => {
      if (isBun) return; // it does not say that it was kept
      for (const end of ["end", "resetAndDestroy"]) {
        const act = (socket, { nth }) =>
          nth === 0 ? socket.write(response()) : socket[end]();
        await serving(act, async ({ url, requests, connections }) => {
          await look(url);
          const attempts = [];
          await look(url, { onAttempt: (event) => attempts.push(event) });
          deepEqual([attempts.length, connections()], [1, 2]);
          deepEqual(requests.map(({ nth }) => nth), [0, 1, 0]);
        });
      }
    },

    "sends a write again at once if nothing of it was sent": async () => {
      if (!isNode) return; // the others send it before it can be known
      for (const [method, [call, done]] of Object.entries(writes)) {
        const act = (socket, { method }) => {
          if (method !== "GET") return socket.write(done);
          socket.write(response());
          setTimeout(() => socket.end(), 20);
        };
        await serving(act, async ({ url, requests, connections }) => {
          await look(url);
          // The process is busy, and has not seen the end when it sends
          await later(5);
          const busyUntil = performance.now() + 60;
          while (performance.now() < busyUntil);
          const attempts = [];
          const onAttempt = (event) => attempts.push(event);
          await call({ baseUrl: url, onAttempt });
          deepEqual([attempts.length, connections()], [1, 2], method);
          deepEqual(requests.map(({ method }) => method), ["GET", method]);
        });
      }
    },

    "leaves a write that was sent to the call, which decides": async () => {
      if (isBun) return; // where a write has a connection of its own
      for (const [method, [call, done]] of Object.entries(writes)) {
        const act = (socket, { method, nth }) => {
          if (method === "GET") return socket.write(response());
          if (nth > 0) return socket.end();
          socket.write(done);
        };
        await serving(act, async ({ url, requests }) => {
          await look(url);
          await later(20);
          const error = await call({ baseUrl: url, retry })
            .then(() => undefined, (error) => error);
          await later(20);
          const sent = requests.filter(({ method }) => method !== "GET").length;
          const repeats = method !== "POST";
          deepEqual([sent, error === undefined], [repeats ? 2 : 1, repeats]);
          if (repeats) return;
          deepEqual([error.code, error.mayHaveTakenEffect], ["network", true]);
        });
      }
    },

    "sends nothing more when it is aborted on a kept connection": async () => {
      for (const method of ["GET", "POST"]) {
        const controller = new AbortController();
        const { signal } = controller;
        const reason = new Error("enough");
        const act = (socket, { nth }) =>
          nth === 0
            ? socket.write(response())
            : setTimeout(() => controller.abort(reason), 20);
        await serving(act, async ({ url, requests, left }) => {
          await (await httpFetch(url, {})).text();
          await later(5);
          ok(await failure(httpFetch(url, { method, signal })) === reason);
          deepEqual([await left(), requests.length], [0, 2], method);
        });
      }
    },

    "makes a new connection after 4 s, however late timers are": async () => {
      const { now } = Date;
      await serving(answers(), async ({ url, connections }) => {
        try {
          await look(url);
          await look(url);
          deepEqual(connections(), 1);
          Date.now = () => now() + 4100; // the process was frozen
          await look(url);
          if (isNode) deepEqual(connections(), 2);
        } finally {
          Date.now = now;
        }
      });
    },

    "gives nobody a response that was not asked for": async () => {
      if (!isNode) return; // a matter of their own node:http
      const other = response(room.replace(id, "other"));
      for (const ms of [0, 20]) {
        let written = false;
        const done = () => written = true;
        const act = (socket, { nth, connection }) => {
          socket.write(response());
          if (connection > 0 || nth > 0) return;
          setTimeout(() => socket.write(other, done), ms);
        };
        await serving(act, async ({ url }) => {
          for (let i = 0; i < 3; i++) {
            deepEqual((await look(url)).id, id, `${ms} ms`);
            // Timers may be late, and what is on its way is read before one fires
            ok(await until(() => written), "not written");
            await later(5);
          }
        });
      }
    },

    "tells Node's code of what failed, and what may be done": async () => {
      const failures = {
        ECONNREFUSED: await failure(create("http://127.0.0.1:2")),
      };
      for (const code of isNode ? ["ENOTFOUND", "EAI_AGAIN"] : []) {
        const error = Object.assign(new Error(`getaddrinfo ${code}`), { code });
        const agent = new http.Agent({ lookup: (_a, _b, done) => done(error) });
        const fetchFn = createHttpFetch({ agent });
        failures[code] = await failure(create("http://a.invalid", fetchFn));
      }
      const facts = (error) => {
        const { code, cause, mayHaveTakenEffect, attempts } = error;
        return [code, cause.code, mayHaveTakenEffect, attempts];
      };
      for (const [code, error] of Object.entries(failures)) {
        deepEqual(facts(error), ["network", code, false, 3]);
      }
      await serving((socket) => socket.resetAndDestroy(), async ({ url }) => {
        const error = await failure(create(url));
        deepEqual(facts(error), ["network", "ECONNRESET", true, 1]);
      });
    },

    "refuses what fetch refuses": on(answers(), async ({ url, requests }) => {
      const values = ["a\r\nb: c", "a\nb", "a\0b", "é̀€", "😀"];
      const names = ["", "a b", "a:", "ä", "a\r\n"];
      const headers = [
        ...values.map((value) => ({ "x-a": value })),
        ...names.map((name) => ({ [name]: "1" })),
        { "transfer-encoding": "chunked" },
        ...["KEY0123", 5, true],
      ];
      const methods = ["CONNECT", "TRACE", "A B", "A\r\nB"];
      const wrong = [
        ["not a url", {}],
        ["/relative", {}],
        ["file:///etc/passwd", {}],
        ["data:text/plain,a", {}],
        [url.replace("//", "//a:b@"), {}],
        [url, { body: "a" }],
        [url, { method: "HEAD", body: "a" }],
        ...methods.map((method) => [url, { method }]),
        ...headers.map((headers) => [url, { headers }]),
      ];
      for (const [url, init] of wrong) {
        const error = await failure(httpFetch(url, init));
        ok(error instanceof TypeError, `${JSON.stringify([url, init])}`);
        ok(!error.message.includes("KEY0123"), error.message);
      }
      deepEqual(requests, []);
    }),

    "sends a URL and headers with odd characters as fetch does": async () => {
      const seen = async (fetchFn, path, headers) => {
        let request;
        await serving(answers(), async ({ url, requests }) => {
          await (await fetchFn(`${url}${path}`, { headers })).text();
          [request] = requests;
        });
        return [request.path, /^x-a: ?(.*?)\r$/im.exec(request.head)?.[1]];
      };
      const odd = [
        ...["/ä/😀?ö=ü", "/a b/%20/%zz/../c/./d", "/a\\b?c\\d", "/\t\n/a"],
        ...["?a='\"<>`{}|^", "/a#b", "//a//b", "/%2e%2e/a"],
      ];
      for (const path of odd) {
        const { pathname, search } = new URL(`http://a.example${path}`);
        const [sent] = await seen(httpFetch, path, {});
        deepEqual(sent, pathname + search);
        // Bun makes one slash of several
        if (!isBun) deepEqual(sent, (await seen(fetch, path, {}))[0]);
      }
      for (const value of ["  a b\t", "é ÿ", "", "a\tb", "\u00a0a"]) {
        const both = [httpFetch, fetch].map((fetchFn) =>
          seen(fetchFn, "/", { "X-A": value })
        );
        deepEqual(await both[0], await both[1], JSON.stringify(value));
      }
      const own = new Headers({ "x-a": "1" });
      deepEqual(await seen(httpFetch, "/", own), ["/", "1"]);
    },

    "sends a body of text or a Blob, or none, with its length": on(
      answers(),
      async ({ url, requests }) => {
        const bytes = Buffer.from("Größe").toString("latin1");
        const headers = { "content-length": "1" };
        for (const body of ["Größe", new Blob(["Größe"])]) {
          for (const method of ["POST", "PATCH", "DELETE"]) {
            await (await httpFetch(url, { method, body, headers })).text();
            deepEqual(requests.at(-1).body, bytes, method);
          }
        }
        for (const method of ["POST", "PROPFIND"]) {
          await (await httpFetch(url, { method })).text();
          ok(/^content-length: 0\r$/im.test(requests.at(-1).head), method);
        }
      },
    ),

    "lets who wraps node:http, as a tracer or an agent, read and add headers":
      on(
        answers(),
        async ({ url, requests }) => {
          const http = process.getBuiltinModule("node:http");
          const { request } = http;
          let sent;
          http.request = (options) => {
            const headers = Object.assign({}, options.headers, { "x-b": "2" });
            return sent = request({ ...options, headers });
          };
          try {
            await (await httpFetch(url, { headers: { "X-A": "1" } })).text();
          } finally {
            http.request = request;
          }
          deepEqual([sent.getHeader("x-a"), sent.getHeader("x-b")], ["1", "2"]);
          ok(/^x-a: 1\r$/im.test(requests[0].head));
        },
      ),

    "uses an agent of one's own, also to a Unix socket": async () => {
      const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
      const fetchFn = createHttpFetch({ agent });
      const slow = (socket) => setTimeout(() => socket.write(response()), 5);
      await serving(slow, async ({ url, connections }) => {
        const calls = Array.from({ length: 5 }, () => look(url, {}, fetchFn));
        await Promise.all(calls);
        if (isNode) deepEqual(connections(), 1);
        agent.destroy();
      });
      if (!isNode) return;
      const socketPath = `${tmpdir()}/http_fetch_${process.pid}`;
      const server = http.createServer((_, response) => response.end(room));
      await new Promise((resolve) => server.listen(socketPath, resolve));
      const local = createHttpFetch({ agent: new http.Agent({ socketPath }) });
      deepEqual((await look("http://any.example", {}, local)).id, id);
      await new Promise((resolve) => server.close(resolve));
    },

    "refuses an agent that is none, or of another protocol": async () => {
      const refusal = (options) => {
        try {
          createHttpFetch(options);
        } catch ({ code, argument }) {
          return [code, argument];
        }
      };
      for (const agent of [null, 7, "agent", {}, []]) {
        deepEqual(refusal({ agent }), ["invalid_argument", "agent"]);
      }
      deepEqual(refusal({ agents: 1 }), ["invalid_argument", "agents"]);
      deepEqual(refusal({ agents: undefined, agent: undefined }), undefined);
      if (!isNode) return;
      const plain = createHttpFetch({ agent: new http.Agent() });
      const wrong = await failure(look("https://127.0.0.1:2", {}, plain));
      deepEqual([wrong.code, wrong.argument], ["invalid_argument", "fetchFn"]);
      ok(wrong.message.includes("agent"), wrong.message);
    },

    "shares one listener among a signal's requests, leaving none": async () => {
      const { signal } = new AbortController();
      let [listening, most] = [0, 0];
      const { addEventListener, removeEventListener } = signal;
      signal.addEventListener = (...args) => {
        most = Math.max(most, ++listening);
        addEventListener.apply(signal, args);
      };
      signal.removeEventListener = (...args) => {
        listening--;
        removeEventListener.apply(signal, args);
      };
      const paths = ["/text", "/broken", "/none", "/read", "/stream"];
      const act = (socket, { path }) => {
        if (path === "/broken") return socket.destroy();
        socket.write(
          path === "/none" ? "HTTP/1.1 204 A\r\n\r\n" : response(),
        );
      };
      await serving(act, async ({ url }) => {
        const read = async (_, i) => {
          const path = paths[i % paths.length];
          const reading = httpFetch(url + path, { signal })
            .then((got) => readAs(path === "/stream" ? "stream" : "text", got));
          if (path === "/broken") await failure(reading);
          else await reading;
        };
        await Promise.all(Array.from({ length: 100 }, read));
        ok(await until(() => listening === 0), `${listening} are left`);
        deepEqual(most, 1);
      });
    },
  };
}

/** Runs every case; returns its name, and how it failed. */
export async function runCases(context) {
  const stray = [];
  const onStray = (error) => stray.push(error);
  process.on("unhandledRejection", onStray);
  const results = await resultsOf({
    ...cases(context),
    "leaves no rejection unhandled": async () => {
      await later(20);
      if (stray.length > 0) throw stray[0];
    },
  });
  process.off("unhandledRejection", onStray);
  return results.map(({ name, ...more }) => ({
    name: `httpFetch() ${name}`,
    ...more,
  }));
}
