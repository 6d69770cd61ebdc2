import { assertEquals, assertMatch } from "@std/assert";
import { root } from "../scripts/sh.ts";
import { contractProgram } from "../tests/support/child.ts";
import { withServer } from "../tests/support/server.ts";
import { pactFile, provider, webhooks, webhooksFile } from "./names.ts";

const broker = (command: string, env: Record<string, string> = {}) =>
  contractProgram(["contracts/broker.ts", command], {
    PACT_BROKER_BASE_URL: "",
    ...env,
  });

for (const command of ["publish", "can-i-deploy"]) {
  Deno.test(`broker ${command} fails with one line without PACT_BROKER_BASE_URL`, async () => {
    const { code, stderr } = await broker(command);
    assertEquals(code, 2);
    assertMatch(
      stderr,
      new RegExp(
        `^broker ${command}: PACT_BROKER_BASE_URL is missing.*\n$`,
      ),
    );
  });
}

Deno.test("broker rejects an unknown command", async () => {
  const { code, stderr } = await broker("delete");
  assertEquals(code, 2);
  assertMatch(stderr, /neither publish nor can-i-deploy/);
});

/** Runs a command against a minimal Pact Broker; returns the requests. */
async function withBroker(deployable: boolean, command: string) {
  const requests: { path: string; token: string | null; body: string }[] = [];
  const { code } = await withServer(async (request) => {
    const { pathname: path, origin } = new URL(request.url);
    const token = request.headers.get("authorization");
    requests.push({ path, token, body: await request.text() });
    const responses: Record<string, unknown> = {
      "/": {
        _links: {
          "pb:publish-contracts": { href: `${origin}/contracts/publish` },
        },
      },
      "/contracts/publish": { notices: [], _embedded: {}, _links: {} },
      "/matrix": {
        summary: { deployable, reason: "", success: 1, failed: 0, unknown: 0 },
        notices: [],
        matrix: [],
      },
    };
    return Response.json(responses[path] ?? {}, {
      status: responses[path] ? 200 : 404,
      headers: { "content-type": "application/hal+json" },
    });
  }, (url) =>
    broker(command, {
      PACT_BROKER_BASE_URL: url,
      PACT_BROKER_TOKEN: "broker-token",
    }));
  return { code, requests };
}

Deno.test("broker publish sends the committed pacts, with the version from git", async () => {
  const { code, requests } = await withBroker(true, "publish");
  assertEquals(code, 0);
  const published = requests.filter(({ path }) =>
    path === "/contracts/publish"
  );
  assertEquals(published[0]?.token, "Bearer broker-token");
  const bodies = published.map(({ body }) => JSON.parse(body));
  const { pacticipantName, pacticipantVersionNumber } = bodies[0];
  const { stdout } = await new Deno.Command("git", {
    args: ["rev-parse", "HEAD"],
    cwd: root,
  }).output();
  assertEquals(
    [pacticipantName, pacticipantVersionNumber],
    ["videorooms-telnyx", new TextDecoder().decode(stdout).trim()],
  );
  const interactionsOf = new Map(
    bodies.flatMap(({ contracts }) => contracts).map((
      { providerName, content },
    ) => [providerName, JSON.parse(atob(content)).interactions]),
  );
  const files = [[provider, pactFile], [webhooks, webhooksFile]] as const;
  for (const [name, file] of files) {
    const { interactions } = JSON.parse(await Deno.readTextFile(file));
    assertEquals(interactionsOf.get(name), interactions);
  }
});

Deno.test("broker can-i-deploy exits with 0 or 1", async () => {
  assertEquals((await withBroker(true, "can-i-deploy")).code, 0);
  assertEquals((await withBroker(false, "can-i-deploy")).code, 1);
});
