import type { Check } from "../checks/check";
import { decodeAccessToken } from "../clients/entra/access-token";
import { describeComparison } from "../permissions/compare";
import type { DoctorContext } from "./context";

/** Permissions of Microsoft Graph that `access` and `preview --people` need: one of each list, the least privileged first. */
const PERMISSIONS = [
  [
    "GroupMember.Read.All",
    "Group.Read.All",
    "Group.ReadWrite.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
  ],
  // User.ReadBasic.All does not say whether an account is disabled.
  ["User.Read.All", "User.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"],
];

/** Checks the permissions to read who can reach applications; `up` needs none of them. */
export const ACCESS_REVIEW_CHECK: Check<DoctorContext> = {
  id: "access-review",
  subject: "people and groups, from which access and preview --people say who can reach what",
  source: "roles of the token for Graph",
  advice: "Optional: grant the missing permissions if access and preview --people should work.",
  async run(at) {
    const expected = "all";
    if (!/"applications":\{"/.test(await at.setting("access")))
      return { actual: "not needed: the settings declare no application", expected, passed: true };
    const { roles = [], scp } = decodeAccessToken(await at.graphToken());
    // People need one of several directory roles instead, which are not checked.
    const lacking =
      scp !== undefined ? [] : PERMISSIONS.filter((any) => !any.some((name) => roles.includes(name)));
    const missing = lacking.flatMap(([least]) => least ?? []);
    const actual = describeComparison({ missing, excess: [] });
    return { actual, expected, passed: missing.length === 0 || "open" };
  },
};
