/**
 * Plays every case of the fault suite with this module, Telnyx's SDK and bare
 * `fetch`, and writes `docs/reliability.md`.
 */
import { getRoom, RoomsError } from "../../mod.ts";
import { type Case, cases } from "../faults/cases.ts";
import { serveCases } from "../faults/server.ts";
import { root } from "../../scripts/sh.ts";
import { id } from "../support/example.ts";
import { toPage, toTable } from "../support/page.ts";
import { report } from "../support/task.ts";

/** How long a client may take before it counts as still waiting. */
const patienceMs = 8000;

/** Looks the room up; resolves if it has one. */
type Client = (
  baseUrl: string,
  opts: Case["opts"],
  signal: AbortSignal,
) => Promise<unknown>;

const thisModule: Client = (baseUrl, opts, signal) =>
  getRoom(fetch, "KEY", id, { ...opts, baseUrl, signal });

const bare: Client = async (baseUrl, _, signal) => {
  const headers = { authorization: "Bearer KEY" };
  const response = await fetch(`${baseUrl}/rooms/${id}`, { headers, signal });
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  return (await response.json()).data;
};

async function sdk(): Promise<Client> {
  const peer = "npm:telnyx@7.24.0"; // a variable, so that no check fetches it
  const { default: Telnyx } = await import(peer);
  return (baseURL, { retry, timeoutMs }, signal) =>
    new Telnyx({
      apiKey: "KEY",
      baseURL,
      ...(retry === false && { maxRetries: 0 }),
      ...(timeoutMs !== undefined && { timeout: timeoutMs }),
    }).rooms.retrieve(id, {}, { signal })
      .then(({ data }: { data?: unknown }) => data);
}

interface Verdict {
  result: string;
  right: boolean;
}

/** Plays one case with its own server, and judges the outcome. */
async function playCase(client: Client, fault: Case): Promise<Verdict> {
  const server = await serveCases([fault]);
  const [{ baseUrl, opts } = { baseUrl: "", opts: {} }] = server.faults;
  const watchdog = AbortSignal.timeout(patienceMs);
  // A client may ignore the signal
  const waiting = new Promise<string>((resolve) =>
    watchdog.addEventListener("abort", () => resolve("still waiting"))
  );
  const outcome = client(baseUrl, opts, watchdog).then(
    (room) => (room as { id?: unknown })?.id ? "room" : "a room without an id",
    (error) => error instanceof RoomsError ? error.code : "error",
  );
  const result = await Promise.race([waiting, outcome]);
  const [requests = 0] = server.requests;
  const followed = server.strays.length > 0 || fault.redirect && requests > 1;
  await server.close();
  if (followed) return { result: `${result}, redirect followed`, right: false };
  const isRoom = fault.expected.result[0] === "room";
  const isError = !["room", "a room without an id", "still waiting"]
    .includes(result);
  return { result, right: isRoom ? result === "room" : isError };
}

/** Plays every case, eight at once. */
async function playAll(client: Client): Promise<Verdict[]> {
  const all: Verdict[] = [];
  const left = cases.entries();
  await Promise.all(Array.from({ length: 8 }, async () => {
    for (const [i, fault] of left) all[i] = await playCase(client, fault);
  }));
  return all;
}

/** Compares the three, and writes the page; reports where this module is wrong. */
export async function compareFaults(): Promise<void> {
  const own = await playAll(thisModule);
  const columns = [own, await playAll(await sdk()), await playAll(bare)];
  const rights = columns.map((column) =>
    column.filter(({ right }) => right).length
  );
  const differing = cases.flatMap(({ name }, i) => {
    const verdicts = columns.flatMap((column) => column[i] ?? []);
    const cells = verdicts
      .map(({ right, result }) => `${right ? "" : "✗ "}${result}`);
    return verdicts.every(({ right }) => right) ? [] : [[name, ...cells]];
  });
  const table = toTable([
    ["the server has", "this module", "the SDK", "`fetch` by hand"],
    ["**right, of all**", ...rights.map((n) => `**${n} of ${cases.length}**`)],
    ...differing,
  ]);
  const template = `${root}tests/compatibility/faults.md`;
  const page = toPage(await Deno.readTextFile(template), {
    deno: Deno.version.deno,
    others: cases.length - differing.length,
    table,
  });
  await Deno.writeTextFile(`${root}docs/reliability.md`, page);
  for (const [i, { right, result }] of own.entries()) {
    report(`${cases[i]?.name}`, !right && result);
  }
  console.log(`\n${table}`);
}
