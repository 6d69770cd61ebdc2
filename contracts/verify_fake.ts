/**
 * `deno run -A contracts/verify_fake.ts SABOTAGE[+SABOTAGE…]…`: verifies the fake
 * against the committed pacts, over HTTP and with the webhooks that it sends, with
 * sabotages or "as it is". A line `name: passes` or `name: fails` ends each report.
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

/** A response or a webhook, to be changed. */
interface Sent {
  status: number;
  headers: Headers;
  text: string;
}

const replacing = (from: string | RegExp, to: string) => (sent: Sent) => {
  sent.text = sent.text.replaceAll(from, to);
};

/**
 * Ways to change the fake on purpose; verification must fail for each but
 * `coarse-times`, which the module reads as well.
 */
const sabotages: Record<string, (sent: Sent) => void> = {
  "as it is": () => {},
  "renamed-field": replacing('"unique_name"', '"name"'),
  "wrong-type": replacing(/("max_participants"):(\d+)/g, '$1:"$2"'),
  "wrong-format": replacing(/T[\d:.]+Z"/g, '"'),
  "coarse-times": replacing(/\.\d{6}Z"/g, '+00:00"'),
  "wrong-status": (sent) => {
    if (sent.status === 404) sent.status = 400;
  },
  "missing-header": ({ headers }) => headers.delete("x-ratelimit-reset"),
  "renamed-event-field": replacing('"left_reason"', '"reason"'),
  "missing-event-header": ({ headers }) => headers.delete("telnyx-timestamp"),
};

/** Whether the fake fulfils both pacts with sabotages. */
async function verify(all: ((sent: Sent) => void)[]): Promise<boolean> {
  const sabotage = async (response: Response) => {
    const { status, headers } = response;
    const sent = { status, headers, text: await response.text() };
    for (const one of all) one(sent);
    return new Response(sent.text || null, sent); // a 204 has no body at all
  };
  const isKept = (options: ConstructorParameters<typeof Verifier>[0]) =>
    new Verifier({ ...options, logLevel: "error" }).verifyProvider()
      .then(() => true, () => false);

  let fake: FakeRooms = fakeRooms();
  const served = await serveRooms({
    fetch: async (input, init) => sabotage(await fake.fetch(input, init)),
  });
  const handlers = Object.entries(states).map(([state, make]) => [
    state,
    async () => {
      const { given = {}, ...made } = await make();
      fake = made.fake;
      return given;
    },
  ]);
  const isFulfilled = await isKept({
    provider,
    providerBaseUrl: served.url,
    pactUrls: [fileURLToPath(pactFile)],
    stateHandlers: Object.fromEntries(handlers),
  });
  await served.close();

  const messages: [string, ReturnType<typeof providerWithMetadata>][] = [];
  for (const [type, sent] of await sentWebhooks()) {
    const message = await sabotage(sent);
    const metadata = Object.fromEntries(message.headers);
    messages.push([type, providerWithMetadata(() => message.json(), metadata)]);
  }
  const areSent = await isKept({
    provider: webhooks,
    pactUrls: [fileURLToPath(webhooksFile)],
    messageProviders: Object.fromEntries(messages),
  });
  return isFulfilled && areSent;
}

let isAllKept = true;
for (const name of Deno.args) {
  const all = name.split("+").flatMap((word) => sabotages[word] ?? []);
  const passes = await verify(all);
  isAllKept &&= passes;
  console.log(`${name}: ${passes ? "passes" : "fails"}`);
}
Deno.exit(isAllKept ? 0 : 1);
