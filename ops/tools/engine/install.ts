import { UnavailableError } from "./source";

const HOST = "https://get.pulumi.com";
const REACHABLE_WITHIN_MS = 5_000;
const INSTALLED_WITHIN_MS = 300_000;

/** Pulumi's own installer, into `root`. Fails fast where its host is out of reach. Throws {@link UnavailableError}. */
export async function runOfficialInstaller(root: string): Promise<void> {
  await fetch(`${HOST}/install.sh`, {
    method: "HEAD",
    signal: AbortSignal.timeout(REACHABLE_WITHIN_MS),
  }).catch(() => {
    throw new UnavailableError(`${HOST} is out of reach`, `Let this machine reach ${HOST}.`);
  });
  // Loaded here only: the SDK takes a second to load, and most runs have an engine already.
  const { PulumiCommand } = await import("@pulumi/pulumi/automation/index.js");
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new UnavailableError(`the installer of ${HOST} took more than five minutes`)),
      INSTALLED_WITHIN_MS,
    );
  });
  // Without a version it installs the one of the SDK, which is the one we want.
  await Promise.race([PulumiCommand.install({ root }), late])
    .catch((error: Error) => {
      if (error instanceof UnavailableError) throw error;
      throw new UnavailableError(`the installer of ${HOST} failed: ${error.message.split("\n")[0]}`);
    })
    .finally(() => clearTimeout(timer));
}
