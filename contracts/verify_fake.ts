/**
 * `deno run -A contracts/verify_fake.ts`: verifies the fake against the committed
 * pacts, over HTTP and with the webhooks that it sends: as it is, and with mistakes.
 * A line `name: passes` or `name: fails` ends each report.
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
import { inState, states } from "./states.ts";

/** A response or a webhook, to be changed. */
interface Sent {
  status: number;
  headers: Headers;
  text: string;
}

const replacing = (from: string | RegExp, to: string) => (sent: Sent) => {
  sent.text = sent.text.replaceAll(from, to);
};

/** What the verifier says of each mistake of a fake, and the mistake. */
export const mistakes: Record<string, (sent: Sent) => void> = {
  "missing the following keys: unique_name": replacing(
    '"unique_name"',
    '"name"',
  ),
  "to be an integer": replacing(/("max_participants"):(\d+)/g, '$1:"$2"'),
  "Expected '2021-04-16' to match": replacing(/T[\d:.]+Z"/g, '"'),
  "expected 404 but was 400": (sent) => {
    if (sent.status === 404) sent.status = 400;
  },
  "Expected header 'x-ratelimit-reset' to have value": ({ headers }) =>
    headers.delete("x-ratelimit-reset"),
  "missing the following keys: left_reason": replacing(
    '"left_reason"',
    '"reason"',
  ),
  '"telnyx-timestamp" with value "1700000000" (FAILED)': ({ headers }) =>
    headers.delete("telnyx-timestamp"),
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
  const handlers = states.map((state) => [state, async () => {
    const entered = await inState(state);
    fake = entered.fake;
    return entered.given;
  }]);
  const isFulfilled = await isKept({
    provider,
    providerBaseUrl: served.url,
    pactUrls: [fileURLToPath(pactFile)],
    stateHandlers: Object.fromEntries(handlers),
  });
  await served.close();

  const messages: Record<string, ReturnType<typeof providerWithMetadata>> = {};
  const { fake: sending } = await inState("a composition is ready", {
    webhookUrl: "https://www.example.com/hook",
    async onWebhook(request) {
      const { headers } = request;
      const webhook = new Response(await request.text(), { headers });
      const message = await sabotage(webhook);
      const metadata = Object.fromEntries(message.headers);
      const event = await message.json();
      messages[event.data.event_type] = providerWithMetadata(
        () => event,
        metadata,
      );
    },
  });
  await sending.delivered();
  const areSent = await isKept({
    provider: webhooks,
    pactUrls: [fileURLToPath(webhooksFile)],
    messageProviders: messages,
  });
  return isFulfilled && areSent;
}

if (import.meta.main) {
  const runs = {
    "as it is": [],
    // At once, as each verification takes seconds
    "every mistake": Object.values(mistakes),
  };
  for (const [name, sabotages] of Object.entries(runs)) {
    const passes = await verify(sabotages);
    console.log(`${name}: ${passes ? "passes" : "fails"}`);
  }
  Deno.exit();
}
