import { createMissingSaltError, readSalt } from "../../../../ops/stacks/state/salt";

const state = (secrets_providers?: unknown) => ({ version: 3, deployment: { secrets_providers } });

test("reads the salt of a passphrase from the state", () => {
  expect(readSalt(state({ type: "passphrase", state: { salt: "v1:abc=:v1:def:ghi" } }))).toBe(
    "v1:abc=:v1:def:ghi",
  );
});

test.each([
  ["a stack that was never updated", state()],
  [
    "a key of Azure Key Vault",
    state({ type: "cloud", state: { url: "azurekeyvault://keys.vault.azure.net/keys/a" } }),
  ],
  ["Pulumi Cloud", state({ type: "service", state: {} })],
])("%s has none", (_, given) => {
  expect(readSalt(given)).toBeUndefined();
});

test("reports the whole missing line", () => {
  const { message, next } = createMissingSaltError("dev", "v1:abc=");
  expect(message).toContain("Pulumi.dev.yaml must have an encryptionsalt");
  expect(next[0]).toContain("encryptionsalt: v1:abc=");
});
