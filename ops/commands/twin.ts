import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Twin } from "../../twin/index";
import { defineCommand } from "../command";
import { LOCAL_FOLDER } from "../demo/local-folder";
import { UserError } from "../errors";
import { flagOption, numberOption } from "../options";
import { buildProviderEnvironment } from "../stacks/environment";
import { createInterruptSignal, waitForAbort } from "../terminal/interrupt";

const portOption = (description: string, byDefault: number) =>
  numberOption(description, { min: 0, max: 65_535, default: byDefault });

export const twinCommand = defineCommand({
  description: `Serves until Ctrl-C and prints the environment with which the Pulumi CLI and the official plugins use the twin. Its
certificate authority stays in .local/twin; everything else is discarded at the end. Port 0 is any free port.`,
  options: {
    "microsoft-port": portOption("metadata, sign-in and Microsoft Graph, HTTPS on localhost", 8443),
    "cloudflare-port": portOption("Cloudflare API, HTTP on 127.0.0.1", 8442),
    "browser-port": portOption("pages for people, HTTP on localhost and its subdomains", 8440),
    control: flagOption("serves the control API too: faults, clock, snapshots (docs/twin.md)"),
    "control-port": portOption("control API, HTTP on 127.0.0.1", 8441),
  },
  async run(options) {
    // Loaded on demand, because it has hundreds of modules.
    const { contoso, startTwin } = require("../../twin/index") as typeof import("../../twin/index");
    const directory = join(LOCAL_FOLDER, "twin");
    const state = join(directory, "state");
    mkdirSync(state, { recursive: true });
    const served = await startTwin({
      microsoftPort: options["microsoft-port"],
      cloudflarePort: options["cloudflare-port"],
      browserPort: options["browser-port"],
      control: options.control,
      controlPort: options["control-port"],
      directory,
    }).catch(explainStart);
    try {
      const environment = join(directory, "env.sh");
      const lines = formatExports({
        ...buildProviderEnvironment(
          { ...served, caFile: writeTrustBundle(served.caFile, directory) },
          {
            tenantId: contoso.tenantId,
            clientId: contoso.deployer.appId,
            clientSecret: contoso.deployer.secret,
            apiToken: contoso.tokens.deployer.value,
          },
        ),
        PULUMI_BACKEND_URL: `file://${state}`,
        PULUMI_CONFIG_PASSPHRASE: "",
      });
      writeFileSync(environment, `${lines.join("\n")}\n`);
      console.log(describeUse(served, lines, environment).join("\n"));
      await waitForAbort(createInterruptSignal());
    } finally {
      await served.close();
    }
    return 0;
  },
});

function explainStart(error: NodeJS.ErrnoException & { port?: number }): never {
  if (error.code !== "EADDRINUSE") throw error;
  throw new UserError(`port ${error.port} must be free; another program uses it`, [
    "Stop that program (another twin?) or use free ports: npx entra-access twin --microsoft-port 0 --cloudflare-port 0 --browser-port 0",
  ]);
}

/** Writes a bundle that also keeps the user's own certificate authorities, such as those of a company's proxy. */
function writeTrustBundle(caFile: string, directory: string): string {
  const own = process.env.SSL_CERT_FILE;
  const bundle = join(directory, "trust.pem");
  // In a shell that has sourced env.sh, SSL_CERT_FILE is this bundle already.
  if (!own || own === bundle) return own ?? caFile;
  writeFileSync(bundle, [own, caFile].map((file) => readFileSync(file, "utf8")).join("\n"));
  return bundle;
}

function formatExports(environment: Readonly<Record<string, string>>): string[] {
  return Object.entries(environment).map(([name, value]) => `export ${name}='${value}'`);
}

function describeUse(served: Twin, lines: readonly string[], file: string): string[] {
  return [
    "The twin is serving. Ctrl-C stops it.",
    `  Microsoft   ${served.microsoftUrl}  (metadata, sign-in, Microsoft Graph)`,
    `  Cloudflare  ${served.cloudflareUrl}`,
    `  Browser     ${served.browserUrl}`,
    ...(served.controlUrl ? [`  Control     ${served.controlUrl}`] : []),
    `  CA          ${served.caFile}`,
    "",
    "In another terminal, in the checkout:",
    `  source ${file}`,
    "  pulumi stack select --create dev && pulumi up",
    "",
    "That file contains (invented secrets; the passphrase is empty):",
    ...lines.map((line) => `  ${line}`),
    "",
    "Instead of the two addresses in the environment, you can set the stack's config:",
    `  pulumi config set azuread:metadataHost ${served.metadataHost}`,
    `  pulumi config set cloudflare:baseUrl ${served.cloudflareUrl}`,
  ];
}
