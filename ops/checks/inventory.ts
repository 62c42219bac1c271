import type { Clouds } from "../clients/clouds";

/** What the clouds hold of the kinds that the stack makes: one line each, sorted. */
export async function inventory({ graph, cloudflare, accountId }: Clouds): Promise<string[]> {
  const kinds = ["applications", "servicePrincipals", "oauth2PermissionGrants"];
  const inEntra = await Promise.all(
    kinds.map(async (kind) =>
      ((await graph.api(`/${kind}`).get()).value as { id: string; displayName?: string }[]).map(
        ({ id, displayName }) => `${kind} ${displayName ?? ""} ${id}`,
      ),
    ),
  );
  const inCloudflare: string[] = [];
  for await (const provider of cloudflare.zeroTrust.identityProviders.list({ account_id: accountId }))
    inCloudflare.push(`identity_providers ${provider.name} ${provider.id}`);
  return [...inEntra.flat(), ...inCloudflare].sort();
}
