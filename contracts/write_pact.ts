/** `deno task contract:write`: writes the pact that the interactions make. */
import { play } from "./consumer.ts";
import { interactions } from "./interactions.ts";
import { pactFile, pactName } from "./names.ts";

const dir = await Deno.makeTempDir();
for (const interaction of interactions) await play(interaction, dir);
const pact = JSON.parse(await Deno.readTextFile(`${dir}/${pactName}`));
await Deno.remove(dir, { recursive: true });
await Deno.writeTextFile(pactFile, `${JSON.stringify(pact, null, 2)}\n`);
console.log(`${pactName}: ${pact.interactions.length} interactions`);
