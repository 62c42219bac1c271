import * as pulumi from "@pulumi/pulumi";
import { createIdentityProviderMoveHook } from "../../../components/hooks/identity-provider-moves";
import { startProgram } from "../../support/mocks";

beforeEach(startProgram);

const entra = (identityProviderId: unknown) => ({ azureAd: { id: "group", identityProviderId } });
const mail = { email: { email: "eve@contoso.example" } };
const signIn = (id: unknown) => ({ loginMethod: { id } });

async function move(oldInputs: object | undefined, newInputs: object | undefined): Promise<void> {
  const hook = createIdentityProviderMoveHook("moves", { entra: "id-1", pin: pulumi.output("id-2") });
  await new Promise(setImmediate);
  await hook.callback({ name: "access-group-x", oldInputs, newInputs } as unknown as pulumi.ResourceHookArgs);
}

test.each([
  ["an Entra group", { includes: [entra("id-1")] }, { includes: [entra("id-2")] }],
  ["an identity provider that is not known yet", { includes: [entra("id-1")] }, { includes: [entra({})] }],
  [
    "addresses",
    { includes: [mail], requires: [signIn("id-1")] },
    { includes: [mail], requires: [signIn("id-2")] },
  ],
  ["another kind of rule", { includes: [entra("id-1")] }, { includes: [mail], requires: [signIn("id-2")] }],
  ["an exclusion", { includes: [mail], excludes: [entra("id-1")] }, { includes: [entra("id-2")] }],
])("a move is refused: %s", async (_case, oldInputs, newInputs) => {
  await expect(move(oldInputs, newInputs)).rejects.toThrow(
    'access-group-x must not move from identity provider "entra" to another one in one update',
  );
});

test.each([
  [
    "the same identity provider",
    { includes: [entra("id-1")] },
    { includes: [mail], requires: [signIn("id-1")] },
  ],
  ["no rule about one any more", { includes: [entra("id-1")] }, { includes: [mail] }],
  ["no rule about one before", { includes: [mail] }, { includes: [entra("id-1")] }],
  ["one that was replaced", { includes: [entra("gone")] }, { includes: [entra("id-1")] }],
  ["nothing known", undefined, undefined],
  ["rules that are not known yet", { includes: [entra("id-1")] }, { includes: {} }],
])("a change is accepted: %s", async (_case, oldInputs, newInputs) => {
  await expect(move(oldInputs, newInputs)).resolves.toBeUndefined();
});
