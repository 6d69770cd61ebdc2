/**
 * Compares Telnyx's own SDK, the newest release and the oldest with rooms, with
 * this module: its requests, its room type, and what it makes of the fake.
 */
import {
  type FakeRooms,
  fakeRooms,
  serveRooms,
} from "../../lib/testing/fake_rooms.ts";
import { npmProject } from "../../scripts/install_package.ts";
import { must, root, sh } from "../../scripts/sh.ts";
import { id } from "../support/example.ts";
import { operations, requestOf, type Step, story, world } from "./world.ts";

let [passed, failed] = [0, 0];

function check(name: string, actual: unknown, expected: unknown): void {
  const [a, b] = [actual, expected].map((value) =>
    // A served fake has its files at its own address, and a link its own hour
    JSON.stringify(value)
      ?.replaceAll(/http:\/\/[\d.:]+\/_fake\/files/g, "https://files.invalid")
      .replaceAll(/\?expires=\d+&signature=\w+/g, "")
  );
  a === b ? passed++ : failed++;
  console.log(a === b ? `ok: ${name}` : `FAILED: ${name}: ${a}, not ${b}`);
}

/** A call with the SDK; of every page if `all`. */
interface Call extends Step {
  apiKey?: string;
  all?: boolean;
}

/** The outcome of a call. */
interface Outcome {
  lacks?: boolean;
  data?: unknown;
  status?: number;
  error?: string;
}

/** Makes the calls with the SDK. */
async function outcomesOf(
  dir: string,
  major: string,
  calls: Call[],
  server: Pick<FakeRooms, "fetch">,
): Promise<Outcome[]> {
  const { url: baseUrl, close } = await serveRooms(server);
  const args = ["sdk.mjs", major, baseUrl, JSON.stringify(calls)];
  const text = await must("node", args, { cwd: dir });
  await close();
  return JSON.parse(text);
}

/** The SDK sends the same request for every operation. */
async function checkRequests(dir: string, major: string): Promise<void> {
  const payloads: Record<string, unknown> = {
    "POST /rooms/{id}/actions/refresh_client_token": "a.b.c",
    "POST /room_sessions/{id}/actions/mute": "all",
    "POST /room_sessions/{id}/actions/unmute": [id],
    "POST /room_sessions/{id}/actions/kick": "all",
    "DELETE /room_recordings": id,
  };
  const steps = [...operations.keys()].map((name): Step => ({
    name,
    id,
    payload: payloads[name] ?? {},
  }));
  const sent: string[] = [];
  await outcomesOf(dir, major, steps, {
    async fetch(input, init) {
      const request = new Request(input, init);
      const path = decodeURI(request.url).replace(/^.*\/v2/, "");
      sent.push(`${request.method} ${path} ${await request.text() || "{}"}`);
      return Response.json({ data: [], meta: {} });
    },
  });
  for (const [i, step] of steps.entries()) {
    const { method, url, body = "{}" } = requestOf(step);
    const ours = `${method} ${decodeURI(url.replace(/^.*\/v2/, ""))} ${body}`;
    check(
      `telnyx ${major} sends the same request: ${step.name}`,
      sent[i],
      ours,
    );
  }
}

/** The SDK returns the data of the fake for each operation. */
async function checkStory(dir: string, major: string): Promise<void> {
  const plays = await story();
  const steps = plays.map(({ step }) => step);
  const outcomes = await outcomesOf(dir, major, steps, world());
  for (const [i, { step, data }] of plays.entries()) {
    const { lacks, ...outcome } = outcomes[i] ?? {};
    const name = `telnyx ${major} carries out ${step.name}`;
    if (lacks) console.log(`skipped: telnyx ${major} has no ${step.name}`);
    else check(name, outcome, { data });
  }
}

const pages: Record<string, unknown> = {
  "1": { page: { size: 2 } },
  "7": { "page[size]": 2 },
};

/** The SDK reads every page of each list. */
async function checkPages(dir: string, major: string): Promise<void> {
  const fake = world();
  const { sessions: [session] = [] } = Object(fake.rooms[0]);
  const headers = { authorization: "Bearer KEY" };
  const film = { session_id: session.id };
  for (let i = 0; i < 3; i++) {
    await fake.fetch("https://a.example/room_compositions", {
      method: "POST",
      headers,
      body: JSON.stringify(film),
    });
  }
  const lists = [...operations].filter(([name, { options }]) =>
    name.startsWith("GET") && options?.pageSize
  );
  const calls = lists.map(([name]) => ({
    name,
    payload: pages[major],
    all: true,
  }));
  const outcomes = await outcomesOf(dir, major, calls, fake);
  for (const [i, { name }] of calls.entries()) {
    const { lacks, data } = outcomes[i] ?? {};
    if (lacks) {
      console.log(`skipped: telnyx ${major} has no pages of ${name}`);
      continue;
    }
    const url = `https://a.example${name.slice(4)}?page[size]=250`;
    const response = await fake.fetch(url, { headers });
    const whole = (await response.json()).data;
    check(`telnyx ${major} has all of ${name}`, data, whole);
    check(`there are several pages of ${name}`, whole.length > 2, true);
  }
}

const errors: Record<string, Record<number, string>> = {
  "1": {
    400: "TelnyxInvalidRequestError",
    401: "TelnyxAuthenticationError",
    403: "TelnyxPermissionError",
    404: "TelnyxResourceNotFoundError",
    408: "TelnyxTimeoutError",
    422: "TelnyxInvalidParametersError",
    429: "TelnyxRateLimitError",
    500: "TelnyxAPIError",
    503: "TelnyxServiceUnavailableError",
  },
  "7": {
    400: "BadRequestError",
    401: "AuthenticationError",
    403: "PermissionDeniedError",
    404: "NotFoundError",
    422: "UnprocessableEntityError",
    429: "RateLimitError",
    500: "InternalServerError",
  },
};

/** The SDK throws the error class of each status. */
async function checkErrors(dir: string, major: string): Promise<void> {
  const statuses = Object.entries(errors[major] ?? {});
  // Each status by its own API key
  const calls = statuses.map(([status]) => ({
    name: "GET /rooms/{id}",
    id,
    apiKey: `status-${status}`,
  }));
  const outcomes = await outcomesOf(dir, major, calls, {
    fetch(input, init) {
      const authorization = new Headers(init?.headers).get("authorization");
      const fake = fakeRooms({ rooms: [{ id }] });
      fake.fault({ status: Number(authorization?.split("-").at(-1)) });
      return fake.fetch(input, init);
    },
  });
  for (const [i, [status, name]] of statuses.entries()) {
    const { status: seen, error } = outcomes[i] ?? {};
    const expected = [Number(status), name];
    check(`telnyx ${major} has a ${status}`, [seen, error], expected);
  }
  const refused: [Call, number][] = [
    [
      { name: "GET /rooms/{id}", id: "00000000-0000-4000-8000-00000000000f" },
      404,
    ],
    [{ name: "GET /rooms/{id}", id: "7" }, 400],
    [{ name: "GET /rooms/{id}", id, apiKey: "other" }, 401],
    [{ name: "GET /rooms/{id}", id, apiKey: "FORBIDDEN" }, 403],
    [{ name: "POST /rooms", payload: { max_participants: 99 } }, 422],
  ];
  const ends = await outcomesOf(
    dir,
    major,
    refused.map(([call]) => call),
    world(),
  );
  for (const [i, [, status]] of refused.entries()) {
    check(`telnyx ${major} is refused by ${status}`, ends[i]?.status, status);
  }
}

/** Code for the SDK's room type compiles with ours. */
async function checkTypes(dir: string): Promise<void> {
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
  check("code for the SDK's room type compiles with ours", [code, stdout], [
    0,
    "",
  ]);
}

/** How many milliseconds the import of a package takes, at best. */
async function importMs(dir: string, name: string): Promise<number> {
  const script = `const since = performance.now();
    await import("${name}");
    console.log(performance.now() - since);`;
  const times: number[] = [];
  for (let i = 0; i < 5; i++) {
    const args = ["--input-type=module", "-e", script];
    times.push(Number(await must("node", args, { cwd: dir })));
  }
  return Math.min(...times);
}

/** The README's comparison of what each installs, and how long its import takes. */
async function checkFigures(dir: string): Promise<void> {
  const readme = (await Deno.readTextFile(`${root}README.md`))
    .replaceAll(/\s+/g, " ");
  const times: number[] = [];
  for (const name of ["telnyx", "@videorooms/telnyx"]) {
    const printed = await must("du", ["-sk", `node_modules/${name}`], {
      cwd: dir,
    });
    const megabytes = Math.round(parseInt(printed) / 1024);
    const ms = await importMs(dir, name);
    times.push(ms);
    console.log(`${name}: ${megabytes} MB, imported in ${Math.round(ms)} ms`);
    const figure = `installs ${megabytes} MB`;
    check(`README.md: ${name} ${figure}`, readme.includes(figure), true);
  }
  const [theirs = 0, ours = Infinity] = times;
  check("README.md: over 10 times as long to import", theirs > 10 * ours, true);
}

/** Runs every comparison; `work` is a folder for the installations. */
export async function compareSdk(
  work: string,
  tarball: string,
): Promise<{ passed: number; failed: number }> {
  for (const major of ["1", "7"]) {
    const dir = `${work}/telnyx-${major}`;
    await npmProject(dir, [`telnyx@${major}`, tarball, "typescript@latest"]);
    for (const file of ["sdk.mjs", "room_type.ts"]) {
      await Deno.copyFile(
        `${root}tests/compatibility/${file}`,
        `${dir}/${file}`,
      );
    }
    if (major === "7") {
      await checkRequests(dir, major);
      await checkTypes(dir);
      await checkFigures(dir);
    }
    await checkStory(dir, major);
    await checkPages(dir, major);
    await checkErrors(dir, major);
  }
  return { passed, failed };
}
