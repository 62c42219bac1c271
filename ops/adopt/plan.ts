import { decodeAccessToken } from "../clients/access-token";
import { acquireGraphToken, type DeployerClouds } from "../clients/deployer";
import { UserError } from "../errors";
import { readTenantState, type TenantResourceKind } from "../recovery/tenant-state";
import type { ConfigValues, Stack } from "../stacks";
import { keyImportsByResource as keyedByResource, wrapWithImports } from "../stacks/imports";
import { type AccountAccess, readAccountAccess } from "./access/account";
import type { AccessImport, AccessKind, AccessSelection } from "./access/select";
import { selectUnchangedAccess } from "./access/select-unchanged";
import { type AdoptionCandidate, findCandidates } from "./candidates";
import { classifyChanges } from "./classify";
import { type AdoptionBlocker, buildAdoptedConfig, type DeployerIdentity, findBlockers } from "./settings";

/** What adopting would do; documented in docs/operations.md. */
export interface AdoptReport {
  readonly schema: "entra-access/adopt/1";
  readonly stack: string;
  readonly result: "can be adopted" | "refused" | "choose" | "nothing found" | "adopted" | "differs";
  readonly tenantId: string;
  readonly accountId: string;
  readonly teamName: string;
  readonly candidates: readonly {
    identityProviderId: string;
    name: string;
    application: string;
    clientId: string;
  }[];
  /** What looks alike and is no candidate. */
  readonly others: readonly string[];
  readonly takesOver: readonly { kind: TenantResourceKind | AccessKind; name: string; id: string }[];
  /** What is set in Pulumi.<stack>.yaml, by full key; what else is there stays. */
  readonly settings: ConfigValues;
  /** What changes in the clouds, beside the new client secret. */
  readonly changes: readonly string[];
  readonly refused: readonly AdoptionBlocker[];
  /** Client secrets and what lets people in, as far as they stay as they are and the stack does not know them. */
  readonly notTakenOver: readonly string[];
}

export interface AdoptionPlan {
  readonly report: AdoptReport;
  /** Absent unless the report says "can be adopted". */
  readonly candidate?: AdoptionCandidate;
  /** Groups, policies and applications of Access that are taken over with it. */
  readonly access?: readonly AccessImport[];
}

export interface AdoptionPlanOptions {
  /** Which one, where there are several. */
  readonly identityProviderId?: string | undefined;
  /** Leaves groups, policies and applications of Access out; default false. */
  readonly withoutAccess?: boolean;
}

/**
 * Looks what is there and asks the engine what it would do with it. Changes nothing, in no place.
 */
export async function planAdoption(
  stack: Stack,
  clouds: DeployerClouds,
  { identityProviderId, withoutAccess = false }: AdoptionPlanOptions = {},
): Promise<AdoptionPlan> {
  if (!clouds.accountId)
    throw new UserError("no Cloudflare account is set", [
      "pulumi config set accountId <32 hexadecimal digits>",
    ]);
  if (readTenantState(await stack.export()).resources.size > 0)
    throw new UserError(`stack ${stack.name} has an application or an identity provider already`, [
      "Adopt into a new stack: pulumi stack init <name>",
      "Only a stack's own tenant is adopted. Of a further tenant, name what the account has: access.identityProviders.<name>.id",
    ]);
  const found = await findCandidates(clouds, clouds.tenantId);
  const { tenantId, accountId } = clouds;
  const candidates = found.candidates.map(({ identityProvider: { id, name }, application }) => ({
    identityProviderId: id,
    name,
    application: application.displayName ?? "",
    clientId: application.appId ?? "",
  }));
  const { teamName, others } = found;
  const start = { stack: stack.name, tenantId, accountId, teamName, candidates, others };
  const nothing = { takesOver: [], settings: {}, changes: [], refused: [], notTakenOver: [] };
  const ends = (result: AdoptReport["result"]): AdoptionPlan => ({
    report: { schema: "entra-access/adopt/1", ...start, result, ...nothing },
  });
  if (candidates.length === 0) return ends("nothing found");
  const chosen = found.candidates.filter(
    ({ identityProvider }) => identityProvider.id === (identityProviderId ?? identityProvider.id),
  );
  const [candidate, second] = chosen;
  if (!candidate)
    throw new UserError(`no candidate is identity provider ${identityProviderId}`, [
      `There are ${candidates.map((one) => one.identityProviderId).join(", ")}.`,
    ]);
  if (second) return ends("choose");

  const current = await stack.config();
  const declared = buildAdoptedConfig(found, candidate, clouds);
  const refused = findBlockers(candidate, await stack.mark(), await deployerOf(stack, clouds));
  // Where there is nothing to import, the engine would plan to make it; a permission without a name it cannot take.
  const isWhole = candidate.consent && !candidate.permissions.some((name) => name.includes("/"));
  const settingsWith = (take: AccessSelection) =>
    keyed(stack, { ...declared, access: take.settings }, current);
  const all = await readAccountAccess(clouds);
  const left = withoutAccess ? "not asked for" : hasAccess(current) ? "the stack has settings of access" : "";
  const { take, changes } = await selectUnchangedAccess(
    all,
    candidate.identityProvider.id,
    leaving(all, left),
    async (taking) => {
      if (!isWhole) return [];
      const imports = [
        ...keyedByResource(listSignInImports(candidate, accountId)),
        ...listAccessImports(taking.taken, accountId),
      ];
      const config = { ...current, ...(await settingsWith(taking)) };
      return (await stack.preview({ around: wrapWithImports(async () => imports), config })).changes;
    },
  );
  const judged = classifyChanges(changes);
  const problems = [...refused, ...judged.refused];
  return {
    candidate,
    access: take.taken,
    report: {
      ...ends(problems.length > 0 ? "refused" : "can be adopted").report,
      takesOver: [
        ...takenOver(candidate),
        ...take.taken.map(({ part: kind, name, id }) => ({ kind, name, id })),
      ],
      settings: await settingsWith(take),
      changes: judged.accepted,
      refused: problems,
      notTakenOver: [...secretsOf(candidate), ...take.left, ...all.gaps],
    },
  };
}

/** By resource of the program, ids as the provider imports them. */
export function listAccessImports(taken: readonly AccessImport[], accountId: string) {
  return taken.map(({ key, id }) => [key, `accounts/${accountId}/${id}`] as const);
}

const hasAccess = (settings: ConfigValues) => Object.keys(settings).some((key) => key.endsWith(":access"));

/** All of it, for one reason; nothing where there is none. */
function leaving({ groups, policies, applications }: AccountAccess, reason: string): Map<string, string> {
  const all = reason ? [...groups, ...policies, ...applications] : [];
  return new Map(all.map(({ id }) => [id, reason]));
}

/** Ids as the providers import them. */
export function listSignInImports(
  { application, servicePrincipal, consent, identityProvider }: AdoptionCandidate,
  accountId: string,
): ReadonlyMap<TenantResourceKind, string> {
  return new Map<TenantResourceKind, string>([
    ["application", `/applications/${application.id}`],
    ["servicePrincipal", `/servicePrincipals/${servicePrincipal?.id}`],
    ["consent", `/oauth2PermissionGrants/${consent?.id}`],
    ["identityProvider", `accounts/${accountId}/${identityProvider.id}`],
  ]);
}

function takenOver({ application, servicePrincipal, consent, identityProvider }: AdoptionCandidate) {
  return [
    { kind: "application" as const, name: application.displayName ?? "", id: application.id ?? "" },
    {
      kind: "servicePrincipal" as const,
      name: servicePrincipal?.displayName ?? "",
      id: servicePrincipal?.id ?? "",
    },
    { kind: "consent" as const, name: consent?.scope?.trim() ?? "", id: consent?.id ?? "" },
    { kind: "identityProvider" as const, name: identityProvider.name, id: identityProvider.id },
  ].filter(({ id }) => id);
}

function secretsOf({ application }: AdoptionCandidate): string[] {
  return (application.passwordCredentials ?? []).map(
    ({ displayName, keyId, hint, endDateTime }) =>
      `client secret "${displayName ?? ""}" (${keyId}, begins with ${hint}, ends ${endDateTime}): nobody can read it`,
  );
}

/** By full key. An empty group says something only where there was another one. */
async function keyed(stack: Stack, settings: ConfigValues, current: ConfigValues): Promise<ConfigValues> {
  const project = (await stack.mark()).replace(/^entra-access:(.*)\/.*$/, "$1");
  const all = Object.entries(settings).map(([name, value]) => [`${project}:${name}`, value] as const);
  return Object.fromEntries(
    all.filter(([key, value]) => key in current || Object.keys(Object(value)).length > 0),
  );
}

async function deployerOf(stack: Stack, { entra }: DeployerClouds): Promise<DeployerIdentity> {
  const {
    oid = "",
    roles = [],
    scp,
  } = decodeAccessToken(await acquireGraphToken(await stack.providerSettings(), entra));
  return { id: oid, roles, isPerson: scp !== undefined };
}
