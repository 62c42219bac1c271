import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { UserError } from "../errors";
import type { ApplicationIds, ResourceKey, TenantResourceKind } from "../recovery/tenant-state";
import type { Stack } from "../stacks";

/** What an adoption found and left, so that it can be gone on with, and undone; no secrets in clear text. */
export interface AdoptionRecord {
  readonly schema: "entra-access/adoption/1";
  readonly application: ApplicationIds;
  /** Object id. */
  readonly servicePrincipal: string;
  /** Ids as the providers import them. */
  readonly imports: readonly (readonly [TenantResourceKind, string])[];
  /** Of groups, policies and applications of Access, likewise. */
  readonly access: readonly (readonly [ResourceKey, string])[];
  readonly before: {
    /** The text of Pulumi.<stack>.yaml. */
    readonly settings: string;
    /** Tags of the application. */
    readonly tags: readonly string[];
    /** Object ids. */
    readonly owners: {
      readonly application: readonly string[];
      readonly servicePrincipal: readonly string[];
    };
  };
  /** The text of Pulumi.<stack>.yaml as the adoption wrote it; absent where it did not get so far. */
  readonly settingsAfter?: string;
}

/** Beside Pulumi.<stack>.yaml. Whoever deletes it can undo no more. */
export function getRecordPath(stack: Stack): string {
  return join(dirname(stack.settingsFile), `adopted.${stack.name}.json`);
}

export function readAdoptionRecord(stack: Stack): AdoptionRecord | undefined {
  const path = getRecordPath(stack);
  if (!existsSync(path)) return undefined;
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    throw new UserError(`${path} is no JSON`, [
      "Restore it, or delete it: then an adoption cannot be undone.",
    ]);
  }
}

export function writeAdoptionRecord(stack: Stack, record: AdoptionRecord): void {
  writeFileSync(getRecordPath(stack), `${JSON.stringify(record, undefined, 2)}\n`);
}

export function removeAdoptionRecord(stack: Stack): void {
  rmSync(getRecordPath(stack), { force: true });
}
