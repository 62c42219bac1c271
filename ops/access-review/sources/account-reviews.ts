import { preferEnvironmentSignIn } from "../../checks/verify-stack";
import {
  findEntraCloud,
  type ProviderConfiguration,
  signInToCloudflare,
  signInToGraph,
} from "../../clients/deployer";
import type { Stack } from "../../stacks";
import { readProjectSetting } from "../../stacks/project-setting";
import { listDirectories } from "../../tenants";
import { createPopulation, type Population } from "../decision/channel";
import type { AccessRules, Directory } from "../decision/model";
import { AccountReview } from "../decision/review";
import { readDirectory } from "./directory";
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

/** A directory or account that could not be read. */
export interface UnknownPart {
  readonly subject: string;
  readonly cause: string;
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

/**
 * Reads each directory that the stacks can sign in to, once, with the groups that any of the rules name.
 *
 * @throws UserError where a directory could not be read: people would be missing from the report
 */
export async function readDirectories(
  stacks: readonly ReviewedStack[],
  rules: readonly AccessRules[],
  onProgress?: (text: string) => void,
): Promise<Directory[]> {
  const tenants = new Map(
    stacks
      .flatMap(({ settings }) => listDirectories(settings))
      .map(({ settings }) => [readTenantId(settings), settings]),
  );
  const directories = [...tenants].map(async ([tenantId, settings]) => {
    const providers = rules.flatMap((one) =>
      [...one.providers.values()].filter((provider) => provider.tenantId === tenantId),
    );
    const providerIds = new Set(providers.map(({ id }) => id));
    const graph = await signInToGraph(settings, await findEntraCloud(settings));
    return readDirectory(graph, {
      tenantId,
      groupIds: [...new Set(rules.flatMap((one) => listEntraGroupIds(one, providerIds)))],
      clientIds: [...new Set(providers.flatMap(({ clientId }) => clientId ?? []))],
      onProgress: (text) => onProgress?.(`tenant ${tenantId}: ${text}`),
    });
  });
  return Promise.all(directories);
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
