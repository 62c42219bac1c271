import { z } from "zod";
import { deleteUser } from "../../store/entra/directory";
import { type BodyRules, type GraphOperation, readBody, requireAnyPermission } from "../call";
import { findPathUser } from "./users";

const userChange = z
  .strictObject({
    accountEnabled: z.boolean(),
    displayName: z.string().min(1).max(256),
    givenName: z.string().max(64).nullable(),
    surname: z.string().max(64).nullable(),
    mail: z.email().nullable(),
  })
  .partial();

const rules: BodyRules = {
  type: "User",
  readOnly: ["id", "createdDateTime", "userType", "creationType"],
  notServed: ["userPrincipalName", "mailNickname", "passwordProfile", "otherMails", "department", "jobTitle"],
};

/** The permissions to change more of a user than whether the account is enabled. */
const WRITE_ALL = ["Directory.ReadWrite.All", "User.ReadWrite.All"];

/**
 * Operations that change users: what provisioning passes on, and that somebody leaves.
 *
 * Sources: https://learn.microsoft.com/graph/api/user-update and `user-delete`
 */
export const userChangeOperations: GraphOperation[] = [
  {
    call: "PATCH /users/{id}",
    async handle(call) {
      const user = findPathUser(call);
      const change = await readBody(call, userChange, rules);
      if (Object.keys(change).some((name) => name !== "accountEnabled"))
        requireAnyPermission(call, WRITE_ALL);
      Object.assign(user, change);
      return null;
    },
  },
  {
    call: "DELETE /users/{id}",
    handle(call) {
      deleteUser(call.tenant, findPathUser(call));
      return null;
    },
  },
];
