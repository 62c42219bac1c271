import { join } from "node:path";
import {
  addRequiredFeatures,
  FEATURES,
  type FeatureName,
  JOB_NAMES,
  type JobName,
  listNeededPermissions,
} from "../../config/deployer/jobs";
import { compareStackPeople } from "../../ops/access-review/compare/compare-stack";
import { reviewOpenStacks } from "../../ops/access-review/review-stacks";
import { readMemberships } from "../../ops/access-review/sources/memberships";
import { recordAdoption, runAdoption } from "../../ops/adopt/adopt";
import { planAdoption } from "../../ops/adopt/plan";
import { verifyStack } from "../../ops/checks/verify-stack";
import { connectClouds } from "../../ops/clients/deployer";
import { checkAccount } from "../../ops/drift/account/check";
import { checkStack } from "../../ops/drift/stack/check";
import { updateClientSecrets } from "../../ops/recovery/client-secrets/client-secrets-only";
import { checkRemainder, requestRotation } from "../../ops/recovery/client-secrets/rotate";
import { deployStack } from "../../ops/recovery/deploy";
import type { ConfigValues, Stack } from "../../ops/stacks";
import { buildProviderEnvironment } from "../../ops/stacks/environment";
import { Progress } from "../../ops/terminal/progress";
import { contoso, type PrincipalSeed, type Seed } from "../../twin/index";
import { useEngineFixture } from "../support/engine-fixture";
import { FEATURE_SETTINGS } from "../support/feature-settings";
import { nameCalls, type RecordedJob, readRecordedJobs, writeRecordedJobs } from "../support/job-requests";
import { findPrincipalId, makeByHand } from "../support/made-by-hand";
import { sized } from "../support/size";

const progress = new Progress({ write: () => true });
const guid = (digit: number) => `${String(digit).repeat(8)}-0000-4000-8000-000000000000`;
/** One identity per job, with the least permissions. */
const IDENTITIES = Object.fromEntries(
  JOB_NAMES.map((job, index) => [
    job,
    {
      appId: job === "deploy" ? contoso.deployer.appId : guid(index),
      secret: `${job}-not-a-real-secret`,
      token: `${job}_not_a_real_token`.padEnd(40, "0"),
    },
  ]),
) as Record<JobName, { appId: string; secret: string; token: string }>;

function createSeed(features: readonly FeatureName[]): Seed {
  const needed = (job: JobName) => listNeededPermissions(job, features);
  const { administrator, auditor } = contoso;
  const principals: PrincipalSeed[] = JOB_NAMES.map((job) => {
    const { appId, secret } = IDENTITIES[job];
    return { appId, secret, displayName: job, permissions: [...needed(job).graph] };
  });
  const tokens = JOB_NAMES.map((job) => {
    return { name: job, value: IDENTITIES[job].token, permissions: [...needed(job).cloudflare] };
  });
  const publisher = {
    ...administrator,
    permissions: [...administrator.permissions, "AuthenticationContext.ReadWrite.All"],
  };
  const wide = ["Zero Trust Write", "Cloudflare Tunnel Write", "Access: Apps and Policies Write"];
  const hand = { ...contoso.tokens.deployer, name: "hand" };
  return {
    tenants: [{ ...contoso.tenant, principals: [...principals, publisher, auditor] }],
    accounts: [
      {
        ...contoso.account,
        tokens: [...tokens, { ...hand, permissions: [...hand.permissions, ...wide] }],
      },
    ],
  };
}

const lab = useEngineFixture();
let stacks = 0;
let recorded: RecordedJob[] = [];

/** Opens one stack as the identity of a job. */
function open(job: JobName, directory: string, config: ConfigValues = {}): Promise<Stack> {
  const { appId: clientId, secret: clientSecret, token: apiToken } = IDENTITIES[job];
  const { tenantId } = contoso;
  const env = buildProviderEnvironment(lab.twin, { tenantId, clientId, clientSecret, apiToken });
  return lab.stack({ directory, config, env });
}

/** Records a job; what a test does by hand meanwhile does not count. */
async function record(job: JobName, feature: FeatureName | undefined, run: () => Promise<unknown>) {
  const from = lab.twin.requests.length;
  await run();
  const own = lab.twin.requests.slice(from).filter(({ caller }) => caller === job);
  recorded.push({
    job,
    ...(feature && { feature }),
    requests: nameCalls(own.filter(({ status }) => status !== 403)),
    refused: nameCalls(own.filter(({ status }) => status === 403)),
  });
}

const prefixed = (settings: ConfigValues): ConfigValues =>
  Object.fromEntries(Object.entries(settings).map(([name, value]) => [`entra-access:${name}`, value]));
const NOTHING = { access: {}, identityProvider: {}, conditionalAccess: {} };

async function recordJobs(feature?: FeatureName): Promise<void> {
  lab.twin.reset(createSeed(feature ? addRequiredFeatures([feature]) : []));
  stacks += 1;
  const directory = join(lab.folder, `jobs-${stacks}`);
  const administrator = await lab.administrator();
  const objectIds = await Promise.all(
    ([contoso.deployer, IDENTITIES.rotate, contoso.administrator] as const).map(({ appId }) =>
      findPrincipalId(administrator, appId),
    ),
  );
  const owners = objectIds.slice(0, 2);
  if (feature === "requiredContexts")
    await administrator.graph
      .api("/identity/conditionalAccess/authenticationContextClassReferences/c1")
      .patch({ displayName: "Vault", isAvailable: true });
  const config = prefixed({ application: { owners }, protect: false });
  const stack = await open("deploy", directory, config);
  const configure = async (settings: ConfigValues) => {
    Object.assign(config, prefixed(settings));
    await stack.configure(config);
  };

  await record("deploy", feature, async () => {
    await deployStack(stack, { progress });
    if (feature) await configure(FEATURE_SETTINGS[feature]);
    if (feature === "addedOwners") await configure({ application: { owners: objectIds } });
    await deployStack(stack, { progress });
    if (feature) return;
    await configure({ permissions: { names: ["User.Read", "GroupMember.Read.All"] } });
    Object.assign(config, prefixed({ credential: { rotation: 2, compromised: 1 } }));
    await requestRotation(stack, "compromised");
    await deployStack(stack, { progress });
  });
  const preview = await open("preview", directory, config);
  const hasRules = feature !== undefined && addRequiredFeatures([feature]).includes("accessRules");
  await record("preview", feature, async () => {
    expect((await preview.preview()).changes).toEqual([]);
    if (hasRules) expect((await compareStackPeople(preview, "counts")).applications).toEqual([]);
  });
  const verify = await open("verify", directory, config);
  await record("verify", feature, async () => expect((await verifyStack(verify)).result).toBe("in sync"));
  const access = await open("access", directory, config);
  await record("access", feature, async () => {
    const { directories, madeAt: now } = await reviewOpenStacks([access], false);
    for (const { tenantId, graph } of directories)
      await expect(readMemberships(graph, { tenantId, groupIds: [], now })).rejects.toThrow(
        "AuditLog.Read.All",
      );
  });
  const drift = await open("drift", directory, config);
  const { applicationObjectId } = await stack.outputs();
  await administrator.graph
    .api(`/applications/${applicationObjectId?.value}`)
    .patch({ spa: { redirectUris: ["https://spa.example/callback"] } });
  await record("drift", feature, async () => {
    const { drift: found, account } = await checkStack(drift, "counts");
    expect(JSON.stringify(found.people ?? {})).not.toContain("unknown");
    expect([found.result, found.differences.length, found.unchecked]).toEqual(["drift", 1, []]);
    const { accountId } = contoso;
    const managedIds = account?.managedIds ?? [];
    const since = "2020-01-01T00:00:00Z";
    await checkAccount(drift, { accountId, since, changed: [], managedIds: managedIds.slice(1), unread: [] });
  });
  const rotate = await open("rotate", directory, config);
  await requestRotation(rotate, "forced");
  await record("rotate", feature, async () => {
    const result = await updateClientSecrets(rotate, progress);
    expect([result.failed, result.updated.length]).toEqual([[], 1]);
    // Only what was changed by hand is left.
    expect(await checkRemainder(rotate)).toEqual([expect.stringMatching(/^1 resource is not in sync/)]);
  });
  await record("deploy", feature, async () => {
    await configure(NOTHING);
    await deployStack(stack, { progress });
    await stack.destroy();
  });
}

async function recordAdopt(): Promise<void> {
  lab.twin.reset(createSeed([]));
  const administrator = await lab.administrator();
  const made = await makeByHand(administrator, { owned: false });
  const owner = {
    "@odata.id": `https://graph.microsoft.com/v1.0/directoryObjects/${await findPrincipalId(administrator, IDENTITIES.adopt.appId)}`,
  };
  for (const path of [
    `applications/${made.applicationObjectId}`,
    `servicePrincipals/${made.servicePrincipalObjectId}`,
  ])
    await administrator.graph.api(`/${path}/owners/$ref`).post(owner);
  const stack = await open("adopt", join(lab.folder, "adopt"));
  await record("adopt", undefined, async () => {
    const plan = await planAdoption(stack, await connectClouds(await stack.providerSettings()));
    if (!plan.candidate) throw new Error("nothing to adopt");
    expect(plan.report.blockers).toEqual([]);
    const adoption = await recordAdoption(stack, plan.candidate, plan.report, plan.access);
    await runAdoption(stack, adoption, progress);
  });
}

/** Joins the records of the same job and feature. */
function joinRecords(records: readonly RecordedJob[]): RecordedJob[] {
  const joined = new Map<string, RecordedJob>();
  for (const one of records) {
    const key = `${one.job} ${one.feature ?? ""}`;
    const { requests = [], refused = [] } = joined.get(key) ?? {};
    const merge = (some: readonly string[], more: readonly string[]) =>
      [...new Set([...some, ...more])].sort();
    joined.set(key, {
      ...one,
      requests: merge(requests, one.requests),
      refused: merge(refused, one.refused),
    });
  }
  return [...joined.values()];
}

/** With `TEST_RECORD` the recordings are written instead of compared. */
const isRecording = Boolean(process.env.TEST_RECORD);
type Case = "adopt" | "no feature" | FeatureName;
const all: readonly Case[] = ["adopt", "no feature", ...(Object.keys(FEATURES) as FeatureName[])];

test.each(sized<readonly Case[]>(["adopt"], all))(
  "with the least permissions, the jobs of a stack with %s make the recorded requests",
  async (name) => {
    recorded = [];
    const feature = name === "adopt" || name === "no feature" ? undefined : name;
    await (name === "adopt" ? recordAdopt() : recordJobs(feature));
    const now = joinRecords(recorded);
    const isNow = (one: RecordedJob) =>
      now.some(({ job, feature: other }) => job === one.job && other === one.feature);
    if (isRecording) writeRecordedJobs([...readRecordedJobs().filter((one) => !isNow(one)), ...now]);
    else expect(readRecordedJobs().filter(isNow).sort(byName)).toEqual(now.sort(byName));
  },
);

const byName = (a: RecordedJob, b: RecordedJob) => (a.job < b.job ? -1 : 1);
