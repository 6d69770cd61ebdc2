/** The site: guides from the repository, and the API by TypeDoc. */
import { posix } from "node:path";
import { slug as githubSlug } from "github-slugger";
import { defineConfig } from "vitepress";
import { guides, pages, resources, slug } from "../menu.js";

const repository = "https://github.com/videorooms/telnyx";
const base = "/telnyx/";
const about =
  "A small, checked, contract-tested client for the Telnyx video API. Unofficial.";

/** The files of the guides, by their pages. */
const files = new Map([...pages].map(([file, page]) => [`${page}.md`, file]));

/** What a link in a file of the repository leads to on the site. */
function linkFrom(file, link) {
  if (/^[a-z]+:|^#|^\/(?!\/)/.test(link)) return link;
  const [path, anchor] = link.split("#");
  const target = posix.join(posix.dirname(file), path).replace(/\/$/, "");
  const page = pages.get(target) ?? pages.get(posix.join(target, "README.md"));
  const hash = anchor === undefined ? "" : `#${anchor}`;
  return page === undefined
    ? `${repository}/blob/main/${target}${hash}`
    : `/${page}.md${hash}`;
}

/** Makes the links and pictures of the guides those of the site. */
function relink(md) {
  md.core.ruler.push("relink", ({ env, tokens }) => {
    const file = files.get(env.relativePath);
    if (file === undefined) return;
    for (const token of tokens.flatMap(({ children }) => children ?? [])) {
      if (token.type === "link_open") {
        token.attrSet("href", linkFrom(file, token.attrGet("href")));
      }
      if (token.type === "image") {
        token.attrSet("src", `/${posix.basename(token.attrGet("src"))}`);
      }
    }
  });
}

const guideItems = guides.map(([text, items]) => ({
  text,
  items: items.map(([text, file]) => ({ text, link: `/${pages.get(file)}` })),
}));
const pageOf = ([text, page]) => ({ text, link: `/api/${page}` });
const apiItems = [
  {
    text: "API",
    items: [["Overview", ""], ...resources.map(([text]) => [text, slug(text)])]
      .map(pageOf),
  },
  {
    text: "Other entries",
    items: ["core", "node", "testing"]
      .map((name) => pageOf([`@videorooms/telnyx/${name}`, name])),
  },
];

export default defineConfig({
  title: "@videorooms/telnyx",
  description: about,
  lang: "en-US",
  base,
  srcDir: "pages",
  srcExclude: ["api/modules.md"],
  outDir: "dist",
  transformPageData: (page) => {
    const file = files.get(page.filePath);
    if (file === undefined) page.frontmatter.editLink = false;
    else page.filePath = file;
    if (page.filePath.startsWith("api/")) page.frontmatter.pageClass = "api";
  },
  head: [["link", {
    rel: "icon",
    href: `${base}favicon.svg`,
    type: "image/svg+xml",
  }]],
  markdown: {
    theme: {
      light: "github-light-high-contrast",
      dark: "github-dark-high-contrast",
    },
    // The same anchors as on GitHub
    anchor: { slugify: githubSlug },
    config: relink,
  },
  themeConfig: {
    logo: "/favicon.svg",
    outline: [2, 3],
    search: {
      provider: "local",
      options: {
        // What has changed is no answer to how something is done
        _render: (text, env, md) =>
          env.relativePath === `${pages.get("CHANGELOG.md")}.md`
            ? ""
            : md.render(text, env),
      },
    },
    nav: [
      {
        text: "Guides",
        link: "/getting-started",
        activeMatch: "^/(?!api|playground).",
      },
      { text: "API", link: "/api/", activeMatch: "^/api/" },
      { text: "Playground", link: "/playground" },
    ],
    sidebar: { "/api/": apiItems, "/": guideItems },
    socialLinks: [{ icon: "github", link: repository }],
    editLink: { pattern: `${repository}/edit/main/:path` },
    footer: {
      message:
        "MIT licensed. Unofficial: Telnyx neither makes nor supports it.",
    },
  },
});
