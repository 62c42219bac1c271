/** A group as Graph's beta version has it, to the properties that the resource and the function share. */
import type { Graph } from "../microsoft-graph/client";
import { naming } from "../microsoft-graph/identity";
import { strings } from "../microsoft-graph/wire";
import type { Properties } from "../values";

/** For messages. */
export const groupLabel = (id: unknown) => `Group (Group: "${id}")`;

/** What Graph says about a group that is no Microsoft 365 group, owners and members included. */
export async function readGroup(graph: Graph, found: Properties): Promise<Properties> {
  const path = `/beta/groups/${found.id}`;
  const ids = async (of: string) => (await graph.list(`${path}/${of}`)).map(({ id }) => String(id));
  const owners = await naming(`[owners] Could not retrieve owners for ${groupLabel(found.id)}`, () =>
    ids("owners"),
  );
  const members = await naming(`[members] Could not retrieve members for ${groupLabel(found.id)}`, () =>
    ids("members"),
  );
  return {
    id: `/groups/${found.id}`,
    assignableToRole: found.isAssignableToRole ?? false,
    autoSubscribeNewMembers: false,
    behaviors: strings(found.resourceBehaviorOptions),
    description: found.description ?? "",
    displayName: found.displayName ?? "",
    externalSendersAllowed: false,
    hideFromAddressLists: false,
    hideFromOutlookClients: false,
    mail: found.mail ?? "",
    mailEnabled: found.mailEnabled ?? false,
    mailNickname: found.mailNickname ?? "",
    members,
    objectId: found.id,
    onpremisesDomainName: found.onPremisesDomainName ?? "",
    onpremisesGroupType: "",
    onpremisesNetbiosName: found.onPremisesNetBiosName ?? "",
    onpremisesSamAccountName: found.onPremisesSamAccountName ?? "",
    onpremisesSecurityIdentifier: found.onPremisesSecurityIdentifier ?? "",
    onpremisesSyncEnabled: found.onPremisesSyncEnabled ?? false,
    owners,
    preferredLanguage: found.preferredLanguage ?? "",
    provisioningOptions: strings(found.resourceProvisioningOptions),
    proxyAddresses: strings(found.proxyAddresses),
    securityEnabled: found.securityEnabled ?? false,
    theme: found.theme ?? "",
    types: strings(found.groupTypes),
    visibility: found.visibility ?? "",
    writebackEnabled: false,
  };
}
