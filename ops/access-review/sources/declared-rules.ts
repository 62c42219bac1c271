import type { StackConfig } from "../../../config";
import {
  type AccessRulesConfig,
  type GroupConfig,
  type GroupRules,
  listAllowedIdentityProviders,
  OWN_IDENTITY_PROVIDER,
  type PolicyConfig,
} from "../../../config/access/rules";
import type {
  AccessRule,
  AccessRules,
  Application,
  IdentityProvider,
  Policy,
  RuleSet,
} from "../decision/model";
import { listPrompts } from "./enforced-rules";

/** The declared objects that exist already. */
export interface DeployedObjects {
  /** Ids of the applications in the account, by their name in the settings. */
  readonly applications: ReadonlyMap<string, string>;
  /** The id of the application for device enrollment. */
  readonly enrolment: string | undefined;
  /** The identity providers of the account, by id. */
  readonly providers: AccessRules["providers"];
}

/** Finds the object id of an Entra group by its display name or object id. */
export type ResolveGroup = (identityProvider: string, reference: string) => string;

/**
 * Builds the access rules that `up` would create, from the settings alone: rules that came from the program would agree
 * with its mistakes. Ids of what does not exist yet are names.
 */
export function buildDeclaredRules(
  config: StackConfig,
  deployed: DeployedObjects,
  resolve: ResolveGroup,
): AccessRules {
  const { access } = config;
  const providers = buildProviders(config, deployed.providers);
  const idOf = (name: string) => providers.get(name)?.id ?? name;
  const groups = Object.entries(access.groups).map(([key, group]) =>
    buildGroup(key, group, idOf(group.identityProvider), resolve),
  );
  const applications = Object.entries(access.applications).map(([key, application]): Application => {
    const { hostnames, displayName, policies } = application;
    return {
      id: deployed.applications.get(key) ?? createId("application", key),
      name: displayName ?? key,
      address: hostnames[0] ?? "",
      allowedProviders: listAllowedIdentityProviders(access, policies).map(idOf),
      policies: policies.map((policy) => buildPolicy(policy, access, idOf(OWN_IDENTITY_PROVIDER))),
    };
  });
  const { deviceEnrolment } = access;
  const enrolment: Application[] = deviceEnrolment
    ? [
        {
          id: deployed.enrolment ?? createId("application", "device enrollment"),
          name: "Warp Login App",
          address: "",
          allowedProviders: listAllowedIdentityProviders(access, deviceEnrolment.policies).map(idOf),
          policies: deviceEnrolment.policies.map((policy) =>
            buildPolicy(policy, access, idOf(OWN_IDENTITY_PROVIDER)),
          ),
        },
      ]
    : [];
  return {
    accountId: config.accountId,
    applications: [...applications, ...enrolment],
    groups: new Map(groups.map((group) => [group.id, group])),
    providers: new Map([...providers.values()].map((provider) => [provider.id, provider])),
  };
}

const createId = (kind: string, name: string) => `${kind}:${name}`;

/** The client id under which the assignments of a declared application are kept. */
export const getDeclaredClientId = (identityProvider: string) => createId("client", identityProvider);

function buildProviders(
  { tenantId, identityProvider, access }: StackConfig,
  existing: AccessRules["providers"],
): Map<string, IdentityProvider> {
  const entra = (
    name: string,
    tenant: string,
    settings: {
      displayName?: string | undefined;
      emailClaimName?: string | undefined;
      supportGroups: boolean;
    },
  ): IdentityProvider => ({
    id: createId("identity provider", name),
    name: settings.displayName ?? "Entra ID",
    type: "azureAD",
    tenantId: tenant.toLowerCase(),
    clientId: getDeclaredClientId(name),
    ...(settings.emailClaimName !== undefined && { emailClaim: settings.emailClaimName }),
    loadsGroups: settings.supportGroups,
  });
  const further = Object.entries(access.identityProviders).map(([name, one]): [string, IdentityProvider] => {
    if (one.kind === "tenant") return [name, entra(name, one.directory.tenantId, one.identityProvider)];
    if (one.kind === "existing")
      return [name, existing.get(one.id) ?? { id: one.id, name, type: "unknown", loadsGroups: false }];
    const id = createId("identity provider", name);
    return [name, { id, name: one.displayName ?? "One-time PIN", type: "onetimepin", loadsGroups: false }];
  });
  return new Map([
    [OWN_IDENTITY_PROVIDER, entra(OWN_IDENTITY_PROVIDER, tenantId, identityProvider)],
    ...further,
  ]);
}

function buildGroup(key: string, group: GroupConfig, providerId: string, resolve: ResolveGroup): RuleSet {
  const build = (rules: GroupRules | undefined) =>
    buildRules(rules ?? {}, providerId, (reference) => resolve(group.identityProvider, reference));
  const { include } = group;
  const isByAddress = Boolean(include.emails?.length || include.emailDomains?.length);
  return {
    id: createId("group", key),
    name: group.displayName ?? key,
    include: build(include),
    // An address counts only at the identity provider of the group.
    require: [...build(group.require), ...(isByAddress ? [{ login_method: { id: providerId } }] : [])],
    exclude: build(group.exclude),
  };
}

function buildRules(
  rules: GroupRules,
  providerId: string,
  resolve: (reference: string) => string,
): AccessRule[] {
  const each = (values: readonly string[] | undefined, rule: (value: string) => AccessRule) =>
    (values ?? []).map(rule);
  return [
    ...each(rules.entraGroups, (reference) => ({
      azureAD: { id: resolve(reference), identity_provider_id: providerId },
    })),
    ...each(rules.emails, (email) => ({ email: { email } })),
    ...each(rules.emailDomains, (domain) => ({ email_domain: { domain } })),
    ...each(rules.countries, (country_code) => ({ geo: { country_code } })),
    ...each(rules.ipRanges, (ip) => ({ ip: { ip } })),
    ...each(rules.serviceTokens, (token_id) => ({ service_token: { token_id } })),
    ...each(rules.groups, (key) => ({ group: { id: createId("group", key) } })),
  ];
}

function buildPolicy(key: string, { policies }: AccessRulesConfig, ownProviderId: string): Policy {
  const policy = policies[key] as PolicyConfig;
  const groups = (names: readonly string[]): AccessRule[] =>
    names.map((name) => ({ group: { id: createId("group", name) } }));
  const { decision, everyone, mfa, authenticationContext: context, justification, approval } = policy;
  const isForEverybody = everyone && (decision === "allow" || decision === "bypass");
  return {
    id: createId("policy", key),
    name: policy.displayName ?? key,
    decision: decision === "service_auth" ? "non_identity" : decision,
    include: [...groups(policy.include), ...(isForEverybody ? [{ everyone: {} }] : [])],
    require: [
      ...groups(policy.require),
      ...(everyone && decision === "allow" ? [{ login_method: { id: ownProviderId } }] : []),
      ...(mfa ? [{ auth_method: { auth_method: "mfa" } }] : []),
      ...(context
        ? [{ auth_context: { ac_id: context.acId, id: context.id, identity_provider_id: ownProviderId } }]
        : []),
    ],
    exclude: groups(policy.exclude),
    prompts: listPrompts({
      purpose_justification_required: justification !== undefined,
      approval_required: approval !== undefined,
    }),
  };
}
