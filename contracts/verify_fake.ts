/**
 * `deno run -A contracts/verify_fake.ts [SABOTAGE[+SABOTAGE…]…]`: verifies the fake
 * against the committed pacts, over HTTP and with the webhooks that it sends; as it
 * is, or with sabotages. A line `name: passes` or `name: fails` ends each report.
 *
 * It is a program of its own because the verifier prints its report itself.
 */
import { fileURLToPath } from "node:url";
import {
  type FakeRooms,
  fakeRooms,
  serveRooms,
} from "../lib/testing/fake_rooms.ts";
import { pactFile, provider, webhooks, webhooksFile } from "./names.ts";
import { providerWithMetadata, Verifier } from "./pact.ts";
import { sentWebhooks, states } from "./states.ts";

type Sabotage = (response: Response, text: string) => Response;

const withText = ({ status, headers }: Response, text: string) =>
  new Response(text || null, { status, headers }); // a 204 has no body at all

/**
 * Ways to change the fake on purpose; verification must fail for each but
 * `coarse-times`, which the module reads as well.
 */
const sabotages: Record<string, Sabotage> = {
  "as it is": withText,
  "renamed-field": (response, text) =>
    withText(response, text.replaceAll('"unique_name"', '"name"')),
  "wrong-type": (response, text) =>
    withText(
      response,
      text.replace(/"max_participants":(\d+)/, '"max_participants":"$1"'),
    ),
  "wrong-format": (response, text) =>
    withText(response, text.replaceAll(/T[\d:.]+Z"/g, '"')),
  "coarse-times": (response, text) =>
    withText(response, text.replaceAll(/\.\d{6}Z"/g, '+00:00"')),
  "wrong-status": (response, text) =>
    new Response(text || null, {
      status: response.status === 404 ? 400 : response.status,
      headers: response.headers,
    }),
  "missing-header": (response, text) => {
    response.headers.delete("x-ratelimit-reset");
    return withText(response, text);
  },
  "renamed-event-field": (response, text) =>
    withText(response, text.replaceAll('"left_reason"', '"reason"')),
  "missing-event-header": (response, text) => {
    response.headers.delete("telnyx-timestamp");
    return withText(response, text);
  },
};

/** Whether the fake fulfils both pacts with sabotages. */
async function verify(all: Sabotage[]): Promise<boolean> {
  const sabotage = async (response: Response) => {
    for (const one of all) response = one(response, await response.text());
    return response;
  };
  let fake: FakeRooms = fakeRooms();
  const served = await serveRooms({
    fetch: async (input, init) => sabotage(await fake.fetch(input, init)),
  });
  const isFulfilled = await new Verifier({
    provider,
    providerBaseUrl: served.url,
    pactUrls: [fileURLToPath(pactFile)],
    logLevel: "error",
    stateHandlers: Object.fromEntries(
      Object.entries(states).map(([state, make]) => [
        state,
        async () => {
          const { given, ...state } = await make();
          fake = state.fake;
          return given ?? {};
        },
      ]),
    ),
  }).verifyProvider().then(() => true, () => false);
  await served.close();

  const sent: [string, ReturnType<typeof providerWithMetadata>][] = [];
  for (const [type, { headers, body }] of await sentWebhooks()) {
    const message = await sabotage(new Response(body, { headers }));
    const metadata = Object.fromEntries(message.headers);
    sent.push([type, providerWithMetadata(() => message.json(), metadata)]);
  }
  const areSent = await new Verifier({
    provider: webhooks,
    pactUrls: [fileURLToPath(webhooksFile)],
    logLevel: "error",
    messageProviders: Object.fromEntries(sent),
  }).verifyProvider().then(() => true, () => false);
  return isFulfilled && areSent;
}

const names = Deno.args.length > 0 ? Deno.args : ["as it is"];
let failed = 0;
for (const name of names) {
  const all = name.split("+").map((word) => {
    const sabotage = sabotages[word];
    if (sabotage) return sabotage;
    console.error(`No such sabotage; there are ${Object.keys(sabotages)}`);
    Deno.exit(2);
  });
  const passes = await verify(all);
  if (!passes) failed++;
  console.log(`${name}: ${passes ? "passes" : "fails"}`);
}
Deno.exit(failed > 0 ? 1 : 0);
