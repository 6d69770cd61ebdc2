import { useState } from "preact/hooks";

/** Lists and objects that are deeper or longer are folded at first. */
const openDepth = 4;
const openItems = 30;

/** A value in its lines; objects and lists can be folded. */
function Value({ name, value, isLast = true, depth, isOpen }: {
  name?: string;
  value: unknown;
  isLast?: boolean;
  depth: number;
  /** Whether all are open; undefined for as at first. */
  isOpen: boolean | undefined;
}) {
  const comma = isLast ? "" : ",";
  const key = name !== undefined && (
    <span class="j-key">{`${JSON.stringify(name)}: `}</span>
  );
  if (typeof value !== "object" || value === null) {
    return (
      <div class="j-line">
        {key}
        <span class={typeof value === "string" ? "j-text" : "j-value"}>
          {JSON.stringify(value)}
        </span>
        {comma}
      </div>
    );
  }
  const isList = Array.isArray(value);
  const [start, end] = isList ? "[]" : "{}";
  const items = Object.entries(value);
  if (items.length === 0) {
    return <div class="j-line">{key}{start}{end}{comma}</div>;
  }
  const isShort = depth < openDepth && items.length <= openItems;
  return (
    <details open={depth === 0 || (isOpen ?? isShort)}>
      <summary class="j-line">
        {key}
        {start}
        <span class="j-folded">{` ${items.length} … ${end}${comma}`}</span>
      </summary>
      <div class="j-inside">
        {items.map(([field, item], i) => (
          <Value
            key={field}
            {...!isList && { name: field }}
            value={item}
            isLast={i === items.length - 1}
            depth={depth + 1}
            isOpen={isOpen}
          />
        ))}
      </div>
      <div class="j-line">{end}{comma}</div>
    </details>
  );
}

/** The JSON in a text; undefined if it is none, or one value alone. */
function parsed(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** A text as it is, or as JSON that can be folded. */
export function Body({ title, text }: { title: string; text: string }) {
  const [isOpen, setOpen] = useState<boolean>();
  const value = parsed(text);
  if (!value) return <pre tabIndex={0}>{text}</pre>;
  return (
    <>
      <button
        type="button"
        class="link fold"
        aria-label={`${isOpen ? "Fold" : "Unfold"} all: ${title}`}
        onClick={() => setOpen(!isOpen)}
      >
        {isOpen ? "Fold all" : "Unfold all"}
      </button>
      <div class="json" tabIndex={0} role="group" aria-label={title}>
        <Value key={`${isOpen}`} value={value} depth={0} isOpen={isOpen} />
      </div>
    </>
  );
}
