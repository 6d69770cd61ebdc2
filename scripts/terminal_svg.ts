/** Draws what a command prints to a terminal. */

/** A run of characters in one style. */
interface Run {
  text: string;
  classes: string;
}

const classOf: Record<string, string> = { 1: "bold", 2: "dim", 32: "green" };

/** Takes a line's colour codes apart: bold, dim and green, each ended by 0. */
function runs(line: string): Run[] {
  const found: Run[] = [];
  let classes = "";
  // deno-lint-ignore no-control-regex
  for (const part of line.split(/(\x1b\[\d*m)/)) {
    // deno-lint-ignore no-control-regex
    const [, code] = /^\x1b\[(\d*)m$/.exec(part) ?? [];
    if (code !== undefined) classes = classOf[code] ?? "";
    else if (part) found.push({ text: part, classes });
  }
  return found;
}

const entities: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
};
const escape = (text: string) =>
  text.replace(/[&<>"]/g, (found) => entities[found] ?? found);

const style = `
text { font: 14px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
.back { fill: #fff; stroke: #d0d7de; }
text { fill: #1f2328; white-space: pre; }
.dim { fill: #59636e; }
.green { fill: #1a7f37; font-weight: 600; }
.bold { font-weight: 600; }
@media (prefers-color-scheme: dark) {
  .back { fill: #0d1117; stroke: #3d444d; }
  text { fill: #f0f6fc; }
  .dim { fill: #9198a1; }
  .green { fill: #3fb950; }
}`;

/**
 * The picture of a terminal as SVG, for light and dark pages.
 *
 * @param output What was printed, with its colour codes.
 * @param title What the picture shows, for those who don't see it.
 */
export function terminalSvg(output: string, title: string): string {
  const lines = output.trimEnd().split("\n").map(runs);
  const length = (line: Run[]) =>
    line.reduce((sum, { text }) => sum + [...text].length, 0);
  const columns = Math.max(...lines.map(length));
  const [cell, row, margin] = [8.43, 20, 16];
  const width = Math.ceil(columns * cell) + 2 * margin;
  const height = lines.length * row + 2 * margin;
  const drawn = lines.map((line, i) => {
    const spans = line.map(({ text, classes }) =>
      classes
        ? `<tspan class="${classes}">${escape(text)}</tspan>`
        : escape(text)
    );
    return `<text x="${margin}" y="${margin + 15 + i * row}">${
      spans.join("")
    }</text>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title">`,
    `<title id="title">${escape(title)}</title>`,
    `<style>${style}\n</style>`,
    `<rect class="back" x="0.5" y="0.5" width="${width - 1}" height="${
      height - 1
    }" rx="8"/>`,
    ...drawn,
    "</svg>\n",
  ].join("\n");
}
