/** The sign-in by the Azure CLI, as the plugin uses it where no client is configured. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** @throws Error with the plugin's message, and what the CLI says */
export async function readCliToken(scope: string, tenantId: string, env: NodeJS.ProcessEnv): Promise<string> {
  const args = ["account", "get-access-token", "-o", "json", "--scope", scope, "--tenant", tenantId];
  try {
    const { stdout } = await promisify(execFile)("az", args, { env });
    return String(JSON.parse(stdout).accessToken);
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: string };
    throw new Error(`building client: running Azure CLI: ${stderr || message}`);
  }
}
