import type { JobName } from "../../config/deployer/jobs";
import { acquireGraphToken, findEntraCloud, type ProviderConfiguration } from "../clients/deployer";
import { decodeAccessToken } from "../clients/entra/access-token";
import { describeCloudError } from "../clients/errors";
import { StackError } from "../stacks";
import { readProjectSetting } from "../stacks/settings/project-setting";
import { findFeatures } from "./compare";
import { describeCloudflareGrant, describeGraphGrant } from "./grants";
import { compareWithJob } from "./identity";

/**
 * Names the permission whose lack an error comes from, and says how to grant it.
 *
 * @param error of a run, or of a client
 * @returns undefined where the error is no refusal, or where the permission can't be found out
 */
export async function explainRefusal(
  error: unknown,
  job: JobName,
  readSettings: () => Promise<ProviderConfiguration>,
): Promise<string | undefined> {
  const text = error instanceof StackError ? error.causes.join("\n") : describeCloudError(error as Error);
  try {
    if (/\bAuthorization_RequestDenied\b/.test(text))
      return await explainGraphRefusal(job, await readSettings());
    const permission = findRefusedPermission(text);
    if (permission === undefined) return undefined;
    const { config } = await readSettings();
    const accountId = String(readProjectSetting(config, "accountId") ?? "");
    // Cloudflare refuses an unknown token, and one of another account, in the same words.
    return `If the Cloudflare token is one for account ${accountId}, it lacks "${permission}". ${describeCloudflareGrant(accountId)}`;
  } catch {
    // The refusal itself matters more than why it could not be explained.
    return undefined;
  }
}

async function explainGraphRefusal(
  job: JobName,
  settings: ProviderConfiguration,
): Promise<string | undefined> {
  const token = decodeAccessToken(await acquireGraphToken(settings, await findEntraCloud(settings)));
  const features = await findFeatures((name) =>
    JSON.stringify(readProjectSetting(settings.config, name) ?? {}),
  );
  const { isPerson, obstacles, missing } = compareWithJob(token, job, features);
  if (obstacles.length > 0) return `${obstacles.join("; ")}. ${DEPLOY_AS_APPLICATION}`;
  if (missing.length === 0) return undefined;
  if (isPerson) return `You lack the directory role ${missing.join(", ")}.`;
  const { appid = "" } = token;
  const environment = settings.config["azuread:environment"] || settings.env.ARM_ENVIRONMENT;
  return `The application ${appid} lacks ${missing.join(", ")} on Microsoft Graph: ${describeGraphGrant(appid, missing, environment)}`;
}

/** The advice for a person whose sign-in can't do the job. */
export const DEPLOY_AS_APPLICATION = "Deploy with an application instead (docs/commands/bootstrap.md).";

/** Permission groups by the path below the account. */
const PATHS: readonly (readonly [path: RegExp, group: string])[] = [
  [/^\/access\/(apps|policies|tags)\b/, "Access: Apps and Policies"],
  [/^\/access\//, "Access: Organizations, Identity Providers, and Groups"],
  [/^\/gateway\//, "Zero Trust"],
  [/^\/(teamnet|zerotrust|cfd_tunnel)\b/, "Cloudflare Tunnel"],
];

/** Finds the permission that a refused request to Cloudflare needed, by its method and address. */
export function findRefusedPermission(text: string): string | undefined {
  const [, method, path] =
    /\b(GET|POST|PUT|PATCH|DELETE) "https?:\/\/[^"]+\/accounts\/\w+(\/[^"]*)": 403\b/.exec(text) ?? [];
  const group = PATHS.find(([pattern]) => path !== undefined && pattern.test(path))?.[1];
  return group && `${group} ${method === "GET" ? "Read" : "Write"}`;
}
