import {
  type FeatureName,
  type JobName,
  listPermissionsOfJobs,
  type Permissions,
} from "../../config/deployer/jobs";

/** An identity of a pipeline, by the name of its environment (docs/workflows.md). */
interface Identity {
  readonly jobs: readonly JobName[];
  /** The purpose in words, for its description in Entra. */
  readonly purpose: string;
}

export const IDENTITIES = {
  preview: { jobs: ["preview"], purpose: "reads, for previews of pull requests" },
  drift: { jobs: ["drift", "verify"], purpose: "reads, for the nightly check" },
  rotation: { jobs: ["rotate"], purpose: "replaces client secrets that are due" },
  production: { jobs: ["deploy"], purpose: "deploys" },
} as const satisfies Record<string, Identity>;

export type IdentityName = keyof typeof IDENTITIES;

export const IDENTITY_NAMES = Object.keys(IDENTITIES) as IdentityName[];

/** Lists the least permissions of an identity for stacks with these features. */
export function listIdentityPermissions(
  name: IdentityName,
  features: readonly FeatureName[] = [],
): Permissions {
  return listPermissionsOfJobs(IDENTITIES[name].jobs, features);
}
