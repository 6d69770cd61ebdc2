/**
 * `deno task tool scripts/site.ts DIR`: writes the documents as an HTML site: the
 * README as its index, a page for each guide, and the API's pages.
 */
import { Marked } from "npm:marked@^18.2.1";
import config from "../deno.json" with { type: "json" };
import { repository } from "./npm_metadata.ts";
import { writePlayground } from "./playground.ts";
import { must, root } from "./sh.ts";

/** The guides by their title in the menu. */
const guides: Record<string, string> = {
  "Start": "README.md",
  "Ten questions": "docs/questions.md",
  "Calls": "docs/calls.md",
  "Events": "docs/events.md",
  "Recipes": "docs/recipes.md",
  "Migrating": "docs/migrating.md",
  "Command line": "docs/cli.md",
  "The fake": "docs/fake.md",
  "Examples": "examples/README.md",
  "Contract": "contracts/README.md",
  "Reliability": "docs/reliability.md",
  "Benchmarks": "docs/benchmarks.md",
  "Performance": "docs/performance.md",
  "Compatibility": "docs/compatibility.md",
  "Security": "SECURITY.md",
  "Changes": "CHANGELOG.md",
  "Contributing": "CONTRIBUTING.md",
  "Architecture": "ARCHITECTURE.md",
};

/** The id of a heading, as on GitHub. */
const slug = (text: string) =>
  text.toLowerCase().replaceAll(/[^\w -]/g, "").replaceAll(" ", "-");

/** The page of a guide; the README's is the index. */
const pageOf = (title: string) =>
  title === "Start" ? "index.html" : `${slug(title)}.html`;

const pages = new Map(
  Object.entries(guides).map(([title, path]) => [path, pageOf(title)]),
);

const apiPage = "api.html";
const pictures = ["docs/terminal.svg", "docs/benchmarks.svg"];

/** A guide's link on the site; files that the site lacks are linked on GitHub. */
function linkFrom(guide: string, link: string): string {
  if (/^(https?:|#)/.test(link)) return link;
  const { pathname, hash } = new URL(link, `https://site/${guide}`);
  const path = pathname.slice(1);
  if (pictures.includes(path)) return path.replace("docs/", "");
  return (pages.get(path) ?? `${repository}/blob/HEAD/${path}`) + hash;
}

const style = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { margin: 0 auto; max-width: 75rem; padding: 1rem; display: grid;
  grid-template-columns: 11rem minmax(0, 1fr); gap: 2rem }
nav a { display: block; padding: 0.2rem 0 }
nav a[aria-current=page] { font-weight: bold }
main { min-width: 0 }
table { display: block; overflow-x: auto; border-collapse: collapse }
th, td { border: 1px solid #8886; padding: 0.25rem 0.5rem; text-align: left;
  min-width: 6rem; vertical-align: top }
pre { overflow-x: auto; padding: 0.75rem; background: #8882 }
code { font-size: 0.875em }
h1, p code { overflow-wrap: anywhere }
img { max-width: 100% }
@media (max-width: 50rem) {
  body { display: block }
  nav { display: flex; flex-wrap: wrap; gap: 0 1rem }
  h1 { font-size: 1.6rem }
}`;

/** Makes the API's pages fit a phone. */
const narrowApi = `
@media (max-width: 50rem) {
  .ddoc, .ddoc > div, #content, #content > main { display: block !important }
  #topnav { height: auto !important }
  #topnav > div { flex-wrap: wrap; gap: 0.5rem !important }
}`;

/** A guide as a page with the menu. */
function render(title: string, guide: string, markdown: string): string {
  const marked = new Marked({
    walkTokens: (token) => {
      if (token.type === "link" || token.type === "image") {
        token.href = linkFrom(guide, token.href);
      }
    },
    renderer: {
      heading({ tokens, depth, text }) {
        const inner = this.parser.parseInline(tokens);
        return `<h${depth} id="${slug(text)}">${inner}</h${depth}>\n`;
      },
    },
  });
  const menu = [
    ...Object.keys(guides).map((name) => [name, pageOf(name)]),
    ["Playground", "playground/index.html"],
    ["API", apiPage],
    ["API: /core", "core/index.html"],
    ["API: /testing", "testing/index.html"],
  ].map(([name, page]) =>
    `<a href="${page}" aria-current="${name === title && "page"}">${name}</a>`
  );
  return `<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · ${config.name}</title>
<style>${style}</style>
<nav>${menu.join("\n")}</nav>
<main>${marked.parse(markdown, { async: false })}</main>
</html>
`;
}

const [dir = ""] = Deno.args;
await must(Deno.execPath(), [
  "doc",
  "--html",
  `--name=${config.name}`,
  `--output=${dir}`,
  ...Object.values(config.exports),
]);
await Deno.rename(`${dir}/index.html`, `${dir}/${apiPage}`);
await writePlayground(`${dir}/playground`);
for (const path of pictures) {
  await Deno.copyFile(`${root}${path}`, `${dir}/${path.replace("docs/", "")}`);
}
await Deno.writeTextFile(`${dir}/page.css`, narrowApi, { append: true });
for (const [title, guide] of Object.entries(guides)) {
  const html = render(title, guide, await Deno.readTextFile(root + guide));
  await Deno.writeTextFile(`${dir}/${pageOf(title)}`, html);
}
