/** A Microsoft Graph permission with which an application can get more than it was given. */
export interface EscalationPermission {
  readonly name: string;
  /** What its holder can do. */
  readonly does: string;
  /** Ids of the delegated and of the application permission, as far as there are such. */
  readonly ids: readonly string[];
}

/**
 * Permissions by which their holder can take over a tenant, or let itself through any access rule.
 * Names, ids and what each allows: https://learn.microsoft.com/graph/permissions-reference
 */
export const ESCALATION_PERMISSIONS: readonly EscalationPermission[] = [
  {
    name: "Application.ReadWrite.All",
    does: "adds a client secret to an application with more permissions, and acts as it",
    ids: ["bdfbf15f-ee85-4955-8675-146e8e5296b5", "1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9"],
  },
  {
    name: "AppRoleAssignment.ReadWrite.All",
    does: "grants itself any application permission",
    ids: ["84bccea3-f856-4a8a-967b-dbe0a3d53a64", "06b708a9-e830-4db3-a914-8e69da51d44f"],
  },
  {
    name: "RoleManagement.ReadWrite.Directory",
    does: "makes itself Global Administrator",
    ids: ["d01b97e9-cbc0-49fe-810a-750afd5527a3", "9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8"],
  },
  {
    name: "RoleAssignmentSchedule.ReadWrite.Directory",
    does: "makes itself Global Administrator, by an active assignment",
    ids: ["8c026be3-8e26-4774-9372-8d5d6f21daff", "dd199f4a-f148-40a4-a2ec-f0069cc799ec"],
  },
  {
    name: "RoleEligibilitySchedule.ReadWrite.Directory",
    does: "makes itself eligible as Global Administrator",
    ids: ["62ade113-f8e0-4bf9-a6ba-5acb31db32fd", "fee28b28-e1f3-4841-818e-2704dc62245f"],
  },
  {
    name: "RoleManagementPolicy.ReadWrite.Directory",
    does: "removes what activating a directory role asks for",
    ids: ["1ff1be21-34eb-448c-9ac9-ce1f506b2a68", "31e08e0a-d3f7-4ca2-ac39-7343fb83e8ad"],
  },
  {
    name: "PrivilegedAccess.ReadWrite.AzureAD",
    does: "assigns directory roles in Privileged Identity Management",
    ids: ["3c3c74f5-cdaa-4a97-b7e0-4e788bfcfb37", "854d9ab1-6657-4ec8-be45-823027bcd009"],
  },
  {
    name: "PrivilegedAccess.ReadWrite.AzureADGroup",
    does: "joins groups that hold directory roles",
    ids: ["32531c59-1f32-461f-b8df-6f8a3b89f73b", "2f6817f8-7b12-4f0f-bc18-eeaf60705a9e"],
  },
  {
    name: "PrivilegedAssignmentSchedule.ReadWrite.AzureADGroup",
    does: "joins groups that hold directory roles",
    ids: ["06dbc45d-6708-4ef0-a797-f797ee68bf4b", "41202f2c-f7ab-45be-b001-85c9728b9d69"],
  },
  {
    name: "PrivilegedEligibilitySchedule.ReadWrite.AzureADGroup",
    does: "makes itself eligible for groups that hold directory roles",
    ids: ["ba974594-d163-484e-ba39-c330d5897667", "618b6020-bca8-4de6-99f6-ef445fa4d857"],
  },
  {
    name: "RoleManagementPolicy.ReadWrite.AzureADGroup",
    does: "removes what activating a group's membership asks for",
    ids: ["0da165c7-3f15-4236-b733-c0b0f6abe41d", "b38dcc4d-a239-4ed6-aa84-6c65b284f97c"],
  },
  {
    name: "Policy.ReadWrite.PermissionGrant",
    does: "lets applications get permissions without an administrator",
    ids: ["2672f8bb-fd5e-42e0-85e1-ec764dd2614e", "a402ca1c-2696-4531-972d-6e5ee4aa11ea"],
  },
  {
    name: "DelegatedPermissionGrant.ReadWrite.All",
    does: "lets an application act as any person who signs in to it",
    ids: ["41ce6ca6-6826-4807-84f1-1c82854f7ee5", "8e8e4742-1d95-4f68-9d56-6ee75648c72a"],
  },
  {
    name: "Directory.ReadWrite.All",
    does: "changes groups and grants delegated permissions",
    ids: ["c5366453-9fb0-48a5-a156-24f0c49a4b84", "19dbc75e-c2e2-444c-a770-ec69d8559fc7"],
  },
  {
    name: "Directory.AccessAsUser.All",
    does: "does everything that the signed-in administrator can",
    ids: ["0e263e50-5827-48a4-b97c-d940288653c7"],
  },
  {
    name: "Group.ReadWrite.All",
    does: "joins groups that grant access",
    ids: ["4e46008b-f24c-477d-8fff-7bb4ec7aafe0", "62a82d76-70ea-41e2-9197-370581804d09"],
  },
  {
    name: "GroupMember.ReadWrite.All",
    does: "joins groups that grant access",
    ids: ["f81125ac-d3b7-4573-a3b2-7099cc39df9e", "dbaae8cf-10b5-4b86-a4a1-f871c94c6695"],
  },
  {
    name: "User.ReadWrite.All",
    does: "changes the attributes by which dynamic groups admit people",
    ids: ["204e0828-b5ca-4ad8-b9f3-f32a958e7cc4", "741f803b-c850-494e-b5df-cde7c675a1ca"],
  },
  {
    name: "User-PasswordProfile.ReadWrite.All",
    does: "resets passwords",
    ids: ["56760768-b641-451f-8906-e1b8ab31bca7", "cc117bb9-00cf-4eb8-b580-ea2a878fe8f7"],
  },
  {
    name: "UserAuthenticationMethod.ReadWrite.All",
    does: "adds a second factor, or a temporary access pass, for another person",
    ids: ["b7887744-6746-4312-813d-72daeaee7e2d", "50483e42-d915-4231-9639-7fdb7fd190e5"],
  },
  {
    name: "Policy.ReadWrite.AuthenticationMethod",
    does: "weakens how people prove who they are",
    ids: ["7e823077-d88e-468f-a337-e18f1f0e6c7c", "29c18626-4985-4dcd-85c0-193eef327366"],
  },
  {
    name: "Policy.ReadWrite.ConditionalAccess",
    does: "switches Conditional Access off",
    ids: ["ad902697-1014-4ef5-81ef-2b4301988e8c", "01c0a623-fc9b-48e9-b794-0756f8e8f067"],
  },
  {
    name: "Domain.ReadWrite.All",
    does: "federates a domain, and signs in as anybody in it",
    ids: ["0b5d694c-a244-4bde-86e6-eb5cd07730fe", "7e05723c-0bb0-42da-be95-ae9f08a6e53c"],
  },
  {
    name: "Organization.ReadWrite.All",
    does: "adds a certificate authority, and signs in as anybody",
    ids: ["46ca0847-7e6b-426e-9775-ea810a948356", "292d869f-3427-49a8-9dab-8c70152b74e9"],
  },
  {
    name: "PublicKeyInfrastructure.ReadWrite.All",
    does: "adds a certificate authority, and signs in as anybody",
    ids: ["3591b7f3-dba8-4bad-b667-7a64bd4f2b83", "a2b63618-5350-462d-b1b3-ba6eb3684e26"],
  },
  {
    name: "EntitlementManagement.ReadWrite.All",
    does: "hands out packages that hold directory roles",
    ids: ["ae7a573d-81d7-432b-ad44-4ed5c9d89038", "9acd699f-1e81-4958-b001-93b1d2506e19"],
  },
  {
    name: "Synchronization.ReadWrite.All",
    does: "lets provisioning write to other directories",
    ids: ["7bb27fa3-ea8f-4d67-a916-87715b6188bd", "9b50c33d-700f-43b1-b2eb-87e89b703581"],
  },
  {
    name: "DeviceManagementConfiguration.ReadWrite.All",
    does: "runs programs on managed devices of administrators",
    ids: ["0883f392-0a7a-443d-8c76-16a6d39c7b63", "9241abd9-d0e6-425a-bd4f-47ba86e767a4"],
  },
  {
    name: "DeviceManagementRBAC.ReadWrite.All",
    does: "gives itself control of managed devices",
    ids: ["0c5e8a55-87a6-4556-93ab-adc52c4d862d", "e330c4f0-4170-414e-a55a-2f022ec2b57b"],
  },
];
