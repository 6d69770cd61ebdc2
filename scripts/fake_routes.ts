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
export function routesText(): string {
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
