import type { AccountQuery } from "../drift/account/check";
import type { PeopleDetail } from "../preview/people";
import type { StackTarget } from "../stacks/settings/project-setting";
import type { Engine } from "../tools/engine";

/** The message to a worker. */
export interface WorkerTask {
  /** `repair` updates the stack before it checks it; `account` checks its account, signed in as the stack. */
  readonly task: "check" | "repair" | "preview" | "account";
  /** Required by the task `account`. */
  readonly query?: AccountQuery;
  readonly stack: string;
  readonly target: StackTarget;
  readonly projectFolder: string;
  readonly engine: Engine;
  /** For a check or a preview: says who gains and who loses access. */
  readonly people?: PeopleDetail;
}

/** The message of a worker that has done a task. */
export interface WorkerAnswer<T> {
  readonly result: T;
  /** False if something failed: the program may have left promises behind that fail later. */
  readonly isReusable: boolean;
}
