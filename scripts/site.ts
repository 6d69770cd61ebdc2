/**
 * `deno task tool scripts/site.ts [--serve]`: builds the site in `site/dist/`: the
 * guides, the API and the playground. It fails on a dead link. With `--serve` it
 * serves the site until Ctrl+C.
 */
import { pages } from "../site/menu.js";
import { deadLinks } from "./dead_links.ts";
import { playgroundFiles } from "./page.ts";
import { must, root } from "./sh.ts";

const site = `${root}site`;
const dist = `${site}/dist`;

/** How long npm and each generator may take, in milliseconds. */
const patienceMs = 600_000;

const npm = (...args: string[]) =>
  must("npm", args, { cwd: site, signal: AbortSignal.timeout(patienceMs) });

/** Installs the generators, unless they are what the lock file has. */
async function install(): Promise<void> {
  const changed = (file: string) =>
    Deno.stat(`${site}/${file}`).then(({ mtime }) => Number(mtime), () => 0);
  const [installed, locked] = await Promise.all([
    changed("node_modules/.package-lock.json"),
    changed("package-lock.json"),
  ]);
  if (installed >= locked) return;
  await npm("ci", "--ignore-scripts", "--no-audit", "--no-fund");
}

/** The first block of code below a heading. */
function codeBelow(heading: string, markdown: string): string {
  const section = markdown.split(`\n## ${heading}\n`)[1]?.split("\n## ")[0];
  const block = /^```[^]*?^```$/m.exec(section ?? "")?.[0];
  if (block === undefined) throw new Error(`No code below "## ${heading}"`);
  return block;
}

/** Puts what VitePress reads into `site/pages/`. */
async function gather(): Promise<void> {
  await Deno.remove(`${site}/pages`, { recursive: true }).catch(() => {});
  await Deno.mkdir(`${site}/pages/public`, { recursive: true });
  for (const [file, page] of pages) {
    await Deno.copyFile(root + file, `${site}/pages/${page}.md`);
  }
  for await (const { name } of Deno.readDir(`${root}docs`)) {
    if (!name.endsWith(".svg")) continue;
    await Deno.copyFile(`${root}docs/${name}`, `${site}/pages/public/${name}`);
  }
  const readme = await Deno.readTextFile(`${root}README.md`);
  const home = await Deno.readTextFile(`${site}/index.md`);
  await Deno.writeTextFile(
    `${site}/pages/index.md`,
    home.replaceAll(
      /<!-- (.*) -->/g,
      (_, heading) => codeBelow(heading, readme),
    ),
  );
  await Deno.copyFile(`${site}/playground.md`, `${site}/pages/playground.md`);
  await Deno.copyFile(
    `${root}page/icon.svg`,
    `${site}/pages/public/favicon.svg`,
  );
  const playground = `${site}/pages/public/playground`;
  await Deno.mkdir(playground);
  for (const [name, text] of Object.entries(await playgroundFiles())) {
    await Deno.writeTextFile(`${playground}/${name}`, text);
  }
}

await install();
await gather();
await npm("run", "build");
const dead = await deadLinks(dist, "/telnyx/");
if (dead.length > 0) {
  console.error(`Dead links:\n${dead.join("\n")}`);
  Deno.exit(1);
}
console.log(`The site is in ${dist}`);
if (Deno.args.includes("--serve")) {
  const args = ["run", "preview"];
  await new Deno.Command("npm", { args, cwd: site }).spawn().status;
}
