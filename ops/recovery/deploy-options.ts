import type { Progress } from "../terminal/progress";
import type { OrphanDecisions } from "./orphans/find";
import type { ApplicationIds, ResourceKey, TenantResourceKind } from "./tenant-state";

export interface DeployOptions {
  readonly progress: Progress;
  /** Sends the client secret to Cloudflare again, whether or not anything differs. Default: false. */
  readonly resend?: boolean;
  /** Existing resources of the stack's own tenant to import; replaces the search for marked ones. Default: none. */
  readonly adoption?: AdoptedResources | undefined;
  /** Decisions about orphaned resources of which there are several, or whose settings differ. Default: none. */
  readonly decisions?: OrphanDecisions | undefined;
}

export interface AdoptedResources {
  readonly application: ApplicationIds;
  /** Ids in the form that the providers import. */
  readonly imports: ReadonlyMap<TenantResourceKind, string>;
  /** Groups, policies and applications of Access. */
  readonly access: readonly (readonly [ResourceKey, string])[];
}
