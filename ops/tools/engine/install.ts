import { fetch } from "undici";
import { createProxyAgent } from "../../../clouds/proxy-agent";
import { UnavailableError } from "./source";

const HOST = "https://get.pulumi.com";
const REACH_TIMEOUT_MS = 5_000;
const INSTALL_TIMEOUT_MS = 300_000;

/** Fails fast where the host of Pulumi's downloads is out of reach. @throws UnavailableError */
export async function requireInstallerHost(env: NodeJS.ProcessEnv): Promise<void> {
  await fetch(`${HOST}/install.sh`, {
    method: "HEAD",
    dispatcher: createProxyAgent(env, undefined),
    signal: AbortSignal.timeout(REACH_TIMEOUT_MS),
  }).catch(() => {
    throw new UnavailableError(`${HOST} is out of reach`, `Allow this machine to reach ${HOST}.`);
  });
}

/** Runs Pulumi's installer into `root`. @throws UnavailableError */
export async function runOfficialInstaller(root: string, env: NodeJS.ProcessEnv): Promise<void> {
  await requireInstallerHost(env);
  // Loaded on demand, because the SDK takes a second to load and most machines have an engine.
  const { PulumiCommand } = await import("@pulumi/pulumi/automation/index.js");
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new UnavailableError(`the installer of ${HOST} took more than five minutes`)),
      INSTALL_TIMEOUT_MS,
    );
  });
  // Without a version it installs that of the SDK.
  await Promise.race([PulumiCommand.install({ root }), timeout])
    .catch((error: Error) => {
      if (error instanceof UnavailableError) throw error;
      throw new UnavailableError(`the installer of ${HOST} failed: ${error.message.split("\n")[0]}`);
    })
    .finally(() => clearTimeout(timer));
}
