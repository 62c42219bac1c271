import { defineCommand } from "../command";
import { ensurePostgresql } from "../tools/postgresql";

export const postgresqlCommand = defineCommand({
  description: `Uses the newest server in /usr/lib/postgresql, otherwise the initdb on PATH. If there is none, runs apt-get install
postgresql, as root.`,
  options: {},
  async run() {
    console.log(`PostgreSQL: ${await ensurePostgresql()}`);
    return 0;
  },
});
