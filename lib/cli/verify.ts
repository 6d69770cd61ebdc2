import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import process from "node:process";
import { deleteComposition } from "../client/compositions.ts";
import type { FetchFn } from "../client/fetch_fn.ts";
import { deleteRoom } from "../client/rooms.ts";
import { isDeno } from "../core/runtime.ts";
import { RoomsError } from "../core/errors.ts";
import { isRecord } from "../core/redact.ts";
import { toRequest } from "../core/request.ts";
import { getRoomOperation } from "../core/rooms.ts";
import { serveRooms } from "../testing/fake_rooms.ts";
import { callingOptions, readApiKey, toCallOptions } from "./calling.ts";
import { command, type Context } from "./command.ts";
import {
  CommandError,
  exitCodes,
  messageOf,
  permissionAdvice,
  printError,
} from "./failure.ts";
import { idForChecks, roomIdOf } from "./room_names.ts";
import { writeLine } from "./text.ts";
import {
  type Account,
  findStates,
  type Given,
  hasControl,
  madeByControl,
  madeByRequests,
  noRoom,
} from "./verify_states.ts";

/** The verifier, and the versions of it that are known to work. */
const pactPackage = "@pact-foundation/pact";
export const pactRange = "^17.1.4";

/** The contract, as it ships. */
const pactUrl = new URL(
  "../../contracts/videorooms-telnyx-telnyx-video-api.json",
  import.meta.url,
);

interface Interaction {
  description: string;
  providerStates: { name: string }[];
  request: { method: string };
  response: { headers?: Record<string, unknown> };
}

interface Pact {
  provider: { name: string };
  interactions: Interaction[];
}

/** The part of `Verifier` that is used here. */
type VerifierClass = new (options: object) => {
  verifyProvider(): Promise<unknown>;
};

const stateOf = ({ providerStates: [state] }: Interaction) => state?.name ?? "";
const isRead = ({ request }: Interaction) => request.method === "GET";

/**
 * The verifier of pact-js, if it is installed. Its name is computed, so that no
 * tool takes it for a dependency of this module.
 */
async function loadVerifier({ env }: Context): Promise<VerifierClass> {
  env.PACT_DO_NOT_TRACK ??= "true";
  const names = [
    pactPackage,
    ...isDeno() ? [`npm:${pactPackage}@${pactRange}`] : [],
  ];
  let problem: unknown;
  for (const name of names) {
    try {
      return (await import(name)).Verifier;
    } catch (error) {
      problem = error;
    }
  }
  const isMissing = isRecord(problem) &&
    problem.code === "ERR_MODULE_NOT_FOUND";
  throw new CommandError(
    permissionAdvice(problem) ??
      `verify needs ${pactPackage} beside this package` +
        (isMissing ? "" : `, which cannot be loaded (${problem})`) +
        `: npm install --save-dev ${pactPackage}`,
    exitCodes.failed,
  );
}

async function readPact(): Promise<Pact> {
  return JSON.parse(
    pactUrl.protocol === "file:"
      ? await readFile(pactUrl, "utf8")
      : await (await fetch(pactUrl)).text(),
  );
}

type Remove = typeof deleteRoom;

/** How to remove what a request creates, if it does. */
function removalOf(method: string | undefined, url: string) {
  const { pathname } = new URL(url);
  if (method !== "POST") return;
  if (pathname.endsWith("/rooms")) return deleteRoom;
  if (pathname.endsWith("/room_compositions")) return deleteComposition;
}

/** What is created: how to remove it, and its id. */
interface Creation {
  remove: Remove;
  id: string;
}

/** Sends requests, and remembers what they create; nothing once it is stopped. */
function rememberingFetch(send: FetchFn, stop: AbortSignal) {
  const creations: Promise<Creation | undefined>[] = [];
  const fetchFn: FetchFn = async (url, init) => {
    const remove = removalOf(init.method, url);
    if (!remove) return await send(url, init);
    stop.throwIfAborted();
    const responding = send(url, init).then(async (response) => ({
      response,
      text: await response.text(),
    }));
    const creating = responding.then(({ response, text }) => {
      if (!response.ok) return;
      const body = JSON.parse(text);
      return { remove, id: body.data?.id ?? body.id };
    });
    creations.push(creating.catch(() => undefined));
    const { response: { status, headers }, text } = await responding;
    const type = headers.get("content-type") ?? "application/json";
    return new Response(text, { status, headers: { "content-type": type } });
  };
  return { fetchFn, creations };
}

/** Deletes what was created, unless it is gone already; whether that succeeded. */
async function cleanUp(
  creations: Promise<Creation | undefined>[],
  { fetchFn, token, baseUrl }: Account,
  context: Context,
): Promise<boolean> {
  let isClean = true;
  for (const creation of (await Promise.all(creations)).reverse()) {
    if (!creation) continue;
    const { remove, id } = creation;
    try {
      await remove(fetchFn, token, id, { baseUrl });
    } catch (error) {
      if (error instanceof RoomsError && error.code === "not_found") continue;
      printError(`${id} is left behind: ${messageOf(error as Error)}`, context);
      isClean = false;
    }
  }
  return isClean;
}

/**
 * A proxy of the API, which adds the API key: it is in no file, log or argument of
 * the verifier.
 */
function proxyOf(
  { fetchFn, token, baseUrl }: Account,
  { interactions }: Pact,
  stop: AbortSignal,
) {
  const known = interactions.flatMap(({ response }) =>
    Object.keys(response.headers ?? {})
  );
  const proxy = {
    /** Whether the next request has a key that nobody knows. */
    isUnknown: false,
    async fetch(input: string | URL | Request, init?: RequestInit) {
      // An error would reach the verifier where it catches none
      if (stop.aborted) return new Response(null, { status: 503 });
      const request = new Request(input, init);
      const { pathname, search } = new URL(request.url);
      const body = await request.text();
      const key = proxy.isUnknown ? "unknown" : token;
      const response = await fetchFn(
        baseUrl + pathname.replace(/^\/v2/, "") + search,
        {
          method: request.method,
          headers: {
            accept: "application/json",
            authorization: `Bearer ${key}`,
            ...body && { "content-type": "application/json" },
          },
          ...body && { body },
          redirect: "manual",
          signal: request.signal,
        },
      );
      const text = await response.text();
      const headers = new Headers();
      for (const name of ["content-type", ...known]) {
        const value = response.headers.get(name);
        if (value !== null) headers.set(name, value);
      }
      return new Response(text || null, { status: response.status, headers });
    },
  };
  return proxy;
}

/** Rejects when the command is interrupted. */
const interrupted = (stop: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    if (stop.aborted) reject(stop.reason);
    stop.addEventListener("abort", () => reject(stop.reason), { once: true });
  });

/** Verifies interactions, each in its state; whether all are kept. */
async function keeps(
  Verifier: VerifierClass,
  pact: Pact,
  { account, states, stop }: {
    account: Account;
    states: ReadonlyMap<string, () => Promise<Given>>;
    stop: AbortSignal;
  },
): Promise<boolean> {
  if (pact.interactions.length === 0) return true;
  const { TMPDIR, TEMP } = process.env; // TEMP is that of Windows
  const dir = await mkdtemp(`${TMPDIR || TEMP || "/tmp"}/pact-`);
  const file = `${dir}/pact.json`;
  await writeFile(file, JSON.stringify(pact));
  const proxy = proxyOf(account, pact, stop);
  const served = await serveRooms(proxy);
  const handlers = [...states].map(([state, enter]) => [
    state,
    () => {
      proxy.isUnknown = state === "the token is unknown";
      return enter();
    },
  ]);
  try {
    const verifier = new Verifier({
      provider: pact.provider.name,
      providerBaseUrl: served.url,
      pactUrls: [file],
      logLevel: "error",
      stateHandlers: Object.fromEntries(handlers),
    });
    // Interrupted, it would wait for each of the interactions that are left
    await Promise.race([verifier.verifyProvider(), interrupted(stop)]);
    return true;
  } catch {
    return false; // the verifier has printed why
  } finally {
    if (!stop.aborted) await served.close();
    await rm(dir, { recursive: true });
  }
}

/** Why an interaction was not verified. */
function whyNot(one: Interaction, write: boolean): string {
  const state = stateOf(one);
  if (isRead(one)) return `the account is not in this state: ${state}`;
  return write
    ? `--write does not create this state: ${state}`
    : `it would write: ${one.description}`;
}

/** Verifies an account in every state that it is in or can be put into. */
async function verifyAccount(
  account: Account,
  write: boolean,
  context: Context,
): Promise<boolean> {
  const Verifier = await loadVerifier(context);
  const pact = await readPact();
  const { stdout, stop } = context;
  const { creations, fetchFn } = rememberingFetch(account.fetchFn, stop);
  const remembered = { ...account, fetchFn };
  const { reads, writes } = await statesOf(remembered, write);
  const verified = new Set<Interaction>();
  const isKept: boolean[] = [];
  try {
    for (const states of [reads, writes]) {
      const interactions = pact.interactions.filter((one) =>
        isRead(one) === (states === reads) && states.has(stateOf(one))
      );
      for (const one of interactions) verified.add(one);
      const options = { account: remembered, states, stop };
      isKept.push(await keeps(Verifier, { ...pact, interactions }, options));
    }
  } finally {
    isKept.push(await cleanUp(creations, remembered, context));
  }
  // The verifier, which cannot be stopped, would keep the process alive
  if (stop.aborted) process.exit(exitCodes.interrupted);
  for (const one of pact.interactions) {
    if (verified.has(one)) continue;
    writeLine(`Not verified, as ${whyNot(one, write)}`, stdout);
  }
  const keptAll = isKept.every(Boolean);
  const verdict = `${account.baseUrl} ${keptAll ? "keeps" : "does not keep"} ` +
    `the contract in ${verified.size} of ${pact.interactions.length} interactions`;
  writeLine(verdict, stdout);
  return keptAll;
}

/** How to enter each state, for requests that read and for those that write. */
async function statesOf(account: Account, write: boolean) {
  const reads = new Map<string, () => Promise<Given>>();
  for (const [state, given] of await findStates(account)) {
    reads.set(state, () => Promise.resolve(given));
  }
  const writes = new Map<string, () => Promise<Given>>();
  if (!write) return { reads, writes };
  const isControlled = await hasControl(account);
  const makes = { ...madeByRequests, ...isControlled && madeByControl };
  for (const [state, make] of Object.entries(makes)) {
    writes.set(state, () => make(account));
    if (isControlled) reads.set(state, () => make(account));
  }
  return { reads, writes };
}

const { json: _, ...withoutJson } = callingOptions;

/** `telnyx-rooms verify` */
export const verify = command({
  args: "[<room>]",
  about: "verify a provider against the contract",
  more: [
    "It sends the requests of the contract that this package ships, for the " +
    "states that the account is in, and compares the responses: of Telnyx, or of " +
    "a stand-in of your own at --base-url. It looks at the room, or at the first " +
    "25, and lists what it could not verify.",
    "It only reads, unless --write lets it create, change and delete rooms and " +
    "tokens of its own, which it cleans up. With --write, a fake that serves " +
    "/_fake/ is put into every state that its routes can make.",
    "It needs the npm package @pact-foundation/pact beside this one, which Deno runs " +
    "from 2.9 on.",
  ],
  options: {
    write: { about: "verify requests that write as well" },
    ...withoutJson,
  },
  examples: [[
    "telnyx-rooms verify --base-url http://127.0.0.1:7070/v2 --write",
    "verify your stand-in for Telnyx",
  ]],
  async run({ values, positionals: [room] }, context) {
    const calling = toCallOptions(values, context);
    const id = room === undefined ? undefined : idForChecks(room);
    toRequest(getRoomOperation, "any", { id: id ?? noRoom }, calling);
    const token = await readApiKey(values, context);
    const roomId = room === undefined
      ? undefined
      : await roomIdOf(room, token, calling, context);
    const baseUrl = `${calling.baseUrl ?? "https://api.telnyx.com/v2"}`
      .replace(/\/$/, "");
    const account = { fetchFn: context.fetch, token, baseUrl, roomId };
    const isKept = await verifyAccount(account, values.write === true, context);
    return isKept ? exitCodes.done : exitCodes.failed;
  },
});
