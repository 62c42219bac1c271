import { OWN_IDENTITY_PROVIDER } from "../../config/access/rules";
import { acquireGraphToken, connectClouds, type DeployerClouds } from "../clients/deployer";
import { decodeAccessToken } from "../clients/entra/access-token";
import { ignoreNotFound } from "../clients/errors";
import { UserError } from "../errors";
import type { Stack } from "../stacks";
import { formatTenantOption, listTenants, prefixTenant, type StackTenant } from "../tenants";
import type { Progress } from "../terminal/progress";
import {
  findObsoleteClientSecrets,
  listClientSecrets,
  listStackMarks,
} from "./client-secrets/client-secrets";
import { type ResendResult, resendClientSecret } from "./client-secrets/resend";
import type { AdoptedResources, DeployOptions } from "./deploy-options";
import { findUnmanagedIdentityProviders } from "./orphans/cloudflare";
import { findMarkedApplication } from "./orphans/entra";
import type { SearchContext } from "./orphans/search";
import { type ApplicationIds, readApplicationIds, readTenantState, type TenantState } from "./tenant-state";

/** A tenant that a run is signed in to, as its providers are. */
export interface ConnectedTenant extends Pick<StackTenant, "settings" | "markedSignIn"> {
  readonly signIn: string;
  readonly clouds: DeployerClouds;
}

export async function connectTenants(stack: Stack, progress: Progress): Promise<ConnectedTenant[]> {
  const connected: ConnectedTenant[] = [];
  for (const { name, ...one } of listTenants(await stack.providerSettings())) {
    const title = prefixTenant(name, "Signing in to both clouds");
    const clouds = await progress.step(title, () => connectClouds(one.settings));
    connected.push({ signIn: name, ...one, clouds });
  }
  return connected;
}

/** The contents of a tenant under the stack's lock, before the program ran. */
export interface InspectedTenant extends ConnectedTenant {
  /** The application, from the state or from Entra. */
  readonly application: ApplicationIds | undefined;
  /** True if the application carries the stack's mark and the state lacks it. */
  readonly isOrphaned: boolean;
  /** Orphaned resources that only a person can sort out. */
  readonly actionNeeded: readonly string[];
  readonly mark: string;
  readonly keyIds: ReadonlySet<string>;
  readonly resent: ResendResult;
}

/** Reads a tenant while the engine holds the stack's lock, so that no other run can change the stack. */
export async function inspectTenant(
  stack: Stack,
  { signIn, settings, clouds, markedSignIn }: ConnectedTenant,
  state: TenantState,
  { resend = false, adoption }: DeployOptions,
): Promise<InspectedTenant> {
  const mark = await stack.mark(markedSignIn);
  const application = await findApplication(
    clouds,
    mark,
    state,
    signIn === OWN_IDENTITY_PROVIDER ? adoption : undefined,
  );
  // The application may have been deleted; the run then creates it again.
  const all =
    (application &&
      (await listClientSecrets(clouds.graph, application, listStackMarks(mark, state)).catch(
        ignoreNotFound,
      ))) ??
    [];
  const obsolete = findObsoleteClientSecrets({
    all,
    state,
    mark,
    deployed: undefined,
    now: clouds.entra.now(),
  });
  const hasOrphan = obsolete.some(({ reason }) => reason === "orphaned");
  const readWithSecrets = async () => readTenantState(await stack.export({ secrets: true }), signIn);
  const resent =
    resend || hasOrphan ? await resendClientSecret(clouds, await readWithSecrets(), application) : undefined;
  if (resend && resent && "refused" in resent)
    throw new UserError(
      prefixTenant(signIn, `Entra does not accept the client secret in the state: ${resent.refused}`),
      [
        `Cloudflare keeps the one it has. Create a new client secret: npx entra-access rotate${formatTenantOption(signIn)} --force`,
      ],
    );
  const identityProvider = state.resources.get("identityProvider")?.id;
  return {
    signIn,
    settings,
    clouds,
    markedSignIn,
    application,
    mark,
    resent,
    isOrphaned: application !== undefined && !state.resources.has("application"),
    actionNeeded:
      application && identityProvider
        ? await findUnmanagedIdentityProviders(clouds, application.appId, identityProvider)
        : [],
    keyIds: new Set(all.map(({ keyId }) => keyId)),
  };
}

async function findApplication(
  { graph }: DeployerClouds,
  mark: string,
  state: TenantState,
  adoption: AdoptedResources | undefined,
): Promise<ApplicationIds | undefined> {
  if (adoption) return adoption.application;
  return readApplicationIds(state) ?? (await findMarkedApplication(graph, mark));
}

/** Creates what the search for orphaned objects needs of a tenant. */
export function createSearchContext(
  { clouds, settings, application }: InspectedTenant,
  deployedIds: SearchContext["deployedIds"],
): SearchContext {
  const known = new Map<string, Promise<unknown>>();
  const once = <T>(key: string, read: () => Promise<T>): Promise<T> => {
    const reading = (known.get(key) as Promise<T> | undefined) ?? read();
    known.set(key, reading);
    return reading;
  };
  const readDeployerId = async () =>
    String(decodeAccessToken(await acquireGraphToken(settings, clouds.entra)).oid);
  return { clouds, application, deployedIds, once, getDeployerId: () => once("deployer", readDeployerId) };
}
