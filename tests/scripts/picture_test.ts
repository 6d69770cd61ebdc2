import { assert, assertEquals } from "@std/assert";
import { picture } from "../../scripts/picture.ts";
import { terminalSvg } from "../../scripts/terminal_svg.ts";

Deno.test("terminalSvg() keeps every character, and colours as the codes say", () => {
  const svg = terminalSvg("\x1b[1ma<b\x1b[0m & \x1b[32mc\x1b[0m\nd\n", "A & B");
  assert(
    svg.includes(
      '<tspan class="bold">a&lt;b</tspan> &amp; ' +
        '<tspan class="green">c</tspan></text>',
    ),
  );
  assert(svg.includes(">d</text>") && svg.includes("A &amp; B</title>"));
  assert(!svg.includes("\x1b"));
});

Deno.test("docs/terminal.svg is what the command prints: deno task docs:picture", async () => {
  const file = new URL("../../docs/terminal.svg", import.meta.url);
  assertEquals(await Deno.readTextFile(file), await picture());
});
