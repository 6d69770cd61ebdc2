/**
 * Verifies the provider at PROVIDER_URL against the pact that ships in
 * @videorooms/telnyx. `states.json` has the ids for each provider state that your
 * provider is in; interactions in other states are skipped and listed.
 *
 * With VERIFY_WRITES, it also makes the states of `states.mjs`, and verifies
 * requests that create, change and delete: only for a stand-in of your own.
 * TELNYX_API_KEY, if set, is added to the requests.
 */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { Verifier } from "@pact-foundation/pact";
import { made } from "./states.mjs";

const { PROVIDER_URL, TELNYX_API_KEY, VERIFY_WRITES } = process.env;
if (!PROVIDER_URL) throw new Error("PROVIDER_URL is missing");

const readJson = async (url) => JSON.parse(await readFile(url, "utf8"));
const shipped = import.meta.resolve("@videorooms/telnyx/package.json");
const name = "videorooms-telnyx-telnyx-video-api.json";
const pact = await readJson(new URL(`contracts/${name}`, shipped));
const idsByState = await readJson(new URL("states.json", import.meta.url));

const given = Object.fromEntries(
  Object.entries(idsByState).map(([state, ids]) => [state, () => ids]),
);
// What is given can be read; a request that writes needs a state of its own
const reads = VERIFY_WRITES ? { ...made, ...given } : given;
const writes = VERIFY_WRITES ? { ...given, ...made } : {};

const stateOf = ({ providerStates: [state] }) => state.name;
const isRead = ({ request }) => request.method === "GET";
const reading = pact.interactions.filter((one) =>
  isRead(one) && Object.hasOwn(reads, stateOf(one))
);
const changing = pact.interactions.filter((one) =>
  !isRead(one) && Object.hasOwn(writes, stateOf(one))
);
if (reading.length === 0) throw new Error("states.json names no state");

const dir = await mkdtemp(join(tmpdir(), "pact-"));

/** Verifies interactions; the ids that a state returns go into the request. */
async function verify(interactions, states) {
  if (interactions.length === 0) return;
  const file = join(dir, name);
  await writeFile(file, JSON.stringify({ ...pact, interactions }));
  await new Verifier({
    provider: pact.provider.name,
    providerBaseUrl: PROVIDER_URL,
    pactUrls: [file],
    logLevel: "error",
    requestFilter: (request, _response, next) => {
      if (TELNYX_API_KEY) {
        request.headers.authorization = `Bearer ${TELNYX_API_KEY}`;
      }
      next();
    },
    stateHandlers: Object.fromEntries(
      Object.entries(states).map(([state, enter]) => [
        state,
        async () => await enter(),
      ]),
    ),
  }).verifyProvider();
}

try {
  await verify(reading, reads);
  await verify(changing, writes);
} catch {
  process.exitCode = 1; // the verifier has printed why
} finally {
  await rm(dir, { recursive: true });
}

const verified = [...reading, ...changing];
for (const interaction of pact.interactions) {
  if (!verified.includes(interaction)) {
    const { description } = interaction;
    console.log(`Not verified: ${description}, when ${stateOf(interaction)}`);
  }
}
console.log(
  `${process.exitCode ? "Broken" : "Kept"}: ${verified.length} of ` +
    `${pact.interactions.length} interactions were verified`,
);
