/** Pages of `docs/` that tasks write. */
import { formatted } from "../../scripts/sh.ts";

/** A table in Markdown; the first row is its head. */
export function toTable([head = [], ...rows]: string[][]): string {
  return [head, head.map(() => "---"), ...rows]
    .map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/** A page by its template, in which `{{name}}` stands for a part. */
export function toPage(
  template: string,
  parts: Record<string, string | number>,
): string {
  const part = (_: string, name: string) => `${parts[name] ?? ""}`;
  return formatted(template.replaceAll(/{{(\w+)}}/g, part), "md");
}
