import { existsSync } from "node:fs";
import type { Stack } from "../../ops/stacks";
import { formatChanges, useEngineFixture } from "../support/engine-fixture";
import { writeLanguageHost } from "../support/installed-language-host";

const lab = useEngineFixture();
let stack: Stack;
beforeAll(async () => {
  stack = await lab.stack();
});

/** What is on the twin beside the seed. */
async function left(): Promise<string[]> {
  const { graph, cloudflare, accountId } = await lab.administrator();
  const { value: applications } = await graph.api("/applications").get();
  const { value: principals } = await graph.api("/servicePrincipals").get();
  const { value: grants } = await graph.api("/oauth2PermissionGrants").get();
  const providers = await cloudflare.zeroTrust.identityProviders.list({ account_id: accountId });
  const names = [...applications, ...principals].map((found) => String(found.displayName));
  const seeded = ["administrator", "auditor", "deployer", "Microsoft Graph"];
  return [
    ...names.filter((name) => !seeded.includes(name)),
    ...grants.map(() => "consent"),
    ...providers.result.map(({ name }) => String(name)),
  ];
}

const everything = [
  "create entra-admin-consent",
  "create entra-application",
  "create entra-credential",
  "create entra-identity-provider",
  "create entra-service-principal",
];

test("runs the program with the language host of the machine, where there is one", async () => {
  const { host, PATH } = writeLanguageHost(lab.folder);
  const hosted = await lab.stack({ languageHost: true, env: { PATH } });
  expect(formatChanges((await hosted.preview()).changes)).toEqual(everything);
  expect(existsSync(`${host}.ran`)).toBe(true);
});

test("lives from up to destroy", async () => {
  expect(formatChanges((await stack.preview()).changes)).toEqual(everything);
  expect(await left()).toEqual([]);
  const { changes, warnings } = await stack.up();
  expect(formatChanges(changes)).toEqual(everything);
  expect(warnings).toEqual([]);
  expect((await left()).sort()).toEqual([
    "Cloudflare Access (contoso)",
    "Cloudflare Access (contoso)",
    "Entra ID",
    "consent",
  ]);

  // The twin may be stopped meanwhile, and goes on from its snapshot.
  const snapshot = JSON.stringify(lab.twin.snapshot());
  lab.twin.reset();
  lab.twin.restore(JSON.parse(snapshot));
  expect(formatChanges((await stack.up()).changes)).toEqual([]);

  // A setting comes and goes.
  await stack.configure({ "entra-access:identityProvider": { prompt: "login", claims: ["oid"] } });
  const settings = ["update entra-identity-provider config.claims config.prompt"];
  expect(formatChanges((await stack.up()).changes)).toEqual(settings);
  await stack.configure({ "entra-access:identityProvider": {} });
  expect(formatChanges((await stack.up()).changes)).toEqual(settings);

  // Renaming keeps both identities, in place.
  const before = await stack.outputs();
  await stack.configure({
    "entra-access:application": { displayName: "Sign-in" },
    "entra-access:identityProvider": { displayName: "Contoso" },
  });
  expect(formatChanges((await stack.up()).changes)).toEqual([
    "update entra-application displayName",
    "update entra-identity-provider name",
  ]);
  const after = await stack.outputs();
  expect(after.clientId).toEqual(before.clientId);
  expect(after.identityProviderId).toEqual(before.identityProviderId);
  expect((await left()).sort()).toEqual(["Contoso", "Sign-in", "Sign-in", "consent"]);

  await expect(stack.destroy()).rejects.toThrow(/entra-identity-provider.* cannot be deleted/s);
  expect(await left()).toHaveLength(4);

  await stack.configure({ "entra-access:protect": false });
  expect(formatChanges((await stack.up()).changes)).toEqual([]);
  const requests = lab.twin.requests.length;
  await stack.destroy();
  // What dies with the application is not deleted one by one.
  const deleted = lab.twin.requests.slice(requests).filter(({ method }) => method === "DELETE");
  expect(deleted.map(({ path }) => path.replace(/[^/]+$/, ""))).toEqual([
    expect.stringMatching(/identity_providers\/$/),
    "/v1.0/applications/",
  ]);
  expect(await left()).toEqual([]);
});
