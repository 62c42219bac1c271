import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { StackSettings } from "@pulumi/pulumi/automation";

/** Writes a stack's settings into a temporary file for one call; secrets in it are encrypted, as in Pulumi.<stack>.yaml. */
export async function withTemporaryConfigFile<T>(
  settings: StackSettings,
  use: (path: string) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "entra-access-settings-"));
  const path = join(folder, "settings.json");
  const { secretsProvider, encryptedKey, encryptionSalt, config } = settings;
  const file = {
    secretsprovider: secretsProvider,
    encryptedkey: encryptedKey,
    encryptionsalt: encryptionSalt,
    config,
  };
  writeFileSync(path, JSON.stringify(file));
  try {
    return await use(path);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
