/** The routes of the fake in docs/fake.md, from the routes themselves. */
import { controlRoutes } from "../lib/testing/control.ts";

/** The parts of a path, filled in for an example. */
const examples: Record<string, string> = {
  "{room}": "stand-up",
  "{participant}": "$ANN",
  "{event}": "$EVENT",
};

/** Where the examples send their requests. */
export const exampleUrl = "http://127.0.0.1:7070/_fake/";

/** The command of a route's example. */
export function curlOf(
  { method, path, example }: (typeof controlRoutes)[number],
): string {
  const filled = path.replace(/\{\w+\}/, (part) => examples[part] ?? part);
  const quote = filled.includes("$") ? '"' : "";
  const url = `${quote}${exampleUrl}${filled}${quote}`;
  if (method === "GET") return `curl ${path === "events" ? "-N " : ""}${url}`;
  const hasVerb = method !== "POST" || !example;
  return [
    "curl",
    ...hasVerb ? [`-X ${method}`] : [],
    "-H 'x-fake-rooms: 1'",
    ...example ? [`-d '${JSON.stringify(example)}'`] : [],
    url,
  ].join(" ");
}

/** A command in lines of less than 80 characters. */
function wrapped(command: string): string {
  const at = command.lastIndexOf(" ");
  return command.length < 80
    ? command
    : `${command.slice(0, at)} \\\n  ${command.slice(at + 1)}`;
}

/** A list of the routes, and a command for each. */
function routesText(): string {
  const rows = controlRoutes.map(({ method, path, about }) =>
    `- \`${method} /_fake/${path}\`: ${about}.`
  );
  return [
    ...rows,
    "",
    "With `curl`, where `$ANN` is the `id` that `join` returns, and `$EVENT` one " +
    "of `webhooks`:",
    "",
    "```sh",
    ...controlRoutes.map((route) => wrapped(curlOf(route))),
    "```",
  ].join("\n");
}

const [begin, end] = [
  "<!-- deno task docs writes these routes -->",
  "<!-- end of the routes -->",
];

/** The page with the routes as they are. */
export async function withRoutes(page: string): Promise<string> {
  const [before, rest = ""] = page.split(begin);
  const [, after] = rest.split(end);
  if (after === undefined) throw new Error("docs/fake.md has no markers");
  const text = `${before}${begin}\n\n${routesText()}\n\n${end}${after}`;
  const formatter = new Deno.Command(Deno.execPath(), {
    args: ["fmt", "--ext=md", "-"],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const writer = formatter.stdin.getWriter();
  await writer.write(new TextEncoder().encode(text));
  await writer.close();
  const { stdout } = await formatter.output();
  return new TextDecoder().decode(stdout);
}
