import { join } from "node:path";
import type { Clouds } from "../../ops/clients/clouds";
import type { Stack } from "../../ops/stacks";
import { type Checkpoint, createCheckpoint } from "../support/checkpoint";
import { formatChanges, useEngineFixture } from "../support/engine-fixture";
import { sized } from "../support/size";

const lab = useEngineFixture();
let stack: Stack;
let clouds: Clouds;
let ids: Record<string, string>;
let deployed: Checkpoint;
beforeAll(async () => {
  const directory = join(lab.folder, "stack");
  stack = await lab.stack({ directory, config: { "entra-access:application": { emailClaim: true } } });
  clouds = await lab.administrator();
  await stack.up();
  const outputs = Object.entries(await stack.outputs());
  ids = Object.fromEntries(outputs.map(([name, { value }]) => [name, value]));
  deployed = createCheckpoint(lab, directory);
});
beforeEach(() => deployed.restore());

const application = (change: object) => async () => {
  await clouds.graph.api(`/applications/${ids.applicationObjectId}`).patch(change);
};
const servicePrincipal = (change: object) => async () => {
  await clouds.graph.api(`/servicePrincipals/${ids.servicePrincipalObjectId}`).patch(change);
};
const identityProvider = (change: (provider: Provider) => void) => async () => {
  const providers = clouds.cloudflare.zeroTrust.identityProviders;
  const id = ids.identityProviderId as string;
  const { name, type, config, scim_config } = (await providers.get(id, {
    account_id: clouds.accountId,
  })) as unknown as Provider;
  const provider = { name, type, config, scim_config };
  change(provider);
  const body = { account_id: clouds.accountId, ...provider };
  await providers.update(id, body as unknown as Parameters<typeof providers.update>[1]);
};

interface Provider {
  name: string;
  type: string;
  config: Record<string, unknown>;
  scim_config: Record<string, unknown>;
}

async function consent() {
  const { value } = await clouds.graph
    .api("/oauth2PermissionGrants")
    .filter(`clientId eq '${ids.servicePrincipalObjectId}'`)
    .get();
  return `/oauth2PermissionGrants/${value[0].id}`;
}

const drifts: readonly [string, () => Promise<unknown>, string[]][] = [
  [
    "a redirect URI replaced in Entra",
    application({ web: { redirectUris: ["https://elsewhere.example/callback"] } }),
    ["update entra-application web.redirectUris[0]"],
  ],
  [
    "implicit grant switched on",
    application({ web: { implicitGrantSettings: { enableIdTokenIssuance: true } } }),
    ["update entra-application web.implicitGrant.idTokenIssuanceEnabled"],
  ],
  [
    "the application renamed",
    application({ displayName: "Renamed by hand" }),
    ["update entra-application displayName"],
  ],
  [
    "the application opened to every tenant",
    application({ signInAudience: "AzureADMultipleOrgs" }),
    ["update entra-application signInAudience"],
  ],
  ["the stack's mark removed", application({ tags: [] }), ["update entra-application tags"]],
  [
    "the service principal disabled",
    servicePrincipal({ accountEnabled: false }),
    ["update entra-service-principal accountEnabled"],
  ],
  [
    "sign-in restricted to assigned people",
    servicePrincipal({ appRoleAssignmentRequired: true }),
    ["update entra-service-principal appRoleAssignmentRequired"],
  ],
  [
    "a redirect URI added for single-page applications",
    application({ spa: { redirectUris: ["https://spa.example/callback"] } }),
    ["update entra-application singlePageApplication"],
  ],
  [
    "a permission taken out of the consent",
    async () => clouds.graph.api(await consent()).patch({ scope: "openid profile" }),
    ["update entra-admin-consent claimValues"],
  ],
  [
    "the consent withdrawn",
    async () => clouds.graph.api(await consent()).delete(),
    ["create entra-admin-consent"],
  ],
  [
    "groups switched off in Cloudflare",
    identityProvider(({ config }) => {
      config.support_groups = false;
    }),
    ["update entra-identity-provider config.supportGroups"],
  ],
  [
    "PKCE switched off in Cloudflare",
    identityProvider(({ config }) => {
      config.pkce_enabled = false;
    }),
    ["update entra-identity-provider config.pkceEnabled"],
  ],
  [
    "the identity provider renamed",
    identityProvider((provider) => {
      provider.name = "Renamed by hand";
    }),
    ["update entra-identity-provider name"],
  ],
  [
    "SCIM switched on in Cloudflare",
    identityProvider(({ scim_config }) => {
      scim_config.enabled = true;
    }),
    ["update entra-identity-provider scimConfig.enabled"],
  ],
];

/** Lists what a preview reports, without the places in lists. */
const preview = async () =>
  formatChanges((await stack.preview()).changes).map((line) =>
    line.replace(/ (claimValues|tags)\S*( \1\S*)*/, " $1"),
  );

// `npm test` has them all at once, below.
sized(test.skip, test).each(drifts)("preview reports exactly %s", async (_case, change, expected) => {
  await change();
  expect(await preview()).toEqual(expected);
});

test("preview reports exactly all drift at once, and up repairs it", async () => {
  // The withdrawn consent excludes the change of its permissions.
  const together = drifts.filter(([what]) => what !== "the consent withdrawn");
  const properties = new Map<string, string[]>();
  for (const [, change, [expected = ""]] of together) {
    await change();
    const [op, name, path = ""] = expected.split(" ");
    properties.set(`${op} ${name}`, [...(properties.get(`${op} ${name}`) ?? []), path].sort());
  }
  const expected = [...properties].map(([resource, paths]) => [resource, ...paths].join(" ")).sort();
  expect(await preview()).toEqual(expected);
  const lines = formatChanges((await stack.up()).changes);
  expect(lines.map((line) => line.split(" ").slice(0, 2).join(" "))).toEqual([
    "update entra-admin-consent",
    "update entra-application",
    "update entra-identity-provider",
    "update entra-service-principal",
  ]);
  expect(formatChanges((await stack.preview()).changes)).toEqual([]);

  await clouds.graph.api(await consent()).delete();
  expect(formatChanges((await stack.up()).changes)).toEqual(["create entra-admin-consent"]);
});

test("up replaces a client secret removed in Entra and gives it to Cloudflare", async () => {
  const { keyId } = ids.rotation as unknown as { keyId: string };
  await clouds.graph.api(`/applications/${ids.applicationObjectId}/removePassword`).post({ keyId });
  const expected = ["create entra-credential", "update entra-identity-provider config.clientSecret"];
  const changes = formatChanges((await stack.up()).changes);
  expect(changes.map((line) => line.replace(/ config$/, " config.clientSecret"))).toEqual(expected);
});

test("up recreates an application deleted in Entra and keeps the id of the identity provider", async () => {
  await clouds.graph.api(`/applications/${ids.applicationObjectId}`).delete();
  await stack.up();
  const { clientId, identityProviderId } = await stack.outputs();
  expect(clientId?.value).not.toBe(ids.clientId);
  expect(identityProviderId?.value).toBe(ids.identityProviderId);
  expect(formatChanges((await stack.preview()).changes)).toEqual([]);
});
