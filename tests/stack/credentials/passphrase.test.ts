import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { findEngine } from "../../../ops/tools/engine";
import { checkSignIns, listCloudflareCopies } from "../../support/clouds";
import {
  type EngineFixture,
  engineTimeout,
  formatChanges,
  startEngineFixture,
} from "../../support/engine-fixture";
import { findLeaks } from "../../support/leaks";

jest.setTimeout(engineTimeout);

let lab: EngineFixture;
let directory: string;
beforeAll(async () => {
  lab = await startEngineFixture();
  directory = mkdtempSync(join(tmpdir(), "entra-access-passphrase-"));
});
afterAll(async () => {
  rmSync(directory, { recursive: true, force: true });
  await lab.close();
});

test("a changed passphrase keeps the client secret, and the old passphrase stops working", async () => {
  const stack = await lab.stack({ directory, passphrase: "passphrase" });
  await stack.up();
  const before = listCloudflareCopies(lab.twin);
  const secrets = before.map(({ clientSecret }) => clientSecret);

  const { command } = await findEngine();
  const changing = promisify(execFile)(
    command,
    ["stack", "change-secrets-provider", "passphrase", "--stack", "test"],
    {
      cwd: join(directory, "project"),
      env: {
        ...process.env,
        PULUMI_HOME: lab.pulumiHome,
        PULUMI_BACKEND_URL: `file://${join(directory, "state")}`,
        PULUMI_CONFIG_PASSPHRASE: "passphrase",
      },
    },
  );
  // Without a terminal the engine reads the new one from its standard input.
  changing.child.stdin?.end("the next passphrase");
  const said = await changing;

  const next = await lab.stack({ directory, passphrase: "the next passphrase" });
  expect(formatChanges((await next.preview()).changes)).toEqual([]);
  await next.up();
  expect(listCloudflareCopies(lab.twin)).toEqual(before);
  expect(await checkSignIns(lab.twin)).toEqual(["200"]);
  expect(findLeaks({ said, files: lab.files() }, secrets)).toEqual([]);

  const refused = await lab.failure("preview", { directory, passphrase: "passphrase" });
  expect(refused.message).toContain("incorrect passphrase");
});
