import { Access, type AccessArgs } from "../../provider/access";
import { accountId, observed, resources, startProgram } from "../support/mocks";

const engineers = "70c461b8-92ea-4fd3-9b87-c3b4ef60d297";
const args: AccessArgs = {
  accountId,
  entra: { id: "own-id", entraGroups: { Engineers: engineers } },
  identityProviders: { emergency: { id: "pin-id", oneTimePin: true } },
  rules: {
    groups: {
      engineers: { include: { entraGroups: ["Engineers"] } },
      byId: { include: { entraGroups: [engineers] } },
    },
    policies: { staff: { include: ["engineers", "byId"] } },
    applications: {
      wiki: {
        hostnames: ["wiki.contoso.example"],
        policies: ["staff"],
        cors: { origins: ["all"], methods: ["GET"] },
      },
    },
  },
};
const withGroup = (include: object, identityProvider = "entra"): AccessArgs => ({
  ...args,
  rules: { ...args.rules, groups: { ...args.rules.groups, engineers: { identityProvider, include } } },
});

beforeEach(startProgram);

describe("Access for other languages", () => {
  it("takes Entra groups by name and by id, and lists whose only entry is all", async () => {
    const access = new Access("access", args, observed);
    const declared = await resources();
    for (const name of ["access-group-engineers", "access-group-byId"])
      expect(declared[name]?.inputs.includes).toEqual([
        { azureAd: { identityProviderId: "own-id", id: engineers } },
      ]);
    expect(declared["access-application-wiki"]?.inputs.corsHeaders).toMatchObject({
      allowAllOrigins: true,
      allowedMethods: ["GET"],
    });
    expect(Object.keys(access.audiences)).toEqual(["wiki"]);
  });

  it.each([
    [
      "a rule that is no rule",
      { emial: ["a@contoso.example"] },
      "entra",
      /rules\.groups\.engineers\.include/,
    ],
    ["an unknown identity provider", { emails: ["a@contoso.example"] }, "okta", /identityProvider must be/],
    ["a domain for one-time PINs", { emailDomains: ["contoso.example"] }, "emergency", /must not be set/],
    ["an Entra group without object id", { entraGroups: ["Sales"] }, "entra", /"Sales" was not resolved/],
  ])("refuses %s", (_what, include, identityProvider, message) => {
    expect(() => new Access("access", withGroup(include, identityProvider))).toThrow(message);
  });

  it("refuses a second identity provider named entra", () => {
    const identityProviders = { entra: { id: "another-id" } };
    expect(() => new Access("access", { ...args, identityProviders })).toThrow(
      /\n {2}identityProviders\.entra must have another name/,
    );
  });
});
