/**
 * A host of one file, in any state of honesty: each request for the file is
 * answered by the next of a list of plans, and by an honest answer after them. It
 * keeps what a property needs to know.
 */
import type { FetchFn } from "../../mod.ts";
import { id } from "./example.ts";
import { after } from "./virtual_time.ts";

/** How a host answers a request for a file. */
export interface Plan {
  /** Which version of the file it has. Default: the last one. */
  version?: number;
  /** Another status, without a file. */
  status?: number;
  /** It never answers. */
  isSilent?: boolean;
  /** It fails before the response. */
  isBroken?: boolean;
  /** It redirects to itself so many times first. */
  redirects?: number;
  /** The whole file, whatever range was asked for. */
  ignoresRange?: boolean;
  /** The range of whatever version it has, whatever `If-Range` says. */
  ignoresIfRange?: boolean;
  /** What it says of the `ETag`. Default: a strong one. */
  etag?: "weak" | "none";
  /** It does not say how long it is. */
  hasNoLength?: boolean;
  /** It sends at most so many bytes of a range. */
  most?: number;
  /** What it says of the range. Default: what it sends. */
  contentRange?: string;
  /** It says that it is compressed; what is read has been decompressed. */
  isCompressed?: boolean;
  /**
   * How the body ends, after a share of it from 0 to 1. Default: whole. Without a
   * length, a runtime takes an early end for a break, and none for too late.
   */
  end?: { after: number; how: "error" | "early" | "stall" | "more" };
  /** The bytes in each piece; a 0 is an empty one. */
  pieces?: readonly number[];
  /** How long each piece takes. */
  delayMs?: number;
}

const origin = "https://files.example.com";

/** Makes a host, with what became of its bodies. */
export function fileHost(
  versions: Uint8Array<ArrayBuffer>[],
  plans: Plan[],
) {
  /** The requests for the file, without redirects. */
  const requests: { url: string; headers: Record<string, string> }[] = [];
  const host = {
    fetchFn,
    requests,
    /** How many bodies neither ended, nor broke, nor were cancelled. */
    open: 0,
    /** The end of what was sent, as a position in the file. */
    sent: 0,
    /** How often the record was looked up. */
    lookups: 0,
  };
  let [turn, redirected, version] = [0, 0, 0];

  const body = (
    bytes: Uint8Array<ArrayBuffer>,
    start: number,
    plan: Plan,
    signal: AbortSignal | undefined,
  ) => {
    const { pieces = [4096], hasNoLength, isCompressed, delayMs } = plan;
    let { end } = plan;
    if (end && (hasNoLength || isCompressed)) {
      if (end.how === "early") end = { ...end, how: "error" };
      if (end.how === "more") end = undefined;
    }
    const stop = end === undefined || end.how === "more"
      ? bytes.length
      : Math.floor(bytes.length * end.after);
    let [at, n, isOver] = [0, 0, false];
    host.open++;
    const close = () => {
      if (!isOver) host.open--;
      isOver = true;
    };
    return new ReadableStream<Uint8Array>({
      start(controller) {
        signal?.addEventListener("abort", () => {
          close();
          controller.error(signal.reason);
        });
      },
      async pull(controller) {
        if (at < stop) {
          if (delayMs !== undefined) {
            await after(delayMs);
          }
          const size = pieces[n++ % pieces.length] ?? 0;
          const next = Math.min(stop, at + size);
          controller.enqueue(bytes.slice(at, next));
          at = next;
          host.sent = Math.max(host.sent, start + at);
          return;
        }
        if (end?.how === "stall") await new Promise(() => {});
        if (end?.how === "more") controller.enqueue(new Uint8Array(1));
        close();
        if (end?.how === "error") {
          controller.error(new TypeError("The connection broke"));
        } else controller.close();
      },
      cancel: close,
    }, { highWaterMark: 0 });
  };

  /** Responds to a request for the file, by its plan. */
  const respond = (
    plan: Plan,
    headers: Record<string, string>,
    signal: AbortSignal | undefined,
  ): Response => {
    version = plan.version ?? version;
    const file = versions[version] ?? new Uint8Array();
    const etag = `"version-${version}"`;
    const sentHeaders = new Headers();
    if (plan.etag !== "none") {
      sentHeaders.set("etag", plan.etag === "weak" ? `W/${etag}` : etag);
    }
    const [, from] = /^bytes=(\d+)-$/.exec(headers["range"] ?? "") ?? [];
    const first = Number(from);
    const isRange = from !== undefined && !plan.ignoresRange &&
      (plan.ignoresIfRange || headers["if-range"] === etag);
    if (isRange && first >= file.length) {
      sentHeaders.set("content-range", `bytes */${file.length}`);
      return new Response("", { status: 416, headers: sentHeaders });
    }
    const start = isRange ? first : 0;
    const stop = isRange
      ? Math.min(file.length, start + (plan.most ?? Infinity))
      : file.length;
    if (isRange) {
      sentHeaders.set(
        "content-range",
        plan.contentRange ?? `bytes ${start}-${stop - 1}/${file.length}`,
      );
    }
    const length = stop - start;
    if (plan.isCompressed) {
      sentHeaders.set("content-encoding", "gzip");
      sentHeaders.set("content-length", `${length >> 1}`);
    } else if (!plan.hasNoLength) {
      sentHeaders.set("content-length", `${length}`);
    }
    return new Response(body(file.slice(start, stop), start, plan, signal), {
      status: isRange ? 206 : 200,
      headers: sentHeaders,
    });
  };

  async function fetchFn(
    ...[url, { headers = {}, signal }]: Parameters<FetchFn>
  ): Promise<Response> {
    if (!url.startsWith(origin)) {
      host.lookups++;
      const download_url = `${origin}/file?signature=${host.lookups}`;
      return Response.json({ data: { id, status: "completed", download_url } });
    }
    const plan = plans[turn] ?? {};
    if (redirected < (plan.redirects ?? 0)) {
      redirected++;
      const location = `/file?redirect=${redirected}`;
      return new Response("moved", { status: 302, headers: { location } });
    }
    redirected = 0;
    turn++;
    requests.push({ url, headers });
    if (plan.isSilent) await new Promise(() => {});
    if (plan.isBroken) throw new TypeError("The connection broke");
    if (plan.status) return new Response("no", { status: plan.status });
    return respond(plan, headers, signal);
  }

  return host;
}

/** A file whose bytes depend on their positions and on its version. */
export function someFile(
  size: number,
  version: number,
): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(
    { length: size },
    (_, i) => (i * 31 + (i >> 8) * 7 + version * 101) & 255,
  );
}
