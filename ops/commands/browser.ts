import { defineCommand } from "../command";
import { ensureBrowser } from "../tools/browser";

export const browserCommand = defineCommand({
  description: `Uses the program in CHROMIUM, otherwise the first of chromium-headless-shell, chromium, chromium-browser and
google-chrome on PATH. If there is none, installs the first one with apt-get, as root.`,
  options: {},
  async run() {
    console.log(`Chromium: ${await ensureBrowser()}`);
    return 0;
  },
});
