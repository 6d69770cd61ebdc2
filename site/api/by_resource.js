/**
 * A plugin of TypeDoc: the symbols of the main entry are on a page for each
 * resource, each with the import that it needs, and every `@throws` is in one list.
 */
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import {
  Comment,
  CommentTag,
  Converter,
  DeclarationReflection,
  ReflectionFlag,
  ReflectionKind,
} from "typedoc";
import { MarkdownPageEvent, ModuleRouter } from "typedoc-plugin-markdown";
import { resources, slug } from "../menu.js";

const config = JSON.parse(readFileSync("../deno.json", "utf8"));

/** The entries of the package, `@videorooms/telnyx/core`, by their files. */
const entries = new Map(
  Object.entries(config.exports)
    .map(([name, path]) => [path.slice(2), config.name + name.slice(1)]),
);

/** The resource whose page has a symbol of the main entry. */
function resourceOf({ sources: [source] }) {
  const file = basename(source.fileName, ".ts");
  const [name] = resources.find(([, files]) => files.includes(file)) ??
    resources.at(-1);
  return name;
}

const isType = (child) =>
  child.kindOf(ReflectionKind.Interface | ReflectionKind.TypeAlias);

/** Puts a symbol below its heading, if its kind does not say it. */
function group(child) {
  // Its title, and so its anchor, is its name
  child.flags.setFlag(ReflectionFlag.Abstract, false);
  const isConstant = child.kindOf(ReflectionKind.Variable);
  if (!isType(child) && !isConstant) return;
  const isOperation = child.name.endsWith("Operation");
  const text = isType(child)
    ? "Types"
    : isOperation
    ? "Operations"
    : "Constants";
  child.comment ??= new Comment();
  child.comment.blockTags.push(
    new CommentTag("@group", [{ kind: "text", text }]),
  );
}

/** Makes a page for each resource of the main entry. */
function split(project) {
  const pages = new Map();
  for (const module of [...project.children]) {
    const [{ fileName }] = module.sources;
    module.name = entries.get(fileName);
    module.children.forEach(group);
    // Users catch errors, and make none
    for (const { children = [] } of module.children) {
      for (const child of [...children]) {
        if (child.kindOf(ReflectionKind.Constructor)) {
          project.removeReflection(child);
        }
      }
    }
    if (module.name !== config.name) continue;
    for (const child of module.children) {
      const name = resourceOf(child);
      const page = pages.get(name) ??
        new DeclarationReflection(name, ReflectionKind.Module, project);
      if (!pages.has(name)) {
        project.registerReflection(page);
        project.addChild(page);
        pages.set(name, page);
      }
      child.parent = page;
      page.addChild(child);
    }
    delete module.children;
    delete module.childrenIncludingDocuments;
  }
}

/** Joins the `@throws` tags of a comment into one list, with links. */
function joinThrows(comment, byName) {
  const all = comment.blockTags.filter(({ tag }) => tag === "@throws");
  if (all.length === 0) return;
  const content = all.flatMap(({ typeAnnotation = "", content }) => {
    const name = typeAnnotation.replace(/[{}]/g, "").trim();
    const target = byName.get(name);
    const link = { kind: "inline-tag", tag: "@linkcode", text: name, target };
    return [
      { kind: "text", text: "\n- " },
      ...target ? [link, { kind: "text", text: ": " }] : [],
      ...content.map((part) => ({
        ...part,
        text: part.text.replaceAll("\n", "\n  ").trimEnd() +
          (part.text.endsWith(" ") ? " " : ""),
      })),
    ];
  });
  const [first] = all;
  first.content = content;
  first.typeAnnotation = undefined;
  comment.blockTags = comment.blockTags
    .filter((tag) => tag.tag !== "@throws" || tag === first);
}

/** Takes the braces off a default: `@default {30_000}`. */
function bareDefault({ blockTags }) {
  for (const { tag, content: [part] } of blockTags) {
    if (tag === "@default") part.text = part.text.replace(/\{(.*)\}/, "$1");
  }
}

/** Links what a comment names, although its file does not import it. */
function linkByName({ summary, blockTags }, byName) {
  for (const part of [summary, ...blockTags.map((tag) => tag.content)].flat()) {
    if (part.kind === "inline-tag") part.target ??= byName.get(part.text);
  }
}

/** The line that imports a symbol. */
function importOf(child, page) {
  const entry = page.name.startsWith(config.name) ? page.name : config.name;
  const names = `${isType(child) ? "type " : ""}{ ${child.name} }`;
  const line = `import ${names} from "${entry}";`;
  return line.length <= 80
    ? line
    : line.replace("{ ", "{\n  ").replace(" }", ",\n}");
}

/** Puts the line above a symbol's signature, or below its heading if it has none. */
function withImport(contents, child, page) {
  const anchor = `{#${child.name.toLowerCase()}}\n\n`;
  const [before, after] = contents.split(anchor);
  if (after === undefined) throw new Error(`No heading of ${child.name}`);
  const [fence, line] = ["```ts\n", importOf(child, page)];
  return before + anchor +
    (after.startsWith(fence)
      ? after.replace(fence, `${fence}${line}\n\n`)
      : `${fence}${line}\n\`\`\`\n\n${after}`);
}

/** The first sentence of a symbol's description. */
function summaryOf(child) {
  const { comment } = child.signatures?.[0] ?? child;
  const text = Comment.combineDisplayParts(comment?.summary)
    .replace(/\{@link\w* (\S+?)\}/g, "`$1`").replaceAll("\n", " ");
  return /^.*?[.:](?= |$)/.exec(text)?.[0].replace(/:$/, ".") ?? text;
}

/** What each page of the API has. */
function overview(project) {
  const pages = project.children.filter(({ name }) => name !== config.name);
  const order = [...resources.map(([name]) => name), ...entries.values()];
  const place = ({ name }) => order.indexOf(name);
  return pages.sort((a, b) => place(a) - place(b)).map((page) => {
    const file = fileOf(page);
    const kinds = ReflectionKind.Function | ReflectionKind.Class;
    const rows = page.children.filter((child) => child.kindOf(kinds))
      .map((child) => {
        const link = `${file}.md#${child.name.toLowerCase()}`;
        return `| [\`${child.name}\`](${link}) | ${summaryOf(child)} |`;
      });
    const table = rows.length > 0 ? ["", "| | |", "|-|-|", ...rows] : [];
    return [`## [${page.name}](${file}.md)`, ...table].join("\n");
  }).join("\n\n");
}

/** The name of a page's file. */
function fileOf({ name }) {
  if (name === config.name) return "index";
  return slug(name.replace(`${config.name}/`, ""));
}

class ResourceRouter extends ModuleRouter {
  getModuleFileName = fileOf;
}

/** Types that have a page already, as one line in place of a heading each. */
function joinReferences(contents, page, router) {
  const references = page.children
    .filter((child) => child.kindOf(ReflectionKind.Reference))
    .map((child) => {
      const target = child.getTargetReflectionDeep();
      return `[\`${child.name}\`](${router.getFullUrl(target)})`;
    }).sort();
  if (references.length === 0) return contents;
  const [before, rest] = contents.split("\n## References\n");
  const [, ...after] = rest.split("\n## ");
  return [
    `${before}\n## Exported as well\n\n${references.join(", ")}\n`,
    ...after,
  ].join("\n## ");
}

export function load(app) {
  app.renderer.defineRouter("resource", ResourceRouter);
  const { EVENT_RESOLVE_BEGIN, EVENT_RESOLVE_END, EVENT_END } = Converter;
  app.converter.on(EVENT_RESOLVE_BEGIN, ({ project }) => split(project));
  app.converter.on(EVENT_RESOLVE_END, ({ project }) => {
    const all = Object.values(project.reflections);
    const byName = new Map(
      project.children.flatMap(({ children = [] }) => children)
        .filter((each) => !each.kindOf(ReflectionKind.Reference))
        .map((each) => [each.name, each]),
    );
    for (const { comment } of all) {
      if (!comment) continue;
      bareDefault(comment);
      joinThrows(comment, byName);
      linkByName(comment, byName);
    }
  }, -1000);
  app.converter.on(EVENT_END, ({ project }) => {
    for (const each of Object.values(project.reflections)) {
      delete each.extendedBy;
    }
  });
  app.renderer.on(MarkdownPageEvent.END, (event) => {
    const { model, project } = event;
    if (!model.kindOf(ReflectionKind.Module)) return;
    if (model.name === config.name) {
      event.contents += `\n\n${overview(project)}\n`;
      return;
    }
    let text = joinReferences(event.contents, model, app.renderer.router);
    for (const child of model.children) {
      if (child.kindOf(ReflectionKind.Reference)) continue;
      text = withImport(text, child, model);
    }
    event.contents = text.replaceAll(/^Defined in: (.*)$/gm, "$1{.source}");
  }, 100);
}
