import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import program from "../../index";
import { useEngineFixture } from "../support/engine-fixture";

const root = resolve(__dirname, "../..");
const lab = useEngineFixture();
let projectFolder: string;
beforeAll(async () => {
  projectFolder = mkdtempSync(join(lab.folder, "release-"));
  // Without a refresh: what the release made is in its state alone, not on this twin.
  const project = readFileSync(join(root, "Pulumi.yaml"), "utf8");
  writeFileSync(join(projectFolder, "Pulumi.yaml"), project.replace("refresh: always", "{}"));
});

/** The settings that the release's stack had: all that bring a resource or a field of their own. */
const settings = {
  "entra-access:application": { emailClaim: true, uniqueSuffix: true },
  "entra-access:identityProvider": { scim: { enabled: true }, prompt: "select_account", claims: ["oid"] },
};

/** Adds the components that every stack had once, although they had no resources. */
function addEmptyComponents(state: { version: number; deployment: { resources: object[] } }) {
  const urn = "urn:pulumi:test::entra-access";
  const [stack, access] = ["pulumi:pulumi:Stack::entra-access-test", "entra-access:index:Access::access"];
  const components = [
    { type: "entra-access:index:OwnedEntraGroups", name: "OwnedEntraGroups::entra", parent: stack },
    { type: "entra-access:index:Access", name: "Access::access", parent: stack },
    ...["AccessGroups", "AccessPolicies", "AccessApplications"].map((name) => ({
      type: `entra-access:index:${name}`,
      name: `Access$entra-access:index:${name}::access`,
      parent: access,
    })),
  ];
  state.deployment.resources.push(
    ...components.map(({ type, name, parent }) => ({
      type,
      custom: false,
      urn: `${urn}::entra-access:index:${name}`,
      parent: `${urn}::${parent}`,
    })),
  );
  return state;
}

test("a stack of release 0.1.0 or of a later state loses nothing: no resource is made, replaced or deleted", async () => {
  const stack = await lab.stack({ config: settings, projectFolder, program, passphrase: "passphrase" });
  const state = readFileSync(join(root, "tests/fixtures/release-0.1.0.json"), "utf8");
  await stack.import(addEmptyComponents(JSON.parse(state)));
  const { changes } = await stack.preview();
  expect(changes.filter(({ op }) => op !== "update")).toEqual([]);
});
