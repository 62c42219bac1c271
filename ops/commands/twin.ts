import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { contoso, startTwin, type Twin } from "../../twin/index";
import type { Command } from "../command";
import { UsageError, UserError } from "../errors";
import { buildProviderEnvironment } from "../stacks/environment";
import { createInterruptSignal, waitForAbort } from "../terminal/interrupt";
import { LOCAL_FOLDER } from "./local-folder";

const MICROSOFT_PORT = 8443;
const CLOUDFLARE_PORT = 8442;
const CONTROL_PORT = 8441;
const BROWSER_PORT = 8440;

export const twinCommand: Command = {
  usage: `usage: npm run twin [-- --microsoft-port ${MICROSOFT_PORT} --cloudflare-port ${CLOUDFLARE_PORT}]

Serves until Ctrl-C and prints the environment with which the ordinary Pulumi CLI and the official plugins use it.
Its certificate authority stays in .local/twin, everything else is forgotten when it ends.

  --microsoft-port <n>   metadata, sign-in and Microsoft Graph, HTTPS on localhost (default ${MICROSOFT_PORT})
  --cloudflare-port <n>  Cloudflare API, HTTP on 127.0.0.1 (default ${CLOUDFLARE_PORT}); 0 for any means a free port
  --browser-port <n>     what people open, HTTP on localhost and names below it (default ${BROWSER_PORT})
  --control              serves the control API too: faults, clock, snapshots (docs/twin.md)
  --control-port <n>     its port, HTTP on 127.0.0.1 (default ${CONTROL_PORT})`,
  options: {
    "microsoft-port": { type: "string" },
    "cloudflare-port": { type: "string" },
    "browser-port": { type: "string" },
    control: { type: "boolean" },
    "control-port": { type: "string" },
  },
  async run(options) {
    const directory = join(LOCAL_FOLDER, "twin");
    const state = join(directory, "state");
    mkdirSync(state, { recursive: true });
    const served = await startTwin({
      microsoftPort: port(options, "microsoft-port", MICROSOFT_PORT),
      cloudflarePort: port(options, "cloudflare-port", CLOUDFLARE_PORT),
      browserPort: port(options, "browser-port", BROWSER_PORT),
      control: options.control === true,
      controlPort: port(options, "control-port", CONTROL_PORT),
      directory,
    }).catch(explainStart);
    try {
      const environment = join(directory, "env.sh");
      const lines = exportLines({
        ...buildProviderEnvironment(
          { ...served, caFile: trustFile(served.caFile, directory) },
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
      console.log(instructions(served, lines, environment).join("\n"));
      await waitForAbort(createInterruptSignal());
    } finally {
      await served.close();
    }
    return 0;
  },
};

function port(options: Readonly<Record<string, unknown>>, name: string, byDefault: number): number {
  const given = options[name] ?? String(byDefault);
  const number = Number(given);
  if (!/^\d+$/.test(String(given)) || number > 65_535)
    throw new UsageError(`--${name} is "${given}"; want a port number, 0 to 65535`);
  return number;
}

function explainStart(error: NodeJS.ErrnoException & { port?: number }): never {
  if (error.code !== "EADDRINUSE") throw error;
  throw new UserError(`port ${error.port} is taken by another program`, [
    "Stop that program (another twin?), or choose ports: npm run twin -- --microsoft-port 0 --cloudflare-port 0 --browser-port 0",
  ]);
}

/** Who needs authorities of their own to reach the network (a company's proxy) goes on trusting them. */
function trustFile(caFile: string, directory: string): string {
  const own = process.env.SSL_CERT_FILE;
  const both = join(directory, "trust.pem");
  // In a shell that has sourced env.sh it is this very file.
  if (!own || own === both) return own ?? caFile;
  writeFileSync(both, [own, caFile].map((file) => readFileSync(file, "utf8")).join("\n"));
  return both;
}

function exportLines(environment: Readonly<Record<string, string>>): string[] {
  return Object.entries(environment).map(([name, value]) => `export ${name}='${value}'`);
}

function instructions(served: Twin, lines: readonly string[], file: string): string[] {
  return [
    "The twin is serving; Ctrl-C ends it.",
    `  Microsoft   ${served.microsoftUrl}  (metadata, sign-in, Microsoft Graph)`,
    `  Cloudflare  ${served.cloudflareUrl}`,
    `  Browser     ${served.browserUrl}`,
    ...(served.controlUrl ? [`  Control     ${served.controlUrl}`] : []),
    `  CA          ${served.caFile}`,
    "",
    "In another terminal, from the checkout:",
    `  source ${file}`,
    "  pulumi stack select --create dev && pulumi up",
    "",
    "That file, with invented secrets (the passphrase of stack dev is empty):",
    ...lines.map((line) => `  ${line}`),
    "",
    "Instead of the two addresses in the environment, in the stack's configuration:",
    `  pulumi config set azuread:metadataHost ${served.metadataHost}`,
    `  pulumi config set cloudflare:baseUrl ${served.cloudflareUrl}`,
  ];
}
