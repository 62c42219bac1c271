import type { IdentityIds } from "./directory";
import type { IdentityName } from "./identities";

/** The identities that exist now. */
export interface BootstrapOutcome {
  readonly tenantId: string;
  readonly made: ReadonlyMap<IdentityName, IdentityIds>;
  /** Files with the values of new Cloudflare tokens. */
  readonly files: ReadonlyMap<IdentityName, string>;
  readonly isGitHub: boolean;
}

/** Describes where the ids and values belong: variables of the CI system, and owners in the stacks' settings. */
export function describeNextSteps({ tenantId, made, files, isGitHub }: BootstrapOutcome): string[] {
  const lines = [...made].flatMap(([identity, { appId, principalId }]) => {
    const file = files.get(identity);
    const github = [
      `  gh variable set ARM_TENANT_ID --env ${identity} --body ${tenantId}`,
      `  gh variable set ARM_CLIENT_ID --env ${identity} --body ${appId}`,
      ...(file ? [`  gh secret set CLOUDFLARE_API_TOKEN --env ${identity} < ${file} && rm ${file}`] : []),
    ];
    return [
      `${identity}: ARM_TENANT_ID=${tenantId} ARM_CLIENT_ID=${appId} (object id ${principalId})`,
      ...(isGitHub
        ? github
        : file
          ? [`  CLOUDFLARE_API_TOKEN is in ${file}: store it as a secret, then delete it.`]
          : []),
    ];
  });
  const owners = (["production", "rotation"] as const).map((identity) => made.get(identity)?.principalId);
  const settings = owners.every((id) => id !== undefined)
    ? [
        "In the settings of each stack, so that both may replace its client secret:",
        ...owners.map((id, index) => `  pulumi config set --path 'application.owners[${index}]' ${id}`),
      ]
    : [];
  return ["", ...lines, ...settings];
}
