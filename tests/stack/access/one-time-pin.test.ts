import type { ConfigValues } from "../../../ops/stacks";
import { accessSeed } from "../../support/access-seed";
import { formatChanges, useEngineFixture } from "../../support/engine-fixture";

const lab = useEngineFixture(accessSeed);

const emergency = { oneTimePin: true, owned: true };
const employees = { include: { entraGroups: ["Employees"] } };
const access = (identityProviders: object, groups: object = {}): ConfigValues => ({
  "entra-access:access": {
    identityProviders,
    groups: { employees, ...groups },
    policies: {
      employees: { include: ["employees"] },
      ...("breakGlass" in groups ? { breakGlass: { include: ["breakGlass"], sessionDuration: "1h" } } : {}),
    },
    applications: {
      wiki: { hostnames: ["wiki.contoso.example"], policies: ["employees"] },
      ...("breakGlass" in groups
        ? { vault: { hostnames: ["vault.contoso.example"], policies: ["breakGlass"] } }
        : {}),
    },
  },
});
const breakGlass = { identityProvider: "emergency", include: { emails: ["root@contoso.example"] } };

test("adding and removing a break-glass sign-in changes nothing else", async () => {
  const stack = await lab.stack({ config: { ...access({}), "entra-access:protect": false } });
  await stack.up();
  await stack.configure(access({ emergency }, { breakGlass }));
  const all = [
    "access-application-vault",
    "access-group-breakGlass",
    "access-policy-breakGlass",
    "emergency-identity-provider",
  ];
  expect(formatChanges((await stack.up()).changes)).toEqual(all.map((name) => `create ${name}`));

  const { cloudflare, accountId } = await lab.administrator();
  const providers = await cloudflare.zeroTrust.identityProviders.list({ account_id: accountId });
  const pin = providers.result.find(({ type }) => type === "onetimepin");
  expect(pin).toMatchObject({ name: "One-time PIN" });
  const apps = await cloudflare.zeroTrust.access.applications.list({ account_id: accountId });
  const idps = (name: string) => apps.result.find((app) => app.name === name);
  expect(idps("vault")).toMatchObject({ allowed_idps: [pin?.id] });
  expect(idps("wiki")).not.toMatchObject({ allowed_idps: [pin?.id] });

  // Under another key it stays the same identity provider, of which the account has one.
  const renamed = access(
    { pins: { ...emergency, displayName: "Break glass" } },
    { breakGlass: { ...breakGlass, identityProvider: "pins" } },
  );
  await stack.configure(renamed);
  expect(formatChanges((await stack.up()).changes)).toEqual(["update pins-identity-provider name"]);
  const moved = { identityProvider: "entra", include: breakGlass.include };
  await stack.configure(access({ pins: emergency }, { breakGlass: moved }));
  await expect(stack.preview()).rejects.toThrow(
    /access-group-breakGlass must not move from identity provider "pins" to another one in one update/,
  );
  await stack.configure(access({}));
  const gone = [...all.slice(0, -1), "pins-identity-provider"];
  expect(formatChanges((await stack.up()).changes)).toEqual(gone.map((name) => `delete ${name}`));
});
