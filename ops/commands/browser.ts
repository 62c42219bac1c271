import type { Command } from "../command";
import { ensureBrowser } from "../tools/browser";

export const browserCommand: Command = {
  usage: `usage: npm run ops -- browser

Takes the program that CHROMIUM names, else the first of chromium-headless-shell, chromium, chromium-browser and
google-chrome on PATH. Where there is none it installs the first with apt-get, if it may.`,
  options: {},
  async run() {
    console.log(`Chromium: ${await ensureBrowser()}`);
    return 0;
  },
};
