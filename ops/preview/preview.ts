import type { Stack } from "../stacks";
import type { ResourceChange } from "../stacks/changes";

/** What `up` would do to one stack, or why that cannot be told. */
export interface StackPreview {
  readonly stack: string;
  /** Absent where it could not be told; secrets are `"[secret]"`. */
  readonly changes?: readonly ResourceChange[];
  /** Of engine, program and providers. */
  readonly warnings?: readonly string[];
  readonly cause?: string;
  readonly advice?: string;
}

/** @throws StackError where the engine cannot tell */
export async function previewOf(stack: Stack): Promise<StackPreview> {
  const { changes, warnings } = await stack.preview();
  return { stack: stack.name, changes, warnings: warnings.map((warning) => warning.trim()) };
}
