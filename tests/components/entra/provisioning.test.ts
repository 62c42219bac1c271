import * as pulumi from "@pulumi/pulumi";
import { selectProvisionedGroups } from "../../../components/entra/assignments";
import { EntraProvisioning } from "../../../components/entra/provisioning";
import { parseAccess } from "../../support/access-config";
import { observed, resolved, resources, startProgram } from "../../support/mocks";

/** The hooks that components create, by name; the SDK's mocks run none. */
const hooks = new Map<string, pulumi.ResourceHook>();
jest.mock("@pulumi/pulumi", () => {
  const actual = jest.requireActual("@pulumi/pulumi");
  return {
    ...actual,
    ResourceHook: class extends actual.ResourceHook {
      constructor(name: string, ...rest: unknown[]) {
        super(name, ...rest);
        hooks.set(name, this as unknown as pulumi.ResourceHook);
      }
    },
  };
});

beforeEach(startProgram);

const args = {
  displayName: "Cloudflare Access (contoso) SCIM",
  baseUrl: "https://contoso.cloudflareaccess.com/populations/1/scim/v2",
  secret: "scim_not_a_real_secret",
  groups: { engineers: "group-id" },
};
/** Runs the hook as the SDK does with the inputs that azuread returns: the list is secret, and each value in it. */
const runHook = async (values: string[]) => {
  const value = values.map((one) => ({ key: "key", value: one }));
  const { specialSigKey, specialSecretSig } = pulumi.runtime;
  return hooks.get("entra-scim-secret-is-known")?.callback({
    newInputs: { credentials: pulumi.secret({ [specialSigKey]: specialSecretSig, value }) },
  } as unknown as pulumi.ResourceHookArgs);
};

it("makes an application from the template, its assignments, credentials and job", async () => {
  const provisioning = new EntraProvisioning("entra", args, observed);
  const principal = "entra-scim-application-principal";
  const declared = await resources();
  expect(Object.fromEntries(Object.entries(declared).map(([name, { inputs }]) => [name, inputs]))).toEqual({
    entra: {},
    "entra-scim-application": {
      displayName: args.displayName,
      templateId: "8adf8e6e-67b2-4cf2-a259-e3dc5476c621",
    },
    "entra-scim-assignment-engineers": {
      appRoleId: "18d14569-c3bd-439b-9a66-3a2aee01d14f",
      principalObjectId: "group-id",
      resourceObjectId: principal,
    },
    "entra-scim-secret": {
      servicePrincipalId: `/servicePrincipals/${principal}`,
      credentials: [
        { key: "BaseAddress", value: args.baseUrl },
        { key: "SecretToken", value: args.secret },
      ],
    },
    "entra-scim-job": {
      servicePrincipalId: `/servicePrincipals/${principal}`,
      templateId: "scim",
      enabled: true,
    },
  });
  expect(await resolved(provisioning.jobId)).toBe("entra-scim-job-id");
  // The application goes alone, and takes the others with it.
  for (const name of ["entra-scim-assignment-engineers", "entra-scim-secret", "entra-scim-job"])
    expect(declared[name]?.opts.deletedWith).toBeDefined();
});

it("starts the job after the credentials and all assignments, because later ones wait for the second cycle", async () => {
  new EntraProvisioning("entra", args, observed);
  expect(Object.keys(await resources()).at(-1)).toBe("entra-scim-job");
});

it.each([undefined, "", "****"])("sends no SCIM secret that is %p", async (secret) => {
  new EntraProvisioning("entra", { ...args, secret: pulumi.output(secret) }, observed);
  expect((await resources())["entra-scim-secret"]?.inputs).toMatchObject({
    credentials: [{ value: args.baseUrl }, { key: "SecretToken", value: "" }],
  });
});

it("stops credentials that are not known before they are sent, and says what renews them", async () => {
  new EntraProvisioning("entra", args, observed);
  await resources();
  await expect(runHook(["https://a", "b"])).resolves.toBeUndefined();
  await expect(runHook(["https://a", ""])).rejects.toThrow(
    "entra: Cloudflare's SCIM secret must be in the state; found none. Cloudflare shows it once. Renew it: npx entra-access rotate --scim",
  );
});

it("provisions the groups that rules name in any part, also those that are excluded", () => {
  const access = parseAccess({
    groups: {
      staff: { include: { entraGroups: ["Employees"] }, exclude: { entraGroups: ["Contractors"] } },
      unused: { include: { entraGroups: ["Visitors"] } },
    },
    policies: { staff: { include: ["staff"] } },
  });
  const ids = new Map(["Employees", "Contractors", "Visitors"].map((name) => [name, `${name}-id`]));
  const selected = selectProvisionedGroups(access, "entra", { entra: ids });
  expect(selected.map(({ objectId }) => objectId)).toEqual(["Contractors-id", "Employees-id", "Visitors-id"]);
});
