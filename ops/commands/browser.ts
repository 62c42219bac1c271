import type { Command } from "../command";
import { ensureBrowser } from "../tools/browser";

export const browser: Command = {
  usage: `usage: npm run ops -- browser

Takes the program that CHROMIUM names, else chromium, chromium-browser or google-chrome on PATH. Where there is none it
runs apt-get install chromium, if it may.`,
  options: {},
  async run() {
    console.log(`Chromium: ${await ensureBrowser()}`);
    return 0;
  },
};
