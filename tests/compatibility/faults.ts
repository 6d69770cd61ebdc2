/**
 * Plays every case of the fault suite with this module, Telnyx's SDK and bare
 * `fetch`, and writes `docs/reliability.md`.
 */
import { getRoom, RoomsError } from "../../mod.ts";
import { type Case, cases } from "../faults/cases.ts";
import { serveCases } from "../faults/server.ts";
import { deno } from "../../scripts/registry.ts";
import { root } from "../../scripts/sh.ts";

const id = "7b61621f-62e0-4aad-ab11-9fd19e272e73";
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
async function playCase(
  client: Client,
  { opts, redirect, expected }: Case,
  i: number,
): Promise<Verdict> {
  const server = await serveCases(cases);
  const watchdog = AbortSignal.timeout(patienceMs);
  // A client may ignore the signal
  const waiting = new Promise<string>((resolve) =>
    watchdog.addEventListener("abort", () => resolve("still waiting"))
  );
  const outcome = client(server.baseUrl(i), opts, watchdog).then(
    (room) => (room as { id?: unknown })?.id ? "room" : "a room without an id",
    (error) => error instanceof RoomsError ? error.code : "error",
  );
  const result = await Promise.race([waiting, outcome]);
  const followed = server.strays.length > 0 ||
    redirect === true && (server.requests[i] ?? 0) > 1;
  await server.close();
  if (followed) return { result: `${result}, redirect followed`, right: false };
  const isRoom = expected.result[0] === "room";
  const isError = !["room", "a room without an id", "still waiting"]
    .includes(result);
  return { result, right: isRoom ? result === "room" : isError };
}

/** Plays every case, eight at once. */
async function playAll(client: Client): Promise<Verdict[]> {
  const all: Verdict[] = [];
  const left = cases.entries();
  await Promise.all(Array.from({ length: 8 }, async () => {
    for (const [i, fault] of left) all[i] = await playCase(client, fault, i);
  }));
  return all;
}

/** Compares the three, and writes the page; fails where this module is wrong. */
export async function compareFaults(): Promise<
  { passed: number; failed: number }
> {
  const clients = {
    "this module": thisModule,
    "the SDK": await sdk(),
    "`fetch` by hand": bare,
  };
  const columns: Verdict[][] = [];
  for (const client of Object.values(clients)) {
    columns.push(await playAll(client));
  }
  const rights = columns.map((column) =>
    column.filter(({ right }) => right).length
  );
  const differing = cases.flatMap(({ name }, i) => {
    const verdicts = columns.flatMap((column) => column[i] ?? []);
    return verdicts.every(({ right }) => right) ? [] : [[
      name,
      ...verdicts.map(({ right, result }) => `${right ? "" : "✗ "}${result}`),
    ]];
  });
  const names = Object.keys(clients);
  const table = [
    ["the server has", ...names],
    names.map(() => "---").concat("---"),
    ["**right, of all**", ...rights.map((n) => `**${n} of ${cases.length}**`)],
    ...differing,
  ].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
  const template = `${root}tests/compatibility/faults.md`;
  const page = (await Deno.readTextFile(template))
    .replace("{{deno}}", Deno.version.deno)
    .replace("{{others}}", `${cases.length - differing.length}`)
    .replace("{{table}}", table);
  await Deno.writeTextFile(`${root}docs/reliability.md`, page);
  await deno(["fmt", "--quiet", "docs/reliability.md"]);
  console.log(table);
  const [passed = 0] = rights;
  return { passed, failed: cases.length - passed };
}
