import {
  type FeatureName,
  type JobName,
  listNeededPermissions,
  listNeededRoles,
} from "../../config/deployer/jobs";
import type { AccessTokenClaims } from "../clients/entra/access-token";
import { comparePermissions, type PermissionComparison } from "./compare";
import { compareRoles } from "./roles";

/** An identity compared with its job in Microsoft Entra ID: people have directory roles, applications permissions. */
export interface IdentityComparison extends PermissionComparison {
  readonly isPerson: boolean;
}

/** Compares an identity with what its job needs. @param token for Microsoft Graph */
export function compareWithJob(
  { roles = [], wids = [], scp }: AccessTokenClaims,
  job: JobName,
  features: readonly FeatureName[],
): IdentityComparison {
  return scp === undefined
    ? { isPerson: false, ...comparePermissions(listNeededPermissions(job, features).graph, roles) }
    : { isPerson: true, ...compareRoles(listNeededRoles(job, features), wids) };
}
