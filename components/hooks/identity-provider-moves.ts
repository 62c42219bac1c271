import * as pulumi from "@pulumi/pulumi";

interface Rule {
  azureAd?: { identityProviderId?: unknown };
  loginMethod?: { id?: unknown };
}
type GroupInputs = Readonly<Record<string, unknown>>;

/**
 * Creates a hook for Access groups that refuses to move the people of one to another identity provider of the stack.
 * Applications allow the other one only after the group has changed, so nobody could sign in between the two changes,
 * and for good if the second one fails.
 *
 * @param identityProviders ids of all identity providers, by name
 */
export function createIdentityProviderMoveHook(
  name: string,
  identityProviders: Readonly<Record<string, pulumi.Input<string>>>,
): pulumi.ResourceHook {
  const names = new Map<string, string>();
  for (const [key, id] of Object.entries(identityProviders))
    pulumi.output(id).apply((known) => names.set(known, key));
  return new pulumi.ResourceHook(
    name,
    ({ name: resource, oldInputs, newInputs }) => {
      const now = listIdentityProviders(newInputs);
      const former = listIdentityProviders(oldInputs).find(
        (id) => names.has(String(id)) && !now.includes(id),
      );
      if (former === undefined || now.length === 0) return;
      throw new pulumi.RunError(
        `${resource} must not move from identity provider "${names.get(String(former))}" to another one in one update, because ` +
          "its people could not sign in between the changes of the group and of the applications. In two updates, add a " +
          "group of the other identity provider to the policies, then remove this one. If somebody changed the group in " +
          "Cloudflare, undo that there.",
      );
    },
    { onDryRun: true },
  );
}

/** Lists the ids that rules name; an id that is not known yet is undefined. */
function listIdentityProviders({ includes, requires, excludes }: GroupInputs = {}): unknown[] {
  const rules: Rule[] = [includes, requires, excludes].flatMap((part) => (Array.isArray(part) ? part : []));
  return rules.flatMap(({ azureAd, loginMethod }) => [
    ...(azureAd ? [azureAd.identityProviderId] : []),
    ...(loginMethod ? [loginMethod.id] : []),
  ]);
}
