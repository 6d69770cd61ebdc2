import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { type Drawn, marked, redraw } from "../../lib/cli/screen.ts";

/** A terminal that knows the escapes that `redraw` writes. */
class Terminal {
  readonly rows: string[] = [""];
  row = 0;
  column = 0;
  wraps = true;

  constructor(readonly columns: number) {}

  write(text: string): void {
    // deno-lint-ignore no-control-regex
    for (const [part] of text.matchAll(/\x1b\[\??\d*[A-Za-z]|[^]/g)) {
      const line = this.rows[this.row] ?? "";
      if (part === "\r") this.column = 0;
      else if (part === "\n") {
        this.row++;
        if (this.row === this.rows.length) this.rows.push("");
      } else if (part.startsWith("\x1b") && part.endsWith("A")) {
        this.row -= parseInt(part.slice(2));
        if (this.row < 0) throw new Error("Above the first row");
      } else if (part === "\x1b[H") [this.row, this.column] = [0, 0];
      else if (part === "\x1b[K") {
        this.rows[this.row] = line.slice(0, this.column);
      } else if (part === "\x1b[J") {
        this.rows[this.row] = line.slice(0, this.column);
        this.rows.length = this.row + 1;
      } else if (part === "\x1b[2J") this.rows.fill("");
      else if (part === "\x1b[?7l") this.wraps = false;
      else if (part === "\x1b[?7h") this.wraps = true;
      else if (part.startsWith("\x1b")) throw new Error(`Unknown: ${part}`);
      else if (this.wraps) throw new Error("It might wrap");
      else {
        const at = Math.min(this.column, this.columns - 1);
        this.rows[this.row] = line.slice(0, at) + part + line.slice(at + 1);
        this.column = at + 1;
      }
    }
  }
}

const line = fc.stringMatching(/^[a-z ]{0,30}$/);
const picture = fc.record({
  body: fc.array(line, { maxLength: 12 }),
  foot: fc.array(line, { minLength: 1, maxLength: 3 }),
  columns: fc.constantFrom(20, 40),
});

Deno.test("redraw() leaves nothing but the last picture, whatever came before", () => {
  fc.assert(fc.property(fc.array(picture, { minLength: 1 }), (pictures) => {
    const rows = 30;
    const terminal = new Terminal(40);
    let drawn: Drawn | undefined;
    for (const { body, foot, columns } of pictures) {
      const next = redraw(body, foot, drawn, { rows, columns });
      terminal.write(next.text);
      drawn = next.drawn;
      const shown = terminal.rows.slice(terminal.row + 1 - drawn.rows);
      assertEquals(shown, [...body, ...foot]);
      assertEquals([terminal.wraps, terminal.rows.length], [true, drawn.rows]);
    }
  }));
});

Deno.test("redraw() has no more rows than the terminal, and keeps the foot", () => {
  const size = { rows: 4, columns: 80 };
  const { text, drawn } = redraw(
    ["a", "b", "c", "d"],
    ["end"],
    undefined,
    size,
  );
  const terminal = new Terminal(80);
  terminal.write(text);
  assertEquals(terminal.rows, ["a", "b", "… 2 more lines", "end"]);
  assertEquals(drawn.rows, 4);
  const fits = redraw(["a", "b", "c"], ["end"], undefined, size);
  assertEquals(fits.text.includes("more"), false);
});

Deno.test("marked() puts a * beside the lines that were not there before", () => {
  assertEquals(
    marked(["Name", "", "  State  idle", "  Two", "  Two"], [
      "Old",
      "",
      "  State  busy",
      "  Two",
    ]),
    ["* Name", "", "* State  idle", "  Two", "* Two"],
  );
  fc.assert(fc.property(fc.array(line), (lines) => {
    assertEquals(marked(lines, lines), lines);
  }));
});
