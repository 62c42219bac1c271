import { execFileSync } from "node:child_process";
import { hostname, userInfo } from "node:os";

/** A stack's lock, as the engine reports it for backends that keep the state in files. */
export interface Lock {
  readonly user: string;
  readonly host: string;
  readonly pid: number;
  /** RFC 3339. */
  readonly since: string;
}

const LOCK_LINE = /created by (\S+)@(\S+) \(pid (\d+)\) at (\S+)/g;

/** Reads the locks from the message of a refused run; none where the backend does not name the holder (Pulumi Cloud). */
export function parseLocks(text: string): Lock[] {
  return [...text.matchAll(LOCK_LINE)].map(([, user = "", host = "", pid, since = ""]) => ({
    user,
    host,
    pid: Number(pid),
    since,
  }));
}

/**
 * Returns whether the lock belongs to a dead process of this user on this host: there is no such process, or it is not an
 * engine, because the system reused the pid. Times are not compared, because clocks jump.
 */
export function isStaleLock({ user, host, pid }: Lock): boolean {
  if (host !== hostname() || user !== userInfo().username) return false;
  try {
    return !/pulumi/.test(execFileSync("ps", ["-o", "comm=", "-p", String(pid)], { encoding: "utf8" }));
  } catch (error) {
    // `ps` exits with 1 where there is no such process; any other failure proves nothing.
    return (error as { status?: number }).status === 1;
  }
}
