import {
  type FeatureName,
  type JobName,
  listNeededPermissions,
  listNeededRoles,
  listObstaclesForPeople,
} from "../../config/deployer/jobs";
import type { AccessTokenClaims } from "../clients/entra/access-token";
import { comparePermissions, type PermissionComparison } from "./compare";
import { compareRoles } from "./roles";

/** An identity compared with its job in Microsoft Entra ID: people have directory roles, applications permissions. */
export interface IdentityComparison extends PermissionComparison {
  readonly isPerson: boolean;
  /** Why a person can't do the job, whatever the roles. */
  readonly obstacles: readonly string[];
}

/** Compares an identity with what its job needs. @param token for Microsoft Graph */
export function compareWithJob(
  { roles = [], wids = [], scp }: AccessTokenClaims,
  job: JobName,
  features: readonly FeatureName[],
): IdentityComparison {
  if (scp === undefined) {
    const compared = comparePermissions(listNeededPermissions(job, features).graph, roles);
    return { isPerson: false, obstacles: [], ...compared };
  }
  const obstacles = listObstaclesForPeople(job, features);
  return { isPerson: true, obstacles, ...compareRoles(listNeededRoles(job, features), wids) };
}
