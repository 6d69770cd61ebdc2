/// <reference lib="dom" />
import type { AttemptChart } from "./attempts.ts";
import { svg } from "./element.ts";
import type { Timeline } from "./timeline.ts";

/** Heights in pixels; widths are percentages, so that charts fit any screen. */
const [attemptRow, axisHeight] = [18, 22];
const rowHeights = { session: 34, person: 28 };

/** Vertical grid lines, with their labels below. */
function axis(ticks: AttemptChart["ticks"], height: number): SVGElement[] {
  return ticks.flatMap(({ at, label }) => {
    const x = `${at}%`;
    const anchor = at < 8 ? "start" : at > 92 ? "end" : "middle";
    const text = svg("text", {
      x,
      y: height + 15,
      "text-anchor": anchor,
      class: "tick",
    }, label);
    return [
      svg("line", { x1: x, x2: x, y1: 0, y2: height, class: "grid" }),
      text,
    ];
  });
}

function bar(
  y: number,
  height: number,
  start: number,
  width: number,
  name: string,
): SVGElement {
  return svg("rect", {
    x: `${start}%`,
    // Even the shortest bar stays visible
    width: `${Math.max(width, 0.6)}%`,
    y,
    height,
    rx: Math.min(3, height / 2),
    class: name,
  });
}

/** Draws attempts, with space for `rows` of them. */
export function drawAttempts(
  { bars, ticks }: AttemptChart,
  rows: number,
): SVGElement {
  const height = rows * attemptRow;
  return svg(
    "svg",
    {
      width: "100%",
      height: height + axisHeight,
      role: "img",
      "aria-label":
        "Attempts on a time axis; the table below has the same data",
    },
    ...axis(ticks, height),
    ...bars.flatMap(({ number, state, start, width, wait }) => {
      const y = (number - 1) * attemptRow + 4;
      return [
        ...wait > 0 ? [bar(y + 4, 2, start + width, wait, "wait")] : [],
        bar(y, 10, start, width, `attempt ${state}`),
      ];
    }),
  );
}

/** Draws sessions, each with the people in it. */
export function drawTimeline({ rows, ticks }: Timeline): SVGElement {
  let height = 0;
  const tops = rows.map(({ kind }) => {
    if (kind === "session" && height > 0) height += 10;
    const top = height;
    height += rowHeights[kind];
    return top;
  });
  return svg(
    "svg",
    {
      width: "100%",
      height: height + axisHeight,
      role: "img",
      "aria-label": "Sessions and people on a time axis; the list below has " +
        "the same data",
    },
    ...axis(ticks, height),
    ...rows.flatMap(({ kind, name, words, open, bar: span }, i) => {
      const y = tops[i] ?? 0;
      const thickness = kind === "session" ? 10 : 5;
      return [
        svg(
          "text",
          { x: 0, y: y + 14, class: kind },
          svg("tspan", { class: "name" }, name),
          svg("tspan", { dx: 8, class: "words" }, words),
        ),
        ...span
          ? [
            bar(
              y + 19,
              thickness,
              span.start,
              span.width,
              open ? "open" : "over",
            ),
          ]
          : [],
      ];
    }),
  );
}
