import {
  getPermissionId,
  isPermission,
  permissionProfiles,
  suggestPermission,
} from "../../config/graph-permissions";

// Copied by hand from Microsoft's permissions reference, to be independent of the data table.
test.each([
  ["email", "64a6cdd6-aab1-4aaf-94b8-3cc8405e90d0"],
  ["openid", "37f7f235-527c-4136-accd-4a02d197296e"],
  ["profile", "14dad69e-099b-42c9-810b-d002981feec1"],
  ["offline_access", "7427e0e9-2fba-42fe-b0c0-848c9e6a8182"],
  ["User.Read", "e1fe6dd8-ba31-4d61-89e7-88639da4683d"],
  ["Directory.Read.All", "06da0dbc-49e2-44d2-8312-53f166ab848a"],
  ["Group.Read.All", "5f8c59db-677d-491f-a6b8-5f174b11ec1d"],
  ["GroupMember.Read.All", "bc024368-1153-4739-b217-4326f2e966d0"],
])("%s is %s", (name, id) => {
  expect(getPermissionId(name)).toBe(id);
});

test("the profiles differ only in the group permission", () => {
  const { tutorial, "cloudflare-current": current } = permissionProfiles;
  expect(tutorial).toEqual([
    "email",
    "openid",
    "profile",
    "offline_access",
    "User.Read",
    "Directory.Read.All",
    "Group.Read.All",
  ]);
  expect(current).toEqual([...tutorial.slice(0, -1), "GroupMember.Read.All"]);
});

test.each([
  ["user.read", "User.Read"],
  ["Directory.ReadAll", "Directory.Read.All"],
  ["offline-access", "offline_access"],
  ["toString", "openid"],
])("%s is refused, and the nearest name is %s", (name, nearest) => {
  expect(isPermission(name)).toBe(false);
  expect(suggestPermission(name)).toBe(nearest);
  expect(() => getPermissionId(name)).toThrow(
    `unknown delegated Microsoft Graph permission "${name}"; did you mean "${nearest}"?`,
  );
});
