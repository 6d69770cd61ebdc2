import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { inspect } from "node:util";
import { type AttemptEvent, type FetchFn, RoomsError } from "../mod.ts";
import { type Row, rows, uuid } from "./operations.ts";

/** Tokens as the provider has them; two, so that each is looked for. */
const token = fc.stringMatching(/^[\w-]{12,20}(\.[\w-]{8,20}){0,2}$/);
const secrets = fc.tuple(token, token)
  .filter(([a, b]) => !a.includes(b) && !b.includes(a));

/** What a server may do with what it is sent. */
type Echo = (said: string) => ReturnType<FetchFn>;

const json = (body: unknown, init?: ResponseInit) =>
  Promise.resolve(Response.json(body, init));

const echoes: Record<string, Echo> = {
  "in the general form": (said) =>
    json({
      errors: [{ code: said, title: said, detail: said, meta: { said } }],
    }, {
      status: 422,
    }),
  "by itself": (said) =>
    json({ code: "10010", title: said, source: { pointer: said } }, {
      status: 403,
    }),
  "as a message": (said) =>
    json({ success: false, message: said }, { status: 400 }),
  "by keys": (said) => json({ errors: { [said]: [said] } }, { status: 422 }),
  "as the detail of several": (said) =>
    json({ errors: [{ detail: said }, { detail: [said] }, said] }, {
      status: 500,
    }),
  "as text": (said) => Promise.resolve(new Response(said, { status: 404 })),
  "in a header": (said) =>
    json({}, { status: 500, headers: { "x-request-id": said } }),
  "in the reason": (said) =>
    Promise.resolve(new Response(null, { status: 418, statusText: said })),
  "in another success": (said) => json({ data: said }, { status: 203 }),
  "in a success that is none": (said) => json({ data: said }, { status: 201 }),
  "as a name in a composition": (said) =>
    json({ data: { id: "", video_layout: { [said]: 7 } } }, { status: 202 }),
  "in text that is no JSON": (said) =>
    Promise.resolve(new Response(`{"${said}`, { status: 201 })),
  "in an error of the network": (said) => {
    const cause = Object.assign(new Error(said), { code: said, headers: said });
    return Promise.reject(new TypeError(`failed: ${said}`, { cause }));
  },
  "as a thrown text": (said) => Promise.reject(said),
  "as a thrown response": (said) =>
    Promise.reject(Object.assign(new Error(said), {
      response: { status: 418, said },
    })),
  "as a response that is none": (said) => Promise.resolve(said as never),
};

const names = rows.filter(({ operation }) => operation.method !== "GET")
  .map(({ name }) => name);
const refresh = rows.find(({ name }) => name === "refreshJoinToken") as Row;

/** Calls a function of a server that echoes all that it got. */
async function call(
  { run, args, opts, operation }: Row,
  [key, refreshToken]: [string, string],
  echo: Echo,
) {
  const given = operation.isSecret ? [args[0], refreshToken] : args;
  const events: AttemptEvent[] = [];
  const error = await run(
    (_, init) => echo(`Got ${JSON.stringify(init)} of you`),
    key,
    ...given,
    {
      ...opts,
      retry: { maxAttempts: 2, baseDelayMs: 0 },
      onAttempt: (event: AttemptEvent) => events.push(event),
    },
  ).then(() => undefined, (error: unknown) => error);
  return { error, events };
}

for (const [name, echo] of Object.entries(echoes)) {
  Deno.test(`No operation lets a secret out that a server echoes ${name}`, async () => {
    await fc.assert(
      fc.asyncProperty(
        secrets,
        fc.constantFrom(...names),
        async (secrets, name) => {
          const row = rows.find((row) => row.name === name) as Row;
          const { error, events } = await call(row, secrets, echo);
          const seen = inspect([error, events], {
            depth: Infinity,
            showHidden: true,
          });
          const [key, refreshToken] = secrets;
          assert(!seen.includes(key), "the API key");
          assert(!seen.includes(refreshToken), "the refresh token");
          assert(!JSON.stringify([error, events]).includes(refreshToken));
          if (error) assert(error instanceof RoomsError, `${error}`);
        },
      ),
      { numRuns: 60 },
    );
  });
}

Deno.test("refreshJoinToken() that is called with its arguments swapped repeats none of them", async () => {
  const { run } = refresh;
  await fc.assert(
    fc.asyncProperty(secrets, async ([key, secret]) => {
      const calls = [[key, secret, uuid(1)], [uuid(1), key, secret]];
      for (const [token = "", ...args] of calls) {
        const error = await run(() => json({}), token, ...args)
          .catch((error: unknown) => error);
        const seen = inspect(error, { showHidden: true });
        assertEquals([seen.includes(key), seen.includes(secret)], [
          false,
          false,
        ]);
      }
    }),
    { numRuns: 20 },
  );
});

Deno.test("createJoinToken() that gets half an answer lets no token out", async () => {
  const row = rows.find(({ name }) => name === "createJoinToken") as Row;
  const data = { token: "a-token-of-the-provider", refresh_token: 7 };
  const { error } = await call(
    row,
    ["KEY", ""],
    () => json({ data }, { status: 201 }),
  );
  assert(error instanceof RoomsError);
  assert(!inspect(error, { showHidden: true }).includes(data.token));
});
