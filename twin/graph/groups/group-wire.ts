import type { Group } from "../../store/tenant";
import type { Wire } from "../query";

/** A security group as Graph v1.0 shows it: https://learn.microsoft.com/graph/api/resources/group */
export function groupWire(group: Group): Wire {
  const { members: _members, owners: _owners, ...shown } = group;
  return {
    ...shown,
    deletedDateTime: null,
    classification: null,
    creationOptions: [],
    expirationDateTime: null,
    groupTypes: [],
    mail: null,
    mailEnabled: false,
    membershipRule: null,
    membershipRuleProcessingState: null,
    onPremisesDomainName: null,
    onPremisesLastSyncDateTime: null,
    onPremisesNetBiosName: null,
    onPremisesProvisioningErrors: [],
    onPremisesSamAccountName: null,
    onPremisesSecurityIdentifier: null,
    onPremisesSyncEnabled: null,
    preferredDataLocation: null,
    preferredLanguage: null,
    proxyAddresses: [],
    renewedDateTime: group.createdDateTime,
    resourceBehaviorOptions: [],
    resourceProvisioningOptions: [],
    securityIdentifier: securityIdentifier(group.id),
    serviceProvisioningErrors: [],
    theme: null,
    uniqueName: null,
    visibility: null,
  };
}

/** As beta shows it, as far as the providers look. */
export function groupBetaWire(group: Group): Wire {
  return { ...groupWire(group), writebackConfiguration: { isEnabled: null, onPremisesGroupType: null } };
}

/** The SID of a cloud group: its object id as four numbers of 32 bits, below Entra's authority `S-1-12-1`. */
function securityIdentifier(id: string): string {
  const hex = id.replaceAll("-", "");
  // The first three fields of a GUID are stored with their lowest byte first.
  const order = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];
  const bytes = Buffer.from(order.map((at) => Number.parseInt(hex.slice(at * 2, at * 2 + 2), 16)));
  return `S-1-12-1-${[0, 4, 8, 12].map((at) => bytes.readUInt32LE(at)).join("-")}`;
}
