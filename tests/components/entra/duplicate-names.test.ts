import type * as pulumi from "@pulumi/pulumi";
import {
  findGroupByName,
  requireUniqueApplicationName,
  requireUniqueName,
  type UniqueName,
} from "../../../components/entra/directory/duplicate-names";
import { answers, startProgram } from "../../support/mocks";

beforeEach(startProgram);

const displayName = "Finance, Owners' Club";
const application = () => requireUniqueApplicationName("entra-application", { displayName }, {});
const group = () =>
  requireUniqueName("entra-group-finance", displayName, (name) => findGroupByName(name, {}));

/** Runs the hook of a resource, with what the engine would give it. */
async function runHook({ hooks }: UniqueName, args: Partial<pulumi.ResourceHookArgs> = {}): Promise<void> {
  const hook = hooks?.beforeCreate?.[0] as pulumi.ResourceHook;
  await hook.callback({ newInputs: { displayName }, ...args } as pulumi.ResourceHookArgs);
}

const getApplication = "azuread:index/getApplication:getApplication";
const getGroups = "azuread:index/getGroups:getGroups";

test.each([
  ["the provider's complaint", application, getApplication, new Error("DisplayName does not match for x")],
  ["two", application, getApplication, new Error("dound multiple applications matching filter")],
  ["one, if the provider escapes", application, getApplication, { objectId: "found", tags: [] }],
  ["one", group, getGroups, { objectIds: ["found"] }],
  ["two", group, getGroups, new Error("[display_names] More than one group found with display name")],
])("a name is refused when the search finds %s", async (_case, create, token, answer) => {
  answers[token] = answer;
  await expect(runHook(create())).rejects.toThrow(
    /displayName must not be that of .* found "Finance, Owners' Club"/,
  );
});

test.each([
  ["nothing", application, getApplication, new Error("no applications found matching filter"), {}],
  ["nothing", group, getGroups, { objectIds: [] }, {}],
  ["the object itself", group, getGroups, { objectIds: ["own"] }, { id: "/groups/own", oldInputs: {} }],
])("a name is accepted when the search finds %s", async (_case, create, token, answer, args) => {
  answers[token] = answer;
  await expect(runHook(create(), args)).resolves.toBeUndefined();
});

test("does not search while the name stays the same but for case, as Entra compares it", async () => {
  answers[getApplication] = { objectId: "own" };
  const oldInputs = { displayName: displayName.toUpperCase() };
  await expect(runHook(application(), { id: "/applications/x", oldInputs })).resolves.toBeUndefined();
});

test.each([
  [application, getApplication],
  [group, getGroups],
])("another error of the search is not taken for an answer", async (create, token) => {
  answers[token] = new Error("429 Too Many Requests");
  await expect(runHook(create())).rejects.toThrow("429");
});
