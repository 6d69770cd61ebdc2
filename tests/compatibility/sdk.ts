/**
 * Compares Telnyx's own SDK with this module: its requests, its room type, and
 * what it makes of the fake.
 */
import * as rooms from "../../mod.ts";
import {
  type FakeRooms,
  fakeRooms,
  serveRooms,
} from "../../lib/testing/fake_rooms.ts";
import { npmProject } from "../../scripts/install_package.ts";
import { must, root, sh } from "../../scripts/sh.ts";
import { operations } from "../support/described.ts";
import { id } from "../support/example.ts";
import { callEveryOperation } from "../support/story.js";
import { report } from "../support/task.ts";

function check(name: string, actual: unknown, expected: unknown): void {
  const [a, b] = [actual, expected].map((value) =>
    // A served fake has its files at its own address, and a link its own hour
    JSON.stringify(value)
      ?.replaceAll(/http:\/\/[\d.:]+\/_fake\/files/g, "https://files.invalid")
      .replaceAll(/\?expires=\d+&signature=\w+/g, "")
  );
  report(name, a !== b && `${a}, not ${b}`);
}

/** A call with the SDK; of every page if `all`. */
interface Call {
  /** The method and the path. */
  name: string;
  id?: string | undefined;
  params?: unknown;
  apiKey?: string;
  all?: boolean;
}

/** A call, what is sent for it, and the data of its response. */
interface Step extends Call {
  sent: string;
  data: unknown;
}

/** A fake with deterministic time and ids: a room that records three people, and more rooms. */
function world(): FakeRooms {
  let ids = 0;
  const fake: FakeRooms = fakeRooms({
    rooms: [{ id, enable_recording: true }],
    now: () => Date.UTC(2026, 0, 1) + 1000 * (fake?.requests.length ?? 0),
    newId: () => `00000000-0000-4000-8000-${`${++ids}`.padStart(12, "0")}`,
  });
  for (const context of ["Alice", "Bob", "Carol"]) fake.join(id, { context });
  for (let i = 0; i < 4; i++) {
    const room = `00000000-0000-4000-9000-00000000000${i}`;
    fake.addRoom({ id: room });
    fake.join(room);
  }
  return fake;
}

/** The same fake, which notes each request. */
function noting(fake: FakeRooms, steps: Step[]): Pick<FakeRooms, "fetch"> {
  return {
    async fetch(input, init) {
      const request = new Request(input, init);
      const body = await request.clone().text() || "{}";
      const response = await fake.fetch(request);
      const text = await response.clone().text();
      const path = decodeURI(request.url).replace(/^.*\/v2/, "");
      const [, id, filter, value] =
        /([\da-f-]{36})|\?filter\[(\w+)\]=(.*)/.exec(path) ?? [];
      const [pathname = ""] = path.replace(/[\da-f-]{36}/, "{id}").split("?");
      steps.push({
        name: `${request.method} ${pathname}`,
        id: filter ? undefined : id,
        params: filter ? { filter: { [filter]: value } } : JSON.parse(body),
        sent: `${request.method} ${path} ${body}`,
        data: text ? JSON.parse(text).data : null,
      });
      return response;
    },
  };
}

/** Every operation at least once, with this module. */
async function story(): Promise<Step[]> {
  const steps: Step[] = [];
  const { fetch } = noting(world(), steps);
  await callEveryOperation(
    (name, args, opts) => Reflect.get(rooms, name)(fetch, "KEY", ...args, opts),
    id,
  );
  return steps;
}

/** Makes the calls with the SDK; returns their outcomes. */
async function outcomesOf(
  dir: string,
  calls: Call[],
  server: Pick<FakeRooms, "fetch">,
): Promise<{ data?: unknown; status?: number; error?: string }[]> {
  const { url: baseUrl, close } = await serveRooms(server);
  const args = ["sdk.mjs", baseUrl, JSON.stringify(calls)];
  return JSON.parse(await must("node", args, { cwd: dir }).finally(close));
}

/** The SDK sends the same request for every operation, and returns the same. */
async function checkStory(dir: string): Promise<void> {
  const steps = await story();
  const sent: Step[] = [];
  const outcomes = await outcomesOf(dir, steps, noting(world(), sent));
  for (const [i, step] of steps.entries()) {
    check(`the SDK sends ${step.name}`, sent[i]?.sent, step.sent);
    check(`the SDK carries out ${step.name}`, outcomes[i], { data: step.data });
  }
  const names = new Set(steps.map(({ name }) => name));
  check("the story has every operation", names.size, operations.size);
}

/** The SDK reads every page of each list. */
async function checkPages(dir: string): Promise<void> {
  const fake = world();
  const { data: [session] } = await rooms.listSessions(fake.fetch, "KEY");
  const film = { session_id: session?.id ?? "" };
  for (let i = 0; i < 3; i++) {
    await rooms.createComposition(fake.fetch, "KEY", film);
  }
  const calls = [...operations.values()]
    .filter(({ method, options }) => method === "GET" && options?.pageSize)
    .map(({ path }): Call => ({
      name: `GET ${path}`,
      params: { "page[size]": 2 },
      all: true,
    }));
  const outcomes = await outcomesOf(dir, calls, fake);
  for (const [i, { name }] of calls.entries()) {
    const url = `https://a.example${name.slice(4)}?page[size]=250`;
    const headers = { authorization: "Bearer KEY" };
    const whole = (await (await fake.fetch(url, { headers })).json()).data;
    check(`the SDK has all of ${name}`, outcomes[i]?.data, whole);
    check(`there are several pages of ${name}`, whole.length > 2, true);
  }
}

const errors = {
  401: "AuthenticationError",
  404: "NotFoundError",
  429: "RateLimitError",
  500: "InternalServerError",
};

/** The SDK throws the error class of each status. */
async function checkErrors(dir: string): Promise<void> {
  const name = "GET /rooms/{id}";
  // Each status by its own API key
  const calls = Object.keys(errors).map((apiKey) => ({ name, id, apiKey }));
  const outcomes = await outcomesOf(dir, calls, {
    fetch(input, init) {
      const authorization = new Headers(init?.headers).get("authorization");
      const fake = fakeRooms({ rooms: [{ id }] });
      fake.fault({ status: Number(authorization?.split(" ").at(-1)) });
      return fake.fetch(input, init);
    },
  });
  for (const [i, [status, error]] of Object.entries(errors).entries()) {
    const expected = { status: Number(status), error };
    check(`the SDK has a ${status}`, outcomes[i], expected);
  }
}

/** Code for the SDK's room type compiles with ours. */
async function checkTypes(dir: string): Promise<void> {
  const line =
    "node_modules/typescript/bin/tsc --noEmit --strict --skipLibCheck " +
    "--target es2022 --module nodenext --lib es2022,dom room_type.ts";
  const { code, stdout } = await sh("node", line.split(" "), { cwd: dir });
  const name = "code for the SDK's room type compiles with ours";
  check(name, [code, stdout], [0, ""]);
}

/** How many milliseconds the import of a package takes, at best. */
async function importMs(dir: string, name: string): Promise<number> {
  const script = `const since = performance.now();
    await import("${name}");
    console.log(performance.now() - since);`;
  let best = Infinity;
  for (let i = 0; i < 5; i++) {
    const args = ["--input-type=module", "-e", script];
    best = Math.min(best, Number(await must("node", args, { cwd: dir })));
  }
  return best;
}

/** The README's comparison of what each installs, and how long its import takes. */
async function checkFigures(dir: string): Promise<void> {
  const readme = (await Deno.readTextFile(`${root}README.md`))
    .replaceAll(/\s+/g, " ");
  const times: number[] = [];
  for (const name of ["telnyx", "@videorooms/telnyx"]) {
    const args = ["-sk", `node_modules/${name}`];
    const printed = await must("du", args, { cwd: dir });
    const figure = `installs ${Math.round(parseInt(printed) / 1024)} MB`;
    check(`README.md: ${name} ${figure}`, readme.includes(figure), true);
    times.push(await importMs(dir, name));
  }
  console.log(`imported in ${times.map(Math.round).join(" and ")} ms`);
  const [theirs = 0, ours = Infinity] = times;
  check("README.md: over 10 times as long to import", theirs > 10 * ours, true);
}

/** Runs every comparison; `work` is a folder for the installation. */
export async function compareSdk(work: string, tarball: string): Promise<void> {
  const dir = `${work}/telnyx`;
  await npmProject(dir, ["telnyx@7", tarball, "typescript@latest"]);
  for (const file of ["sdk.mjs", "room_type.ts"]) {
    await Deno.copyFile(`${root}tests/compatibility/${file}`, `${dir}/${file}`);
  }
  await checkTypes(dir);
  await checkFigures(dir);
  await checkStory(dir);
  await checkPages(dir);
  await checkErrors(dir);
}
