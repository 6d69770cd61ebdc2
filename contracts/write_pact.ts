/** `deno task contract:write`: writes the pact that the interactions make. */
import { makePact } from "./consumer.ts";
import { pactFile, pactName } from "./names.ts";

const pact = await makePact();
await Deno.writeTextFile(pactFile, `${JSON.stringify(pact, null, 2)}\n`);
console.log(`${pactName}: ${pact.interactions.length} interactions`);
