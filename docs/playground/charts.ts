/// <reference lib="dom" />
import type { AttemptChart } from "./attempts.ts";
import { svg } from "./element.ts";
import type { Timeline } from "./timeline.ts";

/** Heights in pixels; widths are percents, so that charts fit any screen. */
const [attemptRow, axisHeight] = [18, 22];
const rowHeights = { session: 34, person: 28 };

/** Lines up through the chart, and below them what they stand for. */
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
    // What is too short to be seen still happened
    width: `${Math.max(width, 0.6)}%`,
    y,
    height,
    rx: Math.min(3, height / 2),
    class: name,
  });
}

/** Draws attempts, with room for as many as there may be. */
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
      "aria-label": "Attempts on a time axis; the table below says the same",
    },
    ...axis(ticks, height),
    ...bars.flatMap(({ number, fate, start, width, wait }) => {
      const y = (number - 1) * attemptRow + 4;
      return [
        ...wait > 0 ? [bar(y + 4, 2, start + width, wait, "wait")] : [],
        bar(y, 10, start, width, `attempt ${fate}`),
      ];
    }),
  );
}

/** Draws sessions, and in each of them the people. */
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
      "aria-label": "Sessions and people on a time axis; the list below says " +
        "the same",
    },
    ...axis(ticks, height),
    ...rows.flatMap(({ kind, name, words, open, bar: place }, i) => {
      const y = tops[i] ?? 0;
      const thick = kind === "session" ? 10 : 5;
      return [
        svg(
          "text",
          { x: 0, y: y + 14, class: kind },
          svg("tspan", { class: "name" }, name),
          svg("tspan", { dx: 8, class: "words" }, words),
        ),
        ...place
          ? [
            bar(
              y + 19,
              thick,
              place.start,
              place.width,
              open ? "open" : "over",
            ),
          ]
          : [],
      ];
    }),
  );
}
