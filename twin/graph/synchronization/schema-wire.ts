import type { SynchronizationJob } from "../../store/entra/synchronization";
import type { WireObject } from "../call";

/** Returns the id of the only rule of a job, which its schema has. */
export const getRuleId = ({ id }: SynchronizationJob): string => id.split(".").at(-1) ?? id;

/** The default mapping, as far as the twin maps; sources by target attribute. */
const MAPPINGS = {
  User: {
    userName: "userPrincipalName",
    externalId: "mailNickname",
    active: "accountEnabled",
    displayName: "displayName",
    'emails[type eq "work"].value': "mail",
    "name.givenName": "givenName",
    "name.familyName": "surname",
    "name.formatted": 'Join(" ", [givenName], [surname])',
  },
  Group: { displayName: "displayName", externalId: "objectId", members: "members" },
} as const;

/** https://learn.microsoft.com/graph/api/resources/synchronization-synchronizationschema */
export function toSchemaWire(job: SynchronizationJob): WireObject {
  return {
    id: job.id,
    version: "1",
    synchronizationRules: [
      {
        id: getRuleId(job),
        name: "USER_INBOUND_USER",
        priority: 1,
        sourceDirectoryName: "Azure Active Directory",
        targetDirectoryName: "customappsso",
        editable: true,
        objectMappings: Object.entries(MAPPINGS).map(([type, attributes]) => ({
          enabled: true,
          flowTypes: "Add, Update, Delete",
          name: `Synchronize Azure Active Directory ${type}s to customappsso`,
          sourceObjectName: type,
          targetObjectName: `urn:ietf:params:scim:schemas:core:2.0:${type}`,
          attributeMappings: Object.entries(attributes).map(([targetAttributeName, source]) => ({
            flowType: "Always",
            matchingPriority:
              ["userName", "displayName"][type === "User" ? 0 : 1] === targetAttributeName ? 1 : 0,
            targetAttributeName,
            source: source.includes("(")
              ? { expression: source, name: "Join", type: "Function" }
              : { expression: `[${source}]`, name: source, type: "Attribute" },
          })),
        })),
      },
    ],
    directories: [],
  };
}

/** https://learn.microsoft.com/graph/api/resources/synchronization-synchronizationtemplate */
export const toTemplateWire = (applicationId: string): WireObject => ({
  id: "scim",
  applicationId,
  default: true,
  description: "Customappsso Out to SCIM",
  discoverable: false,
  factoryTag: "customappsso",
  metadata: [],
});
