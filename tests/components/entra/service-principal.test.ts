import * as pulumi from "@pulumi/pulumi";
import { createServicePrincipal } from "../../../components/entra/service-principal";
import { answers, observed, resources, startProgram } from "../../support/mocks";

beforeEach(startProgram);

test("a second service principal is refused, with the command that imports the existing one", async () => {
  const parent = new pulumi.ComponentResource("test", "parent", {}, observed);
  createServicePrincipal(
    "entra",
    { clientId: pulumi.output("client"), owners: ["owner"], admits: "everybody" },
    { parent },
  );
  const { opts } = (await resources())["entra-service-principal"] ?? {};
  const [hook] = (opts?.hooks?.beforeCreate ?? []) as pulumi.ResourceHook[];
  const run = async (clientId: unknown) =>
    hook?.callback({ newInputs: { clientId } } as unknown as pulumi.ResourceHookArgs);

  await expect(run("client")).resolves.toBeUndefined();
  answers["azuread:index/getServicePrincipals:getServicePrincipals"] = { objectIds: ["made-by-hand"] };
  await expect(run("client")).rejects.toThrow(
    /must not have a service principal yet; found made-by-hand, .* import it: npx entra-access up test\./,
  );
  await expect(run(undefined)).resolves.toBeUndefined();
});
