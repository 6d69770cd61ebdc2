/**
 * A program for every runtime: `client.mjs MODULE BASE_URL ID MODE`. It downloads a
 * recording, and prints what it received as JSON. MODE is `check` to hash the
 * bytes, or `race` to read the file by turns with `downloadRecording` and with bare
 * `fetch`.
 */
import { createHash } from "node:crypto";
import process from "node:process";

const [module, baseUrl, id, mode] = process.argv.slice(2);
const { downloadRecording, getRecording } = await import(module);
const opts = { baseUrl, retry: { baseDelayMs: 1 } };

const rssMiB = () => process.memoryUsage().rss / 1_048_576;
const before = rssMiB();
let grownMiB = 0;

/** Reads a stream to its end; returns how many bytes it had. */
async function read(stream, onPiece) {
  const reader = stream.getReader();
  let received = 0;
  for (let n = 0;; n++) {
    const { done, value } = await reader.read();
    if (done) return received;
    received += value.length;
    onPiece?.(value);
    if (n % 100 === 0) grownMiB = Math.max(grownMiB, rssMiB() - before);
  }
}

async function download() {
  const file = await downloadRecording(fetch, "KEY-secret", id, opts);
  return file.stream;
}

async function bare() {
  const { download_url } = await getRecording(fetch, "KEY-secret", id, opts);
  return (await fetch(download_url)).body;
}

async function msOf(start) {
  const began = performance.now();
  await read(await start());
  return performance.now() - began;
}

async function check() {
  const hash = createHash("sha256");
  const received = await read(await download(), (piece) => hash.update(piece));
  return { received, hash: hash.digest("hex"), grownMiB };
}

/** By turns, since a busy machine slows down now the one, now the other. */
async function race() {
  const ratios = [];
  for (let turn = 0; turn < 11; turn++) {
    const first = turn % 2 === 0 ? await msOf(bare) : undefined;
    const own = await msOf(download);
    ratios.push((first ?? await msOf(bare)) / own);
  }
  return { ratio: ratios.sort((a, b) => a - b)[5], grownMiB };
}

console.log(JSON.stringify(await (mode === "check" ? check() : race())));
