import type { Properties } from "../../bridge/values";

/** Returns a created resource with the outputs that were read back. @throws Error of Pulumi's bridge if there are none */
export function requireCreated(
  id: string,
  outputs: Properties | undefined,
): { id: string; outputs: Properties } {
  if (!outputs) throw new Error(`expected non-nil error with nil state during Create of ${id}`);
  return { id, outputs };
}
