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
  fault: Case,
  i: number,
): Promise<Verdict> {
  const server = await serveCases(cases);
  const watchdog = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  // A client may ignore the signal
  const waiting = new Promise<string>((resolve) => {
    timer = setTimeout(() => {
      resolve("still waiting");
      watchdog.abort();
    }, patienceMs);
  });
  const outcome = client(
    server.baseUrl(i),
    fault.opts,
    watchdog.signal,
  ).then(
    (room) => (room as { id?: unknown })?.id ? "room" : "a room without an id",
    (error) => error instanceof RoomsError ? error.code : "error",
  );
  const result = await Promise.race([outcome, waiting]);
  clearTimeout(timer);
  const followed = server.strays.length > 0 ||
    (fault.redirect === true && (server.requests[i] ?? 0) > 1);
  await server.close();
  const [expected] = fault.expected.result;
  const right = (expected === "room") === (result === "room") &&
    result !== "still waiting" && result !== "a room without an id" &&
    !followed;
  return { result: followed ? `${result}, redirect followed` : result, right };
}

async function playAll(client: Client): Promise<Verdict[]> {
  const all: Verdict[] = [];
  let next = 0;
  const worker = async () => {
    for (let i = next++; i < cases.length; i = next++) {
      all[i] = await playCase(client, cases[i] as Case, i);
    }
  };
  await Promise.all(Array.from({ length: 8 }, worker));
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
