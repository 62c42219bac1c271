import { join } from "node:path";
import fc from "fast-check";
import { schema } from "../../../config";
import { contoso, fabrikam, type Seed } from "../../../twin/index";
import { contosoGroups, contosoUsers, fabrikamGroups, fabrikamUsers } from "../../../twin/seed/people";
import { privateNetworksSeed } from "../../support/access-seed";
import { formatChanges, type StackSetup, useEngineFixture } from "../../support/engine-fixture";
import { generateSettings } from "../../support/generated-settings/generate-settings";
import type { GeneratedSettingsTarget } from "../../support/generated-settings/target";
import { installOfficialPlugins } from "../../support/official-plugins";
import { listDifferences, recordRun } from "../../support/plugin-comparison";
import { listGivenPaths } from "../../support/setting-paths";
import { sized } from "../../support/size";

const SERVICE_TOKEN = "f174e90a-fafe-4643-bbbc-4a0ed4fc8415";

/** The seed for private networks, with a service token and a deployer that may create Entra groups. */
const seed: Seed = {
  tenants: (privateNetworksSeed.tenants ?? []).map((tenant) => ({
    ...tenant,
    principals: (tenant.principals ?? []).map((principal) => ({
      ...principal,
      permissions: [
        ...(principal.permissions ?? []),
        "Group.ReadWrite.All",
        "Directory.Read.All",
        "Policy.Read.All",
        "Policy.ReadWrite.ConditionalAccess",
      ],
    })),
  })),
  accounts: (privateNetworksSeed.accounts ?? []).map((account) => ({
    ...account,
    serviceTokens: [
      {
        id: SERVICE_TOKEN,
        name: "backup",
        clientId: "88bf3b6d86161464f6509f7219099e57.access",
        clientSecret: "cfast_backup-at-contoso-not-a-real-secret",
      },
    ],
  })),
};

const lab = useEngineFixture();

/** Creates what the settings refer to, by hand. */
async function prepareTarget(): Promise<GeneratedSettingsTarget> {
  const { cloudflare, graph, accountId: account_id } = await lab.administrator();
  const tags = ["hr", "it"];
  for (const name of tags) await cloudflare.zeroTrust.access.tags.create({ account_id, name });
  const existing = await cloudflare.zeroTrust.identityProviders.create({
    account_id,
    name: "Made by hand",
    type: "azureAD",
    config: { client_id: "id", client_secret: "not-a-real-secret", directory_id: fabrikam.tenantId },
    scim_config: {},
  });
  const findDeployer = async (api: typeof graph, { deployer }: typeof contoso) => {
    const { value } = await api.api("/servicePrincipals").filter(`appId eq '${deployer.appId}'`).get();
    return String(value[0].id);
  };
  return {
    owners: [await findDeployer(graph, contoso)],
    entraGroups: ["Employees", contosoGroups.engineers.id.toUpperCase(), "contractors"],
    people: [contosoUsers.ada.id.toUpperCase(), contosoUsers.ben.id],
    furtherTenant: {
      tenantId: fabrikam.tenantId.toUpperCase(),
      clientId: fabrikam.deployer.appId,
      clientSecret: fabrikam.deployer.secret,
      owners: [await findDeployer((await lab.administrator(fabrikam)).graph, fabrikam)],
      entraGroups: ["Engineers", fabrikamGroups.engineers.id],
      people: [fabrikamUsers.sana.id],
      groupIds: [fabrikamGroups.engineers.id],
    },
    groupIds: [contosoGroups.engineers.id.toUpperCase(), contosoGroups.contractors.id],
    existingIdentityProvider: String(existing.id),
    serviceTokens: [SERVICE_TOKEN.toUpperCase()],
    tags,
    tunnelId: contoso.tunnelId.toUpperCase(),
  };
}

/** Chooses samples until every setting that is generated is in one of them, each time the one with the most new ones. */
function chooseSamples(target: GeneratedSettingsTarget, number: number): object[] {
  const drawn: object[] = fc.sample(generateSettings(target), { numRuns: 60, seed: number });
  const samples = drawn.map((settings) => ({ settings, paths: new Set(listGivenPaths(schema, settings)) }));
  const missing = new Set(samples.flatMap(({ paths }) => [...paths]));
  const countNew = ({ paths }: { paths: Set<string> }) =>
    [...paths].filter((path) => missing.has(path)).length;
  const chosen: object[] = [];
  while (missing.size > 0) {
    const [best] = samples.sort((one, other) => countNew(other) - countNew(one));
    if (!best) break;
    for (const path of best.paths) missing.delete(path);
    chosen.push(best.settings);
  }
  return chosen;
}

test.each(sized([3], [3, 5, 8, 13, 21]))(
  "generated settings (seed %d) are deployed in one update that leaves no change",
  async (number) => {
    lab.twin.reset(seed);
    const chosen = chooseSamples(await prepareTarget(), number);
    const pulumiHome = join(lab.folder, "official");
    const officialPlugins = sized(false, true)
      ? installOfficialPlugins(pulumiHome, process.env.USER_PULUMI_HOME ?? "")
      : [];
    for (const settings of chosen.slice(0, sized(1, chosen.length))) {
      const standIns = await deploy(settings);
      if (officialPlugins.length === 0) continue;
      const official = await deploy(settings, { ownPlugins: true, pulumiHome });
      expect(listDifferences(official, standIns)).toEqual([]);
    }
  },
);

/** Deploys settings, and expects no change afterwards. @returns what the plugins sent and put into the state */
async function deploy(settings: object, setup: StackSetup = {}): Promise<string[]> {
  lab.twin.reset(seed);
  await prepareTarget();
  const named = Object.entries(settings).map(([name, value]) => [`entra-access:${name}`, value]);
  const stack = await lab.stack({ config: Object.fromEntries(named), ...setup });
  const run = await recordRun(lab.twin, stack, () => stack.up());
  expect(formatChanges((await stack.preview()).changes)).toEqual([]);
  if (sized(false, true)) expect(formatChanges((await stack.refresh()).changes)).toEqual([]);
  return run;
}
