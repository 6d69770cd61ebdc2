/**
 * A program for every runtime: `client.mjs MODULE BASE_URL ID MODE`. It downloads a
 * recording, and prints what it received as JSON. MODE is `check` to hash the
 * bytes, or `race` to read the file by turns with `downloadRecording` and with bare
 * `fetch`; what it prints are medians.
 */
import { createHash } from "node:crypto";
import process from "node:process";

const [, , module, baseUrl, id, mode] = process.argv;
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

/** Megabytes per second. */
async function rate(start) {
  const began = performance.now();
  const received = await read(await start());
  return received / 1000 / (performance.now() - began);
}

function median(values) {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}

if (mode === "check") {
  const hash = createHash("sha256");
  const received = await read(await download(), (piece) => hash.update(piece));
  console.log(JSON.stringify({ received, hash: hash.digest("hex"), grownMiB }));
} else {
  // By turns, since a busy machine slows down now the one, now the other
  const rates = { download: [], bare: [], ratio: [] };
  for (let turn = 0; turn < 11; turn++) {
    const first = turn % 2 === 0 ? await rate(bare) : undefined;
    const mine = await rate(download);
    const theirs = first ?? await rate(bare);
    rates.download.push(mine);
    rates.bare.push(theirs);
    rates.ratio.push(mine / theirs);
  }
  const medians = Object.entries(rates)
    .map(([name, values]) => [name, median(values)]);
  console.log(JSON.stringify({ ...Object.fromEntries(medians), grownMiB }));
}
