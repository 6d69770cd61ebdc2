import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";

/** A button for what cannot be undone: it asks, and acts when pressed again. */
export function AskedButton({ act, isDanger = false, children }: {
  act: () => void;
  isDanger?: boolean;
  children: ComponentChildren;
}) {
  const [isAsked, ask] = useState(false);
  return (
    <button
      type="button"
      class={`button${isAsked || isDanger ? " danger" : ""}`}
      onBlur={() => ask(false)}
      onClick={() => {
        if (isAsked) act();
        ask(!isAsked);
      }}
    >
      {isAsked ? "Sure?" : children}
    </button>
  );
}
