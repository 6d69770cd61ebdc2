import { sleep } from "../client/timer.ts";
import type { Room } from "../core/rooms.ts";
import {
  type FakeRateLimit,
  type FakeRooms,
  fakeRooms,
  type Fault,
  type ServedRooms,
  serveRooms,
} from "../testing/fake_rooms.ts";
import { isControlOn, isControlUrl } from "../testing/control_access.ts";
import { partsOf } from "../testing/parts.ts";
import { startSimulation } from "../testing/simulation.ts";
import { addStartingRooms, startingRoomId } from "../testing/starting_rooms.ts";
import { command, type Context } from "./command.ts";
import {
  CommandError,
  exitCodes,
  permissionAdvice,
  usageError,
} from "./failure.ts";
import { toInteger, toUrl } from "./parse.ts";
import { logLineFrom, postWebhooks } from "./post_webhooks.ts";
import { readFileText } from "./files.ts";
import { joinedByOr, printable, writeLine } from "./text.ts";

/** How often recordings and compositions are completed, in milliseconds. */
const settleMs = 500;

/** The rooms in a file: one, an array, or a response with either. */
async function readRooms(file: string): Promise<Room[]> {
  const text = await readFileText("--rooms", file, exitCodes.usage);
  try {
    const saved = JSON.parse(text);
    return [saved?.data ?? saved].flat();
  } catch {
    throw usageError("The file of --rooms must be JSON");
  }
}

/** Adds the rooms to the fake; an error says which of them is wrong. */
function addRooms(fake: FakeRooms, rooms: readonly Room[]): void {
  for (const [i, room] of rooms.entries()) {
    try {
      fake.addRoom(room);
    } catch (error) {
      const id = typeof room?.id === "string" ? ` (${room.id})` : "";
      throw usageError(
        `Room ${i + 1} of ${rooms.length}${id}: ${(error as Error).message}`,
      );
    }
  }
}

function toRateLimit(text: string): FakeRateLimit {
  const [, limit, seconds] = /^(\d{1,9})\/(\d{1,9}(?:\.\d+)?)$/.exec(text) ??
    [];
  if (Number(limit) > 0 && Number(seconds) > 0) {
    return { limit: Number(limit), windowMs: Number(seconds) * 1000 };
  }
  throw usageError("--rate-limit must be N/SECONDS, such as 10/60");
}

const faults: Record<string, Fault> = {
  disconnect: { disconnect: "before-response" },
  "in-body": { disconnect: "in-body" },
  stall: { bodyDelayMs: Infinity },
};

function toFault(text: string): Fault {
  const [, seconds] = /^(\d{1,6}(?:\.\d+)?)s$/.exec(text) ?? [];
  if (seconds) return { delayMs: Number(seconds) * 1000 };
  if (/^[2-5]\d\d$/.test(text)) return { status: Number(text) };
  const fault = Object.hasOwn(faults, text) ? faults[text] : undefined;
  if (fault) return fault;
  throw usageError(
    "--fault must be a status such as 503, a delay such as 2s, " +
      joinedByOr(Object.keys(faults)),
  );
}

/** Completes recordings and compositions as they get ready, until `stop`. */
async function settleUntil(fake: FakeRooms, stop: AbortSignal): Promise<void> {
  try {
    for (;;) {
      await fake.delivered();
      await sleep(settleMs, stop);
    }
  } catch (error) {
    if (!stop.aborted) throw error;
  }
}

/** Prints each request, and injects the fault into every nth. */
function logged(
  fake: FakeRooms,
  context: Context,
  fault: Fault | undefined,
  nth: number,
): Pick<FakeRooms, "fetch"> {
  let count = 0;
  return {
    async fetch(input, init) {
      if (isControlUrl(`${input}`)) return await fake.fetch(input, init);
      if (fault && ++count % nth === 0) fake.fault(fault);
      const { pathname, search } = new URL(`${input}`);
      const logLine = logLineFrom(context);
      const request = `${init?.method} ${pathname}${search}`;
      try {
        const response = await fake.fetch(input, init);
        logLine(`${request} ${response.status}`);
        return response;
      } catch (error) {
        logLine(`${request} no response`);
        throw error;
      }
    },
  };
}

/** Serves the fake; an error names the options to change. */
async function listen(
  fake: Pick<FakeRooms, "fetch">,
  { port, host, control }: { port: number; host: string; control: boolean },
): Promise<ServedRooms> {
  try {
    return await serveRooms(fake, { port, host, control });
  } catch (error) {
    if (permissionAdvice(error)) throw error;
    const { code = "unknown reason" } = error as { code?: string };
    // The host is not named: it may be a key in the wrong place
    throw new CommandError(
      `Cannot listen on port ${port} of the host (${code}): set ` +
        "--port or --host",
      exitCodes.failed,
    );
  }
}

/** How often something happens in a simulation, in milliseconds. */
const stepMs = 1500;

/** Adds the rooms that it starts with, at first and after each reset. */
async function addFirstRooms(
  fake: FakeRooms,
  file: string | undefined,
): Promise<void> {
  const parts = partsOf(fake);
  const rooms = file === undefined ? undefined : await readRooms(file);
  const add = () => rooms ? addRooms(fake, rooms) : addStartingRooms(parts);
  add();
  parts.onReset = add;
}

/** What to try next, as lines. */
function hints(
  url: string,
  { rooms }: FakeRooms,
  hasPage: boolean,
  { program = "telnyx-rooms" }: Context,
): string {
  const id = rooms.find(({ id }) => id === startingRoomId)?.id ?? rooms[0]?.id;
  const page = new URL("/_fake/", url).href;
  const lines = [
    ...hasPage ? [`Page  ${page}`] : [],
    `Try   export TELNYX_BASE_URL=${url} TELNYX_API_KEY=any`,
    `      ${program} ${id === undefined ? "list" : `get ${id} --sessions`}`,
  ];
  return lines.map((line) => `${printable(line)}\n`).join("");
}

const options = {
  port: {
    value: "N",
    default: "7070",
    about: "the port; 0 picks a free one",
  },
  host: {
    value: "ADDRESS",
    default: "127.0.0.1",
    about: "the address to listen on",
  },
  rooms: {
    value: "FILE.json",
    file: true,
    default: "six that differ",
    about: 'rooms to serve: one, an array, or a saved {"data": [...]}',
  },
  "api-key": {
    value: "KEY",
    default: "any",
    about: "the only API key to accept",
  },
  "rate-limit": {
    value: "N/SECONDS",
    about: "respond with 429 to more than N requests in SECONDS",
  },
  webhooks: { value: "URL", about: "where to send webhooks" },
  simulate: { about: "people come and go, and recordings are completed" },
  seed: {
    value: "N",
    default: "1",
    about: "of the simulation: the same one repeats it",
  },
  control: { about: "serve /_fake/ though others can reach the --host" },
  fault: { value: "FAULT", about: "a fault to inject" },
  "fault-every": {
    value: "N",
    default: "1",
    about: "inject it into every Nth request",
  },
} as const;

export const serve = command({
  args: "",
  about: "serve a fake provider",
  more: [
    "It supports every command, on rooms in memory, and prints each request, " +
    "until Ctrl+C. At /_fake/ is a page that shows the rooms, who is in them, " +
    "and every request and webhook as they happen, and that lets people join " +
    "and leave; the same is plain JSON for scripts.",
    "A fault is a status, such as 503; a delay in seconds, such as 2s; " +
    "disconnect, which breaks the connection before the response; in-body, " +
    "which breaks it within the body; or stall, a body that never ends.",
    "With --webhooks, every webhook goes to that URL only, whatever the rooms " +
    "say; the public key that verifies them is printed.",
    "It is for programs of this machine, and for web pages of localhost, " +
    "127.0.0.1 or [::1] on any port. A request from another page (by its Origin " +
    "or Sec-Fetch-Site) or to another name (by its Host) gets a 403, and a body " +
    "over 1 MiB a 413. With a --host that others can reach, their programs can " +
    "use it too, with any API key unless --api-key is given.",
  ],
  options,
  examples: [
    [`telnyx-rooms serve --rooms rooms.json`, "serve your own rooms"],
    [
      `telnyx-rooms serve --webhooks http://127.0.0.1:3000/`,
      "send webhooks to your receiver",
    ],
    [
      `telnyx-rooms serve --fault 503 --fault-every 3`,
      "fail every third request",
    ],
    [`telnyx-rooms serve --simulate`, "serve rooms in which something happens"],
  ],
  async run({ values }, context) {
    const {
      host = options.host.default,
      "rate-limit": limit,
      "api-key": apiKey,
      rooms: file,
    } = values;
    const integer = (
      name: "port" | "fault-every" | "seed",
      min: number,
      max = 999_999_999,
    ) => {
      const { [name]: text = options[name].default } = values;
      return toInteger(`--${name}`, text, min, max);
    };
    const port = integer("port", 0, 65_535);
    const nth = integer("fault-every", 1);
    const seed = integer("seed", 0);
    const fault = values.fault === undefined
      ? undefined
      : toFault(values.fault);
    const webhookUrl = values.webhooks === undefined
      ? undefined
      : toUrl("--webhooks", values.webhooks);
    const fake = fakeRooms({
      ...webhookUrl !== undefined &&
        { webhookUrl, onWebhook: postWebhooks(webhookUrl, context) },
      ...apiKey !== undefined && { tokens: [apiKey] },
      ...limit !== undefined && { rateLimit: toRateLimit(limit) },
      now: context.now,
    });
    await addFirstRooms(fake, file);
    const control = isControlOn(host, values.control);
    const parts = partsOf(fake);

    const { stdout, stop } = context;
    const { url, close } = await listen(
      logged(fake, context, fault, nth),
      { port, host, control },
    );
    const { length } = fake.rooms;
    const rooms = `${length} room${length === 1 ? "" : "s"}`;
    writeLine(`Serving ${rooms} on ${url}; press Ctrl+C to stop`, stdout);
    if (webhookUrl !== undefined) {
      const { publicKey } = fake;
      const to = `Webhooks go to ${webhookUrl}`;
      writeLine(`${to}; their public key is ${publicKey}`, stdout);
    }
    stdout.write(hints(url, fake, control, context));
    if (values.simulate) {
      startSimulation(parts, seed, stepMs);
      writeLine(`Simulation with --seed ${seed}`, stdout);
    }
    await settleUntil(fake, stop);
    parts.simulation?.stop();
    await close();
    await fake.delivered(); // what is still queued fails at once
  },
});
