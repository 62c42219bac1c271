import type { Client } from "@microsoft/microsoft-graph-client";
import type { AppRoleAssignment } from "@microsoft/microsoft-graph-types";
import { getRoleId } from "../../config/deployer/app-roles";
import type { TrustedWorkloads } from "../../config/deployer/issuers";
import type { FeatureName } from "../../config/deployer/jobs";
import { listAllPages } from "../clients/pages";
import { UserError } from "../errors";
import {
  applyPlan,
  findMicrosoftGraphId,
  grantPermissions,
  type IdentityIds,
  readIdentity,
  type Wait,
} from "./directory";
import { IDENTITIES, type IdentityName, listIdentityPermissions } from "./identities";
import { listIdentityCredentials } from "./issuer-options";
import { type DesiredIdentity, type IdentityPlan, planIdentity } from "./plan";

/** The identities that a project's pipelines need. */
export interface BootstrapRequest {
  /** Begins the names of identities and tokens. */
  readonly name: string;
  readonly identities: readonly IdentityName[];
  /** Features of the stacks' settings. */
  readonly features: readonly FeatureName[];
  readonly issuers: TrustedWorkloads;
  /** Object ids. */
  readonly owners: readonly string[];
  readonly removesOthers: boolean;
}

export type BootstrapPlan = ReadonlyMap<IdentityName, IdentityPlan>;

/** Compares the identities with the directory. Changes nothing. */
export async function planBootstrap(graph: Client, request: BootstrapRequest): Promise<BootstrapPlan> {
  const plans = new Map<IdentityName, IdentityPlan>();
  const microsoftGraphId = await findMicrosoftGraphId(graph);
  for (const identity of request.identities) {
    const desired = describeIdentity(identity, request);
    const existing = await readIdentity(graph, desired.tag, microsoftGraphId);
    plans.set(identity, planIdentity(desired, existing, microsoftGraphId));
  }
  return plans;
}

function describeIdentity(
  identity: IdentityName,
  { name, features, issuers, owners }: BootstrapRequest,
): DesiredIdentity {
  return {
    displayName: `${name}-${identity}`,
    description: `The pipeline's identity that ${IDENTITIES[identity].purpose}. Made by npx entra-access bootstrap.`,
    tag: `entra-access-identity:${name}/${identity}`,
    permissions: listIdentityPermissions(identity, features).graph,
    credentials: listIdentityCredentials(issuers, identity, name),
    owners,
  };
}

export interface BootstrapProgress {
  /** Called where the caller may not consent: what an administrator has to open. */
  onConsentNeeded(lines: readonly string[]): void;
  readonly wait: Wait;
  /** Minutes to wait for an administrator's consent; 0 does not wait. */
  readonly patience: number;
}

const POLL_MS = 10_000;

/**
 * Creates or corrects the identities, then consents. Where the caller may not consent, an administrator does, and this waits.
 *
 * @throws UserError if nobody has consented in time; the next call goes on from there
 */
export async function applyBootstrap(
  graph: Client,
  plans: BootstrapPlan,
  { tenantId, login, removesOthers }: { tenantId: string; login: string; removesOthers: boolean },
  progress: BootstrapProgress,
): Promise<ReadonlyMap<IdentityName, IdentityIds>> {
  const made = new Map<IdentityName, IdentityIds>();
  const waiting: { ids: IdentityIds; plan: IdentityPlan }[] = [];
  for (const [identity, plan] of plans) {
    const ids = await applyPlan(graph, plan, { removesOthers, wait: progress.wait });
    made.set(identity, ids);
    if (plan.grants.length > 0 && !(await grantPermissions(graph, ids.principalId, plan)))
      waiting.push({ ids, plan });
  }
  if (waiting.length === 0) return made;
  progress.onConsentNeeded(
    waiting.flatMap(({ ids, plan }) => [
      `${plan.desired.displayName} (${plan.desired.permissions.join(", ")}):`,
      `  ${login}/${tenantId}/adminconsent?client_id=${ids.appId}`,
    ]),
  );
  let tries = Math.ceil((progress.patience * 60_000) / POLL_MS);
  for (const { ids, plan } of waiting)
    while (!(await hasConsent(graph, ids.principalId, plan.desired.permissions))) {
      if (tries-- <= 0)
        throw new UserError(
          "a Privileged Role Administrator must consent to the permissions; nobody has yet",
          ["Run the same command again afterwards: it goes on from here."],
        );
      await progress.wait(POLL_MS);
    }
  return made;
}

async function hasConsent(
  graph: Client,
  principalId: string,
  permissions: readonly string[],
): Promise<boolean> {
  const path = `/servicePrincipals/${principalId}/appRoleAssignments`;
  const granted = (await listAllPages<AppRoleAssignment>(graph, path)).map(({ appRoleId }) => appRoleId);
  return permissions.every((name) => granted.includes(getRoleId(name)));
}
