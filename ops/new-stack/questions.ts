import { existsSync } from "node:fs";
import { join } from "node:path";
import { ENVIRONMENTS, type Environment, findTeamsDomain, targetFields } from "../../config/target";
import { GUID_PATTERN, textField } from "../../config/values/fields";
import { HOST_NAME_PATTERN } from "../../config/values/hosts";
import { describeCloudError } from "../clients/errors";
import { findHint, UserError } from "../errors";
import type { NewStackContext } from "./context";

/** The answers from which a stack is created. */
export interface StackAnswers {
  /** Name of the stack. */
  readonly stack: string;
  readonly teamName: string;
  readonly accountId: string;
  readonly tenantId: string;
  readonly environment: Environment;
}

export type QuestionName = "stack" | "teamName" | "accountId" | "tenantId";

export interface StackQuestion {
  readonly name: QuestionName;
  /** The option of the command for this answer. */
  readonly flag: string;
  readonly prompt: string;
  /**
   * Checks the answer and returns the values that it determines.
   *
   * @param previous the answers before it, and the cloud if it was given
   * @throws InvalidAnswerError where another answer may be valid
   */
  check(
    typed: string,
    previous: Partial<StackAnswers>,
    context: NewStackContext,
  ): Promise<Partial<StackAnswers>>;
}

export class InvalidAnswerError extends UserError {
  /** @param from an earlier question whose answer may be the invalid one */
  constructor(
    message: string,
    next: readonly string[] = [],
    readonly from?: QuestionName,
  ) {
    super(message, next);
  }
}

/** The questions in order; each answer is checked against those before it. */
export const STACK_QUESTIONS: readonly StackQuestion[] = [
  {
    name: "stack",
    flag: "[name]",
    prompt: "Name of the stack, for example payments-contoso:",
    async check(typed, _previous, { stacks, folder }) {
      requireFormat(STACK_NAME, typed);
      if (stacks.some(({ name }) => name === typed))
        throw new InvalidAnswerError(`stack ${typed} already exists`);
      if (existsSync(join(folder, `Pulumi.${typed}.yaml`)))
        throw new InvalidAnswerError(
          `Pulumi.${typed}.yaml already exists, for a stack that is not in this backend`,
        );
      return { stack: typed };
    },
  },
  {
    name: "teamName",
    flag: "--team",
    prompt: "Cloudflare team name, the part before .cloudflareaccess.com:",
    async check(typed) {
      requireFormat(targetFields.teamName, typed);
      return { teamName: typed };
    },
  },
  {
    name: "accountId",
    flag: "--account",
    prompt: "Cloudflare account id:",
    async check(typed, { teamName }, context) {
      requireFormat(targetFields.accountId, typed);
      const { auth_domain } = await context
        .cloudflare()
        .zeroTrust.organizations.list({ account_id: typed })
        .catch(explainRefusal);
      if (!findTeamsDomain(auth_domain, teamName ?? ""))
        throw new InvalidAnswerError(
          `the account must belong to team ${teamName}.cloudflareaccess.com; found ${auth_domain}`,
          [],
          "teamName",
        );
      return { accountId: typed };
    },
  },
  {
    name: "tenantId",
    flag: "--tenant",
    prompt: "Entra tenant id, or a domain of the tenant such as contoso.onmicrosoft.com:",
    async check(typed, { teamName, environment }, context) {
      const tenant = await findTenant(typed.toLowerCase(), environment, context);
      const other = context.stacks.find(
        ({ target }) => target.teamName === teamName && target.tenantId?.toLowerCase() === tenant.tenantId,
      );
      if (other)
        throw new InvalidAnswerError(`stack ${other.name} already connects that tenant to team ${teamName}`, [
          `Update that stack: npx entra-access up ${other.name}`,
        ]);
      return tenant;
    },
  },
];

/** The engine's rule, without names that are paths or look like options. */
const STACK_NAME = textField(
  "a name of 1 to 100 letters, digits, hyphens, underscores and periods that begins with a letter or digit",
  /^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$/,
);

const TENANT = textField(
  "the directory (tenant) id, a GUID, or a domain of the tenant",
  new RegExp(`${GUID_PATTERN.source}|${HOST_NAME_PATTERN.source}`, "i"),
);

function requireFormat(shape: ReturnType<typeof textField>, typed: string): void {
  const { error } = shape.safeParse(typed);
  if (error) throw new InvalidAnswerError(`${error.issues[0]?.message}; found ${JSON.stringify(typed)}`);
}

/** Sign-in hosts: https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud */
const ENVIRONMENTS_BY_HOST: Readonly<Record<string, Environment>> = {
  "login.microsoftonline.com": "public",
  "login.microsoftonline.us": "usgovernment",
  "login.partner.microsoftonline.cn": "china",
  "login.chinacloudapi.cn": "china",
};

/** Finds a tenant by id or domain; without a given cloud, searches all of them. */
async function findTenant(
  tenant: string,
  given: Environment | undefined,
  { env, entra }: NewStackContext,
): Promise<Pick<StackAnswers, "tenantId" | "environment">> {
  requireFormat(TENANT, tenant);
  // A metadata host determines the cloud.
  const only = given ?? (env.ARM_METADATA_HOSTNAME ? "public" : undefined);
  const refusals: string[] = [];
  for (const searched of only ? [only] : ENVIRONMENTS) {
    const { issuer, refused } = await entra(searched)
      .then((cloud) => cloud.readOpenIdConfiguration(tenant))
      .catch((error: Error) => ({ issuer: undefined, refused: error.message }));
    const { hostname, pathname } = new URL(issuer ?? "https://nowhere/");
    const tenantId = pathname.split("/")[1] ?? "";
    const environment = ENVIRONMENTS_BY_HOST[hostname] ?? searched;
    if (issuer && given && environment !== given)
      throw new InvalidAnswerError(`the tenant must be in cloud ${given}; found it in ${environment}`);
    if (issuer) return { tenantId, environment };
    refusals.push(`${searched}: ${String(refused).split(". ")[0]}`);
  }
  throw new InvalidAnswerError(`the tenant does not exist; ${refusals.join("; ")}`);
}

/** Another account may be valid where Cloudflare refuses this one, but not where Cloudflare does not respond. */
function explainRefusal(error: Error & { status?: number }): never {
  const cause = describeCloudError(error);
  const { status = 500 } = error;
  if (status >= 500 || status === 429) throw new UserError(`the account could not be checked: ${cause}`);
  throw new InvalidAnswerError(cause, [findHint(cause)?.advice ?? "Check CLOUDFLARE_API_TOKEN."]);
}
