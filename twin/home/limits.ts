/** What the twin does not enforce, so that nobody takes it for proven. docs/twin.md says the same. */
export const NOT_ENFORCED = [
  "Conditional Access (policies are kept, sign-in does not follow them)",
  "traffic through WARP and tunnels (routes, device enrolment and network policies are kept)",
  "licences",
  "quotas",
  "deleted items and their restoration",
];
