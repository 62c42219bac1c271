import type { Client } from "@microsoft/microsoft-graph-client";
import type { ProviderConfiguration } from "../clients/deployer";
import {
  describeContexts,
  listRequiredAuthenticationContexts,
} from "../clients/entra/authentication-contexts";
import { UserError } from "../errors";
import { readProjectSetting } from "../stacks/settings/project-setting";

/**
 * Requires that the authentication contexts of access rules exist and are published, before anything is created: otherwise
 * nobody would match. A deployer that may not read them is not stopped; `verify` says so.
 *
 * @throws UserError that names every other context
 */
export async function requireAuthenticationContexts(
  { config }: ProviderConfiguration,
  graph: Client,
): Promise<void> {
  const ids = listRequiredAuthenticationContexts(readProjectSetting(config, "access"));
  if (ids.length === 0) return;
  const found = await describeContexts(graph, ids).catch((error: { statusCode?: number }) => {
    if (error.statusCode !== 403) throw error;
    return new Map<string, string>();
  });
  const problems = [...found].filter(([, state]) => state !== "published");
  if (problems.length === 0) return;
  const list = problems.map(([id, state]) => `${id} (${state})`).join(", ");
  throw new UserError(
    `authentication contexts in access.policies must exist in Entra and be published to apps; found ${list}`,
    [
      "Create or publish them in Entra's portal: Conditional Access, Authentication contexts. Then run this again.",
    ],
  );
}
