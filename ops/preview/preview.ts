import type { ResourceChange } from "../stacks/changes";

/** The changes that `up` would make to one stack, or the reason why they are unknown. */
export interface StackPreview {
  readonly stack: string;
  /** Absent if unknown; secrets are `"[secret]"`. */
  readonly changes?: readonly ResourceChange[];
  /** Warnings of engine, program and providers. */
  readonly warnings?: readonly string[];
  readonly cause?: string;
  readonly advice?: string;
}
