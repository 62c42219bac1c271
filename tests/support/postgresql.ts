import { spawn, spawnSync } from "node:child_process";
import { chownSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findPostgresql } from "../../scripts/dev-tools/postgresql";
import { findFreePort, type TestServer, waitUntilListening } from "./server";

/** Starts PostgreSQL with an empty database, on loopback and in a temporary folder. */
export async function startPostgresql(): Promise<TestServer> {
  const programs = findPostgresql();
  if (!programs) throw new Error("PostgreSQL is required; install it: npx entra-access postgresql");
  const directory = mkdtempSync(join(tmpdir(), "entra-access-postgresql-"));
  const owner = unprivileged();
  chownSync(directory, owner.uid, owner.gid);
  const as = { ...owner, env: { PATH: process.env.PATH, LC_ALL: "C.UTF-8" }, cwd: directory };
  const data = join(directory, "data");
  const initdb = spawnSync(
    join(programs, "initdb"),
    ["--pgdata", data, "--username", "postgres", "--auth", "trust", "--no-sync"],
    { ...as, encoding: "utf8" },
  );
  if (initdb.status !== 0) throw new Error(`initdb: ${initdb.error?.message ?? initdb.stderr}`);
  const port = await findFreePort();
  const settings = { listen_addresses: "127.0.0.1", unix_socket_directories: directory, fsync: "off" };
  const server = spawn(
    join(programs, "postgres"),
    ["-D", data, "-p", String(port), ...Object.entries(settings).flatMap(([k, v]) => ["-c", `${k}=${v}`])],
    { ...as, stdio: "ignore" },
  );
  const ended = new Promise<void>((resolve) => server.once("exit", () => resolve()));
  await waitUntilListening(port, server);
  return {
    env: { PULUMI_BACKEND_URL: `postgres://postgres@127.0.0.1:${port}/postgres?sslmode=disable` },
    async close() {
      server.kill("SIGINT"); // its "fast" shutdown
      await ended;
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Returns an unprivileged user, since PostgreSQL refuses to run as root. */
function unprivileged(): { uid: number; gid: number } {
  const [uid = 0, gid = 0] = [process.getuid?.(), process.getgid?.()];
  if (uid !== 0) return { uid, gid };
  const id = (flag: string) => Number(spawnSync("id", [flag, "postgres"], { encoding: "utf8" }).stdout);
  return { uid: id("-u"), gid: id("-g") };
}
