import type { Clouds } from "../../ops/clients/clouds";
import type { UnmanagedObject } from "../../ops/drift/report";

/** An unmanaged object, and the name of its creation in the account's audit log. */
export interface CreatedObject extends Pick<UnmanagedObject, "kind" | "id" | "name"> {
  readonly activity: string;
}

/** Creates one unmanaged object of each kind that `drift` finds in an account, in the order of the report. */
export async function createOneOfEachKind(
  { cloudflare, accountId: account_id }: Clouds,
  { tenantId, tunnelId: tunnel_id }: { tenantId: string; tunnelId: string },
): Promise<CreatedObject[]> {
  const { access, gateway, identityProviders, networks } = cloudflare.zeroTrust;
  const include = [{ email: { email: "eve@elsewhere.example" } }];
  const config = { client_id: "eve", client_secret: "not-a-real-secret", directory_id: tenantId };
  const rule = {
    action: "allow" as const,
    filters: ["l4" as const],
    traffic: "net.dst.ip in {10.66.0.0/16}",
  };
  const hostname = "eve.contoso.internal";
  const objects: [UnmanagedObject["kind"], string, string, Promise<{ id?: string }>][] = [
    [
      "identity provider",
      "Eve's",
      "create identity providers",
      identityProviders.create({ account_id, name: "Eve's", type: "azureAD", config }),
    ],
    [
      "access group",
      "Nobody's",
      "create groups",
      access.groups.create({ account_id, name: "Nobody's", include }),
    ],
    [
      "access policy",
      "Let in",
      "create policies",
      access.policies.create({ account_id, name: "Let in", decision: "allow", include }),
    ],
    [
      "access application",
      "Back door",
      "create apps",
      access.applications.create({
        account_id,
        type: "self_hosted",
        name: "Back door",
        domain: "door.contoso.com",
      }),
    ],
    [
      "tunnel route",
      "10.66.0.0/16 through datacenter",
      "create routes",
      networks.routes.create({ account_id, network: "10.66.0.0/16", tunnel_id }),
    ],
    [
      "hostname route",
      `${hostname} through datacenter`,
      "create routes hostname",
      networks.hostnameRoutes.create({ account_id, hostname, tunnel_id }),
    ],
    [
      "network policy",
      "Anywhere",
      "create rules",
      gateway.rules.create({ account_id, name: "Anywhere", enabled: true, ...rule }),
    ],
  ];
  return Promise.all(
    objects.map(async ([kind, name, activity, creation]) => ({
      kind,
      id: String((await creation).id),
      name,
      activity,
    })),
  );
}
