import { execFileSync } from "node:child_process";
import { hostname, userInfo } from "node:os";

/** Who holds a stack, as the engine tells of every backend that keeps state in files. */
export interface Lock {
  readonly user: string;
  readonly host: string;
  readonly pid: number;
  /** RFC 3339. */
  readonly since: string;
}

const HELD = /created by (\S+)@(\S+) \(pid (\d+)\) at (\S+)/g;

/** The locks that a refused run names; none where the backend does not say whose they are (Pulumi Cloud). */
export function parseLocks(text: string): Lock[] {
  return [...text.matchAll(HELD)].map(([, user = "", host = "", pid, since = ""]) => ({
    user,
    host,
    pid: Number(pid),
    since,
  }));
}

/**
 * Whether a lock was left by a run of this user on this host that is dead: no such process, or one that is no engine,
 * because the system gave the number away again. Times are not compared: clocks jump.
 */
export function isStaleLock({ user, host, pid }: Lock): boolean {
  if (host !== hostname() || user !== userInfo().username) return false;
  try {
    return !/pulumi/.test(execFileSync("ps", ["-o", "comm=", "-p", String(pid)], { encoding: "utf8" }));
  } catch (error) {
    // `ps` ends with 1 where there is no such process; where it cannot be asked, nothing is known.
    return (error as { status?: number }).status === 1;
  }
}
