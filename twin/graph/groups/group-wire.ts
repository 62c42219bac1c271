import type { Group } from "../../store/entra/tenant";
import type { WireObject } from "../call";

/** Formats a security group as Graph v1.0 does: https://learn.microsoft.com/graph/api/resources/group */
export function toGroupWire(group: Group): WireObject {
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
    securityIdentifier: deriveSecurityIdentifier(group.id),
    serviceProvisioningErrors: [],
    theme: null,
    uniqueName: null,
    visibility: null,
  };
}

/** Formats a group as beta does, with the additional property that the providers read. */
export function toGroupBetaWire(group: Group): WireObject {
  return { ...toGroupWire(group), writebackConfiguration: { isEnabled: null, onPremisesGroupType: null } };
}

/** Derives the SID of a cloud group: its object id as four 32-bit numbers under Entra's authority `S-1-12-1`. */
function deriveSecurityIdentifier(id: string): string {
  const hex = id.replaceAll("-", "");
  // The first three fields of a GUID are stored with their lowest byte first.
  const order = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];
  const bytes = Buffer.from(order.map((at) => Number.parseInt(hex.slice(at * 2, at * 2 + 2), 16)));
  return `S-1-12-1-${[0, 4, 8, 12].map((at) => bytes.readUInt32LE(at)).join("-")}`;
}
