// The parts that every pane has.
import type { ButtonHTMLAttributes, ComponentChildren } from "preact";
import { useState } from "preact/hooks";

/** The icons of the page, drawn on a grid of 16. */
const paths = {
  rooms: "M2.500 3.500h11v9h-11zM6 3.500v9M6 8h7.500",
  room:
    "M8 8.200a2.400 2.400 0 1 0 0-4.800 2.400 2.400 0 0 0 0 4.800zM3.200 13.200c.5-2.300 2.400-3.500 4.800-3.500s4.300 1.200 4.800 3.500",
  log: "M2.500 4h11M2.500 8h8M2.500 12h5.500",
  copy: "M5.500 5.500v-3h8v8h-3M2.500 5.500h8v8h-8z",
  close: "M3.500 3.500l9 9M12.500 3.500l-9 9",
  search:
    "M7 11.500a4.500 4.500 0 1 0 0-9 4.500 4.500 0 0 0 0 9zM10.300 10.300l3.200 3.200",
  play: "M5 3l8 5-8 5z",
  bolt: "M8.800 1.800L3.500 9h4l-.8 5.200L12.500 7h-4.200z",
  plus: "M8 3v10M3 8h10",
  leave: "M6.500 3h-3.500v10h3.500M7 8h6.500M11 5.300L13.700 8 11 10.700",
  check: "M3 8.500l3.200 3.200L13 5",
  again: "M13 8a5 5 0 1 1-1.500-3.600M13 2.200v2.600h-2.600",
  back: "M9.500 3.500L5 8l4.500 4.500",
  link:
    "M7 9a2.500 2.500 0 0 0 3.600.2l2-2a2.500 2.500 0 0 0-3.600-3.500l-1 1M9 7a2.500 2.500 0 0 0-3.600-.2l-2 2a2.500 2.500 0 0 0 3.600 3.500l1-1",
  send: "M2.500 8h10.500M9 4l4 4-4 4",
} as const;

type IconName = keyof typeof paths;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  );
}

type ButtonProps = ButtonHTMLAttributes<HTMLButtonElement>;

/** A button that sends no form. */
export function Button(props: ButtonProps) {
  return <button type="button" class="button" {...props} />;
}

/** A button that is an icon, and its name. */
export function IconButton(
  { icon, label, ...props }: ButtonProps & { icon: IconName; label: string },
) {
  return (
    <Button class="icon-button" aria-label={label} {...props}>
      <Icon name={icon} />
    </Button>
  );
}

/** A button for what cannot be undone: it asks, and acts when pressed again. */
export function AskedButton({ act, isDanger = false, children }: {
  act: () => void;
  isDanger?: boolean;
  children: ComponentChildren;
}) {
  const [isAsked, ask] = useState(false);
  return (
    <Button
      class={`button${isAsked || isDanger ? " danger" : ""}`}
      onBlur={() => ask(false)}
      onClick={() => {
        if (isAsked) act();
        ask(!isAsked);
      }}
    >
      {isAsked ? "Sure?" : children}
    </Button>
  );
}

/** Buttons of which one is pressed. */
export function Segments<T extends string>(
  { name, all, chosen, choose, badges }: {
    name: string;
    all: readonly T[];
    chosen: T;
    choose: (each: T) => void;
    /** The number of something, which follows a name. */
    badges?: Partial<Record<T, number>>;
  },
) {
  return (
    <div class="segments" role="group" aria-label={name}>
      {all.map((each) => (
        <Button
          key={each}
          class=""
          aria-pressed={chosen === each}
          onClick={() => choose(each)}
        >
          {each}
          {badges?.[each] ? <span class="badge">{badges[each]}</span> : null}
        </Button>
      ))}
    </div>
  );
}

/** A form of one field: what is typed, or nothing, is given to `send`. */
export function OneField({ kind, label, placeholder, send, children }: {
  kind: string;
  label: string;
  placeholder: string;
  send: (text: string) => void;
  children: ComponentChildren;
}) {
  const [text, setText] = useState("");
  return (
    <form
      class={kind}
      onSubmit={(event) => {
        event.preventDefault();
        setText("");
        send(text);
      }}
    >
      <input
        aria-label={label}
        placeholder={placeholder}
        value={text}
        onInput={({ currentTarget }) => setText(currentTarget.value)}
      />
      {children}
    </form>
  );
}
