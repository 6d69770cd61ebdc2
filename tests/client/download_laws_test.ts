/** What holds of every download, whatever the file's host does. */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  type DownloadOptions,
  downloadRecording,
  type FetchFn,
  isRoomsError,
} from "../../mod.ts";
import { id } from "../support/example.ts";
import { fileHost, type Plan, someFile } from "../support/file_host.ts";
import { countedSignal } from "../support/signals.ts";
import { after, inVirtualTime } from "../support/virtual_time.ts";

const share = fc.double({ min: 0, max: 1, noNaN: true });
const breaks = ["error", "early", "stall"] as const;
const end = fc.record({ after: share, how: fc.constantFrom(...breaks) });
const pieces = fc.array(
  fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 3000 })),
  { minLength: 1, maxLength: 4 },
).filter((sizes) => sizes.some((size) => size > 0));

/** A request that fails for a while, on the side of an honest host. */
const failure: fc.Arbitrary<Plan> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ end, pieces }) },
  { weight: 1, arbitrary: fc.record({ end, ignoresRange: fc.constant(true) }) },
  fc.constant({ isSilent: true }),
  fc.constant({ isBroken: true }),
  fc.record({ status: fc.constantFrom(401, 403, 410, 408, 500, 502, 503) }),
);

/** What an honest host may do besides. */
const honestly = {
  redirects: fc.nat(3),
  ignoresRange: fc.boolean(),
  hasNoLength: fc.boolean(),
  most: fc.integer({ min: 1, max: 4000 }),
  pieces,
};
const honest: fc.Arbitrary<Plan> = fc.record(honestly, { requiredKeys: [] });

/** What a host may do that is not to be relied on. */
const odd: fc.Arbitrary<Plan> = fc.record({
  ...honestly,
  // Seldom another one, which would end most downloads at once
  version: fc.constantFrom(0, 0, 0, 1, 2),
  redirects: fc.nat(12),
  ignoresIfRange: fc.boolean(),
  etag: fc.constantFrom("weak" as const, "none" as const),
  contentRange: fc.constantFrom(
    ...["bytes 0-9/10", "bytes 5-9/*", "bytes 0-99999999/100000000"],
    ...["bytes */5", ""],
  ),
  isCompressed: fc.boolean(),
  end: fc.record({ after: share, how: fc.constantFrom(...breaks, "more") }),
}, { requiredKeys: [] });

const size = fc.oneof(fc.nat(3), fc.nat(20_000));

const download = (fetchFn: FetchFn, opts: DownloadOptions = {}) =>
  downloadRecording(fetchFn, "KEY-secret", id, {
    stallTimeoutMs: 5000,
    timeoutMs: 100_000,
    ...opts,
  });

/** Reads a download to its end, or to its error. */
async function readAll(
  fetchFn: FetchFn,
  opts?: DownloadOptions,
): Promise<{ bytes: number[]; error?: unknown }> {
  const bytes: number[] = [];
  try {
    const { stream } = await download(fetchFn, opts);
    for await (const piece of stream) bytes.push(...piece);
    return { bytes };
  } catch (error) {
    return { bytes, error };
  }
}

/** Whether bytes are those of a file from an offset on; or the first of them. */
function isPrefix(bytes: number[], file: Uint8Array, offset: number): boolean {
  return offset + bytes.length <= file.length &&
    bytes.every((byte, i) => byte === file[offset + i]);
}

Deno.test("downloadRecording() gives the file's bytes or an error, whatever the host does, and leaves nothing open", async () => {
  const reached = new Set<string>();
  await fc.assert(
    fc.asyncProperty(
      fc.tuple(size, size, size),
      fc.array(fc.oneof(odd, failure), { maxLength: 6 }),
      fc.option(share),
      (sizes, plans, resumed) =>
        inVirtualTime(async () => {
          const versions = sizes.map(someFile);
          const host = fileHost(versions, plans);
          const { signal, listeners } = countedSignal();
          // As an earlier process left it: a part of the first version
          const offset = Math.floor((resumed ?? 0) * sizes[0]);
          const resume = { offset, etag: '"version-0"' };
          const { bytes, error } = await readAll(host.fetchFn, {
            signal,
            ...resumed !== null && resume,
          });
          if (error === undefined) {
            // The whole of one version, and of the first if it was resumed
            const candidates = resumed === null
              ? versions
              : versions.slice(0, 1);
            assert(
              candidates.some((file) =>
                file.length - offset === bytes.length &&
                isPrefix(bytes, file, offset)
              ),
              `${bytes.length} bytes from ${offset} on are of no version`,
            );
          } else {
            assert(versions.some((file) => isPrefix(bytes, file, offset)));
            assert(isRoomsError(error), `${error}`);
          }
          assert(!JSON.stringify(host.requests).includes("KEY-secret"));
          assertEquals([host.open, listeners()], [0, 0]);
          const outcome = isRoomsError(error) ? error.code : "done";
          reached.add(outcome);
          if (host.requests.length > 1) reached.add(`${outcome}, resumed`);
        }),
    ),
    { numRuns: 200 },
  );
  const outcomes = [
    ...["done", "done, resumed", "file_changed, resumed"],
    ...["network", "unexpected_status"],
  ];
  for (const outcome of outcomes) {
    assert(reached.has(outcome), `${outcome} is not in ${[...reached]}`);
  }
});

Deno.test("downloadRecording() succeeds if an honest host never fails more than twice in a row", async () => {
  let resumed = 0;
  await fc.assert(
    fc.asyncProperty(
      size,
      fc.array(
        fc.tuple(fc.array(failure, { maxLength: 2 }), honest),
        { maxLength: 3 },
      ),
      (size, rows) =>
        inVirtualTime(async () => {
          const file = someFile(size, 0);
          const plans = rows.flatMap(([failures, last]) => [...failures, last]);
          const host = fileHost([file], plans);
          const { bytes, error } = await readAll(host.fetchFn);
          assertEquals(error, undefined);
          assertEquals(bytes, [...file]);
          if (host.requests.length > 1) resumed++;
        }),
    ),
    { numRuns: 60 },
  );
  assert(resumed > 10, `only ${resumed} were resumed`);
});

Deno.test("downloadRecording() holds at most 1 MiB beyond what its reader took", async () => {
  let held = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1_500_000, max: 4_000_000 }),
      fc.array(
        fc.record({
          end,
          pieces: fc.constant([65_536]),
          ignoresRange: fc.boolean(),
        }),
        { maxLength: 2 },
      ),
      (size, plans) =>
        inVirtualTime(async () => {
          const file = new Uint8Array(size);
          const host = fileHost([file], [...plans, { pieces: [65_536] }]);
          const { stream } = await download(host.fetchFn);
          let taken = 0;
          const reader = stream.getReader();
          for (let n = 0;; n++) {
            // Whatever would be read ahead is, while nobody reads
            if (n % 8 === 0) {
              await after(0);
            }
            held = Math.max(held, host.sent - taken);
            assert(host.sent - taken <= 1_048_576, `${host.sent} - ${taken}`);
            const { done, value } = await reader.read();
            if (done) break;
            taken += value.length;
          }
          assertEquals(taken, size);
        }),
    ),
    { numRuns: 12 },
  );
  assert(held > 0);
});

Deno.test("downloadRecording() ends at any moment with the reason of an abort, and leaves nothing behind", async () => {
  const reached = new Set<string>();
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof(failure, honest), { maxLength: 4 }),
      fc.integer({ min: 0, max: 12 }),
      (plans, when) =>
        inVirtualTime(async () => {
          const host = fileHost([someFile(20_000, 0)], plans);
          const { signal, abort, listeners } = countedSignal();
          const reason = new Error("enough");
          let steps = 0;
          const step = () => {
            assert(!signal.aborted, "a request or a byte after the abort");
            if (steps++ === when) abort(reason);
          };
          const fetchFn: typeof host.fetchFn = (url, init) => {
            const response = host.fetchFn(url, init);
            step();
            return response;
          };
          let isReading = false;
          const outcome = await (async () => {
            const { stream } = await download(fetchFn, { signal });
            isReading = true;
            step();
            for await (const _ of stream) step();
            return "done";
          })().catch((error: unknown) => error);
          if (signal.aborted && outcome !== "done" && !isRoomsError(outcome)) {
            assertEquals(outcome, reason);
            reached.add(isReading ? "while it was read" : "before that");
          }
          assertEquals([host.open, listeners()], [0, 0]);
        }),
    ),
    { numRuns: 120 },
  );
  assertEquals([...reached].sort(), ["before that", "while it was read"]);
});
