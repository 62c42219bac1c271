import type * as z from "zod";
import { CONDITIONAL_ACCESS_DESCRIPTIONS } from "./conditional-access/descriptions";
import type { signInFields } from "./sign-in";

/** A text for a setting; texts by name for a group, of which the tables list each setting, or, after a text, only the group. */
export type Description<T> = T extends z.ZodOptional<infer I> | z.ZodDefault<infer I> | z.ZodPrefault<infer I>
  ? Description<I>
  : T extends z.ZodRecord<infer _, infer I> | z.ZodArray<infer I>
    ? Description<I>
    : T extends z.ZodObject<infer S>
      ? Texts<S> | readonly [text: string, Texts<S>]
      : string;
export type Texts<S> = { readonly [name in keyof S]: Description<S[name]> };

/** The descriptions of the settings of a tenant. */
export const SIGN_IN_DESCRIPTIONS = {
  application: {
    displayName:
      "1 to 120 characters; a second application of the same name in the tenant is refused. Default: `Cloudflare Access (<teamName>)`",
    owners:
      "object ids of all owners of the application and the service principal. Keep the deployer among them, and give it Directory.Read.All to add an owner later. Default: the deployer",
    emailClaim:
      "whether id tokens carry `email`. Without it, Cloudflare uses the user principal name as the address, which is wrong for guests",
    uniqueSuffix:
      "whether the display name ends with six random letters and digits, for stacks that share a name in one tenant",
    homepageUrl:
      "the home page in Entra and My Apps, an address that begins with `http://` or `https://`, at most 256 characters. Default: stays as it is",
    notes: "notes for administrators, at most 1024 characters. Default: they stay as they are",
    serviceManagementReference:
      "the id of the application in a service or asset management database. Default: stays as it is",
    tags: 'tags that the application must have, e.g. `["AZ-4711"]`; one that is removed from the list stays in Entra. Default: none',
    hidden: 'whether My Apps hides the application ("Visible to users: No"). Default: stays as it is',
    appRoleId:
      "with `access.assignedOnly`, a role that the application has already, which groups are assigned with; `00000000-0000-0000-0000-000000000000` is default access, the role of applications without roles. Default: the stack makes a role",
  },
  permissions: {
    profile:
      "delegated Microsoft Graph permissions; `cloudflare-current` has GroupMember.Read.All instead of Group.Read.All. Default: `tutorial`",
    names: "a list of delegated Microsoft Graph permissions, instead of a profile",
  },
  credential: {
    description:
      "the end of a client secret's name in Entra's portal, after `entra-access:<project>/<stack>#<number>`",
    periodDays: "rotation period: days from one rotation of the client secret to the next",
    graceDays:
      "overlap: days for which a client secret keeps working after the next one is due; less than the period",
    longestDays:
      "the longest life of a client secret that the tenant allows, 1 to 730 days. Period and overlap together must not exceed it",
    phaseHours:
      "the position of rotations within the period, in hours. Default: derived from stack and tenant",
    alertDays: "days before the deployed secret expires from which a warning says so",
    rotation:
      "the lowest number that the client secret may have. If it is above the output `rotation.number`, the next `up` rotates",
    force: "a rotation number that is allowed while the secret before the deployed one is within its overlap",
    compromised:
      "client secrets up to this number get no overlap. If the deployed one is among them, the next `up` replaces it",
  },
  identityProvider: {
    displayName: "the name that people see on the login page. Default: `Entra ID`",
    prompt: "what Entra asks at sign-in. Default: Entra decides",
    claims: 'claims of the id token to pass on, e.g. `["oid"]`. Default: none',
    emailClaimName:
      "the claim that holds the email address, e.g. `preferred_username`. An optional claim of Entra (`upn`) is added to the id tokens; one that the tenant maps itself must be set up there, or Cloudflare takes another. Default: `email`, then the user principal name",
    supportGroups:
      "whether Cloudflare loads people's groups from Entra. If off, rules about groups admit nobody",
    pkceEnabled: "whether Cloudflare uses PKCE",
    conditionalAccessEnabled:
      "whether Cloudflare loads Entra's authentication contexts, for which the application gets the application permission Policy.Read.ConditionalAccess with its consent",
    scim: {
      enabled: "whether Cloudflare accepts SCIM requests",
      userDeprovision: "whether a person's sessions end when Entra deprovisions them",
      seatDeprovision: "whether their seat is removed too; needs `userDeprovision`",
      identityUpdateBehavior:
        "what an update by SCIM does: it changes the identity that Gateway sees, ends the sessions of people whose groups change, or does nothing ([provisioning](provisioning.md))",
    },
  },
  conditionalAccess: CONDITIONAL_ACCESS_DESCRIPTIONS,
} satisfies Texts<typeof signInFields>;
