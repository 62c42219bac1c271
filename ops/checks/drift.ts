import type { Clouds } from "../clients/clouds";
import { UserError } from "../errors";
import type { ResourceChange } from "../stacks/changes";
import type { Asked } from "./asked";

/** What somebody changes by hand in the portals, and how Pulumi names it. */
const BY_HAND = [
  {
    what: "Entra ID: the application's redirect URI",
    type: "azuread:index/application:Application",
    property: "web.redirectUris",
    async change({ graph }: Clouds, asked: Asked) {
      const body = { web: { redirectUris: ["https://changed-by-hand.example/callback"] } };
      await graph.api(`/applications/${asked.applicationObjectId}`).patch(body);
    },
  },
  {
    what: "Cloudflare: support_groups of the identity provider",
    type: "cloudflare:index/zeroTrustAccessIdentityProvider:ZeroTrustAccessIdentityProvider",
    property: "config.supportGroups",
    async change({ cloudflare, accountId }: Clouds, asked: Asked) {
      const providers = cloudflare.zeroTrust.identityProviders;
      const found = await providers.get(asked.identityProviderId, { account_id: accountId });
      // PUT takes the whole provider. The secret is never read back, and the dashboard leaves it out too.
      const { name, type, config, scim_config } = found as Provider;
      const body = { account_id: accountId, name, type, config: { ...config, support_groups: false } };
      const changed = { ...body, ...(scim_config ? { scim_config } : {}) };
      await providers.update(asked.identityProviderId, changed as Parameters<typeof providers.update>[1]);
    },
  },
] as const;

interface Provider {
  name: string;
  type: string;
  config: Record<string, unknown>;
  scim_config?: object;
}

/** Changes both clouds behind Pulumi's back; returns what was changed, for people. */
export async function changeByHand(clouds: Clouds, asked: Asked): Promise<string[]> {
  for (const { change } of BY_HAND) await change(clouds, asked);
  return BY_HAND.map(({ what }) => what);
}

/** Throws {@link UserError} unless the changes are those of {@link changeByHand}, each and nothing else. */
export function expectExactlyThat(changes: readonly ResourceChange[]): void {
  const missed = BY_HAND.filter(({ type, property }) => !changes.some((c) => touchesOnly(c, type, property)));
  const others = changes.filter((c) => !BY_HAND.some(({ type, property }) => touchesOnly(c, type, property)));
  if (missed.length === 0 && others.length === 0) return;
  throw new UserError("preview does not report exactly what was changed by hand", [
    ...missed.map(({ what }) => `not reported: ${what}`),
    ...others.map(
      ({ op, type, name, properties }) =>
        `not expected: ${op} ${type} ${name} ${properties.map(({ path }) => path).join(", ")}`,
    ),
  ]);
}

function touchesOnly(change: ResourceChange, type: string, property: string): boolean {
  // A list is reported item by item: web.redirectUris[0].
  const own = (path: string) => path === property || path.startsWith(`${property}[`);
  const { op, properties } = change;
  return (
    change.type === type && op === "update" && properties.length > 0 && properties.every((p) => own(p.path))
  );
}
