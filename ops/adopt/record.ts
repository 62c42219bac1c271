import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { UserError } from "../errors";
import type { ApplicationIds, ResourceKey, TenantResourceKind } from "../recovery/tenant-state";
import type { Stack } from "../stacks";

/** The record with which an adoption can be resumed and undone. It contains no secret in clear text. */
export interface AdoptionRecord {
  readonly schema: "entra-access/adoption/1";
  readonly application: ApplicationIds;
  /** Object id. */
  readonly servicePrincipal: string;
  /** Ids in the form that the providers import. */
  readonly imports: readonly (readonly [TenantResourceKind, string])[];
  /** Groups, policies and applications of Access, likewise. */
  readonly access: readonly (readonly [ResourceKey, string])[];
  /** Access groups that the adoption creates; absent in older records. */
  readonly created?: readonly ResourceKey[];
  readonly before: {
    readonly settings: string;
    readonly tags: readonly string[];
    /** Object ids. */
    readonly owners: {
      readonly application: readonly string[];
      readonly servicePrincipal: readonly string[];
    };
  };
  /** The text of Pulumi.<stack>.yaml that the adoption wrote; absent before that. */
  readonly settingsAfter?: string;
}

/** Returns the path of the record, beside Pulumi.<stack>.yaml. Without the file, an adoption cannot be undone. */
export function getRecordPath(stack: Stack): string {
  return join(dirname(stack.settingsFile), `adopted.${stack.name}.json`);
}

export function readAdoptionRecord(stack: Stack): AdoptionRecord | undefined {
  const path = getRecordPath(stack);
  if (!existsSync(path)) return undefined;
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    throw new UserError(`${path} must be valid JSON`, [
      "Restore the file. You can also delete it, but then the adoption cannot be undone.",
    ]);
  }
}

export function writeAdoptionRecord(stack: Stack, record: AdoptionRecord): void {
  writeFileSync(getRecordPath(stack), `${JSON.stringify(record, undefined, 2)}\n`);
}

export function removeAdoptionRecord(stack: Stack): void {
  rmSync(getRecordPath(stack), { force: true });
}
