import type { RecordingStart } from "./recordings";

/** Lists the Access objects that the recorded program created for its identity provider, in order. */
export function recordedAccess(start: RecordingStart): { id: string; path: string; body: unknown }[] {
  const { accessGroup, accessPolicy, accessApplication } = start;
  const identityProvider = start.identityProviders?.[0]?.id;
  const group = start.groups?.find(({ displayName }) => displayName === "Engineers")?.id;
  const bodies = [
    {
      id: accessGroup,
      path: "/groups",
      body: {
        name: "Engineers",
        include: [{ azureAD: { id: group, identity_provider_id: identityProvider } }],
      },
    },
    {
      id: accessPolicy,
      path: "/policies",
      body: {
        name: "Allow engineers",
        decision: "allow",
        include: [{ group: { id: accessGroup } }],
        session_duration: "24h",
      },
    },
    {
      id: accessApplication,
      path: "/apps",
      body: {
        type: "self_hosted",
        name: "Wiki",
        domain: "wiki.example.com",
        allowed_idps: [identityProvider],
        auto_redirect_to_identity: true,
        policies: [{ id: accessPolicy, precedence: 1 }],
      },
    },
  ];
  return bodies.flatMap(({ id, ...made }) => (id === undefined ? [] : [{ id, ...made }]));
}
