import type { User } from "../../stored";
import type { Wire } from "../query";

/** What Graph shows of a user without `$select`: https://learn.microsoft.com/graph/api/user-get */
export const USER_SHOWN = [
  ...["businessPhones", "displayName", "givenName", "jobTitle", "mail", "mobilePhone", "officeLocation"],
  ...["preferredLanguage", "surname", "userPrincipalName", "id"],
] as const;

/** A user as Graph v1.0 shows it: https://learn.microsoft.com/graph/api/resources/user */
export function userWire(user: User): Wire {
  const { passwordHash: _hash, ...shown } = user;
  return {
    ...shown,
    businessPhones: [],
    creationType: user.userType === "Guest" ? "Invitation" : null,
    deletedDateTime: null,
    jobTitle: null,
    mobilePhone: null,
    officeLocation: null,
    preferredLanguage: null,
  };
}

/** As in lists of mixed types: no more than without `$select`. */
export function userMemberWire(user: User): Wire {
  const wire = userWire(user);
  return Object.fromEntries(USER_SHOWN.map((name) => [name, wire[name]]));
}
