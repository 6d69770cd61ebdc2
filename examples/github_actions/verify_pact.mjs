/**
 * Verifies the provider at PROVIDER_URL against the pact that ships in
 * @videorooms/telnyx. `states.json` names, for each provider state that can be
 * had there, the ids of what is in it; the other interactions are left out, and
 * listed. So is what would create, change or delete something there.
 * TELNYX_API_KEY, if set, goes into the requests on their way out.
 */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { Verifier } from "@pact-foundation/pact";

const { PROVIDER_URL, TELNYX_API_KEY } = process.env;
if (!PROVIDER_URL) throw new Error("PROVIDER_URL is missing");

const readJson = async (url) => JSON.parse(await readFile(url, "utf8"));
const shipped = import.meta.resolve("@videorooms/telnyx/package.json");
const name = "videorooms-telnyx-telnyx-video-api.json";
const pact = await readJson(new URL(`contracts/${name}`, shipped));
const idsByState = await readJson(new URL("states.json", import.meta.url));

const stateOf = ({ providerStates: [state] }) => state.name;
const canBeHad = (interaction) =>
  interaction.request.method === "GET" &&
  Object.hasOwn(idsByState, stateOf(interaction));
const interactions = pact.interactions.filter(canBeHad);
if (interactions.length === 0) throw new Error("states.json names no state");

const dir = await mkdtemp(join(tmpdir(), "pact-"));
const file = join(dir, name);
await writeFile(file, JSON.stringify({ ...pact, interactions }));
try {
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
    // What a handler returns goes into the request: here, ids
    stateHandlers: Object.fromEntries(
      Object.entries(idsByState).map(([state, ids]) => [
        state,
        () => Promise.resolve(ids),
      ]),
    ),
  }).verifyProvider();
} catch {
  process.exitCode = 1; // the verifier has reported why
} finally {
  await rm(dir, { recursive: true });
}

for (const interaction of pact.interactions) {
  if (!canBeHad(interaction)) {
    const { description } = interaction;
    console.log(`Not verified: ${description}, when ${stateOf(interaction)}`);
  }
}
console.log(
  `${process.exitCode ? "Broken" : "Kept"}: ${interactions.length} of ` +
    `${pact.interactions.length} interactions were verified`,
);
