import { createHash } from "node:crypto";
import { UsageError } from "../errors";
import type { IdentityName } from "./identities";

/** The trust in tokens of a CI system, which replace a client secret. */
export interface FederatedCredential {
  readonly name: string;
  readonly issuer: string;
  readonly subject: string;
  readonly audiences: readonly [string];
}

/** A CI system that issues tokens for its jobs. */
export interface Issuer {
  /** The option that names a repository, project or stack there. */
  readonly option: string;
  readonly placeholder: string;
  readonly description: string;
  /** Identities that can be told apart there. Default: all. */
  readonly identities?: readonly IdentityName[];
  /** Lists issuer, subject and audience of the jobs. @throws UsageError */
  listSubjects(given: string, identity: IdentityName, prefix: string): readonly [string, string, string][];
}

const EXCHANGE = "api://AzureADTokenExchange";

/** CI systems, with the subjects that they document. */
export const ISSUERS: readonly Issuer[] = [
  {
    // https://docs.github.com/actions/reference/openid-connect-reference
    option: "github",
    placeholder: "<o/r>",
    description: "GitHub repositories: contoso/access, or with ids contoso@123456/access@456789",
    listSubjects(given, identity) {
      if (!/^[\w.-]+\/[\w.-]+$|^[\w.-]+@\d+\/[\w.-]+@\d+$/.test(given))
        throw refuse("github", "<owner>/<repository> or <owner>@<id>/<repository>@<id>", given);
      const subject = `repo:${given}:environment:${identity}`;
      return [["https://token.actions.githubusercontent.com", subject, EXCHANGE]];
    },
  },
  {
    // https://docs.gitlab.com/ci/cloud_services/azure/
    option: "gitlab",
    placeholder: "<project>",
    description: "GitLab projects: contoso/access, or https://gitlab.contoso.example/contoso/access",
    // The subject has the branch and no environment, and Entra compares it as a whole.
    identities: ["drift", "rotation", "production"],
    listSubjects(given) {
      const [, host = "https://gitlab.com", path] =
        /^(?:(https:\/\/[\w.-]+)\/)?([\w.-]+(?:\/[\w.-]+)+)$/.exec(given) ?? [];
      if (path === undefined) throw refuse("gitlab", "<group>/<project> or its address", given);
      return [[host, `project_path:${path}:ref_type:branch:ref:main`, host]];
    },
  },
  {
    // https://learn.microsoft.com/azure/devops/pipelines/release/configure-workload-identity
    option: "azure-devops",
    placeholder: "<project>",
    description: "Azure DevOps projects: <organization id>/<organization>/<project>",
    listSubjects(given, identity, prefix) {
      const [, id, project] =
        /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\/([^/]+\/[^/]+)$/i.exec(given) ?? [];
      if (id === undefined) throw refuse("azure-devops", "<organization id>/<organization>/<project>", given);
      const connection = `${prefix}-${identity}`;
      return [[`https://vstoken.dev.azure.com/${id}`, `sc://${project}/${connection}`, EXCHANGE]];
    },
  },
  {
    // https://www.pulumi.com/docs/deployments/guides/oidc/azure/
    option: "pulumi-cloud",
    placeholder: "<stack>",
    description: "stacks of Pulumi Deployments: <organization>/<project>/<stack>",
    // A stack signs in as one identity, whatever the operation.
    identities: ["production"],
    listSubjects(given) {
      const [, organization, project, stack] = /^([\w.-]+)\/([\w.-]+)\/([\w.-]+)$/.exec(given) ?? [];
      if (organization === undefined) throw refuse("pulumi-cloud", "<organization>/<project>/<stack>", given);
      const scope = `pulumi:deploy:org:${organization}:project:${project}:stack:${stack}`;
      return ["preview", "update", "refresh", "destroy"].map((operation) => [
        "https://api.pulumi.com/oidc",
        `${scope}:operation:${operation}:scope:write`,
        organization,
      ]);
    },
  },
];

function refuse(option: string, form: string, given: string): UsageError {
  return new UsageError(`--${option} must be ${form}; found "${given}"`);
}

/**
 * Lists the federated credentials of an identity.
 *
 * @param given what the options name, by option
 * @param prefix of the identities' names
 */
export function listCredentials(
  given: Readonly<Record<string, readonly string[]>>,
  identity: IdentityName,
  prefix: string,
): FederatedCredential[] {
  return ISSUERS.filter(({ identities }) => !identities || identities.includes(identity)).flatMap((issuer) =>
    (given[issuer.option] ?? [])
      .flatMap((one) => issuer.listSubjects(one, identity, prefix))
      .map(([address, subject, audience]) => ({
        name: `${issuer.option}-${createHash("sha256").update(`${address} ${subject}`).digest("hex").slice(0, 8)}`,
        issuer: address,
        subject,
        audiences: [audience],
      })),
  );
}
