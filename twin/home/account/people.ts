import type { Account } from "../../store/cloudflare/account";
import { renderMoment } from "../moment";
import { createTable, type Details } from "../table";

/** Describes who has signed in to an account, and who is provisioned to it. */
export function createPeopleTables({ users, scimUsers, scimGroups }: Account): Details[] {
  const groups = [...scimGroups.values()];
  return [
    createTable({
      title: "People who signed in",
      columns: ["Address", "Seat", "Last sign-in", "Sessions revoked"],
      rows: [...users.values()],
      cells: ({ email, hasSeat, lastLoginAt, revocations }) => [
        email,
        hasSeat ? "taken" : "free",
        renderMoment(lastLoginAt),
        revocations,
      ],
      empty: "Nobody has signed in.",
    }),
    createTable({
      title: "People provisioned by SCIM",
      columns: ["User name", "State", "Groups"],
      rows: [...scimUsers.values()],
      cells: ({ id, attributes: { userName = "", active } }) => [
        userName,
        active === false ? "deprovisioned" : "active",
        groups
          .filter(({ attributes }) => attributes.members?.some(({ value }) => value === id))
          .map(({ attributes }) => attributes.displayName)
          .join(", ") || "none",
      ],
      empty: "Nobody: an identity provider needs SCIM, and an application in Entra that sends people.",
    }),
  ];
}
