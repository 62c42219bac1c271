import { createDriftReport, type DriftReport, type StackDrift } from "../../../ops/drift/report";
import { GitHub } from "../../../ops/github/api";
import { StandInGitHub } from "../../support/github";

export const BOT = "github-actions[bot]";

const blank = { differences: [], unmanaged: [], unchecked: [] };

/** Creates a report of these stacks, which drifted by default. */
export function createReport(...stacks: Partial<StackDrift>[]): DriftReport {
  const all = stacks.map((one): StackDrift => ({ ...blank, stack: "payments", result: "drift", ...one }));
  return createDriftReport(all, [], { checkedAt: "2026-11-26T00:00:00Z" });
}

export const drifted = createReport({ cause: "first" });
export const inSync = createReport({ result: "in sync" });

/** Starts a stand-in of GitHub with a client, and records the client's pauses in milliseconds. */
export async function startGitHubFixture() {
  const standIn = await StandInGitHub.start();
  const pauses: number[] = [];
  const createClient = (env: Record<string, string> = {}) =>
    new GitHub({ ...standIn.env, ...env }, async (time) => void pauses.push(time));
  return { standIn, pauses, createClient, github: createClient() };
}
