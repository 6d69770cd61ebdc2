/** Builds and starts a Next.js app, and tells whether its pages are fresh. */
import { spawn, spawnSync } from "node:child_process";
import process from "node:process";
import { id, rename } from "./calls.mjs";

const next = "node_modules/next/dist/bin/next";
const { status, stdout, stderr } = spawnSync(process.execPath, [next, "build"]);
if (status !== 0) throw new Error(`next build: ${stdout}${stderr}`);

const args = [next, "start", "-p", "0", "-H", "127.0.0.1"];
const server = spawn(process.execPath, args);
const tooLate = setTimeout(() => server.kill(), 30_000);
try {
  let [said, origin] = ["", ""];
  for await (const text of server.stdout) {
    said += text;
    [origin] = /http:\/\/127\.0\.0\.1:\d+/.exec(said) ?? [""];
    if (origin) break;
  }
  server.stdout.resume();
  for (const path of ["/", `/rooms/${id}`]) {
    const seen = [];
    for (const name of ["First", "Second"]) {
      await rename(name);
      const page = await (await fetch(`${origin}${path}`)).text();
      seen.push(page.includes(`<h1>${name}</h1>`));
    }
    console.log(path, seen.every(Boolean) ? "is fresh" : "is stale");
  }
} finally {
  clearTimeout(tooLate);
  server.kill();
}
