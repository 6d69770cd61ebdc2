import { assertEquals } from "@std/assert";
import type { FetchInit } from "../../mod.ts";
import { postWebhooks } from "../../lib/cli/post_webhooks.ts";
import { contextOf } from "./command.ts";

Deno.test("postWebhooks() follows no redirect, since every webhook goes to one URL", async () => {
  const sent: [string, FetchInit | undefined][] = [];
  const context = contextOf({
    fetch: (url, init) => {
      sent.push([`${url}`, init]);
      return Promise.resolve(new Response(null, { status: 302 }));
    },
  });
  const post = postWebhooks("http://127.0.0.1:9/hook", context);
  const body = '{"data":{"event_type":"video.room.session.started"}}';
  const request = new Request("http://room.example/", { method: "POST", body });
  const response = await post(request);
  assertEquals(response instanceof Response && response.status, 302);
  assertEquals(
    sent.map(([url, init]) => [url, init?.method, init?.redirect]),
    [["http://127.0.0.1:9/hook", "POST", "manual"]],
  );
});
