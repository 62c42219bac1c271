import type { ResourceChange } from "../stacks/changes";
import type { PeopleChange } from "./people";

/** The detail in which a preview says who gains and who loses access. */
export type PreviewPeople = "counts" | "names";

/** The changes that `up` would make to one stack, or the reason why they are unknown. */
export interface StackPreview {
  readonly stack: string;
  /** Absent if unknown; secrets are `"[secret]"`. */
  readonly changes?: readonly ResourceChange[];
  /** Warnings of engine, program and providers. */
  readonly warnings?: readonly string[];
  /** The people who gain and lose access, or the reason why they are unknown; present with `--people`. */
  readonly people?: PeopleChange | { readonly unknown: string };
  readonly cause?: string;
  readonly advice?: string;
}
