import type { Client } from "@microsoft/microsoft-graph-client";
import { GUID_PATTERN } from "../../../config/values/fields";
import { preferEnvironmentSignIn } from "../../checks/verify-stack";
import {
  findEntraCloud,
  type ProviderConfiguration,
  signInToCloudflare,
  signInToGraph,
} from "../../clients/deployer";
import type { Stack } from "../../stacks";
import { readProjectSetting } from "../../stacks/settings/project-setting";
import { listDirectories } from "../../tenants";
import { createPopulation, type Population } from "../decision/channel";
import type { AccessRules, Directory } from "../decision/model";
import { AccountReview } from "../decision/review";
import { readDirectory, readGroupNames } from "./directory";
import { listEntraGroupIds, readEnforcedRules } from "./enforced-rules";

/** A stack with the sign-in that `verify` uses as well. */
export interface ReviewedStack {
  readonly name: string;
  readonly accountId: string;
  readonly settings: ProviderConfiguration;
}

export async function prepareStack(stack: Stack): Promise<ReviewedStack> {
  const settings = preferEnvironmentSignIn(await stack.providerSettings());
  const accountId = String(readProjectSetting(settings.config, "accountId") ?? "").toLowerCase();
  return { name: stack.name, accountId, settings };
}

export interface ReadReviews {
  readonly reviews: readonly AccountReview[];
  readonly population: Population;
}

/** Reads the enforced rules of each account, once. */
export async function readAllEnforcedRules(stacks: readonly ReviewedStack[]): Promise<AccessRules[]> {
  const accounts = new Map(stacks.map((stack) => [stack.accountId, stack]));
  return Promise.all(
    [...accounts.values()].map(({ settings, accountId }) =>
      readEnforcedRules(signInToCloudflare(settings), accountId),
    ),
  );
}

/** A directory that can be read, with the names of all of its groups. */
export interface OpenDirectory {
  readonly tenantId: string;
  readonly graph: Client;
  readonly names: ReadonlyMap<string, string>;
}

/**
 * Signs in to each directory of the stacks, once.
 *
 * @throws UserError where one could not be read: its people would be missing from the report
 */
export async function openDirectories(stacks: readonly ReviewedStack[]): Promise<OpenDirectory[]> {
  const tenants = new Map(
    stacks
      .flatMap(({ settings }) => listDirectories(settings))
      .map(({ settings }) => [readTenantId(settings), settings]),
  );
  const opening = [...tenants].map(async ([tenantId, settings]) => {
    const graph = await signInToGraph(settings, await findEntraCloud(settings));
    return { tenantId, graph, names: await readGroupNames(graph, tenantId) };
  });
  return Promise.all(opening);
}

/** Reads each directory once, with the groups that any of the rules name. Throws as {@link openDirectories} does. */
export function readDirectories(
  directories: readonly OpenDirectory[],
  rules: readonly AccessRules[],
  {
    memberIds = [],
    onProgress,
  }: {
    /** Members of groups that the rules name, of which only groups are read. */
    readonly memberIds?: readonly string[];
    readonly onProgress?: ((text: string) => void) | undefined;
  } = {},
): Promise<Directory[]> {
  const reading = directories.map(({ tenantId, graph, names }) => {
    const providers = rules.flatMap((one) =>
      [...one.providers.values()].filter((provider) => provider.tenantId === tenantId),
    );
    const providerIds = new Set(providers.map(({ id }) => id));
    return readDirectory(graph, {
      tenantId,
      names,
      groupIds: [
        ...new Set([
          ...rules.flatMap((one) => listEntraGroupIds(one, providerIds)),
          ...memberIds.filter((id) => names.has(id)),
        ]),
      ],
      // Declared applications have no client id yet.
      clientIds: [...new Set(providers.flatMap(({ clientId }) => clientId ?? []))].filter((id) =>
        GUID_PATTERN.test(id),
      ),
      onProgress: (text) => onProgress?.(`tenant ${tenantId}: ${text}`),
    });
  });
  return Promise.all(reading);
}

function readTenantId({ config, env }: ProviderConfiguration): string {
  const tenantId =
    config["azuread:tenantId"] ?? env.ARM_TENANT_ID ?? readProjectSetting(config, "tenantId") ?? "";
  return String(tenantId).toLowerCase();
}

/** Joins rules and directories; the names of Entra groups come from the directories. */
export function createReviews(rules: readonly AccessRules[], directories: readonly Directory[]): ReadReviews {
  const population = createPopulation(directories);
  const names = (id: string) => {
    for (const { groups } of directories) if (groups.has(id)) return groups.get(id)?.name;
    return undefined;
  };
  return { population, reviews: rules.map((one) => new AccountReview({ rules: one, names }, population)) };
}
