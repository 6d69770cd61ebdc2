/**
 * `deno task test:peer`: the provider's own SDK, some 37 MB that are fetched
 * for this alone: its requests for every operation beside ours, what it makes of
 * the fake of this project, and its room type beside ours. Closes with the line
 * `N passed, N failed`.
 */
import { fileURLToPath } from "node:url";
import { getRoom } from "../../mod.ts";
import * as core from "../../lib/core.ts";
import { exampleRooms } from "../../lib/cli/example_rooms.ts";
import { fakeRooms, serveRooms } from "../../lib/testing/fake_rooms.ts";
import { npmProject, pack } from "../../scripts/install_package.ts";
import { must, sh } from "../../scripts/sh.ts";

const path = (relative: string) =>
  fileURLToPath(new URL(relative, import.meta.url));

const [{ id }] = exampleRooms;
const missing = "0ccc7b54-4df3-4bca-a65a-3da1ecc777f0";
let [passed, failed] = [0, 0];

function check(name: string, holds: boolean, otherwise: unknown): void {
  holds ? passed++ : failed++;
  console.log(holds ? `ok: ${name}` : `FAILED: ${name}: ${otherwise}`);
}

/** What an operation is called with, where it can't do without. */
const samples: Record<string, { opts?: unknown; payload?: unknown }> = {
  "POST /rooms/{id}/actions/refresh_client_token": { payload: "a.b.c" },
  "POST /room_sessions/{id}/actions/mute": { payload: "all" },
  "POST /room_sessions/{id}/actions/unmute": { payload: [id] },
  "POST /room_sessions/{id}/actions/kick": { payload: "all" },
  "DELETE /room_recordings": { opts: { roomId: id } },
};

/** Every operation, what it is called with, and the request that it makes. */
const operations = (Object.values(core) as unknown[])
  .filter((value): value is core.Operation => Object(value).path !== undefined)
  .map((operation) => {
    const { method, path } = operation;
    const name = `${method} ${path.replaceAll(/\{\w+\}/g, "{id}")}`;
    const { opts = {}, payload = {} } = samples[name] ?? {};
    const ids = [...path.matchAll(/\{(\w+)\}/g)].map(([, key]) => [key, id]);
    const { url, body } = core.toRequest(
      operation,
      "KEY",
      Object.fromEntries(ids),
      opts,
      payload,
    );
    const sent = `${method} ${decodeURI(url.replace(/^.*\/v2/, ""))} `;
    return { name, payload, sent: sent + (body ?? "{}") };
  });

/** The requests of the SDK for the same operations, one after the other. */
async function requestsOfSdk(dir: string): Promise<string[]> {
  const sent: string[] = [];
  const server = Deno.serve({
    hostname: "127.0.0.1",
    port: 0,
    onListen: () => {},
  }, async (request) => {
    const { pathname, search } = new URL(request.url);
    const body = await request.text() || "{}";
    sent.push(`${request.method} ${decodeURI(pathname + search)} ${body}`);
    return Response.json({ data: [], meta: {} });
  });
  const baseUrl = `http://127.0.0.1:${server.addr.port}`;
  const asked = JSON.stringify(operations);
  await must("node", ["sdk.mjs", baseUrl, id, missing, asked], { cwd: dir });
  await server.shutdown();
  return sent;
}

const work = await Deno.makeTempDir();
try {
  const dir = `${work}/peer`;
  const tarball = await pack(work);
  await npmProject(dir, [tarball, "telnyx@7.24.0", "typescript@latest"]);
  for (const file of ["sdk.mjs", "room_type.ts"]) {
    await Deno.copyFile(path(file), `${dir}/${file}`);
  }

  const theirRequests = await requestsOfSdk(dir);
  for (const [i, { name, sent }] of operations.entries()) {
    const request = theirRequests[i];
    check(`the SDK's request is ours: ${name}`, request === sent, request);
  }

  const fake = fakeRooms({ rooms: exampleRooms, tokens: ["KEY"] });
  const { url: baseUrl, close } = await serveRooms(fake);
  const args = ["sdk.mjs", baseUrl, id, missing];
  const theirs = JSON.parse(await must("node", args, { cwd: dir }));
  const ours = await getRoom(fetch, "KEY", id, {
    baseUrl,
    includeSessions: true,
  });
  await close();
  check(
    "the SDK has the same room from the fake as getRoom()",
    JSON.stringify(theirs.data) === JSON.stringify(ours),
    JSON.stringify(theirs.data),
  );
  check("the SDK sees a 404", theirs.missing === 404, theirs.missing);
  check("the SDK sees a 401", theirs.refused === 401, theirs.refused);

  const { code, stdout } = await sh("node", [
    "node_modules/typescript/bin/tsc",
    "--noEmit",
    "--strict",
    "--skipLibCheck",
    "--target",
    "es2022",
    "--module",
    "nodenext",
    "--lib",
    "es2022,dom",
    "room_type.ts",
  ], { cwd: dir });
  check("what is written for the SDK's room takes ours", code === 0, stdout);
} finally {
  await Deno.remove(work, { recursive: true });
}
console.log(`\n${passed} passed, ${failed} failed`);
Deno.exit(failed > 0 ? 1 : 0);
