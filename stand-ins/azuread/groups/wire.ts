/** The conversion of groups of Graph beta to the properties that resource and functions share. */

import type { Properties } from "../../bridge/values";
import type { GraphApi } from "../microsoft-graph/client";
import { withSummary } from "../microsoft-graph/identity";
import { toStrings } from "../microsoft-graph/wire";

/** Formats the id of a group for messages. */
export const formatGroupLabel = (id: unknown) => `Group (Group: "${id}")`;

/** Reads a group that is not a Microsoft 365 group, with owners and members. */
export async function readGroup(graph: GraphApi, found: Properties): Promise<Properties> {
  const path = `/beta/groups/${found.id}`;
  const ids = async (relation: string) =>
    (await graph.list(`${path}/${relation}`)).map(({ id }) => String(id));
  const owners = await withSummary(
    `[owners] Could not retrieve owners for ${formatGroupLabel(found.id)}`,
    () => ids("owners"),
  );
  const members = await withSummary(
    `[members] Could not retrieve members for ${formatGroupLabel(found.id)}`,
    () => ids("members"),
  );
  return {
    id: `/groups/${found.id}`,
    assignableToRole: found.isAssignableToRole ?? false,
    autoSubscribeNewMembers: false,
    behaviors: toStrings(found.resourceBehaviorOptions),
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
    provisioningOptions: toStrings(found.resourceProvisioningOptions),
    proxyAddresses: toStrings(found.proxyAddresses),
    securityEnabled: found.securityEnabled ?? false,
    theme: found.theme ?? "",
    types: toStrings(found.groupTypes),
    visibility: found.visibility ?? "",
    writebackEnabled: false,
  };
}
