/**
 * `deno task contract:live [--write] [ROOM_ID]`: verifies the pact against the
 * real API. It needs TELNYX_API_KEY and the id of a room (the argument, or
 * TELNYX_ROOM_ID); without them it is skipped, with exit code 0.
 *
 * It only reads; which interactions it can verify depends on the account. With
 * `--write` it also creates, changes and deletes its own rooms and tokens, and
 * leaves nothing behind. It never ends a session, kicks anyone, or deletes a
 * recording.
 *
 * A proxy adds the token, so that it is in no file, log or argument.
 * TELNYX_BASE_URL names another server.
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

/** A proxy of the API that adds the token, and records what is created. */
function proxyOf(baseUrl: string, token: string) {
  const created: [remove: typeof deleteRoom, id: string][] = [];
  const api = { bearer: token, created, fetchFn: forward };
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
        authorization: `Bearer ${api.bearer}`,
        ...sent && { "content-type": "application/json" },
      },
      ...sent && { body: sent },
      redirect: "manual",
      signal: request.signal,
    });
    const body = await response.text();
    if (response.ok && request.method === "POST") {
      const id = JSON.parse(body).data?.id;
      if (path === "/rooms") created.push([deleteRoom, id]);
      if (path === "/room_compositions") created.push([deleteComposition, id]);
    }
    const { status, headers } = response;
    const kept = [...headers].filter(([name]) => /^x-|type$/.test(name));
    return new Response(body || null, { status, headers: kept });
  }
  return api;
}

type ApiProxy = ReturnType<typeof proxyOf>;

/** Verifies interactions, each in its provider state. */
async function verify(
  pact: Pact,
  interactions: PactInteraction[],
  api: ApiProxy,
  toState: (state: string) => Promise<Given>,
): Promise<boolean> {
  if (interactions.length === 0) return true;
  const dir = await Deno.makeTempDir();
  const file = `${dir}/${pactName}`;
  await Deno.writeTextFile(file, JSON.stringify({ ...pact, interactions }));
  const served = await serveRooms({ fetch: api.fetchFn as never });
  const token = api.bearer;
  try {
    await new Verifier({
      provider,
      providerBaseUrl: served.url,
      pactUrls: [file],
      logLevel: "error",
      stateHandlers: Object.fromEntries(
        interactions.map(stateOf).map((state) => [
          state,
          async () => {
            api.bearer = token;
            const given = await toState(state);
            if (state === "the token is unknown") api.bearer = "unknown";
            return given;
          },
        ]),
      ),
    }).verifyProvider();
    return true;
  } catch {
    return false; // the verifier reports why
  } finally {
    api.bearer = token;
    await served.close();
    await Deno.remove(dir, { recursive: true });
  }
}

/** Deletes what was created, unless it is gone already. */
async function cleanUp({ created, fetchFn }: ApiProxy, account: Account) {
  const { token, baseUrl } = account;
  let isClean = true;
  for (const [remove, id] of created) {
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
  const api = proxyOf(baseUrl, token);
  const account: Account = {
    fetchFn: api.fetchFn as FetchFn,
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
        api,
        (state) => Promise.resolve(found.get(state) ?? {}),
      ),
      await verify(
        pact,
        writing,
        api,
        (state) => makeState[state]?.(account) ?? Promise.resolve({}),
      ),
    ];
    verified = isKept.every(Boolean);
  } finally {
    verified = await cleanUp(api, account) && verified;
  }
  for (const one of pact.interactions) {
    if (reading.includes(one) || writing.includes(one)) continue;
    const why = isRead(one)
      ? `the account is not in this state: ${stateOf(one)}`
      : write
      ? `--write does not create this state: ${stateOf(one)}`
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
