/**
 * The server for the cases of every runtime: the fake over HTTP with CORS; with a
 * fault below `/{fault as JSON}`, of the first request alone if a key follows; and
 * on other paths a fake for the caller.
 */
import {
  type FakeRooms,
  fakeRooms,
  type Fault,
  type ServedRooms,
  serveRooms,
} from "../../lib/testing/fake_rooms.ts";
import { exampleRooms } from "../support/example_rooms.ts";

const [{ id }] = exampleRooms;

/** A fake with two participants in a room that records. */
function withParticipants(): FakeRooms {
  const fake = fakeRooms({ rooms: [{ id, enable_recording: true }] });
  for (const context of ["Alice", "Bob"]) fake.join(id, { context });
  return fake;
}

/** A fake with the example, and what is wrong with its next response. */
function withRooms(fault?: Fault): FakeRooms {
  const fake = fakeRooms({ rooms: exampleRooms, tokens: ["KEY"] });
  if (fault) fake.fault(fault);
  return fake;
}

/** Starts the server; `elsewhere` counts followed redirects. */
export async function serveFaults(): Promise<
  ServedRooms & { elsewhere(): number }
> {
  const plain = withRooms();
  const own = new Map<string, FakeRooms>();
  const files = fakeRooms({ tokens: ["KEY"] });
  files.addRecording({ id, bytes: 200_000 });
  const cutFile: Fault = {
    target: "file",
    afterBytes: 70_000,
    disconnect: "in-body",
  };
  const seen = new Set<string>();
  /** How many writes came below `/lossy/{key}`, whose answers are lost. */
  const lost = new Map<string, number>();
  let elsewhere = 0;

  const served = await serveRooms({
    async fetch(input, init) {
      const { pathname } = new URL(String(input));
      const [, name = "", key = ""] = pathname.split("/");
      if (pathname.endsWith("/elsewhere")) elsewhere++;
      let fake = plain;
      if (name === "own") {
        fake = own.get(key) ?? withParticipants();
        own.set(key, fake);
      } else if (name === "files" || name === "_fake") {
        fake = files; // its links lead below the last of these
      } else if (name === "once-broken-file") {
        fake = files;
        fake.fault(cutFile);
      } else if (name === "lossy") {
        const count = lost.get(key) ?? 0;
        if (init?.method === "GET") {
          return Response.json({ data: { id, count } });
        }
        lost.set(key, count + 1);
        fake = withRooms({ disconnect: "before-response" });
      } else if (name.startsWith("%7B")) {
        const isFirst = !seen.has(pathname);
        seen.add(pathname);
        const fault = JSON.parse(decodeURIComponent(name));
        if (isFirst || key === "rooms") fake = withRooms(fault);
      }
      return await fake.fetch(input, init);
    },
  });
  const { origin } = new URL(served.url);
  return { ...served, url: origin, elsewhere: () => elsewhere };
}
