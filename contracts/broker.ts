/**
 * `deno task tool contracts/broker.ts publish` publishes the pacts to a Pact
 * Broker, and `… can-i-deploy` asks it whether this commit may be released. Both
 * need PACT_BROKER_BASE_URL, and PACT_BROKER_TOKEN if the broker requires one;
 * the version and the branch come from git.
 */
import { fileURLToPath } from "node:url";
import { toolsLock } from "../scripts/registry.ts";
import { consumer, pactFile, webhooksFile } from "./names.ts";

const cli = "npm:@pact-foundation/pact-cli@^18.1.2/pact-broker";

async function git(...args: string[]): Promise<string> {
  const { stdout } = await new Deno.Command("git", { args }).output();
  return new TextDecoder().decode(stdout).trim();
}

async function argumentsOf(command: string | undefined): Promise<string[]> {
  const version = await git("rev-parse", "HEAD");
  switch (command) {
    case "publish":
      return [
        "publish",
        fileURLToPath(pactFile),
        fileURLToPath(webhooksFile),
        `--consumer-app-version=${version}`,
        `--branch=${await git("rev-parse", "--abbrev-ref", "HEAD")}`,
      ];
    case "can-i-deploy":
      return [
        "can-i-deploy",
        `--pacticipant=${consumer}`,
        `--version=${version}`,
      ];
    default:
      console.error("The command is neither publish nor can-i-deploy");
      Deno.exit(2);
  }
}

const [command, ...more] = Deno.args;
const args = await argumentsOf(command);
if (!Deno.env.get("PACT_BROKER_BASE_URL")) {
  console.error(
    `broker ${command}: PACT_BROKER_BASE_URL is missing: ` +
      `set it to your Pact Broker's address`,
  );
  Deno.exit(2);
}
const { code } = await new Deno.Command(Deno.execPath(), {
  args: [
    "run",
    "--allow-all",
    `--lock=${fileURLToPath(new URL(`../${toolsLock}`, import.meta.url))}`,
    cli,
    ...args,
    ...more,
  ],
  env: { PACT_DO_NOT_TRACK: "true" },
}).spawn().status;
Deno.exit(code);
