import * as cloudflare from "@pulumi/cloudflare";
import * as pulumi from "@pulumi/pulumi";
import type { AccessRule } from "./access-groups";

/** Who may approve a request for access, and how many of them have to. */
export interface ApprovalArgs {
  /** Email addresses of those who may approve. */
  approvers: pulumi.Input<pulumi.Input<string>[]>;
  /** How many of them, default 1. */
  needed?: pulumi.Input<number> | undefined;
}

/** An authentication context of Entra's Conditional Access. */
export interface AuthenticationContextArgs {
  /** Id of the authentication context as Cloudflare lists it. */
  id: pulumi.Input<string>;
  /** Its number in Entra, e.g. "c1". */
  acId: pulumi.Input<string>;
  /** The identity provider that loads it: one with `conditionalAccessEnabled`. */
  identityProviderId: pulumi.Input<string>;
}

interface PolicySettings {
  /** What Cloudflare shows; default: the name it has in the component. */
  displayName?: pulumi.Input<string> | undefined;
  /** Ids of Access groups; being in one is needed. */
  include?: readonly pulumi.Input<string>[] | undefined;
  /** Ids of Access groups; being in all is needed, too. */
  require?: readonly pulumi.Input<string>[] | undefined;
  /** Ids of Access groups; being in one is too much. */
  exclude?: readonly pulumi.Input<string>[] | undefined;
  /** Id of the identity provider that people have to have signed in with; default: any that the application allows. */
  loginMethod?: pulumi.Input<string> | undefined;
  /** How long the sign-in lasts, e.g. "8h"; default "24h". */
  sessionDuration?: pulumi.Input<string> | undefined;
  /** Whether Entra has to say that the person signed in with a second factor, default false. */
  mfa?: boolean | undefined;
  /** The authentication context that Entra has to say the sign-in met. */
  authenticationContext?: AuthenticationContextArgs | undefined;
  /** The question that people answer before they get in, e.g. "Which ticket?". */
  justification?: pulumi.Input<string> | undefined;
  /** Somebody has to approve each session. */
  approval?: ApprovalArgs | undefined;
}

/** `everyone` includes everybody: with "allow" who signs in by `loginMethod`, with "bypass" the whole internet. */
export type AccessPolicyArgs = PolicySettings &
  (
    | { decision: "allow" | "deny" | "service_auth"; everyone?: false }
    | { decision: "allow"; everyone: true; loginMethod: pulumi.Input<string> }
    | { decision: "bypass"; everyone?: boolean }
  );

export interface AccessPoliciesArgs {
  /** Cloudflare account id, 32 hexadecimal digits. */
  accountId: pulumi.Input<string>;
  /** The policies by name; the name is part of the resource's, so that others are untouched by it. */
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
        { accountId, name: policy.displayName ?? key, ...settingsOf(key, policy) },
        { parent: this },
      );
      return [key, id];
    });
    this.ids = Object.fromEntries(ids);
    this.registerOutputs({ ids: this.ids });
  }
}

/** Cloudflare's API calls Service Auth `non_identity`. */
const DECISIONS = { allow: "allow", deny: "deny", bypass: "bypass", service_auth: "non_identity" };

function settingsOf(key: string, policy: AccessPolicyArgs) {
  const { authenticationContext, approval, justification } = policy;
  const group = (id: pulumi.Input<string>): AccessRule => ({ group: { id } });
  const includes = [...(policy.include ?? []).map(group), ...(policy.everyone ? [{ everyone: {} }] : [])];
  if (includes.length === 0) throw new pulumi.RunError(`Access policy "${key}" includes nobody`);
  const requires: AccessRule[] = [
    ...(policy.require ?? []).map(group),
    ...(policy.loginMethod === undefined ? [] : [{ loginMethod: { id: policy.loginMethod } }]),
    ...(policy.mfa ? [{ authMethod: { authMethod: "mfa" } }] : []),
    ...(authenticationContext ? [{ authContext: authenticationContext }] : []),
  ];
  const excludes = (policy.exclude ?? []).map(group);
  return {
    decision: DECISIONS[policy.decision],
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
