import type { ResourceChange } from "../stacks/changes";
import type { PeopleChange } from "./people";

/** What a preview says beside the changes of resources. */
export type PreviewPeople = "counts" | "names";

/** The changes that `up` would make to one stack, or the reason why they are unknown. */
export interface StackPreview {
  readonly stack: string;
  /** Absent if unknown; secrets are `"[secret]"`. */
  readonly changes?: readonly ResourceChange[];
  /** Warnings of engine, program and providers. */
  readonly warnings?: readonly string[];
  /** Where asked for: who gains and who loses access, or the reason why that is unknown. */
  readonly people?: PeopleChange | { readonly unknown: string };
  readonly cause?: string;
  readonly advice?: string;
}
