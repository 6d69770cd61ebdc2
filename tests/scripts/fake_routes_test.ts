import { assert, assertEquals } from "@std/assert";
import { curlOf, exampleUrl } from "../../scripts/fake_routes.ts";
import { sh } from "../../scripts/sh.ts";
import { controlRoutes } from "../../lib/testing/control.ts";
import { fakeRooms, serveRooms } from "../../lib/testing/fake_rooms.ts";
import { partsOf } from "../../lib/testing/parts.ts";
import { addStartingRooms } from "../../lib/testing/starting_rooms.ts";

Deno.test("every command in docs/fake.md works, in its order", async () => {
  const fake = fakeRooms({
    webhookUrl: "http://127.0.0.1/hook",
    onWebhook: () => {},
  });
  addStartingRooms(partsOf(fake));
  const { url, close } = await serveRooms(fake);
  const env = { ANN: "", EVENT: "" };
  try {
    for (const route of controlRoutes) {
      const command = curlOf(route)
        .replaceAll(exampleUrl, url.replace("/v2", "/_fake/"))
        .replace("curl ", "curl -sS -m 1 -w '\\n%{http_code}' ");
      const { stdout, stderr } = await sh("sh", ["-c", command], { env });
      const lines = stdout.trimEnd().split("\n");
      assertEquals(lines.at(-1), "200", `${command}: ${stdout}${stderr}`);
      if (route.path.endsWith("/join")) {
        env.ANN = JSON.parse(lines[0] ?? "").id;
      }
      if (route.path === "webhooks") {
        env.EVENT = JSON.parse(lines[0] ?? "").webhooks[0].event.id;
      }
      if (route.path === "events") {
        assert(stdout.startsWith("event: state\ndata: {"), stdout);
      }
    }
  } finally {
    await fake.delivered();
    await close();
  }
});
