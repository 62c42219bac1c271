import type { ExpectedSignIn } from "../checks/expected-sign-in";
import type { Clouds } from "../clients/clouds";
import { UserError } from "../errors";
import type { ResourceChange } from "../stacks/run/changes";

/** Changes as a person makes them in the portals, with the names that Pulumi reports. */
const MANUAL_CHANGES = [
  {
    description: "Entra ID: the application's redirect URI",
    type: "azuread:index/application:Application",
    property: "web.redirectUris",
    async change({ graph }: Clouds, expected: ExpectedSignIn) {
      const body = { web: { redirectUris: ["https://changed-by-hand.example/callback"] } };
      await graph.api(`/applications/${expected.applicationObjectId}`).patch(body);
    },
  },
  {
    description: "Cloudflare: support_groups of the identity provider",
    type: "cloudflare:index/zeroTrustAccessIdentityProvider:ZeroTrustAccessIdentityProvider",
    property: "config.supportGroups",
    async change({ cloudflare, accountId }: Clouds, expected: ExpectedSignIn) {
      const providers = cloudflare.zeroTrust.identityProviders;
      const current = await providers.get(expected.identityProviderId, { account_id: accountId });
      // PUT replaces the whole provider, except for the client secret, which cannot be read and may be omitted.
      const { name, type, config, scim_config } = current as Provider;
      const body = { account_id: accountId, name, type, config: { ...config, support_groups: false } };
      const changed = { ...body, ...(scim_config ? { scim_config } : {}) };
      await providers.update(expected.identityProviderId, changed as Parameters<typeof providers.update>[1]);
    },
  },
] as const;

interface Provider {
  name: string;
  type: string;
  config: Record<string, unknown>;
  scim_config?: object;
}

/** Makes the changes in both clouds without Pulumi; returns their descriptions. */
export async function makeManualChanges(clouds: Clouds, expected: ExpectedSignIn): Promise<string[]> {
  for (const { change } of MANUAL_CHANGES) await change(clouds, expected);
  return MANUAL_CHANGES.map(({ description }) => description);
}

/** @throws UserError unless the changes are exactly those of {@link makeManualChanges} */
export function assertOnlyManualChanges(changes: readonly ResourceChange[]): void {
  const missed = MANUAL_CHANGES.filter(
    ({ type, property }) => !changes.some((c) => touchesOnly(c, type, property)),
  );
  const others = changes.filter(
    (c) => !MANUAL_CHANGES.some(({ type, property }) => touchesOnly(c, type, property)),
  );
  if (missed.length === 0 && others.length === 0) return;
  throw new UserError("the preview must report exactly the manual changes", [
    ...missed.map(({ description }) => `not reported: ${description}`),
    ...others.map(
      ({ op, type, name, properties }) =>
        `unexpected: ${op} ${type} ${name} ${properties.map(({ path }) => path).join(", ")}`,
    ),
  ]);
}

function touchesOnly(change: ResourceChange, type: string, property: string): boolean {
  // A list is reported item by item: web.redirectUris[0].
  const isOwn = (path: string) => path === property || path.startsWith(`${property}[`);
  const { op, properties } = change;
  return (
    change.type === type && op === "update" && properties.length > 0 && properties.every((p) => isOwn(p.path))
  );
}
