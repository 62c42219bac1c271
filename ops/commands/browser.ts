import { ensureBrowser } from "../browser";
import type { Command } from "../command";

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
