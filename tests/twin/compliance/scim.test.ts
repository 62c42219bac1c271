/** A public compliance client against the SCIM endpoint. Only part of the long run, because it needs Python packages. */
import { join } from "node:path";
import { execFileAsync } from "../../../ops/tools/engine/source";
import { PYTHON } from "../../../scripts/dev-tools/languages";
import { sized } from "../../support/size";
import { useProvisioningFixture } from "../provisioning/provisioning-fixture";

const fixture = useProvisioningFixture();
const EXTENSION = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

sized(test.skip, test)(
  "scim2-tester finds nothing but what docs/decisions/scim.md names",
  async () => {
    await fixture.connect();
    const { baseUrl, secret } = fixture.credentials();
    const env = { ...process.env, SCIM_URL: fixture.twin().browserUrlOf(baseUrl), SCIM_TOKEN: secret };
    const { stdout } = await execFileAsync(PYTHON, [join(__dirname, "check.py")], { env });
    const { passed, failed } = JSON.parse(stdout);
    expect(failed).toEqual(
      ["add", "remove", "replace"].map((what) =>
        expect.stringContaining(`User: check_${what}_attribute: Failed to ${what} attribute '${EXTENSION}'`),
      ),
    );
    expect(passed).toBeGreaterThan(120);
  },
  120_000,
);
