import { execFile } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { findEngine } from "../../../ops/tools/engine";
import { checkSignIns, listCloudflareCopies } from "../../support/clouds";
import { formatChanges, useEngineFixture } from "../../support/engine-fixture";
import { findLeaks } from "../../support/leaks";

const lab = useEngineFixture();
let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(lab.folder, "passphrase-"));
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
