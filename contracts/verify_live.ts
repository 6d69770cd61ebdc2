/**
 * `deno task tool --allow-net contracts/verify_live.ts [--write] [ROOM_ID]`: verifies the pact against the
 * real API. It needs TELNYX_API_KEY and a room's id (the argument, or
 * TELNYX_ROOM_ID), and is skipped, with exit code 0, without them.
 *
 * It only reads; which interactions can be verified depends on what the account
 * has. With `--write` it makes rooms and tokens of its own as well, changes and
 * deletes them, and leaves nothing behind. It never ends a session, puts anyone
 * out, or deletes a recording.
 *
 * The token is put in on the way out, and is in no file, log or argument.
 * TELNYX_BASE_URL names another server than the provider's.
 */
import process from "node:process";
import { parseArgs } from "node:util";
import { serveRooms } from "../lib/testing/fake_rooms.ts";
import { deleteComposition, deleteRoom, type FetchFn } from "../mod.ts";
import type { Pact, PactInteraction } from "./consumer.ts";
import { type Account, findStates, makeState } from "./live_states.ts";
import { type Given, pactFile, pactName, provider } from "./names.ts";
import { Verifier } from "./pact.ts";

const stateOf = ({ providerStates: [state] }: PactInteraction): string =>
  state?.name ?? "";

/** A way to the API that puts the token in, and notes what is made. */
function wayTo(baseUrl: string, token: string) {
  const made: [remove: typeof deleteRoom, id: string][] = [];
  const way = { bearer: token, made, fetchFn: forward };
  async function forward(
    input: string | URL | Request,
    init?: RequestInit,
  ): Promise<Response> {
    const request = new Request(input, init);
    const { pathname, search } = new URL(request.url);
    const path = pathname.replace(/^\/v2/, "");
    const sent = await request.text();
    const response = await fetch(baseUrl + path + search, {
      method: request.method,
      headers: {
        accept: "application/json",
        authorization: `Bearer ${way.bearer}`,
        ...sent && { "content-type": "application/json" },
      },
      ...sent && { body: sent },
      redirect: "manual",
      signal: request.signal,
    });
    const body = await response.text();
    if (response.ok && request.method === "POST") {
      const id = JSON.parse(body).data?.id;
      if (path === "/rooms") made.push([deleteRoom, id]);
      if (path === "/room_compositions") made.push([deleteComposition, id]);
    }
    const { status, headers } = response;
    const kept = [...headers].filter(([name]) => /^x-|type$/.test(name));
    return new Response(body || null, { status, headers: kept });
  }
  return way;
}

type Way = ReturnType<typeof wayTo>;

/** Verifies interactions, each in its state. */
async function verify(
  pact: Pact,
  interactions: PactInteraction[],
  way: Way,
  toState: (state: string) => Promise<Given>,
): Promise<boolean> {
  if (interactions.length === 0) return true;
  const dir = await Deno.makeTempDir();
  const file = `${dir}/${pactName}`;
  await Deno.writeTextFile(file, JSON.stringify({ ...pact, interactions }));
  const proxy = await serveRooms({ fetch: way.fetchFn as never });
  const token = way.bearer;
  try {
    await new Verifier({
      provider,
      providerBaseUrl: proxy.url,
      pactUrls: [file],
      logLevel: "error",
      stateHandlers: Object.fromEntries(
        interactions.map(stateOf).map((state) => [
          state,
          async () => {
            way.bearer = token;
            const given = await toState(state);
            if (state === "the token is unknown") way.bearer = "unknown";
            return given;
          },
        ]),
      ),
    }).verifyProvider();
    return true;
  } catch {
    return false; // the verifier has reported why
  } finally {
    way.bearer = token;
    await proxy.close();
    await Deno.remove(dir, { recursive: true });
  }
}

/** Deletes what was made, but for what is gone already. */
async function cleanUp({ made, fetchFn }: Way, account: Account) {
  const { token, baseUrl } = account;
  let isClean = true;
  for (const [remove, id] of made) {
    try {
      await remove(fetchFn as FetchFn, token, id, { baseUrl });
    } catch (error) {
      if ((error as { status?: number }).status === 404) continue;
      console.error(`verify_live: ${id} is left behind: ${error}`);
      isClean = false;
    }
  }
  return isClean;
}

function argumentsOf(args: string[]) {
  const options = { write: { type: "boolean", default: false } } as const;
  return parseArgs({ args, options, allowPositionals: true });
}

async function main(): Promise<number> {
  const { values: { write }, positionals } = argumentsOf(Deno.args);
  const { TELNYX_API_KEY: token, TELNYX_BASE_URL } = process.env;
  const roomId = positionals[0] ?? process.env.TELNYX_ROOM_ID;
  if (!token || !roomId) {
    const missing = token ? "a room's id" : "TELNYX_API_KEY";
    console.log(`Skipped: ${missing} is missing, nothing was verified`);
    return 0;
  }
  const baseUrl = TELNYX_BASE_URL ?? "https://api.telnyx.com/v2";
  const way = wayTo(baseUrl, token);
  const account: Account = {
    fetchFn: way.fetchFn as FetchFn,
    token,
    baseUrl,
    roomId,
  };
  let found: Map<string, Given>;
  try {
    found = await findStates(account);
  } catch (error) {
    console.error(`verify_live: ${(error as Error).message}`);
    return 1;
  }

  const pact: Pact = JSON.parse(await Deno.readTextFile(pactFile));
  const isRead = ({ request }: PactInteraction) => request.method === "GET";
  const reading = pact.interactions.filter((one) =>
    isRead(one) && found.has(stateOf(one))
  );
  const writing = pact.interactions.filter((one) =>
    write && !isRead(one) && stateOf(one) in makeState
  );
  let verified = false;
  try {
    const isKept = [
      await verify(
        pact,
        reading,
        way,
        (state) => Promise.resolve(found.get(state) ?? {}),
      ),
      await verify(
        pact,
        writing,
        way,
        (state) => makeState[state]?.(account) ?? Promise.resolve({}),
      ),
    ];
    verified = isKept.every(Boolean);
  } finally {
    verified = await cleanUp(way, account) && verified;
  }
  for (const one of pact.interactions) {
    if (reading.includes(one) || writing.includes(one)) continue;
    const why = isRead(one)
      ? `it can't be had now: ${stateOf(one)}`
      : write
      ? `--write makes no such state: ${stateOf(one)}`
      : `it would write: ${one.description}`;
    console.log(`Not verified, as ${why}`);
  }
  const verdict = verified ? "keeps" : "does not keep";
  console.log(
    `${baseUrl} ${verdict} the contract in ` +
      `${reading.length + writing.length} of ${pact.interactions.length} ` +
      `interactions`,
  );
  return verified ? 0 : 1;
}

if (import.meta.main) Deno.exit(await main());
