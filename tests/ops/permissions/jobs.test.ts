import {
  addRequiredFeatures,
  FEATURES,
  type FeatureName,
  JOB_NAMES,
  JOBS,
  type Job,
  listNeededPermissions,
  listNeededRoles,
  listObstaclesForPeople,
  type Permissions,
} from "../../../config/deployer/jobs";
import { comparePermissions, findFeatures, listWiderPermissions } from "../../../ops/permissions/compare";
import { DIRECTORY_ROLES } from "../../../ops/permissions/roles";
import { contoso } from "../../../twin/index";
import type { DirectoryRole } from "../../../twin/store/entra/directory-roles";
import { FEATURE_SETTINGS } from "../../support/feature-settings";
import {
  isCallAllowed,
  isCallAllowedForPerson,
  type RecordedJob,
  readRecordedJobs,
} from "../../support/job-requests";

const recorded = readRecordedJobs();
const describeJob = ({ job, feature }: RecordedJob) => `${job}${feature ? ` with ${feature}` : ""}`;
const cases = recorded.map((one) => [describeJob(one), one] as const);
const listNeeded = ({ job, feature }: RecordedJob) =>
  listNeededPermissions(job, addRequiredFeatures(feature ? [feature] : []));
const findRefused = (requests: readonly string[], granted: Permissions) =>
  requests.filter((call) => !isCallAllowed(call, granted));
const without = ({ graph, cloudflare }: Permissions, permission: string): Permissions => ({
  graph: graph.filter((one) => one !== permission),
  cloudflare: cloudflare.filter((one) => one !== permission),
});

it("is what the deployers of the twin's default seed have, with which most tests deploy", () => {
  const { deployer, tokens } = contoso;
  const { graph, cloudflare } = listNeededPermissions("deploy");
  expect([deployer.permissions, tokens.deployer.permissions]).toEqual([graph, cloudflare]);
});

it("has a recording of every job, and of every feature in the jobs of a stack in use", () => {
  const features = [undefined, ...(Object.keys(FEATURES) as FeatureName[])];
  const inUse = JOB_NAMES.filter((job) => job !== "adopt");
  const expected = inUse.flatMap((job) =>
    features.map((feature) => describeJob({ job, feature } as RecordedJob)),
  );
  expect(cases.map(([name]) => name).sort()).toEqual([...expected, "adopt"].sort());
});

// The settings do not tell whether an owner is added; SCIM by itself needs no further permission.
const inSettings = (Object.keys(FEATURES) as FeatureName[]).filter(
  (feature) => feature !== "addedOwners" && feature !== "scim",
);
test.each(inSettings)("%s is found in the settings that have it", async (feature) => {
  const read = (name: string) => JSON.stringify(FEATURE_SETTINGS[feature][name] ?? {});
  expect(await findFeatures(read)).toContain(feature);
});

describe.each(cases)("%s", (_name, one) => {
  const needed = listNeeded(one);

  it("needs no more than the listed permissions", () => {
    expect(findRefused(one.requests, needed)).toEqual([]);
    expect(one.refused.filter((call) => isCallAllowed(call, needed))).toEqual([]);
  });

  const own = one.feature ? (JOBS[one.job] as Job).features[one.feature] : JOBS[one.job].always;
  const each = [...(own?.graph ?? []), ...(own?.cloudflare ?? [])];
  if (each.length > 0)
    it.each(each)("fails without %s, which the comparison names", (permission) => {
      const less = without(needed, permission);
      expect(findRefused(one.requests, less)).not.toEqual([]);
      const missing = (["graph", "cloudflare"] as const).flatMap(
        (cloud) => comparePermissions(needed[cloud], less[cloud]).missing,
      );
      expect(missing).toEqual([permission]);
    });

  it("does as well with each wider permission that the comparison accepts", () => {
    for (const least of needed.graph)
      for (const wider of listWiderPermissions(least, needed.graph)) {
        const other = without(needed, least);
        const refused = findRefused(one.requests, { ...other, graph: [...other.graph, wider] });
        expect([least, wider, refused]).toEqual([least, wider, []]);
      }
  });
});

/** Read for a report that says what it could not read. */
const OPTIONAL_FOR_PEOPLE = ["graph GET /auditLogs/directoryAudits"];

describe.each(cases)("a person who does %s", (_name, one) => {
  const features = addRequiredFeatures(one.feature ? [one.feature] : []);
  const needed = listNeededRoles(one.job, features) as DirectoryRole[];
  const findRefusedFor = (roles: readonly DirectoryRole[]) =>
    one.requests.filter(
      (call) => !OPTIONAL_FOR_PEOPLE.includes(call) && !isCallAllowedForPerson(call, roles, one),
    );

  if (listObstaclesForPeople(one.job, features).length > 0)
    it("is refused even as Global Administrator, because the Azure CLI lacks permissions", () => {
      expect(findRefusedFor(["Global Administrator"])).not.toEqual([]);
    });
  else {
    it(`needs no more than ${needed.join(" and ") || "to be a member of the tenant"}`, () => {
      expect(findRefusedFor(needed)).toEqual([]);
    });
    if (needed.length > 0)
      it.each(needed)("is refused without %s, and does as well with each wider role", (role) => {
        const less = needed.filter((other) => other !== role);
        expect(findRefusedFor(less)).not.toEqual([]);
        for (const wider of DIRECTORY_ROLES[role]?.wider ?? [])
          expect([wider, findRefusedFor([...less, wider as DirectoryRole])]).toEqual([wider, []]);
      });
  }
});

describe.each(JOB_NAMES)("the optional permissions of %s", (job) => {
  const [bare] = recorded.filter((one) => one.job === job && !one.feature) as [RecordedJob];
  const optional = (JOBS[job] as Job).optional.map(({ permission }) => permission);
  const grant = (permissions: readonly string[]): Permissions => {
    const { graph, cloudflare } = listNeeded(bare);
    return { graph: [...graph, ...permissions], cloudflare: [...cloudflare, ...permissions] };
  };

  it("let it do everything that it does without otherwise, and none is superfluous", () => {
    expect(findRefused(bare.refused, grant(optional))).toEqual([]);
    const superfluous = optional.filter(
      (permission) =>
        findRefused(bare.refused, grant(optional.filter((one) => one !== permission))).length === 0,
    );
    expect(superfluous).toEqual([]);
  });
});
