import type { AccessApplication, Account, EntraProvider, RuleLists } from "../../store/cloudflare/account";
import type { AccessContext } from "../access";
import type { Identity } from "./identity";

/**
 * Lists the authentication contexts that rules of an application ask of an identity provider. That Access requests all of
 * them at once, from Entra's parameter `claims`, is a guess.
 */
function listRequiredContexts(
  account: Account,
  application: AccessApplication,
  providerId: string,
): string[] {
  const list = (rules: RuleLists): string[] =>
    [...rules.include, ...rules.require, ...rules.exclude].flatMap((rule) => {
      const { auth_context, group } = rule;
      const inner = group && account.accessGroups.get(String(group.id));
      if (inner) return list(inner);
      return auth_context?.identity_provider_id === providerId ? [String(auth_context.ac_id)] : [];
    });
  const policies = application.policies.flatMap(({ id }) => account.accessPolicies.get(id) ?? []);
  return [...new Set(policies.flatMap(list))].sort();
}

/** Lists the contexts to request from Entra, which are those that Cloudflare could load. */
export async function chooseContexts(
  { relyingParty }: AccessContext,
  account: Account,
  application: AccessApplication | undefined,
  provider: EntraProvider,
): Promise<string[]> {
  if (!application || provider.config.conditional_access_enabled !== true) return [];
  const required = listRequiredContexts(account, application, provider.id);
  if (required.length === 0) return [];
  const loaded = await relyingParty.listContexts(account, provider);
  return required.filter((context) => loaded.includes(context));
}

/** Tells if an application asks for a context that a session lacks, so that its user has to step up. */
export function needsStepUp(account: Account, application: AccessApplication, identity: Identity): boolean {
  const { acrs = [], idp } = identity;
  return listRequiredContexts(account, application, idp.id).some((context) => !acrs.includes(context));
}
