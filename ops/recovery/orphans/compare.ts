import type { ResourceInputs } from "./search";

/** Lists the expected properties that an object does not have; others of the object do not count. */
export function listDifferences(expected: ResourceInputs, actual: ResourceInputs): string[] {
  return Object.keys(expected).filter((name) => !isContained(expected[name], actual[name]));
}

function isContained(expected: unknown, actual: unknown): boolean {
  if (isEmpty(expected)) return isEmpty(actual);
  if (Array.isArray(expected)) return Array.isArray(actual) && hasSameItems(expected, actual);
  if (typeof expected !== "object" || expected === null) return expected === actual;
  if (typeof actual !== "object" || actual === null) return false;
  const members = actual as ResourceInputs;
  return Object.entries(expected).every(([name, value]) => isContained(value, members[name]));
}

/** The APIs leave out what is false or empty, or answer null. */
function isEmpty(value: unknown): boolean {
  return (
    value === undefined ||
    value === null ||
    value === false ||
    value === "" ||
    (Array.isArray(value) && value.length === 0)
  );
}

/** Compares without order, because the APIs sort some lists. */
function hasSameItems(expected: readonly unknown[], actual: readonly unknown[]): boolean {
  const rest = [...actual];
  return (
    expected.length === actual.length &&
    expected.every((item) => {
      const index = rest.findIndex((other) => isContained(item, other));
      if (index >= 0) rest.splice(index, 1);
      return index >= 0;
    })
  );
}
