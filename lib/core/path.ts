// The path of an operation, with the names of ids in braces: `/rooms/{id}`.

const idInPath = /\{(.*?)\}/g;

/** The names of the ids in a path, in their order. */
export function idNames(path: string): string[] {
  return Array.from(path.matchAll(idInPath), ([, name = ""]) => name);
}

/** A path with its ids filled in. */
export function fillPath(path: string, idOf: (name: string) => string): string {
  return path.replace(idInPath, (_, name) => idOf(name));
}

/** The ids in a URL's path that ends like this path; undefined for others. */
export function matchPath(
  path: string,
  pathname: string,
): Record<string, string> | undefined {
  const pattern = new RegExp(`${fillPath(path, () => "([^/]+)")}/?$`);
  const match = pattern.exec(pathname);
  if (!match) return undefined;
  const entries = idNames(path).map((name, i) => [name, match[i + 1] ?? ""]);
  return Object.fromEntries(entries);
}
