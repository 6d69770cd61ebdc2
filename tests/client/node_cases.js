/**
 * What `httpFetch` does on every runtime with Node's modules, in plain JavaScript:
 * cases by name, which throw if they fail.
 */
import { Buffer } from "node:buffer";
import http from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import process from "node:process";
import { setTimeout } from "node:timers";
import zlib from "node:zlib";

const id = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
const room = JSON.stringify({ data: { id, unique_name: "Größe" } });
const noWait = { baseDelayMs: 0 };

const [isDeno, isBun] = ["Deno" in globalThis, "Bun" in globalThis];
const isNode = !isDeno && !isBun;

function equal(actual, expected, what = "") {
  const [a, b] = [actual, expected].map((value) => JSON.stringify(value));
  if (a !== b) throw new Error(`${what} ${a}, not ${b}`);
}

function check(holds, what) {
  if (!holds) throw new Error(what);
}

const later = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function failure(promise) {
  let value;
  try {
    value = await promise;
  } catch (error) {
    return error;
  }
  throw new Error(`It resolved: ${JSON.stringify(value)}`);
}

/** Waits until something holds, for at most two seconds. */
async function until(holds, what) {
  for (let i = 0; i < 200 && !holds(); i++) await later(10);
  check(holds(), what);
}

/** A response as it goes over the wire, whose connection is kept. */
function response(body = room, { status = 200, headers = {} } = {}) {
  const bytes = Buffer.from(body);
  const all = { "content-length": bytes.length, ...headers };
  const lines = Object.entries(all).map(([name, value]) =>
    `${name}: ${value}\r\n`
  );
  const head = `HTTP/1.1 ${status} Any\r\n${lines.join("")}\r\n`;
  return Buffer.concat([Buffer.from(head, "latin1"), bytes]);
}

/**
 * Serves on loopback while `use` runs. `act` gets each request with its number on
 * its connection, and the number of the connection.
 */
async function serving(act, use) {
  const requests = [];
  const sockets = new Set();
  let connections = 0;
  const server = createServer((socket) => {
    const connection = connections++;
    let [text, count] = ["", 0];
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => {});
    socket.on("data", (bytes) => {
      text += bytes.toString("latin1");
      for (;;) {
        const end = text.indexOf("\r\n\r\n") + 4;
        if (end < 4) return;
        const length = /^content-length: *(\d+)/im.exec(text.slice(0, end));
        const size = end + Number(length?.[1] ?? 0);
        if (text.length < size) return;
        const head = text.slice(0, end);
        const [method, path] = head.split(" ");
        const body = text.slice(end, size);
        text = text.slice(size);
        const request = { method, path, head, body, connection, nth: count++ };
        requests.push(request);
        act(socket, request);
      }
    });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  try {
    await use({
      url: `http://127.0.0.1:${port}`,
      port,
      requests,
      sockets,
      connections: () => connections,
    });
  } finally {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  }
}

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

export function cases({ main, node }) {
  const { createRoom, deleteRoom, getRoom, updateRoom } = main;
  const { createHttpFetch } = node;

  /** Looks the room up. */
  const look = (fetchFn, url, opts) =>
    getRoom(fetchFn, "KEY", id, { baseUrl: url, retry: noWait, ...opts });

  /** A call of each kind of write, and the response to it. */
  const writes = {
    POST: [
      (fetchFn, opts) => createRoom(fetchFn, "KEY", {}, opts),
      response(room, { status: 201 }),
    ],
    PATCH: [
      (fetchFn, opts) => updateRoom(fetchFn, "KEY", id, {}, opts),
      response(),
    ],
    DELETE: [
      (fetchFn, opts) => deleteRoom(fetchFn, "KEY", id, opts),
      "HTTP/1.1 204 Any\r\n\r\n",
    ],
  };

  const all = {
    "decodes every encoding that it accepts, and only these": async () => {
      const httpFetch = createHttpFetch();
      const sent = new Map();
      for (const [name, encode] of Object.entries(encoders)) {
        sent.set(name, encode(Buffer.from(room)));
      }
      for (const [name, body] of sent) {
        const headers = { "content-encoding": name };
        await serving(answers(response(body, { headers })), async (server) => {
          equal((await look(httpFetch, server.url)).unique_name, "Größe", name);
          const accepted = /^accept-encoding: (.*)/im;
          equal(
            accepted.exec(server.requests[0].head)[1],
            "gzip, deflate, br",
          );
        });
      }
    },

    "bounds a body after it is decoded, to the byte": async () => {
      const httpFetch = createHttpFetch();
      // One that is larger when it is compressed, and one that is far smaller
      const small = Buffer.from('{"data":{"id":"7"}}');
      const spaces = Buffer.from(room.padEnd(3_000_000));
      for (const [name, encode] of Object.entries(encoders)) {
        for (const body of [small, spaces]) {
          const headers = { "content-encoding": name };
          const answer = response(encode(body), { headers });
          await serving(answers(answer), async ({ url }) => {
            const opts = { maxBodyBytes: body.length };
            const { id } = await look(httpFetch, url, opts);
            equal(id, JSON.parse(body).data.id, name);
            opts.maxBodyBytes--;
            const { code } = await failure(look(httpFetch, url, opts));
            equal(code, "response_too_large", name);
          });
        }
      }
    },

    "refuses a body that is cut off or broken inside its encoding":
      async () => {
        const httpFetch = createHttpFetch();
        const noise = Buffer.from(
          crypto.getRandomValues(new Uint8Array(60_000)),
        );
        const data = { id, noise: noise.toString("base64") };
        const text = Buffer.from(JSON.stringify({ data }));
        for (const [name, encode] of Object.entries(encoders)) {
          if (name === "identity") continue;
          // The brotli of Deno takes what was cut off for whole: the JSON is not
          const isBlind = isDeno && name.includes("br");
          const whole = encode(text);
          const broken = Buffer.from(whole);
          broken.fill(0xff, 12, 60);
          for (const body of [whole.subarray(0, -9), broken]) {
            const headers = { "content-encoding": name };
            await serving(
              answers(response(body, { headers })),
              async ({ url }) => {
                const { code } = await failure(
                  look(httpFetch, url, { retry: false }),
                );
                const codes = ["network", isBlind && "invalid_response"];
                check(codes.includes(code), `${name} ${code}`);
                if (isBlind) return;
                const streamed = await httpFetch(url, {});
                const read = async () => {
                  for await (const _ of streamed.body);
                };
                check(await failure(read()), `${name} as a stream`);
              },
            );
          }
        }
      },

    "names an encoding that it does not know": async () => {
      const headers = { "content-encoding": "zstd" };
      const body = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0xff, 0xfe]);
      await serving(answers(response(body, { headers })), async ({ url }) => {
        const error = await failure(look(createHttpFetch(), url));
        equal(error.code, "invalid_response");
        check(error.message.includes("zstd"), error.message);
      });
    },

    "gives text, JSON, bytes and a stream of any response": async () => {
      const httpFetch = createHttpFetch();
      for (const name of ["identity", "gzip", "br", "deflate"]) {
        const headers = { "content-encoding": name, "x-a": "1" };
        const body = encoders[name](Buffer.from(room));
        await serving(answers(response(body, { headers })), async (server) => {
          const get = () => httpFetch(`${server.url}/a?b#c`, {});
          const first = await get();
          equal(await first.text(), room, name);
          equal([first.bodyUsed, first.ok, first.status, first.type], [
            true,
            true,
            200,
            "basic",
          ]);
          equal([first.url, server.requests[0].path], [
            `${server.url}/a?b`,
            "/a?b",
          ]);
          equal([first.headers.get("X-A"), first.headers.get("x-b")], [
            "1",
            null,
          ]);
          equal(first.headers.get("constructor"), null);
          check(await failure(first.text()) instanceof TypeError, "read twice");
          equal((await (await get()).json()).data.id, id, name);
          const bytes = await (await get()).arrayBuffer();
          equal(new TextDecoder().decode(bytes), room, name);
          const streamed = await get();
          let text = "";
          for await (
            const piece of streamed.body.pipeThrough(new TextDecoderStream())
          ) text += piece;
          equal(text, room, name);
          // A stream that nobody has read does not stand in the way
          const both = await get();
          equal([both.body.locked, both.bodyUsed], [false, false]);
          equal(await both.text(), room, name);
          equal(both.bodyUsed, true);
          equal(server.connections(), 1);
        });
      }
    },

    "makes no error where nothing fails": async () => {
      const httpFetch = createHttpFetch();
      const { TypeError: Real } = globalThis;
      let made = 0;
      await serving(answers(), async ({ url }) => {
        globalThis.TypeError = new Proxy(Real, {
          construct(...args) {
            made++;
            return Reflect.construct(...args);
          },
        });
        try {
          await look(httpFetch, url);
          await (await httpFetch(url, {})).text();
          for await (const _ of (await httpFetch(url, {})).body);
          await later(20);
          equal(made, 0);
          await failure(httpFetch("file:///a", {}));
          if (!isBun) equal(made, 1); // which has its own
        } finally {
          globalThis.TypeError = Real;
        }
      });
    },

    "joins headers that come twice, as fetch does": async () => {
      const twice = "HTTP/1.1 200 OK\r\nx-a: 1\r\nX-A: 2\r\n" +
        "retry-after: 1\r\nretry-after: 2\r\ncontent-length: 0\r\n\r\n";
      await serving(answers(twice), async ({ url }) => {
        const { headers } = await createHttpFetch()(url, {});
        equal(headers.get("x-a"), "1, 2");
        const retryAfter = headers.get("retry-after");
        // Bun and Deno keep one
        check(/^(1, 2|1|2)$/.test(retryAfter), retryAfter);
        if (isNode) equal(retryAfter, "1, 2");
      });
    },

    "keeps its connection after bodies, errors, redirects and no body":
      async () => {
        const httpFetch = createHttpFetch();
        const empty = (status) => `HTTP/1.1 ${status} Any\r\n\r\n`;
        const wire = [
          response(),
          response("{}", { status: 404 }),
          response("{}", { status: 302, headers: { location: "/b" } }),
          empty(204),
          empty(304),
          response("{}", { status: 500 }),
          response(),
        ];
        const act = (socket, { nth }) => socket.write(wire[nth]);
        await serving(act, async (server) => {
          for (const _ of wire) {
            await look(httpFetch, server.url, { retry: false }).catch(() => {});
            await later(5);
          }
          equal(server.requests.length, wire.length);
          if (isNode) equal(server.connections(), 1);
        });
      },

    "has no body where there is none": async () => {
      const httpFetch = createHttpFetch();
      const act = (socket, { method, path }) =>
        socket.write(
          method === "HEAD"
            ? "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n"
            : `HTTP/1.1 ${path.slice(1)} Any\r\n\r\n`,
        );
      await serving(act, async ({ url }) => {
        for (
          const [path, method] of [["204", "GET"], ["304", "GET"], [
            "200",
            "HEAD",
          ]]
        ) {
          const response = await httpFetch(`${url}/${path}`, { method });
          equal([response.body, await response.text()], [null, ""], path);
        }
      });
    },

    "gives redirects as answers, follows them, or refuses them": async () => {
      const httpFetch = createHttpFetch();
      const act = (socket, { path }) => {
        const to = /^\/to\/(\d+)\/(.*)/.exec(path);
        if (path === "/nowhere") {
          return socket.write(response("", { status: 302 }));
        }
        if (!to) return socket.write(response(path));
        const headers = { location: decodeURIComponent(to[2]) };
        socket.write(response("gone", { status: to[1], headers }));
      };
      await serving(act, async (server) => {
        const { url, requests } = server;
        const go = (status, to, init = {}) =>
          httpFetch(`${url}/to/${status}/${encodeURIComponent(to)}`, init);
        const last = () => requests.at(-1);
        for (const status of [301, 302, 303, 307, 308]) {
          const manual = await go(status, "/b", { redirect: "manual" });
          equal([manual.status, await manual.text()], [status, "gone"]);
          const refused = go(status, "/b", { redirect: "error" });
          check(await failure(refused) instanceof TypeError, `${status}`);
          const followed = await go(status, "/b?c");
          equal([followed.status, await followed.text()], [200, "/b?c"]);
          equal(followed.url, `${url}/b?c`);

          const headers = { "content-type": "text/plain", "x-a": "1" };
          const init = { method: "POST", body: "Größe", headers };
          await (await go(status, "/b", init)).text();
          const { method, body, head } = last();
          const keeps = status > 303;
          equal(
            [method, body],
            keeps
              ? ["POST", Buffer.from("Größe").toString("latin1")]
              : ["GET", ""],
            `${status}`,
          );
          equal(/^content-type/im.test(head), keeps);
          check(/^x-a: 1/im.test(head), head);
        }
        const none = await httpFetch(`${url}/nowhere`, {});
        equal(none.status, 302, "without a target, it is an answer");
        for (
          const to of [
            "file:///etc/passwd",
            "data:text/plain,a",
            "http://a:b@127.0.0.1/",
            "http://[",
          ]
        ) {
          check(await failure(go(302, to)) instanceof TypeError, to);
        }
        requests.length = 0;
        const endless = `/to/302/${encodeURIComponent("/to/302/x")}`;
        const loop = (socket) =>
          socket.write(
            response("", { status: 302, headers: { location: endless } }),
          );
        await serving(loop, async ({ url, requests }) => {
          const error = await failure(httpFetch(url, {}));
          check(error.message.includes("20"), error.message);
          equal(requests.length, 21);
        });
      });
    },

    "sends credentials to their own origin alone": async () => {
      const httpFetch = createHttpFetch();
      await serving(answers(), async (other) => {
        const act = (socket, { path }) =>
          socket.write(
            path === "/end" ? response() : response("", {
              status: 307,
              headers: { location: path === "/own" ? "/end" : other.url },
            }),
          );
        await serving(act, async ({ url, requests }) => {
          const headers = {
            Authorization: "Bearer KEY",
            Cookie: "a=b",
            "x-a": "1",
          };
          const secret = /^(authorization|cookie):/im;
          await (await httpFetch(`${url}/own`, { headers })).text();
          check(secret.test(requests[1].head), requests[1].head);
          await (await httpFetch(`${url}/other`, { headers })).text();
          const [{ head }] = other.requests;
          check(!secret.test(head), head);
          check(/^x-a: 1/im.test(head), head);
          check(head.includes(`:${other.port}\r\n`), "the host is its own");
        });
      });
    },

    "rejects with the reason, whenever it is aborted": async () => {
      const httpFetch = createHttpFetch();
      const stall = (bytes) => (socket) => socket.write(bytes);
      const half = response().subarray(0, -9);
      const gzip = response(zlib.gzipSync(room.padEnd(99_999)), {
        headers: { "content-encoding": "gzip" },
      });
      const moments = {
        "before it began": [stall(response()), 0],
        "before the headers": [() => {}, 30],
        "inside the headers": [stall("HTTP/1.1 200 OK\r\nconte"), 30],
        "before the body": [
          stall("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n"),
          30,
        ],
        "inside the body": [stall(half), 30],
        "inside a compressed body": [stall(gzip.subarray(0, -5)), 30],
      };
      for (const [moment, [act, ms]] of Object.entries(moments)) {
        for (const reason of [new Error("enough"), "text", { a: 1 }]) {
          for (const how of ["text", "stream", "getRoom"]) {
            await serving(act, async (server) => {
              const controller = new AbortController();
              const { signal } = controller;
              if (ms === 0) controller.abort(reason);
              else setTimeout(() => controller.abort(reason), ms);
              const read = async () => {
                if (how === "getRoom") {
                  return await look(httpFetch, server.url, { signal });
                }
                const response = await httpFetch(server.url, { signal });
                if (how === "text") return await response.text();
                for await (const _ of response.body);
              };
              const thrown = await failure(read());
              check(thrown === reason, `${moment}, ${how}: ${thrown?.stack}`);
              await until(() => server.sockets.size === 0, `${moment}: open`);
            });
          }
        }
      }
    },

    "aborts while it connects": async () => {
      const reason = new Error("enough");
      // A name that is never resolved
      const agent = new http.Agent({ lookup: () => {} });
      const controller = new AbortController();
      setTimeout(() => controller.abort(reason), 20);
      const pending = createHttpFetch({ agent })("http://a.invalid/", {
        signal: controller.signal,
      });
      if (isNode) equal(await failure(pending) === reason, true);
      else pending.catch(() => {}); // they may resolve names themselves
    },

    "does not end a body that was read whole": async () => {
      const httpFetch = createHttpFetch();
      await serving(answers(), async (server) => {
        const controller = new AbortController();
        const init = { signal: controller.signal };
        const response = await httpFetch(server.url, init);
        equal(await response.text(), room);
        controller.abort();
        await later(20);
        await (await httpFetch(server.url, {})).text();
        equal(server.connections(), 1);
      });
    },

    "cancels a stream, and its connection": async () => {
      const httpFetch = createHttpFetch();
      const half = response("x".repeat(99)).subarray(0, -9);
      await serving(answers(half), async (server) => {
        const { body } = await httpFetch(server.url, {});
        await body.cancel("enough");
        await until(() => server.sockets.size === 0, "open");
        const reader = (await httpFetch(server.url, {})).body.getReader();
        await reader.read();
        await reader.cancel();
        await until(() => server.sockets.size === 0, "open");
      });
    },

    "reads a stream only as fast as it is read": async () => {
      const httpFetch = createHttpFetch();
      const size = 64 * 2 ** 20;
      let written = 0;
      const act = async (socket) => {
        socket.setMaxListeners(0);
        socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${size}\r\n\r\n`);
        const piece = Buffer.alloc(65_536, "x");
        for (; written < size && !socket.destroyed; written += piece.length) {
          if (socket.write(piece)) continue;
          await new Promise((resolve) => {
            socket.once("drain", resolve);
            socket.once("close", resolve);
          });
        }
      };
      await serving(act, async ({ url }) => {
        const reader = (await httpFetch(url, {})).body.getReader();
        await reader.read();
        await later(200);
        check(written < size / 2, `${written} bytes were written`);
        let read = 0;
        for (;;) {
          const { done, value } = await reader.read();
          if (done) break;
          read += value.length;
          if (read > size / 2) break;
        }
        await reader.cancel();
      });
    },

    "reports a body that ends early, in every way of reading": async () => {
      const httpFetch = createHttpFetch();
      const half = response().subarray(0, -9);
      for (const end of ["end", "resetAndDestroy"]) {
        const act = (socket) => {
          socket.write(half);
          setTimeout(() => socket[end](), 20);
        };
        await serving(act, async ({ url }) => {
          for (const how of ["text", "stream"]) {
            const read = async () => {
              const response = await httpFetch(url, {});
              if (how === "text") return await response.text();
              for await (const _ of response.body);
            };
            check(await failure(read()) instanceof Error, `${end}, ${how}`);
            const late = await httpFetch(url, {});
            await later(60);
            check(await failure(late.text()) instanceof Error, `${end}, late`);
          }
        });
      }
    },

    "reads a body that came whole before its connection was closed":
      async () => {
        const httpFetch = createHttpFetch();
        const act = (socket) => socket.end(response());
        await serving(act, async ({ url }) => {
          for (const how of ["text", "stream"]) {
            const late = await httpFetch(url, {});
            await later(60);
            if (how === "text") equal(await late.text(), room);
            else {
              let size = 0;
              for await (const piece of late.body) size += piece.length;
              equal(size, Buffer.byteLength(room));
            }
          }
        });
      },

    "sends a GET again at once where the kept connection is closed":
      async () => {
        if (isBun) return; // it does not say that it was kept
        for (const end of ["end", "resetAndDestroy"]) {
          const httpFetch = createHttpFetch();
          const act = (socket, { nth }) =>
            nth === 0 ? socket.write(response()) : socket[end]();
          await serving(act, async (server) => {
            await look(httpFetch, server.url);
            const attempts = [];
            const onAttempt = (event) => attempts.push(event);
            await look(httpFetch, server.url, { onAttempt });
            equal([attempts.length, server.connections()], [1, 2]);
            equal(server.requests.map(({ nth }) => nth), [0, 1, 0]);
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
        const httpFetch = createHttpFetch();
        await serving(act, async (server) => {
          await look(httpFetch, server.url);
          // The process is busy, and has not seen the end when it sends
          await later(5);
          const busyUntil = performance.now() + 60;
          while (performance.now() < busyUntil);
          const attempts = [];
          await call(httpFetch, {
            baseUrl: server.url,
            onAttempt: (event) => attempts.push(event),
          });
          equal([attempts.length, server.connections()], [1, 2], method);
          equal(server.requests.map(({ method }) => method), ["GET", method]);
        });
      }
    },

    "leaves a write that was sent to the call, which knows what it does":
      async () => {
        if (isBun) return; // where a write has a connection of its own
        for (const [method, [call, done]] of Object.entries(writes)) {
          const act = (socket, { method, nth }) => {
            if (method === "GET") return socket.write(response());
            if (nth > 0) return socket.end();
            socket.write(done);
          };
          const httpFetch = createHttpFetch();
          await serving(act, async (server) => {
            await look(httpFetch, server.url);
            await later(20);
            const attempts = [];
            const calling = call(httpFetch, {
              baseUrl: server.url,
              retry: noWait,
              onAttempt: (event) => attempts.push(event),
            });
            const sent = () =>
              server.requests.filter(({ method }) => method !== "GET").length;
            if (method !== "POST") {
              await calling;
              equal([attempts.length, sent()], [2, 2], method);
              return;
            }
            const error = await failure(calling);
            await later(20);
            equal([error.code, error.mayHaveTakenEffect, sent()], [
              "network",
              true,
              1,
            ]);
          });
        }
      },

    "sends nothing more when it is aborted on a kept connection": async () => {
      for (const method of ["GET", "POST"]) {
        const httpFetch = createHttpFetch();
        const act = (socket, { nth }) => {
          if (nth === 0) socket.write(response());
        };
        await serving(act, async (server) => {
          await (await httpFetch(server.url, {})).text();
          await later(5);
          const controller = new AbortController();
          const reason = new Error("enough");
          setTimeout(() => controller.abort(reason), 30);
          const init = { method, signal: controller.signal };
          equal(await failure(httpFetch(server.url, init)) === reason, true);
          await later(50);
          equal(server.requests.length, 2, method);
          equal(server.sockets.size, 0, method);
        });
      }
    },

    "makes a new connection after 4 s, however late timers are": async () => {
      const httpFetch = createHttpFetch();
      const { now } = Date;
      await serving(answers(), async (server) => {
        try {
          await look(httpFetch, server.url);
          await look(httpFetch, server.url);
          equal(server.connections(), 1);
          Date.now = () => now() + 4100; // the process was frozen
          await look(httpFetch, server.url);
          if (isNode) equal(server.connections(), 2);
        } finally {
          Date.now = now;
        }
      });
    },

    "gives nobody a response that was not asked for": async () => {
      if (!isNode) return; // a matter of their own node:http
      const httpFetch = createHttpFetch();
      const other = response(room.replace(id, "other"));
      for (const ms of [0, 20]) {
        let written = false;
        const done = () => written = true;
        const act = (socket, { nth, connection }) => {
          if (connection > 0) return socket.write(response());
          socket.write(response());
          if (nth === 0) setTimeout(() => socket.write(other, done), ms);
        };
        await serving(act, async (server) => {
          for (let i = 0; i < 3; i++) {
            equal((await look(httpFetch, server.url)).id, id, `${ms} ms`);
            // Timers may be late, and what is on its way is read before one fires
            await until(() => written, "not written");
            await later(5);
          }
        });
      }
    },

    "tells Node's code of what failed, and what may have taken effect":
      async () => {
        const codes = {};
        const lookups = {
          ENOTFOUND: "getaddrinfo ENOTFOUND a.invalid",
          EAI_AGAIN: "getaddrinfo EAI_AGAIN a.invalid",
        };
        const create = (fetchFn, baseUrl) =>
          createRoom(fetchFn, "KEY", {}, { baseUrl, retry: noWait });
        const refused = await failure(
          create(createHttpFetch(), "http://127.0.0.1:2"),
        );
        codes.ECONNREFUSED = refused;
        for (const [code, message] of isNode ? Object.entries(lookups) : []) {
          const agent = new http.Agent({
            lookup: (_name, _options, done) =>
              done(Object.assign(new Error(message), { code })),
          });
          const fetchFn = createHttpFetch({ agent });
          codes[code] = await failure(create(fetchFn, "http://a.invalid"));
        }
        for (const [code, error] of Object.entries(codes)) {
          equal([error.code, error.cause.code], ["network", code]);
          equal([error.mayHaveTakenEffect, error.attempts], [false, 3], code);
        }
        await serving((socket) => socket.resetAndDestroy(), async ({ url }) => {
          const error = await failure(create(createHttpFetch(), url));
          equal([error.code, error.cause.code], ["network", "ECONNRESET"]);
          equal([error.mayHaveTakenEffect, error.attempts], [true, 1]);
        });
      },

    "refuses what fetch refuses": async () => {
      const httpFetch = createHttpFetch();
      await serving(answers(), async ({ url, requests }) => {
        const wrong = [
          ["not a url", {}],
          ["/relative", {}],
          ["file:///etc/passwd", {}],
          ["data:text/plain,a", {}],
          [url.replace("//", "//a:b@"), {}],
          [url, { method: "CONNECT" }],
          [url, { method: "TRACE" }],
          [url, { method: "A B" }],
          [url, { method: "A\r\nB" }],
          [url, { body: "a" }],
          [url, { method: "HEAD", body: "a" }],
          ...["a\r\nb: c", "a\nb", "a\0b", "é̀€", "😀"].map((value) => [
            url,
            { headers: { "x-a": value } },
          ]),
          ...["", "a b", "a:", "ä", "a\r\n"].map((name) => [
            url,
            { headers: { [name]: "1" } },
          ]),
          [url, { headers: { "transfer-encoding": "chunked" } }],
        ];
        for (const [url, init] of wrong) {
          for (const fetchFn of [httpFetch, fetch]) {
            // What a runtime's own fetch lets pass is its own matter
            const what = JSON.stringify([url, init]);
            const result = await fetchFn(url, init).then(
              async (response) => void await response.text(),
              (error) => error,
            );
            if (fetchFn === httpFetch) {
              check(result instanceof TypeError, `${what}: ${result}`);
            }
          }
        }
        equal(
          requests.filter(({ head }) => /^user-agent: node/im.test(head))
            .filter(({ head }) => !/^sec-fetch/im.test(head)).length,
          0,
        );
      });
    },

    "sends a URL and headers with odd characters as fetch does": async () => {
      const httpFetch = createHttpFetch();
      const seen = async (fetchFn, path, headers) => {
        let request;
        await serving(answers(), async ({ url, requests }) => {
          await (await fetchFn(`${url}${path}`, { headers })).text();
          [request] = requests;
        });
        const value = /^x-a: ?(.*?)\r$/im.exec(request.head)?.[1];
        return [request.path, value];
      };
      const odd = [
        "/ä/😀?ö=ü",
        "/a b/%20/%zz/../c/./d",
        "/a\\b?c\\d",
        "/\t\n/a",
        "?a='\"<>`{}|^",
        "/a#b",
        "//a//b",
        "/%2e%2e/a",
      ];
      for (const path of odd) {
        const { pathname, search } = new URL(`http://a.example${path}`);
        const [sent] = await seen(httpFetch, path, {});
        equal(sent, pathname + search);
        // Bun makes one slash of several
        if (!isBun) equal(sent, (await seen(fetch, path, {}))[0]);
      }
      for (const value of ["  a b\t", "é ÿ", "", "a\tb", "\u00a0a"]) {
        const headers = { "X-A": value };
        equal(
          await seen(httpFetch, "/", headers),
          await seen(fetch, "/", headers),
          JSON.stringify(value),
        );
      }
      const own = new Headers({ "x-a": "1" });
      equal(await seen(httpFetch, "/", own), ["/", "1"]);
    },

    "sends a body of text or a Blob, with its length": async () => {
      const httpFetch = createHttpFetch();
      await serving(answers(), async ({ url, requests }) => {
        const bytes = Buffer.from("Größe").toString("latin1");
        for (const body of ["Größe", new Blob(["Größe"])]) {
          for (const method of ["POST", "PATCH", "DELETE"]) {
            const headers = { "content-length": "1" };
            const init = { method, body, headers };
            await (await httpFetch(url, init)).text();
            equal(requests.at(-1).body, bytes, method);
          }
        }
        await (await httpFetch(url, { method: "POST" })).text();
        check(
          /^content-length: 0\r$/im.test(requests.at(-1).head),
          "no length for no body",
        );
      });
    },

    "uses an agent of one's own": async () => {
      const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
      const httpFetch = createHttpFetch({ agent });
      const slow = (socket) => setTimeout(() => socket.write(response()), 5);
      await serving(slow, async (server) => {
        const calls = Array.from(
          { length: 5 },
          () => look(httpFetch, server.url),
        );
        await Promise.all(calls);
        if (isNode) equal(server.connections(), 1);
        agent.destroy();
      });
    },

    "reaches a Unix socket by its agent": async () => {
      if (!isNode) return;
      const socketPath = `${tmpdir()}/http_fetch_${process.pid}`;
      const server = http.createServer((_, response) => response.end(room));
      await new Promise((resolve) => server.listen(socketPath, resolve));
      const agent = new http.Agent({ socketPath });
      const fetchFn = createHttpFetch({ agent });
      equal((await look(fetchFn, "http://any.example")).id, id);
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
        equal(refusal({ agent }), ["invalid_argument", "agent"]);
      }
      equal(refusal({ agents: 1 }), ["invalid_argument", "agents"]);
      equal(refusal({ agents: undefined, agent: undefined }), undefined);
      if (!isNode) return;
      const agent = new http.Agent();
      const wrong = await failure(
        look(createHttpFetch({ agent }), "https://127.0.0.1:2"),
      );
      equal([wrong.code, wrong.argument], ["invalid_argument", "fetchFn"]);
      check(wrong.message.includes("agent"), wrong.message);
    },

    "shares one listener among all requests of a signal, and leaves none":
      async () => {
        const httpFetch = createHttpFetch();
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
        const act = (socket, { path }) => {
          if (path === "/broken") return socket.destroy();
          if (path === "/none") return socket.write("HTTP/1.1 204 A\r\n\r\n");
          socket.write(response());
        };
        await serving(act, async ({ url }) => {
          const paths = ["/", "/broken", "/none", "/read", "/stream"];
          await Promise.all(
            Array.from({ length: 100 }, async (_, i) => {
              const path = paths[i % paths.length];
              try {
                const response = await httpFetch(url + path, { signal });
                if (path === "/stream") {
                  for await (const _ of response.body);
                } else await response.text();
              } catch (error) {
                if (path !== "/broken") throw error;
              }
            }),
          );
          await until(() => listening === 0, `${listening} are left`);
          equal(most, 1);
        });
      },
  };
  return all;
}

/** Runs every case; returns its name, and how it failed. */
export async function runCases(context) {
  const results = [];
  const stray = [];
  const onStray = (error) => stray.push(String(error?.stack ?? error));
  process.on("unhandledRejection", onStray);
  for (const [name, run] of Object.entries(cases(context))) {
    try {
      await run();
      results.push({ name: `httpFetch() ${name}` });
    } catch (error) {
      const failure = String(error?.stack ?? error);
      results.push({ name: `httpFetch() ${name}`, failure });
    }
  }
  await later(20);
  process.off("unhandledRejection", onStray);
  if (stray.length > 0) {
    results.push({ name: "unhandled rejections", failure: stray.join("\n") });
  }
  return results;
}
