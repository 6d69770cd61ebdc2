/** `deno task contract:write`: writes the pacts from the interactions. */
import { makePact, makeWebhooksPact } from "./consumer.ts";
import { pactFile, webhooksFile } from "./names.ts";

for (
  const [file, { pact, failures }] of [
    [pactFile, await makePact()],
    [webhooksFile, await makeWebhooksPact()],
  ] as const
) {
  if (failures.length > 0) throw failures[0];
  await Deno.writeTextFile(file, `${JSON.stringify(pact, null, 2)}\n`);
  const name = file.pathname.split("/").at(-1);
  console.log(`${name}: ${pact.interactions.length} interactions`);
}
