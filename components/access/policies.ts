import * as cloudflare from "@pulumi/cloudflare";
import * as pulumi from "@pulumi/pulumi";
import type { AccessRule } from "./groups";

/** The people who approve requests for access. */
export interface ApprovalArgs {
  /** Email addresses of the people who may approve. */
  approvers: pulumi.Input<pulumi.Input<string>[]>;
  /** Number of approvals that are needed, default 1. */
  needed?: pulumi.Input<number> | undefined;
}

/** An authentication context of Entra's Conditional Access. */
export interface AuthenticationContextArgs {
  /** Id of the authentication context as Cloudflare lists it. */
  id: pulumi.Input<string>;
  /** Its number in Entra, e.g. "c1". */
  acId: pulumi.Input<string>;
  /** Id of the identity provider that loads it, which has `conditionalAccessEnabled`. */
  identityProviderId: pulumi.Input<string>;
}

interface CommonPolicyArgs {
  /** Display name in Cloudflare; default: the name in `policies`. */
  displayName?: pulumi.Input<string> | undefined;
  /** Ids of Access groups, of which a user has to be in at least one. */
  include?: readonly pulumi.Input<string>[] | undefined;
  /** Ids of Access groups, of which a user has to be in all. */
  require?: readonly pulumi.Input<string>[] | undefined;
  /** Ids of Access groups whose members are excluded. */
  exclude?: readonly pulumi.Input<string>[] | undefined;
  /** Id of the identity provider that people have to sign in with; default: any that the application allows. */
  loginMethod?: pulumi.Input<string> | undefined;
  /** Duration of the sign-in, e.g. "8h"; default "24h". */
  sessionDuration?: pulumi.Input<string> | undefined;
  /** Requires a second factor at Entra, default false. */
  mfa?: boolean | undefined;
  /** The authentication context that the sign-in at Entra must satisfy; default: none. */
  authenticationContext?: AuthenticationContextArgs | undefined;
  /** The question that people answer before they are admitted, e.g. "Which ticket?"; default: none. */
  justification?: pulumi.Input<string> | undefined;
  /** The approval of each session; default: none. */
  approval?: ApprovalArgs | undefined;
}

/** A policy. `everyone` admits all who sign in by `loginMethod`, or with "bypass" the whole internet. */
export type AccessPolicyArgs = CommonPolicyArgs &
  (
    | { decision: "allow" | "deny" | "service_auth"; everyone?: false }
    | { decision: "allow"; everyone: true; loginMethod: pulumi.Input<string> }
    | { decision: "bypass"; everyone?: boolean }
  );

export interface AccessPoliciesArgs {
  /** Cloudflare account id, 32 hexadecimal digits. */
  accountId: pulumi.Input<string>;
  /** The policies by name, which is part of the resource name: changing one does not touch the others. */
  policies: Readonly<Record<string, AccessPolicyArgs>>;
}

/**
 * Reusable Access policies over Access groups.
 *
 * @example
 * const policies = new AccessPolicies("access", {
 *   accountId: "023e105f4ecef8ad9ca31a8372d0c353",
 *   policies: { engineers: { decision: "allow", include: [groups.ids.engineers], mfa: true } },
 * });
 */
export class AccessPolicies extends pulumi.ComponentResource {
  /** Ids of the policies, by name. */
  readonly ids: Readonly<Record<string, pulumi.Output<string>>>;

  constructor(name: string, args: AccessPoliciesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("entra-access:index:AccessPolicies", name, {}, opts);
    const { accountId, policies } = args;
    const ids = Object.entries(policies).map(([key, policy]): [string, pulumi.Output<string>] => {
      const { id } = new cloudflare.ZeroTrustAccessPolicy(
        `${name}-policy-${key}`,
        { accountId, name: policy.displayName ?? key, ...buildPolicySettings(key, policy) },
        { parent: this },
      );
      return [key, id];
    });
    this.ids = Object.fromEntries(ids);
    this.registerOutputs({ ids: this.ids });
  }
}

/** The names of the decisions in Cloudflare's API. */
const API_DECISIONS = { allow: "allow", deny: "deny", bypass: "bypass", service_auth: "non_identity" };

function buildPolicySettings(key: string, policy: AccessPolicyArgs) {
  const { authenticationContext, approval, justification } = policy;
  const group = (id: pulumi.Input<string>): AccessRule => ({ group: { id } });
  const includes = [...(policy.include ?? []).map(group), ...(policy.everyone ? [{ everyone: {} }] : [])];
  if (includes.length === 0)
    throw new pulumi.RunError(`Access policy "${key}" must include a group or everyone`);
  const requires: AccessRule[] = [
    ...(policy.require ?? []).map(group),
    ...(policy.loginMethod === undefined ? [] : [{ loginMethod: { id: policy.loginMethod } }]),
    ...(policy.mfa ? [{ authMethod: { authMethod: "mfa" } }] : []),
    ...(authenticationContext ? [{ authContext: authenticationContext }] : []),
  ];
  const excludes = (policy.exclude ?? []).map(group);
  return {
    decision: API_DECISIONS[policy.decision],
    includes,
    ...(requires.length > 0 && { requires }),
    ...(excludes.length > 0 && { excludes }),
    sessionDuration: policy.sessionDuration ?? "24h",
    ...(justification !== undefined && {
      purposeJustificationRequired: true,
      purposeJustificationPrompt: justification,
    }),
    ...(approval && {
      approvalRequired: true,
      approvalGroups: [{ emailAddresses: approval.approvers, approvalsNeeded: approval.needed ?? 1 }],
    }),
  };
}
