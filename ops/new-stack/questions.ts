import { existsSync } from "node:fs";
import { join } from "node:path";
import { GUID_PATTERN, HOST_NAME_PATTERN, textField } from "../../config/fields";
import { ENVIRONMENTS, type Environment, targetFields } from "../../config/target";
import { causeOf } from "../checks/check";
import { hintFor, UserError } from "../errors";
import type { Site } from "./site";

/** What a stack is made of. */
export interface Answers {
  /** Name of the stack. */
  readonly stack: string;
  readonly teamName: string;
  readonly accountId: string;
  readonly tenantId: string;
  readonly environment: Environment;
}

export type Asked = "stack" | "teamName" | "accountId" | "tenantId";

export interface Question {
  readonly name: Asked;
  /** How the answer is given on the command line. */
  readonly flag: string;
  readonly asks: string;
  /**
   * What the answer settles.
   *
   * @param soFar the answers before, and the cloud if it was named
   * @throws WrongAnswer where another answer would do
   */
  check(typed: string, soFar: Partial<Answers>, site: Site): Promise<Partial<Answers>>;
}

export class WrongAnswer extends UserError {
  /** @param from the question whose answer may be the wrong one, if that is an earlier one */
  constructor(
    message: string,
    next: readonly string[] = [],
    readonly from?: Asked,
  ) {
    super(message, next);
  }
}

/** In the order in which they are asked: each is checked against the answers before. */
export const QUESTIONS: readonly Question[] = [
  {
    name: "stack",
    flag: "[stack]",
    asks: "Name of the stack, for example payments-contoso:",
    async check(typed, _soFar, { stacks, folder }) {
      shaped(STACK_NAME, typed);
      if (stacks.some(({ name }) => name === typed))
        throw new WrongAnswer(`there is a stack ${typed} already`);
      if (existsSync(join(folder, `Pulumi.${typed}.yaml`)))
        throw new WrongAnswer(
          `there is a Pulumi.${typed}.yaml already, of a stack that is not in this backend`,
        );
      return { stack: typed };
    },
  },
  {
    name: "teamName",
    flag: "--team",
    asks: "Cloudflare team name, the part before .cloudflareaccess.com:",
    async check(typed) {
      shaped(targetFields.teamName, typed);
      return { teamName: typed };
    },
  },
  {
    name: "accountId",
    flag: "--account",
    asks: "Cloudflare account id:",
    async check(typed, { teamName }, site) {
      shaped(targetFields.accountId, typed);
      const { auth_domain } = await site
        .cloudflare()
        .zeroTrust.organizations.list({ account_id: typed })
        .catch(refusedByCloudflare);
      if (auth_domain !== `${teamName}.cloudflareaccess.com`)
        throw new WrongAnswer(
          `the team of that account is ${auth_domain}, not ${teamName}.cloudflareaccess.com`,
          [],
          "teamName",
        );
      return { accountId: typed };
    },
  },
  {
    name: "tenantId",
    flag: "--tenant",
    asks: "Entra tenant id, or a domain of the tenant such as contoso.onmicrosoft.com:",
    async check(typed, { teamName, environment }, site) {
      const tenant = await findTenant(typed.toLowerCase(), environment, site);
      const other = site.stacks.find(
        ({ target }) => target.teamName === teamName && target.tenantId?.toLowerCase() === tenant.tenantId,
      );
      if (other)
        throw new WrongAnswer(
          `stack ${other.name} signs people of that tenant in to team ${teamName} already`,
          [`npx entra-access up ${other.name}`],
        );
      return tenant;
    },
  },
];

/** As the engine has it, without names that are paths or look like options. */
const STACK_NAME = textField(
  "a name of 1 to 100 letters, digits, hyphens, underscores and periods that begins with a letter or digit",
  /^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$/,
);

const TENANT = textField(
  "the directory (tenant) id, a GUID, or a domain of the tenant",
  new RegExp(`${GUID_PATTERN.source}|${HOST_NAME_PATTERN.source}`, "i"),
);

function shaped(shape: ReturnType<typeof textField>, typed: string): void {
  const { error } = shape.safeParse(typed);
  if (error) throw new WrongAnswer(`the answer ${error.issues[0]?.message}; found ${JSON.stringify(typed)}`);
}

/** Sign-in hosts: https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud */
const ENVIRONMENT_OF: Readonly<Record<string, Environment>> = {
  "login.microsoftonline.com": "public",
  "login.microsoftonline.us": "usgovernment",
  "login.partner.microsoftonline.cn": "china",
  "login.chinacloudapi.cn": "china",
};

/** Looks for a tenant by id or domain; where nobody named a cloud, in all of them. */
async function findTenant(
  tenant: string,
  named: Environment | undefined,
  { env, entra }: Site,
): Promise<Pick<Answers, "tenantId" | "environment">> {
  shaped(TENANT, tenant);
  // Whoever names the host of the metadata has no other cloud in mind.
  const only = named ?? (env.ARM_METADATA_HOSTNAME ? "public" : undefined);
  const refusals: string[] = [];
  for (const asked of only ? [only] : ENVIRONMENTS) {
    const { issuer, refused } = await entra(asked)
      .then((cloud) => cloud.openIdConfiguration(tenant))
      .catch((error: Error) => ({ issuer: undefined, refused: error.message }));
    const { hostname, pathname } = new URL(issuer ?? "https://nowhere/");
    const tenantId = pathname.split("/")[1] ?? "";
    const environment = ENVIRONMENT_OF[hostname] ?? asked;
    if (issuer && named && environment !== named)
      throw new WrongAnswer(`that tenant is in cloud ${environment}, not ${named}`);
    if (issuer) return { tenantId, environment };
    refusals.push(`${asked}: ${String(refused).split(". ")[0]}`);
  }
  throw new WrongAnswer(`there is no such tenant; ${refusals.join("; ")}`);
}

/** Another account may do where Cloudflare says no; where it says nothing, none does. */
function refusedByCloudflare(error: Error & { status?: number }): never {
  const cause = causeOf(error);
  const { status = 500 } = error;
  if (status >= 500 || status === 429) throw new UserError(`Cloudflare could not be asked: ${cause}`);
  throw new WrongAnswer(cause, [hintFor(cause)?.advice ?? "Check CLOUDFLARE_API_TOKEN."]);
}
