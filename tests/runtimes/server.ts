/**
 * The server for the cases of every runtime: the fake over HTTP with CORS, and on
 * other paths the fake with a fault, or a separate one for the caller.
 */
import {
  type FakeRooms,
  fakeRooms,
  type Fault,
  type ServedRooms,
  serveRooms,
} from "../../lib/testing/fake_rooms.ts";
import { exampleRooms } from "../support/example_rooms.ts";

/** Faults of each request below `/{name}/…`, which may also be a status. */
const faults: Record<string, Fault> = {
  "429": { status: 429, headers: { "retry-after": "3600" } },
  "slow": { delayMs: 60_000 },
  "stalled": { bodyDelayMs: 60_000 },
  "broken": { disconnect: "in-body" },
  "html": {
    body: "<h1>Sign in</h1>",
    headers: { "content-type": "text/html" },
  },
  "wrong": { body: { data: { id: 7 } } },
  "large": { body: " ".repeat(200_000) },
  "redirect": { status: 302, headers: { location: "/v2/rooms/elsewhere" } },
};

/** Faults of the first request below `/{name}/{any}/…`. */
const transient: Record<string, Fault> = {
  "once-429": { status: 429, headers: { "retry-after": "0" } },
  "once-503": { status: 503 },
  "once-broken": { disconnect: "before-response" },
};

/** A fake with two participants in a room that records. */
function withParticipants(): FakeRooms {
  const [{ id }] = exampleRooms;
  const fake = fakeRooms({ rooms: [{ id, enable_recording: true }] });
  for (const context of ["Alice", "Bob"]) fake.join(id, { context });
  return fake;
}

/** A fake with a recording, and how many bytes of it arrive before a break. */
function withRecording() {
  const [{ id }] = exampleRooms;
  const fake = fakeRooms({ tokens: ["KEY"] });
  fake.addRecording({ id, bytes: 200_000 });
  const breakFile = () =>
    fake.fault({ target: "file", afterBytes: 70_000, disconnect: "in-body" });
  return { fake, breakFile };
}

/** Starts the server; `elsewhere` counts followed redirects. */
export async function serveFaults(): Promise<
  ServedRooms & { elsewhere(): number }
> {
  const seen = new Set<string>();
  const plain = fakeRooms({ rooms: exampleRooms, tokens: ["KEY"] });
  const own = new Map<string, FakeRooms>();
  /** How many writes came below `/lossy/{key}`, whose answers are lost. */
  const lost = new Map<string, number>();
  const recording = withRecording();
  let elsewhere = 0;
  const served = await serveRooms({
    fetch(input, init) {
      const { pathname } = new URL(String(input));
      const [, name = "", key] = pathname.split("/");
      if (pathname.endsWith("/elsewhere")) elsewhere++;
      if (name === "own") {
        const fake = own.get(`${key}`) ?? withParticipants();
        own.set(`${key}`, fake);
        return fake.fetch(input, init);
      }
      // Its links lead below the last of these
      if (["files", "once-broken-file", "_fake"].includes(name)) {
        if (name === "once-broken-file") recording.breakFile();
        return recording.fake.fetch(input, init);
      }
      if (name === "lossy") {
        const fake = fakeRooms({ rooms: exampleRooms });
        if (init?.method !== "GET") {
          lost.set(`${key}`, (lost.get(`${key}`) ?? 0) + 1);
          fake.fault({ disconnect: "before-response" });
        }
        return fake.fetch(input, init);
      }
      if (name === "lost") {
        const count = lost.get(`${key}`) ?? 0;
        const [{ id }] = exampleRooms;
        return Promise.resolve(Response.json({ data: { id, count } }));
      }
      const status = Number(name);
      const fault = faults[name] ?? (status > 0 ? { status } : undefined);
      const once = transient[name];
      if (!fault && !once) return plain.fetch(input, init);
      const fake = fakeRooms({ rooms: exampleRooms, tokens: ["KEY"] });
      if (fault) fake.fault(fault);
      if (once && !seen.has(`${name}/${key}`)) {
        seen.add(`${name}/${key}`);
        fake.fault(once);
      }
      return fake.fetch(input, init);
    },
  });
  const { origin } = new URL(served.url);
  return { ...served, url: origin, elsewhere: () => elsewhere };
}
