import type { Clouds } from "../../ops/clients/clouds";
import type { Unowned } from "../../ops/drift/report";

/** Something that no stack made, and how the account's audit log calls the making of it. */
export interface Made extends Pick<Unowned, "kind" | "id" | "name"> {
  readonly activity: string;
}

/** Makes one of each kind that `drift` looks for in an account, in the order in which it tells of them. */
export async function makeOneOfEach(
  { cloudflare, accountId: account_id }: Clouds,
  { tenantId, tunnelId: tunnel_id }: { tenantId: string; tunnelId: string },
): Promise<Made[]> {
  const { access, gateway, identityProviders, networks } = cloudflare.zeroTrust;
  const include = [{ email: { email: "eve@elsewhere.example" } }];
  const config = { client_id: "eve", client_secret: "not-a-real-secret", directory_id: tenantId };
  const rule = {
    action: "allow" as const,
    filters: ["l4" as const],
    traffic: "net.dst.ip in {10.66.0.0/16}",
  };
  const hostname = "eve.contoso.internal";
  const made: [Unowned["kind"], string, string, Promise<{ id?: string }>][] = [
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
    made.map(async ([kind, name, activity, making]) => ({
      kind,
      id: String((await making).id),
      name,
      activity,
    })),
  );
}
