import { type AccountAccess, readAccountAccess } from "../clients/account-access";
import { acquireGraphToken, type DeployerClouds } from "../clients/deployer";
import { decodeAccessToken } from "../clients/entra/access-token";
import { UserError } from "../errors";
import { getResourceSearch } from "../recovery/orphans/table";
import { readTenantState, type TenantResourceKind } from "../recovery/tenant-state";
import type { ConfigValues, Stack } from "../stacks";
import { createImportFinder, keyImportsByResource, wrapWithImports } from "../stacks/state/imports";
import type { AccessSelection } from "./access/select";
import { selectUnchangedAccess } from "./access/select-unchanged";
import type { AccessImport, AccessKind } from "./access/selector";
import { findAssignments } from "./assignments";
import { type AdoptionCandidate, describeSecrets, findCandidates } from "./candidates";
import { classifyChanges } from "./classify";
import { readConditionalAccess } from "./conditional-access/read";
import type { ConditionalAccessSelection } from "./conditional-access/select";
import { selectUnchangedConditionalAccess } from "./conditional-access/select-unchanged";
import {
  type AdoptionBlocker,
  buildAdoptedConfig,
  canPreviewImport,
  type DeployerIdentity,
  describeRefusedSetting,
  findBlockers,
  listConditionalAccessConsents,
} from "./settings";

/** The JSON report of `adopt`; every field is documented in docs/commands/adopt.md. */
export interface AdoptReport {
  readonly schema: "entra-access/adopt/1";
  readonly stack: string;
  readonly result: "can be adopted" | "blocked" | "choice needed" | "nothing found" | "adopted" | "drift";
  readonly tenantId: string;
  readonly accountId: string;
  readonly teamName: string;
  readonly candidates: readonly {
    identityProviderId: string;
    name: string;
    application: string;
    clientId: string;
  }[];
  /** Objects that are similar but no candidates, with the reason. */
  readonly similar: readonly string[];
  readonly imports: readonly { kind: TenantResourceKind | AccessKind; name: string; id: string }[];
  /** Config values that are set in Pulumi.<stack>.yaml, by full key; others stay unchanged. */
  readonly settings: ConfigValues;
  /** Changes in the clouds, apart from the new client secret. */
  readonly changes: readonly string[];
  readonly blockers: readonly AdoptionBlocker[];
  /** Client secrets, access rules and Conditional Access that stay unchanged and unmanaged, with the reason. */
  readonly notImported: readonly string[];
}

export interface AdoptionPlan {
  readonly report: AdoptReport;
  /** Present once one candidate was chosen. */
  readonly candidate?: AdoptionCandidate;
  /** Access rules and Conditional Access that are imported with it. */
  readonly access?: readonly AccessImport[];
  /** Access groups that the update creates for it. */
  readonly created?: AccessSelection["created"];
}

export interface AdoptionPlanOptions {
  /** Chooses among several candidates. */
  readonly identityProviderId?: string | undefined;
  /** Does not import groups, policies and applications of Access; default: false. */
  readonly withoutAccess?: boolean;
}

/** Finds what can be adopted and previews its import. Changes nothing. */
export async function planAdoption(
  stack: Stack,
  clouds: DeployerClouds,
  { identityProviderId, withoutAccess = false }: AdoptionPlanOptions = {},
): Promise<AdoptionPlan> {
  if (!clouds.accountId)
    throw new UserError("accountId is required", [
      "Set it: pulumi config set accountId <32 hexadecimal digits>",
    ]);
  if (readTenantState(await stack.export()).resources.size > 0)
    throw new UserError(
      `stack ${stack.name} must be empty to adopt; it already has an application or an identity provider`,
      [
        "Adopt into a new stack: npx entra-access new-stack",
        "Only a stack's own tenant can be adopted. For a further tenant, set the id of the existing identity provider: access.identityProviders.<name>.id",
      ],
    );
  const search = await findCandidates(clouds, clouds.tenantId);
  const { tenantId, accountId } = clouds;
  const candidates = search.candidates.map(({ identityProvider: { id, name }, application }) => ({
    identityProviderId: id,
    name,
    application: application.displayName ?? "",
    clientId: application.appId ?? "",
  }));
  const common = { stack: stack.name, tenantId, accountId, teamName: search.teamName, candidates };
  const nothing = { imports: [], settings: {}, changes: [], blockers: [], notImported: [] };
  const endWith = (result: AdoptReport["result"]): AdoptionPlan => ({
    report: { schema: "entra-access/adopt/1", ...common, similar: search.similar, result, ...nothing },
  });
  if (candidates.length === 0) return endWith("nothing found");
  const chosen = search.candidates.filter(
    ({ identityProvider }) => identityProvider.id === (identityProviderId ?? identityProvider.id),
  );
  const [candidate, second] = chosen;
  if (!candidate)
    throw new UserError(`--identity-provider must be the id of a candidate; found ${identityProviderId}`, [
      `Candidates: ${candidates.map((one) => one.identityProviderId).join(", ")}.`,
    ]);
  if (second) return endWith("choice needed");

  const current = await stack.config();
  const assigned = findAssignments(candidate);
  const consents = listConditionalAccessConsents(candidate);
  const declared = buildAdoptedConfig(search, candidate, { ...clouds, assigned });
  const blockers = findBlockers(candidate, await stack.mark(), await readDeployer(stack, clouds));
  const canPreview = canPreviewImport(candidate);
  const project = await stack.project();
  const settingsWith = (
    selection: AccessSelection,
    { settings: conditionalAccess }: ConditionalAccessSelection,
  ) =>
    addProjectName(
      project,
      {
        ...declared,
        ...(!hasSetting(current, "conditionalAccess") && { conditionalAccess }),
        ...(!hasSetting(current, "access") && {
          access: { ...(assigned && { assignedOnly: true }), ...selection.settings },
        }),
      },
      current,
    );
  const all = await readAccountAccess(clouds);
  const exclusion = withoutAccess
    ? "excluded by --without-access"
    : hasSetting(current, "access")
      ? "the stack already has the setting access"
      : "";
  const conditional = hasSetting(current, "conditionalAccess")
    ? { policies: [], locations: [], unreadable: [] }
    : await readConditionalAccess(clouds.graph);
  const { conditionalAccess, previewed } = await selectUnchangedConditionalAccess(
    conditional,
    String(candidate.application.appId),
    new Map(),
    (tried) =>
      selectUnchangedAccess(all, candidate.identityProvider.id, excludeAll(all, exclusion), {
        settings: (selection) => settingsWith(selection, tried),
        assigned,
        preview: async (selection) => {
          if (!canPreview) return [];
          const imports = [
            ...keyImportsByResource(listSignInImports(candidate, accountId)),
            ...listAccessImports([...consents, ...tried.imports, ...selection.imports], accountId),
          ];
          const config = { ...current, ...settingsWith(selection, tried) };
          const wrapProgram = wrapWithImports(async () => createImportFinder(imports));
          return (await stack.preview({ wrapProgram, config })).changes;
        },
      }),
  );
  const { selection, changes, refused } = previewed;
  const imports = [...consents, ...conditionalAccess.imports, ...selection.imports];
  const classified = classifyChanges(changes);
  const allBlockers = [...blockers, ...refused.map(describeRefusedSetting), ...classified.blockers];
  return {
    candidate,
    access: imports,
    created: selection.created,
    report: {
      ...endWith(allBlockers.length > 0 ? "blocked" : "can be adopted").report,
      imports: [
        ...describeSignInImports(candidate),
        ...imports.map(({ kind, name, id }) => ({ kind, name, id })),
      ],
      settings: settingsWith(selection, conditionalAccess),
      changes: [...classified.allowed, ...selection.changes],
      blockers: allBlockers,
      notImported: [
        ...describeSecrets(candidate),
        ...conditionalAccess.skipped,
        ...selection.skipped,
        ...all.unreadable,
        ...conditional.unreadable,
      ],
    },
  };
}

/** Lists resources of the program with ids in the form that the provider imports. */
export function listAccessImports(imports: readonly AccessImport[], accountId: string) {
  return imports.map(
    ({ kind, key, id }) =>
      [
        key,
        kind === "assignment" || kind === "permission"
          ? id
          : (getResourceSearch(key[0])?.formatImportId?.(id, accountId, {}) ?? id),
      ] as const,
  );
}

const hasSetting = (settings: ConfigValues, name: string) =>
  Object.keys(settings).some((key) => key.endsWith(`:${name}`));

/** Excludes all access rules for one reason; none where the reason is empty. */
function excludeAll({ groups, policies, applications }: AccountAccess, reason: string): Map<string, string> {
  const all = reason ? [...groups, ...policies, ...applications] : [];
  return new Map(all.map(({ id }) => [id, reason]));
}

/** Lists ids in the form that the providers import. */
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

function describeSignInImports(candidate: AdoptionCandidate) {
  const { application, servicePrincipal, consent, identityProvider } = candidate;
  const named = [
    ["application", application.displayName, application.id],
    ["servicePrincipal", servicePrincipal?.displayName, servicePrincipal?.id],
    ["consent", consent?.scope?.trim(), consent?.id],
    ["identityProvider", identityProvider.name, identityProvider.id],
  ] as const;
  return named.flatMap(([kind, name, id]) => (id ? [{ kind, name: name ?? "", id }] : []));
}

/** Adds the project's name to the keys. Leaves out empty groups, except those that replace an existing one. */
function addProjectName(project: string, settings: ConfigValues, current: ConfigValues): ConfigValues {
  const all = Object.entries(settings).map(([name, value]) => [`${project}:${name}`, value] as const);
  return Object.fromEntries(
    all.filter(([key, value]) => key in current || Object.keys(Object(value)).length > 0),
  );
}

async function readDeployer(stack: Stack, { entra }: DeployerClouds): Promise<DeployerIdentity> {
  const {
    oid = "",
    roles = [],
    scp,
  } = decodeAccessToken(await acquireGraphToken(await stack.providerSettings(), entra));
  return { id: oid, roles, isPerson: scp !== undefined };
}
