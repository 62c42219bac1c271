import {
  type AccountAccess,
  type ApiApplication,
  type ApiPolicy,
  type ApiRuleSet,
  readAccountAccess,
} from "../../clients/account-access";
import type { CloudflareClient } from "../../clients/cloudflare";
import { describeCloudError } from "../../clients/errors";
import { UserError } from "../../errors";
import { createCondition, type Formula } from "../decision/formula";
import type { AccessRules, Application, IdentityProvider, Policy, RuleSet } from "../decision/model";
import { listPersonRules } from "../decision/selectors";

/** Applications that admit nobody by policies: bookmarks only link to an address. */
const WITHOUT_POLICIES: ReadonlySet<string> = new Set(["bookmark"]);

/** The objects of an account that decide who gets in, in the form of Cloudflare's API. */
export interface AccountObjects extends Omit<AccountAccess, "unreadable"> {
  readonly accountId: string;
  readonly providers: readonly ApiProvider[];
}

/** @throws UserError where the token lacks a permission */
export async function readAccountObjects(
  cloudflare: CloudflareClient,
  accountId: string,
): Promise<AccountObjects> {
  const [{ unreadable, ...access }, providers] = await Promise.all([
    readAccountAccess({ cloudflare, accountId }),
    listProviders(cloudflare, accountId).catch((error) => {
      throw (error as { status?: number }).status === 403
        ? createPermissionError(accountId, [`identity providers: ${describeCloudError(error)}`])
        : error;
    }),
  ]);
  if (unreadable.length > 0) throw createPermissionError(accountId, unreadable);
  return { accountId, ...access, providers };
}

/** Reads the access rules that an account enforces. Throws as {@link readAccountObjects} does. */
export async function readEnforcedRules(
  cloudflare: CloudflareClient,
  accountId: string,
): Promise<AccessRules> {
  return convertAccount(await readAccountObjects(cloudflare, accountId));
}

export function convertAccount({ accountId, ...objects }: AccountObjects): AccessRules {
  const policies = new Map(objects.policies.map((policy) => [policy.id, policy]));
  const applications = objects.applications.filter(({ type }) => !WITHOUT_POLICIES.has(type));
  const providers = objects.providers.map(convertProvider);
  return {
    accountId,
    applications: applications.map((application) => convertApplication(application, policies)),
    groups: new Map(objects.groups.map((group) => [group.id, convertRuleSet(group)])),
    providers: new Map(providers.map((provider) => [provider.id, provider])),
  };
}

function createPermissionError(accountId: string, unreadable: readonly string[]): UserError {
  return new UserError(
    'the Cloudflare token must have "Access: Organizations, Identity Providers, and Groups Read" and "Access: Apps and Policies ' +
      `Read", to read the access rules of account ${accountId}; ${unreadable.join("; ")}`,
  );
}

async function listProviders(cloudflare: CloudflareClient, account_id: string): Promise<ApiProvider[]> {
  const providers: ApiProvider[] = [];
  for await (const provider of cloudflare.zeroTrust.identityProviders.list({ account_id }))
    providers.push(provider as unknown as ApiProvider);
  return providers;
}

export interface ApiProvider {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly config: Readonly<Record<string, unknown>>;
}

function convertProvider({ id, name, type, config }: ApiProvider): IdentityProvider {
  const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);
  const [tenantId, clientId] = [text(config.directory_id), text(config.client_id)];
  const emailClaim = text(config.email_claim_name);
  return {
    id,
    name,
    type,
    ...(tenantId !== undefined && { tenantId: tenantId.toLowerCase() }),
    ...(clientId !== undefined && { clientId: clientId.toLowerCase() }),
    ...(emailClaim !== undefined && { emailClaim }),
    loadsGroups: config.support_groups === true,
  };
}

export function convertRuleSet({ id, name, include, require, exclude }: ApiRuleSet): RuleSet {
  return { id, name, include: include ?? [], require: require ?? [], exclude: exclude ?? [] };
}

/** An application shows its policies as a whole, or only their ids and precedence. */
type PolicyLink = { readonly id: string; readonly precedence?: number } & Partial<ApiPolicy>;

function convertApplication(
  { id, name, domain = "", allowed_idps: allowedProviders = [], policies = [], destinations }: ApiApplication,
  reusable: ReadonlyMap<string, ApiPolicy>,
): Application {
  const links = policies as readonly PolicyLink[];
  const ordered = links
    .map((link, index) => ({ link, precedence: link.precedence ?? index + 1 }))
    .sort((one, other) => one.precedence - other.precedence);
  const publicAddress = destinations?.find(({ uri }) => uri)?.uri;
  return {
    id,
    name: name ?? id,
    address: domain || (publicAddress ?? ""),
    allowedProviders,
    policies: ordered.map(({ link }) => convertPolicy(link, reusable.get(link.id))),
  };
}

function convertPolicy(link: PolicyLink, reusable: ApiPolicy | undefined): Policy {
  const policy = reusable ?? (link.decision && link.include ? (link as ApiPolicy) : undefined);
  if (policy) return { ...convertRuleSet(policy), decision: policy.decision, prompts: listPrompts(policy) };
  const unread = createCondition("other", `policy ${link.id}, which could not be read, admits`);
  return {
    ...convertRuleSet({ id: link.id, name: link.name ?? link.id, include: [{ everyone: {} }] }),
    decision: "allow",
    prompts: [unread],
  };
}

export function listPrompts(policy: {
  readonly purpose_justification_required?: boolean;
  readonly approval_required?: boolean;
}): Formula[] {
  return [
    ...(policy.purpose_justification_required
      ? [createCondition("justification", "with a justification")]
      : []),
    ...(policy.approval_required ? [createCondition("approval", "approved by the policy's approvers")] : []),
  ];
}

/** Lists the Entra groups of these identity providers that applications depend on, by object id in lower case. */
export function listEntraGroupIds(rules: AccessRules, providerIds: ReadonlySet<string>): string[] {
  const personRules = listPersonRules(rules, {
    policies: rules.applications.flatMap(({ policies }) => policies),
  });
  const ids = personRules.flatMap(({ azureAD }) =>
    azureAD && providerIds.has(String(azureAD.identity_provider_id)) ? [String(azureAD.id)] : [],
  );
  return [...new Set(ids.map((id) => id.toLowerCase()))];
}
