/** Builds and starts a Next.js app, and prints whether its pages are fresh. */
import { spawn, spawnSync } from "node:child_process";
import process from "node:process";
import { updateRoom } from "@videorooms/telnyx";
import { baseUrl, id } from "./calls.mjs";

const next = "node_modules/next/dist/bin/next";
const { status, stdout, stderr } = spawnSync(process.execPath, [next, "build"]);
if (status !== 0) throw new Error(`next build: ${stdout}${stderr}`);

const args = [next, "start", "-p", "0", "-H", "127.0.0.1"];
const server = spawn(process.execPath, args, { timeout: 30_000 });
process.on("exit", () => server.kill());
let [printed, origin] = ["", ""];
for await (const text of server.stdout.iterator({ destroyOnReturn: false })) {
  printed += text;
  [origin] = /http:\/\/127\.0\.0\.1:\d+/.exec(printed) ?? [""];
  if (origin) break;
}
server.stdout.resume();
for (const path of ["/", `/rooms/${id}`]) {
  const seen = [];
  for (const unique_name of ["First", "Second"]) {
    await updateRoom(fetch, "KEY", id, { unique_name }, { baseUrl });
    const page = await (await fetch(`${origin}${path}`)).text();
    seen.push(page.includes(`<h1>${unique_name}</h1>`));
  }
  console.log(path, seen.every(Boolean) ? "is fresh" : "is stale");
}
process.exit();
