import { join } from "node:path";
import { contoso } from "../../twin/index";
import { Stack } from "../stacks";
import { buildProviderEnvironment } from "../stacks/environment";
import { pc } from "../terminal/progress";
import { ensureEngine } from "../tools/engine";
import { COMPANY_FOLDER, companyAccess, companySeed, companyTenants, connectPartner } from "./company";
import { runOnTwin } from "./own-twin";
import { findLanguageHost, preparePlugins, type TwinRunOptions } from "./plugins";

/** Deploys the example company on a twin; in a terminal, the twin then serves until Ctrl-C. */
export async function runLocalCompany({ once, kind }: TwinRunOptions): Promise<number> {
  return runOnTwin(async ({ signal, progress, directory, start, serve }) => {
    const engine = await ensureEngine({ progress, signal, verify: true });
    const languageHost = findLanguageHost(engine, progress);
    const twin = await progress.step("Starting the twin", () => start(companySeed));
    const pulumiHome = await preparePlugins({ engine, progress, kind });
    const open = (name: keyof typeof companyTenants) => {
      const { tenantId, deployer, tokens } = companyTenants[name];
      const signIn = { tenantId, clientId: deployer.appId, clientSecret: deployer.secret };
      const env = buildProviderEnvironment(twin, { ...signIn, apiToken: tokens.deployer.value });
      const own = join(directory, name);
      return Stack.open({
        name,
        env,
        directory: own,
        pulumiHome,
        engine,
        languageHost,
        signal,
        projectFolder: COMPANY_FOLDER,
      });
    };
    const [partner, company] = [await open("fabrikam"), await open("contoso")];
    await progress.step("pulumi up, stack fabrikam: the partner's sign-in", () => partner.up());
    await connectPartner(partner, company);
    const { changes } = await progress.step("pulumi up, stack contoso", () => company.up());
    progress.line(`${pc.green("✓")} ${changes.length} resources hold the access rules`);
    const { applications } = await companyAccess(company);
    for (const key of ["intranet", "portal", "vault"]) {
      const host = applications[key]?.hostnames[0] ?? "";
      progress.line(`  ${key.padEnd(10)} ${twin.browserUrlOf(`https://${host}/`)}`);
    }
    progress.line(
      `  ${"mail".padEnd(10)} ${twin.browserUrl} (one-time PINs, after entering root@contoso.example at the vault)`,
    );
    if (!once && process.stdout.isTTY)
      await serve(
        `\nThe twin of team ${contoso.teamName} is serving. Ctrl-C stops it and discards everything.`,
      );
  });
}
