import type { Clouds } from "../clients/clouds";

/** Lists the objects in both clouds of the kinds that the stack creates: one line each, sorted. */
export async function listCloudObjects({ graph, cloudflare, accountId }: Clouds): Promise<string[]> {
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
