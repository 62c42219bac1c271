import { EntraApplication } from "../../../components/entra/application";
import type { ApplicationLookUps, EntraApplicationArgs } from "../../../components/entra/application-args";
import { lookUpTenants } from "../../../components/entra/directory/tenant-objects";
import { setVisibility } from "../../../components/entra/my-apps";
import { readPresentLists } from "../../../components/entra/undeclared";
import {
  answers,
  deployerObjectId,
  microsoftGraph,
  microsoftGraphObjectId,
  observed,
  order,
  resources,
  startProgram,
  tenantId,
} from "../../support/mocks";

const args: EntraApplicationArgs = {
  displayName: "Cloudflare Access (contoso)",
  teamName: "contoso",
  clientSecret: { endDate: "2027-05-01T00:00:00Z" },
};
const declare = async (changed: Partial<EntraApplicationArgs> = {}, lookUps: ApplicationLookUps = {}) => {
  new EntraApplication("entra", { ...args, ...changed }, observed, lookUps);
  return { declared: await resources() };
};

beforeEach(startProgram);

describe("what others set in Entra", () => {
  const claims = {
    accessTokens: [],
    idTokens: [
      { name: "groups", source: "", essential: false, additionalProperties: ["sam_account_name"] },
      { name: "upn", source: "user", essential: true, additionalProperties: [] },
    ],
    saml2Tokens: [],
  };
  const lookUp = "azuread:index/getApplication:getApplication";
  const principals = "azuread:index/getServicePrincipals:getServicePrincipals";
  afterEach(() => delete answers[lookUp]);
  const list = (ignored: string[] | undefined) => [...(ignored ?? [])].sort();

  it("is ignored where it is not declared, but not where tokens go", async () => {
    const { declared } = await declare();
    const ignored = list(declared["entra-application"]?.opts.ignoreChanges);
    expect(ignored).toEqual(
      [
        "api",
        "appRoles",
        "description",
        "deviceOnlyAuthEnabled",
        "groupMembershipClaims",
        "identifierUris",
        "logoImage",
        "marketingUrl",
        "notes",
        "oauth2PostResponseRequired",
        "optionalClaims",
        "privacyStatementUrl",
        "serviceManagementReference",
        "supportUrl",
        "termsOfServiceUrl",
        "web.homepageUrl",
        "web.logoutUrl",
      ].sort(),
    );
    expect(declared["entra-service-principal"]?.opts.ignoreChanges).toContain("notes");
  });

  it("is declared and no longer ignored where a setting says so", async () => {
    const settings = {
      homepageUrl: "https://wiki.contoso.example",
      notes: "n",
      serviceManagementReference: "s",
    };
    const { declared } = await declare({ ...settings, hidden: true, assignedGroups: {}, emailClaim: true });
    const { inputs, opts } = declared["entra-application"] ?? {};
    expect(inputs).toMatchObject({
      notes: "n",
      serviceManagementReference: "s",
      web: { homepageUrl: "https://wiki.contoso.example" },
      appRoles: [{ value: "access" }],
    });
    const declaredPaths = [
      "web.homepageUrl",
      "notes",
      "serviceManagementReference",
      "appRoles",
      "optionalClaims",
    ];
    expect(list(opts?.ignoreChanges).filter((path) => declaredPaths.includes(path))).toEqual([]);
    expect(declared["entra-service-principal"]?.inputs.tags).toEqual([
      "WindowsAzureActiveDirectoryIntegratedApp",
      "HideApp",
    ]);
  });

  it("keeps its tags and claims beside the stack's, except marks of stacks", async () => {
    answers[lookUp] = {
      tags: ["HideApp", "entra-access:before/test", "AZ-4711"],
      optionalClaims: [claims],
    };
    const present = await readPresentLists("object", {});
    const { declared } = await declare({ emailClaim: true, tags: ["webApp", "HideApp"] }, { present });
    expect(declared["entra-application"]?.inputs).toMatchObject({
      tags: ["entra-access:entra-access/test", "webApp", "HideApp", "AZ-4711"],
      optionalClaims: {
        idTokens: [
          { name: "groups", essential: false, additionalProperties: ["sam_account_name"] },
          { name: "upn", source: "user", essential: true },
          { name: "email", essential: false },
        ],
      },
    });
  });

  it("is nothing where the application was deleted; any other failure of the look-up stops the program", async () => {
    const missing = '[object_id] Application with object ID "object" was not found';
    answers[lookUp] = new Error(missing);
    expect(await readPresentLists("object", {})).toEqual({ tags: [], idTokenClaims: [] });
    answers[lookUp] = new Error("403 Forbidden");
    await expect(readPresentLists("object", {})).rejects.toThrow(
      "Could not read the application object in Microsoft Entra ID: ",
    );
  });

  it("is read for each application of the last update, in one look-up of service principals per tenant", async () => {
    answers[lookUp] = { tags: ["AZ-4711"], optionalClaims: [] };
    const servicePrincipal = { clientId: "client", objectId: "principal", tags: ["webApp"] };
    answers[principals] = { servicePrincipals: [servicePrincipal, microsoftGraph] };
    const getLastOutputs = (name: string) =>
      name === "added" ? {} : { applicationObjectId: "object", clientId: "client" };
    const tenant = { tenantId, deployerObjectId, microsoftGraphObjectId };
    expect(await lookUpTenants(["entra", "added"], getLastOutputs, {})).toEqual({
      entra: {
        tenantObjects: { ...tenant, servicePrincipal },
        present: { tags: ["AZ-4711"], idTokenClaims: [] },
      },
      added: { tenantObjects: tenant, present: { tags: [], idTokenClaims: [] } },
    });
    expect(order.filter(({ name }) => name === principals)).toHaveLength(2);
  });

  it.each([
    [true, ["webApp"], ["webApp", "HideApp"]],
    [true, ["HideApp"], ["HideApp"]],
    [false, ["HideApp", "webApp"], ["webApp"]],
  ])(
    "keeps the other tags of the service principal with hidden: %s and %j",
    async (hidden, present, expected) => {
      expect(setVisibility(hidden, present)).toEqual(expected);
    },
  );

  it("assigns a role that the application has, and makes none", async () => {
    const appRoleId = "00000000-0000-0000-0000-000000000000";
    const group = { name: "engineers", objectId: "70c461b8-92ea-4fd3-9b87-c3b4ef60d297" };
    const { declared } = await declare({ assignedGroups: { [group.name]: group.objectId }, appRoleId });
    expect(declared["entra-assignment-engineers"]?.inputs).toMatchObject({ appRoleId });
    expect(declared).not.toHaveProperty("entra-app-role");
    expect(declared["entra-application"]?.inputs).not.toHaveProperty("appRoles");
    expect(declared["entra-application"]?.opts.ignoreChanges).toContain("appRoles");
  });
});
