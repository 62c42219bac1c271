import { ISSUERS, type IssuerName } from "../../../config/deployer/issuers";
import { UsageError } from "../../../ops/errors";
import { listIdentityCredentials } from "../../../ops/identities/issuer-options";

const list = (name: IssuerName, ...given: string[]) =>
  listIdentityCredentials({ [name]: given }, "production", "entra-access").map(
    ({ issuer, subject, audiences }) => [issuer, subject, audiences[0]],
  );
const EXCHANGE = "api://AzureADTokenExchange";
const GITHUB = "https://token.actions.githubusercontent.com";
const ORGANIZATION = "6804a3a0-e94c-41ae-9343-c5676fd58375";

it.each([
  ["github", "contoso/access", [[GITHUB, "repo:contoso/access:environment:production", EXCHANGE]]],
  [
    "github",
    "contoso@123456/access@456789",
    [[GITHUB, "repo:contoso@123456/access@456789:environment:production", EXCHANGE]],
  ],
  [
    "gitlab",
    "contoso/platform/access",
    [
      [
        "https://gitlab.com",
        "project_path:contoso/platform/access:ref_type:branch:ref:main",
        "https://gitlab.com",
      ],
    ],
  ],
  [
    "gitlab",
    "https://git.contoso.example/it/access",
    [
      [
        "https://git.contoso.example",
        "project_path:it/access:ref_type:branch:ref:main",
        "https://git.contoso.example",
      ],
    ],
  ],
  [
    "azureDevOps",
    `${ORGANIZATION}/contoso/Identity`,
    [
      [
        `https://vstoken.dev.azure.com/${ORGANIZATION}`,
        "sc://contoso/Identity/entra-access-production",
        EXCHANGE,
      ],
    ],
  ],
  [
    "pulumiCloud",
    "contoso/entra-access/prod",
    ["preview", "update", "refresh", "destroy"].map((operation) => [
      "https://api.pulumi.com/oidc",
      `pulumi:deploy:org:contoso:project:entra-access:stack:prod:operation:${operation}:scope:write`,
      "contoso",
    ]),
  ],
] as const)("%s %s trusts what that system sends", (name, given, expected) => {
  expect(list(name, given)).toEqual(expected);
});

it("gives each credential a name that Entra accepts and that stays the same", () => {
  const given = {
    github: ["contoso/access", "contoso@123456/access@456789"],
    pulumiCloud: ["contoso/entra-access/prod"],
  };
  const names = listIdentityCredentials(given, "production", "x").map(({ name }) => name);
  expect(new Set(names).size).toBe(6);
  for (const name of names) expect(name).toMatch(/^(github|pulumi-cloud)-[0-9a-f]{8}$/);
  expect(listIdentityCredentials(given, "production", "x").map(({ name }) => name)).toEqual(names);
});

it("trusts a system only for identities that it can tell apart", () => {
  const given = { gitlab: ["contoso/access"], pulumiCloud: ["contoso/entra-access/prod"] };
  const count = (identity: "preview" | "drift" | "production") =>
    listIdentityCredentials(given, identity, "x").length;
  expect([count("preview"), count("drift"), count("production")]).toEqual([0, 1, 5]);
});

it.each([
  ["github", "contoso"],
  ["github", "contoso@1/access"],
  ["github", "contoso/access:ref:main"],
  ["gitlab", "access"],
  ["gitlab", "http://gitlab.example/a/b"],
  ["azureDevOps", "contoso/Identity"],
  ["pulumiCloud", "contoso/prod"],
] as const)("refuses %s %s", (name, given) => {
  expect(() => list(name, given)).toThrow(UsageError);
  expect(() => list(name, given)).toThrow(`--${ISSUERS[name].option} must be `);
});
