import type { Command } from "../command";
import { ensurePostgresql } from "../tools/postgresql";

export const postgresqlCommand: Command = {
  usage: `usage: npm run ops -- postgresql

Takes the newest server in /usr/lib/postgresql, else the initdb on PATH. Where there is none it runs apt-get install
postgresql, if it may.`,
  options: {},
  async run() {
    console.log(`PostgreSQL: ${await ensurePostgresql()}`);
    return 0;
  },
};
