import { defineCommand } from "../command";
import { ensureActionlint } from "../tools/actionlint";
import { ensureBrowser } from "../tools/browser";
import { ensurePostgresql } from "../tools/postgresql";

const defineInstaller = (name: string, install: () => Promise<string>, description: string) =>
  defineCommand({
    description,
    options: {},
    async run() {
      console.log(`${name}: ${await install()}`);
      return 0;
    },
  });

export const actionlintCommand = defineInstaller(
  "actionlint",
  () => ensureActionlint(),
  `Uses the actionlint on PATH if its version is that of ops/tools/actionlint/go.mod; otherwise builds that version with
Go.`,
);

export const browserCommand = defineInstaller(
  "Chromium",
  () => ensureBrowser(),
  `Uses the program in CHROMIUM, otherwise the first of chromium-headless-shell, chromium, chromium-browser and
google-chrome on PATH. If there is none, installs the first one with apt-get, as root.`,
);

export const postgresqlCommand = defineInstaller(
  "PostgreSQL",
  () => ensurePostgresql(),
  `Uses the newest server in /usr/lib/postgresql, otherwise the initdb on PATH. If there is none, runs apt-get install
postgresql, as root.`,
);
