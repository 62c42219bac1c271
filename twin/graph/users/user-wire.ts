import type { User } from "../../store/tenant";
import type { Wire } from "../query";

/** What Graph shows of a user without `$select`: https://learn.microsoft.com/graph/api/user-get */
export const USER_SHOWN = [
  ...["businessPhones", "displayName", "givenName", "jobTitle", "mail", "mobilePhone", "officeLocation"],
  ...["preferredLanguage", "surname", "userPrincipalName", "id"],
] as const;

/** Nobody has filled these in. */
const UNSET = [
  ...[
    "ageGroup",
    "city",
    "companyName",
    "consentProvidedForMinor",
    "country",
    "deletedDateTime",
    "department",
  ],
  ...["employeeHireDate", "employeeId", "employeeOrgData", "employeeType", "faxNumber", "jobTitle"],
  ...["mobilePhone", "officeLocation", "onPremisesDistinguishedName", "onPremisesDomainName"],
  ...["onPremisesImmutableId", "onPremisesSamAccountName", "onPremisesSecurityIdentifier"],
  ...["onPremisesSyncEnabled", "onPremisesUserPrincipalName", "postalCode", "preferredLanguage"],
  ...["showInAddressList", "state", "streetAddress", "usageLocation"],
];

/** A user as Graph v1.0 shows it: https://learn.microsoft.com/graph/api/resources/user */
export function userWire(user: User): Wire {
  const { passwordHash: _hash, roles: _roles, ...shown } = user;
  const isGuest = user.userType === "Guest";
  return {
    ...Object.fromEntries(UNSET.map((name) => [name, null])),
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

/** As in lists of mixed types: no more than without `$select`. */
export function userMemberWire(user: User): Wire {
  const wire = userWire(user);
  return Object.fromEntries(USER_SHOWN.map((name) => [name, wire[name]]));
}
