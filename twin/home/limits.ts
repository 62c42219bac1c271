/** Features that the twin does not enforce, so that nobody takes them for tested. docs/twin.md has the same list. */
export const NOT_ENFORCED = [
  "Conditional Access (policies are stored, but not applied at sign-in)",
  "traffic through WARP and tunnels (routes, device enrollment and network policies are stored)",
  "licenses",
  "quotas",
  "deleted items and restoring them",
];
