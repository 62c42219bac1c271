import type { User } from "../../store/entra/tenant";
import type { WireObject } from "../call";

/** Properties of a user without `$select`: https://learn.microsoft.com/graph/api/user-get */
export const DEFAULT_USER_PROPERTIES = [
  "businessPhones",
  "displayName",
  "givenName",
  "jobTitle",
  "mail",
  "mobilePhone",
  "officeLocation",
  "preferredLanguage",
  "surname",
  "userPrincipalName",
  "id",
] as const;

/** Properties that are always null in the twin. */
const UNSET_NAMES = [
  "ageGroup",
  "city",
  "companyName",
  "consentProvidedForMinor",
  "country",
  "deletedDateTime",
  "department",
  "employeeHireDate",
  "employeeId",
  "employeeOrgData",
  "employeeType",
  "faxNumber",
  "jobTitle",
  "mobilePhone",
  "officeLocation",
  "onPremisesDistinguishedName",
  "onPremisesDomainName",
  "onPremisesImmutableId",
  "onPremisesSamAccountName",
  "onPremisesSecurityIdentifier",
  "onPremisesSyncEnabled",
  "onPremisesUserPrincipalName",
  "postalCode",
  "preferredLanguage",
  "showInAddressList",
  "state",
  "streetAddress",
  "usageLocation",
];
const UNSET: WireObject = Object.fromEntries(UNSET_NAMES.map((name) => [name, null]));

/** Formats a user as Graph v1.0 does: https://learn.microsoft.com/graph/api/resources/user */
export function toUserWire(user: User): WireObject {
  const { passwordHash: _hash, roles: _roles, secondFactor: _factor, hasPhone: _phone, ...shown } = user;
  const isGuest = user.userType === "Guest";
  return {
    ...UNSET,
    ...shown,
    businessPhones: [],
    creationType: isGuest ? "Invitation" : null,
    externalUserState: isGuest ? "Accepted" : null,
    imAddresses: [],
    mailNickname: user.userPrincipalName.replace(/@[^@]*$/, ""),
    otherMails: isGuest && user.mail !== null ? [user.mail] : [],
    proxyAddresses: [],
  };
}

/** Formats a user in lists of mixed types, with the default properties. */
export function toUserMemberWire(user: User): WireObject {
  const wire = toUserWire(user);
  return Object.fromEntries(DEFAULT_USER_PROPERTIES.map((name) => [name, wire[name]]));
}
