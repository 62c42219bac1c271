/** Names and types of a JSON value; a list is told by its first element. */
export type Shape = string | Shape[] | { [name: string]: Shape };

export function getShape(value: unknown): Shape {
  if (value === null) return "null";
  if (Array.isArray(value)) return value.length > 0 ? [getShape(value[0])] : [];
  if (typeof value !== "object") return typeof value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, getShape(member)]));
}

/**
 * Lists the differences between an answer and the recorded one, one line each: `path: recorded → got`. A property
 * recorded as
 * null may hold anything, since the recording does not tell its type.
 */
export function listDifferences(recorded: Shape, got: Shape, path = ""): string[] {
  if (recorded === "null") return [];
  if (typeof recorded === "string" || typeof got === "string") {
    return recorded === got ? [] : [`${path}: ${kind(recorded)} → ${kind(got)}`];
  }
  if (Array.isArray(recorded) || Array.isArray(got)) {
    if (!Array.isArray(recorded) || !Array.isArray(got)) return [`${path}: ${kind(recorded)} → ${kind(got)}`];
    const [before, after] = [recorded[0], got[0]];
    if (before === undefined || after === undefined) {
      return before === after ? [] : [`${path}: ${kind(recorded)} → ${kind(got)}`];
    }
    return listDifferences(before, after, `${path}[]`);
  }
  return [...new Set([...Object.keys(recorded), ...Object.keys(got)])].flatMap((name) => {
    const [before, after] = [recorded[name], got[name]];
    const at = path === "" ? name : `${path}.${name}`;
    if (before === undefined || after === undefined) return [`${at}: ${kind(before)} → ${kind(after)}`];
    return listDifferences(before, after, at);
  });
}

function kind(shape: Shape | undefined): string {
  if (shape === undefined) return "absent";
  if (typeof shape === "string") return shape;
  if (Array.isArray(shape)) return shape.length > 0 ? "list" : "empty list";
  return "object";
}
