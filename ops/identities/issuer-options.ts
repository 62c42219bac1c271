import {
  type FederatedCredential,
  ISSUER_NAMES,
  ISSUERS,
  type IssuerName,
  listCredentials,
  listMalformedNames,
  type TrustedWorkloads,
} from "../../config/deployer/issuers";
import { UsageError } from "../errors";
import type { IdentityName } from "./identities";

/** The option of `bootstrap` that names repositories, projects or stacks of a CI system. */
interface IssuerOption {
  readonly placeholder: string;
  readonly description: string;
  /** Identities that can be told apart there. Default: all. */
  readonly identities?: readonly IdentityName[];
}

export const ISSUER_OPTIONS: Readonly<Record<IssuerName, IssuerOption>> = {
  github: {
    placeholder: "<o/r>",
    description: "GitHub repositories: contoso/access, or with ids contoso@123456/access@456789",
  },
  gitlab: {
    placeholder: "<project>",
    description: "GitLab projects: contoso/access, or https://gitlab.contoso.example/contoso/access",
    identities: ["drift", "rotation", "production"],
  },
  azureDevOps: {
    placeholder: "<project>",
    description: "Azure DevOps projects: <organization id>/<organization>/<project>",
  },
  pulumiCloud: {
    placeholder: "<stack>",
    description: "stacks of Pulumi Deployments: <organization>/<project>/<stack>",
    identities: ["production"],
  },
};

/** @throws UsageError for a name that does not have the form of its CI system */
export function requireNames(trusted: TrustedWorkloads): void {
  const [malformed] = listMalformedNames(trusted);
  if (!malformed) return;
  const { option, form } = ISSUERS[malformed.issuer];
  throw new UsageError(`--${option} must be ${form}; found "${malformed.given}"`);
}

/** Lists the federated credentials of an identity. @param prefix of the identities' names */
export function listIdentityCredentials(
  trusted: TrustedWorkloads,
  identity: IdentityName,
  prefix: string,
): FederatedCredential[] {
  requireNames(trusted);
  const told = ISSUER_NAMES.filter((name) => ISSUER_OPTIONS[name].identities?.includes(identity) ?? true);
  const own = Object.fromEntries(told.map((name) => [name, trusted[name] ?? []]));
  return listCredentials(own, { environment: identity, serviceConnection: `${prefix}-${identity}` });
}
