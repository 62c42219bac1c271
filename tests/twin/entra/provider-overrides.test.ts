import { TRIED_VERSION } from "../../../twin/entra/provider/provider-overrides";

it("oidc-provider is the version that its overrides were tried with", () => {
  // After an update: compare what provider-overrides.ts replaces with the new version, run tests/twin/entra, change it.
  expect(require("oidc-provider/package.json").version).toBe(TRIED_VERSION);
});
