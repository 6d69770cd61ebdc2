/**
 * Verifies the provider at PROVIDER_URL against the pact that ships in
 * @videorooms/telnyx. `states.json` has the ids for each provider state that
 * your provider can be in. Interactions in other states are skipped and listed,
 * and so are those that would create, change or delete something.
 * TELNYX_API_KEY, if set, is added to the requests.
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
const isVerifiable = (interaction) =>
  interaction.request.method === "GET" &&
  Object.hasOwn(idsByState, stateOf(interaction));
const interactions = pact.interactions.filter(isVerifiable);
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
    // The ids that a handler returns go into the request
    stateHandlers: Object.fromEntries(
      Object.entries(idsByState).map(([state, ids]) => [
        state,
        () => Promise.resolve(ids),
      ]),
    ),
  }).verifyProvider();
} catch {
  process.exitCode = 1; // the verifier has printed why
} finally {
  await rm(dir, { recursive: true });
}

for (const interaction of pact.interactions) {
  if (!isVerifiable(interaction)) {
    const { description } = interaction;
    console.log(`Not verified: ${description}, when ${stateOf(interaction)}`);
  }
}
console.log(
  `${process.exitCode ? "Broken" : "Kept"}: ${interactions.length} of ` +
    `${pact.interactions.length} interactions were verified`,
);
