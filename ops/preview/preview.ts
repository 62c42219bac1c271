import type { ResourceChange } from "../stacks/run/changes";
import type { PeopleResult } from "./people";

/** The changes that `up` would make to one stack, or the reason why they are unknown. */
export interface StackPreview {
  readonly stack: string;
  /** Absent if unknown; secrets are `"[secret]"`. */
  readonly changes?: readonly ResourceChange[];
  /** Warnings of engine, program and providers. */
  readonly warnings?: readonly string[];
  /** The people who gain and lose access; present with `--people`. */
  readonly people?: PeopleResult;
  readonly cause?: string;
  readonly advice?: string;
}
