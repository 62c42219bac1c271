import { Deployer, type DeployerArgs, DeployerJob } from "../../../components/entra/deployer";
import { getRoleId } from "../../../config/deployer/app-roles";
import { JOB_NAMES } from "../../../config/deployer/jobs";
import { microsoftGraphObjectId, observed, resolved, resources, startProgram } from "../../support/mocks";

const args: DeployerArgs = {
  displayName: "entra-access-production",
  jobs: ["deploy"],
  trusts: {
    github: ["contoso/access"],
    azureDevOps: ["6804a3a0-e94c-41ae-9343-c5676fd58375/contoso/Identity"],
  },
};
const declare = async (change: Partial<DeployerArgs> = {}) => {
  new Deployer("production", { ...args, ...change }, observed);
  return resources();
};
const listConsents = (declared: object) =>
  Object.keys(declared).flatMap((name) => /^production-consent-(.*)/.exec(name)?.[1] ?? []);
const listSubjects = async (change: Partial<DeployerArgs> = {}) =>
  Object.values(await declare(change))
    .filter(({ type }) => type.endsWith(":ApplicationFederatedIdentityCredential"))
    .map(({ inputs }) => inputs.subject);

beforeEach(startProgram);

describe("Deployer", () => {
  it("is an application without a secret that has the least permissions of its job", async () => {
    const deployer = new Deployer("production", args, observed);
    const permissions = ["Application.ReadWrite.OwnedBy", "DelegatedPermissionGrant.ReadWrite.All"];
    expect(await resolved(deployer.graphPermissions)).toEqual(permissions);
    expect(await resolved(deployer.cloudflarePermissions)).toEqual([
      "Access: Organizations, Identity Providers, and Groups Write",
    ]);
    const declared = await resources();
    expect(declared["production-application"]?.inputs).toMatchObject({
      displayName: "entra-access-production",
      signInAudience: "AzureADMyOrg",
      requiredResourceAccesses: [
        { resourceAccesses: permissions.map((name) => ({ id: getRoleId(name), type: "Role" })) },
      ],
    });
    expect(listConsents(declared)).toEqual(permissions);
    expect(declared["production-consent-Application.ReadWrite.OwnedBy"]?.inputs).toEqual({
      appRoleId: getRoleId("Application.ReadWrite.OwnedBy"),
      principalObjectId: "production-service-principal-object",
      resourceObjectId: microsoftGraphObjectId,
    });
    expect(Object.values(declared).map(({ type }) => type)).not.toContain(
      "azuread:index/applicationPassword:ApplicationPassword",
    );
    for (const name of ["application", "service-principal"])
      expect(declared[`production-${name}`]?.opts.protect).toBe(true);
  });

  it("has the permissions of all its jobs, also those of settings that others require", async () => {
    expect(listConsents(await declare({ jobs: ["rotate", "drift"] }))).toEqual([
      "Application.ReadWrite.OwnedBy",
      "Directory.Read.All",
    ]);
    await startProgram();
    expect(listConsents(await declare({ features: ["assignedOnly"] }))).toContain("GroupMember.Read.All");
  });

  it("trusts the jobs of an environment and of a service connection, and no others", async () => {
    expect(await listSubjects()).toEqual([
      "repo:contoso/access:environment:production",
      "sc://contoso/Identity/entra-access-production",
    ]);
    await startProgram();
    expect(await listSubjects({ environment: "live", serviceConnection: "azure" })).toEqual([
      "repo:contoso/access:environment:live",
      "sc://contoso/Identity/azure",
    ]);
  });

  it("leaves the consent to others on request", async () => {
    const declared = await declare({ consents: false });
    expect(listConsents(declared)).toEqual([]);
    expect(declared["production-application"]?.inputs.requiredResourceAccesses).toHaveLength(1);
  });

  it.each<[Partial<DeployerArgs>, string]>([
    [{ jobs: [] }, "jobs must not be empty; known are deploy, "],
    [{ jobs: ["admin" as "deploy"] }, 'jobs must be among deploy, rotate, .*; found "admin"'],
    [{ features: ["all"] }, 'features must be among accessRules, .*; found "all"'],
    [{ trusts: { github: ["contoso"] } }, 'trusts.github must be <owner>/<repository> .*; found "contoso"'],
    [
      { trusts: { pulumiCloud: ["contoso/prod"] } },
      "trusts.pulumiCloud must be <organization>/<project>/<stack>",
    ],
  ])("refuses %j before it declares anything", async (change, message) => {
    await expect(declare(change)).rejects.toThrow(new RegExp(`\\n  ${message}`));
    expect(await resources()).toEqual({});
  });

  it("knows every job of the table", () => {
    expect(Object.values(DeployerJob)).toEqual(JOB_NAMES);
  });
});
