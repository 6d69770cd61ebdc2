/**
 * `deno task faults [--compare]`: plays every case of the fault suite, and
 * prints the outcomes. With `--compare`, it plays them with the provider's SDK,
 * which it downloads, and a bare `fetch` as well, and writes
 * `docs/reliability.md`.
 */
import { getRoom, RoomsError } from "../../mod.ts";
import { type Case, cases } from "./cases.ts";
import { serveCases } from "./server.ts";
import { deno } from "../../scripts/registry.ts";

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
async function play(client: Client, fault: Case, i: number): Promise<Verdict> {
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
      all[i] = await play(client, cases[i] as Case, i);
    }
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  return all;
}

const compare = Deno.args.includes("--compare");
const clients: Record<string, Client> = {
  "this module": thisModule,
  ...(compare && { "the SDK": await sdk(), "`fetch` by hand": bare }),
};
const names = Object.keys(clients);
const columns: Verdict[][] = [];
for (const client of Object.values(clients)) {
  columns.push(await playAll(client));
}

const row = (cells: string[]) => `| ${cells.join(" | ")} |`;
const cell = (verdict: Verdict | undefined) =>
  verdict ? `${verdict.right ? "" : "✗ "}${verdict.result}` : "";
const rights = columns.map((column) =>
  column.filter(({ right }) => right).length
);
const table = [
  row(["the server has", ...names]),
  row(["---", ...names.map(() => "---")]),
  row([
    "**right, of all**",
    ...rights.map((right) => `**${right} of ${cases.length}**`),
  ]),
  ...cases.map(({ name }, i) =>
    row([name, ...columns.map((column) => cell(column[i]))])
  ),
].join("\n");

if (compare) {
  const page = await Deno.readTextFile(
    new URL("./page.md", import.meta.url),
  );
  await Deno.mkdir(new URL("../../docs/", import.meta.url), {
    recursive: true,
  });
  await Deno.writeTextFile(
    new URL("../../docs/reliability.md", import.meta.url),
    page.replace("{{deno}}", Deno.version.deno).replace("{{table}}", table),
  );
  await deno(["fmt", "--quiet", "docs/reliability.md"]);
  names.forEach((name, i) =>
    console.log(`${name.padEnd(18)}right in ${rights[i]} of ${cases.length}`)
  );
  console.log("docs/reliability.md is written");
} else console.log(table);
const failed = cases.length - (rights[0] ?? 0);
console.log(`\n${rights[0]} passed, ${failed} failed`);
Deno.exit(failed > 0 ? 1 : 0);
