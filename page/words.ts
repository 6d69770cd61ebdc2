// Times, names and sizes as the page writes them.

/** A duration, such as `1 h 05 min`. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours >= 48) return `${Math.floor(hours / 24)} days`;
  return `${hours} h ${`${minutes % 60}`.padStart(2, "0")} min`;
}

/** A time of day. */
export function clockTime(ms: number, withSeconds = true): string {
  return new Date(ms).toTimeString().slice(0, withSeconds ? 8 : 5);
}

/** An id as short as it can be told from others. */
export function shortId(id: string): string {
  return id.length > 12 ? `${id.slice(0, 4)}…${id.slice(-4)}` : id;
}

const uuids = /[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/gi;

/** The path of a URL with short ids. */
export function shortPath(url: string): string {
  const { pathname, search } = new URL(url);
  const path = pathname.replace(/^\/v2(?=\/)/, "") + search;
  let text = path;
  try {
    text = decodeURIComponent(path);
  } catch {
    // It is shown as it is
  }
  return text.replaceAll(uuids, shortId);
}

/** The letters that stand for a name. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  const letters = words.length > 1
    ? `${words[0]?.[0] ?? ""}${words.at(-1)?.[0] ?? ""}`
    : name.trim().slice(0, 2);
  return letters.toUpperCase() || "?";
}

/** The hue of a name: always the same one. */
export function hue(name: string): number {
  let sum = 7;
  for (const char of name) sum = (sum * 31 + (char.codePointAt(0) ?? 0)) % 9973;
  return (sum * 47) % 360;
}

/** A text as JSON with indents, or as it is. */
export function pretty(text: string | undefined): string | undefined {
  try {
    return text && JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

/** Somebody who is not there yet. */
export function newcomer(present: readonly string[]): string {
  const names = "Ann Ravi Sofia Tomás Mei Liam Zoe Yusuf".split(" ");
  return names.find((name) => !present.includes(name)) ??
    `Guest ${present.length + 1}`;
}
