import type { DeployerClouds } from "../../clients/deployer";
import type { ApplicationIds } from "../tenant-state";

export type ResourceInputs = Readonly<Record<string, unknown>>;

/** An existing object that an interrupted run may have created for a resource. */
export interface Candidate {
  /** The id in the cloud. */
  readonly id: string;
  /** The settings of the program that the object does not have; none if it is equal. */
  readonly differences: readonly string[];
}

/** The clouds of one tenant, as they were before the program ran. */
export interface SearchContext {
  readonly clouds: DeployerClouds;
  /** The stack's application in the tenant; undefined before the first run. */
  readonly application: ApplicationIds | undefined;
  /** Ids of everything in the stack's state; that of a service principal may be among them without the stack's application. */
  readonly deployedIds: ReadonlySet<string>;
  /** Returns the object id of the principal that deploys. */
  readonly getDeployerId: () => Promise<string>;
  /** Reads something once per run. */
  readonly once: <T>(key: string, read: () => Promise<T>) => Promise<T>;
}

/** A way to find the object of a resource that the state lacks. */
export interface ResourceSearch {
  /** The type in words, e.g. "Access group". */
  readonly label: string;
  /** Formats the id that the provider imports; default: the id of the object. */
  formatImportId?(id: string, accountId: string, inputs: ResourceInputs): string;
  /** Reads the id that the provider imports, where it names further objects. */
  readImportId?(context: SearchContext, id: string, inputs: ResourceInputs): Promise<string>;
  /** Finds the objects with the identity of the resource. */
  find(context: SearchContext, inputs: ResourceInputs): Promise<readonly Candidate[]>;
  /**
   * Tells if the object carries the stack's mark, or refers to one that does. Only such an object is looked for without
   * a sign of an interrupted run. Default: it does not, so the states of other stacks are searched for it.
   */
  isMarked?(inputs: ResourceInputs): boolean;
  /** Input properties whose change replaces the resource, so that the new object may be missing in the state. */
  readonly replacedBy?: readonly string[];
  /** True if the resource exists only in the stack's own tenant. */
  readonly isOwnTenant?: boolean;
  /** True if the cloud refuses a second object with the same identity. */
  readonly isUnique?: boolean;
}
