import { createHash } from "node:crypto";

/** The trust in tokens of a CI system, which replace a client secret. */
export interface FederatedCredential {
  readonly name: string;
  readonly issuer: string;
  readonly subject: string;
  readonly audiences: readonly [string];
}

/** The names by which CI systems tell an identity's jobs from others. */
export interface Workload {
  /** The environment of the jobs, at GitHub. */
  readonly environment: string;
  /** The service connection of the jobs, in Azure DevOps. */
  readonly serviceConnection: string;
}

/** A CI system that issues tokens for its jobs. */
export interface Issuer {
  /** Begins the names of credentials, and is the option of `bootstrap`. */
  readonly option: string;
  /** The form of the name that a repository, project or stack has there. */
  readonly form: string;
  /** Lists issuer, subject and audience of the jobs; undefined if the name does not have the form. */
  listSubjects(given: string, workload: Workload): readonly [string, string, string][] | undefined;
}

export type IssuerName = "github" | "gitlab" | "azureDevOps" | "pulumiCloud";

const EXCHANGE = "api://AzureADTokenExchange";

/** CI systems, with the subjects that they document. */
export const ISSUERS: Readonly<Record<IssuerName, Issuer>> = {
  github: {
    // https://docs.github.com/actions/reference/openid-connect-reference
    option: "github",
    form: "<owner>/<repository> or <owner>@<id>/<repository>@<id>",
    listSubjects(given, { environment }) {
      if (!/^[\w.-]+\/[\w.-]+$|^[\w.-]+@\d+\/[\w.-]+@\d+$/.test(given)) return undefined;
      const subject = `repo:${given}:environment:${environment}`;
      return [["https://token.actions.githubusercontent.com", subject, EXCHANGE]];
    },
  },
  gitlab: {
    // https://docs.gitlab.com/ci/cloud_services/azure/
    option: "gitlab",
    form: "<group>/<project> or its address",
    // The subject has the branch and no environment, and Entra compares it as a whole.
    listSubjects(given) {
      const [, host = "https://gitlab.com", path] =
        /^(?:(https:\/\/[\w.-]+)\/)?([\w.-]+(?:\/[\w.-]+)+)$/.exec(given) ?? [];
      return path === undefined ? undefined : [[host, `project_path:${path}:ref_type:branch:ref:main`, host]];
    },
  },
  azureDevOps: {
    // https://learn.microsoft.com/azure/devops/pipelines/release/configure-workload-identity
    option: "azure-devops",
    form: "<organization id>/<organization>/<project>",
    listSubjects(given, { serviceConnection }) {
      const [, id, project] =
        /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\/([^/]+\/[^/]+)$/i.exec(given) ?? [];
      return id === undefined
        ? undefined
        : [[`https://vstoken.dev.azure.com/${id}`, `sc://${project}/${serviceConnection}`, EXCHANGE]];
    },
  },
  pulumiCloud: {
    // https://www.pulumi.com/docs/deployments/guides/oidc/azure/
    option: "pulumi-cloud",
    form: "<organization>/<project>/<stack>",
    // A stack signs in as one identity, whatever the operation.
    listSubjects(given) {
      const [, organization, project, stack] = /^([\w.-]+)\/([\w.-]+)\/([\w.-]+)$/.exec(given) ?? [];
      if (organization === undefined) return undefined;
      const scope = `pulumi:deploy:org:${organization}:project:${project}:stack:${stack}`;
      return ["preview", "update", "refresh", "destroy"].map((operation) => [
        "https://api.pulumi.com/oidc",
        `${scope}:operation:${operation}:scope:write`,
        organization,
      ]);
    },
  },
};

export const ISSUER_NAMES = Object.keys(ISSUERS) as IssuerName[];

/** Repositories, projects and stacks, by their CI system. */
export type TrustedWorkloads = Readonly<Partial<Record<IssuerName, readonly string[]>>>;

/** Lists the names that do not have the form of their CI system. */
export function listMalformedNames(trusted: TrustedWorkloads): { issuer: IssuerName; given: string }[] {
  const workload = { environment: "x", serviceConnection: "x" };
  return ISSUER_NAMES.flatMap((issuer) =>
    (trusted[issuer] ?? [])
      .filter((given) => ISSUERS[issuer].listSubjects(given, workload) === undefined)
      .map((given) => ({ issuer, given })),
  );
}

/** Lists the federated credentials of an identity. */
export function listCredentials(trusted: TrustedWorkloads, workload: Workload): FederatedCredential[] {
  return ISSUER_NAMES.flatMap((name) =>
    (trusted[name] ?? [])
      .flatMap((given) => ISSUERS[name].listSubjects(given, workload) ?? [])
      .map(([issuer, subject, audience]) => ({
        name: `${ISSUERS[name].option}-${createHash("sha256").update(`${issuer} ${subject}`).digest("hex").slice(0, 8)}`,
        issuer,
        subject,
        audiences: [audience],
      })),
  );
}
