import { engineTimeout, type Lab, startLab, told } from "../support/lab";

jest.setTimeout(engineTimeout);

let lab: Lab;
beforeAll(async () => {
  lab = await startLab();
});
afterAll(() => lab.close());

const writes = () =>
  lab.twin.requests
    .filter(({ service, method }) => service !== "login" && method !== "GET")
    .map(
      ({ method, path }) =>
        `${method} ${path
          .split("/")
          .slice(-2)
          .join("/")
          .replace(/[0-9a-f-]{36}/, "<id>")}`,
    );

test("a rotation makes the new secret, hands it to Cloudflare, and only then removes the old one", async () => {
  const stack = await lab.stack();
  await stack.up();
  const before = (await stack.outputs()).credential?.value;

  await stack.configure({ "entra-access:credential": { rotation: 2 } });
  const already = writes().length;
  const { changes } = await stack.up();
  expect(writes().slice(already)).toEqual([
    "POST <id>/addPassword",
    "PUT identity_providers/<id>",
    "POST <id>/removePassword",
  ]);
  expect(told(changes)).toEqual([
    "create-replacement entra-credential rotateWhenChanged.rotation",
    "delete-replaced entra-credential",
    "replace entra-credential rotateWhenChanged.rotation",
    "update entra-identity-provider config.clientSecret",
  ]);

  const after = (await stack.outputs()).credential?.value;
  expect(after).toMatchObject({ rotation: 2 });
  expect(after.keyId).not.toBe(before.keyId);
  expect(told((await stack.preview()).changes)).toEqual([]);
});

test("a changed lifetime waits for the next rotation", async () => {
  const stack = await lab.stack({ config: { "entra-access:application": { displayName: "Second" } } });
  await stack.up();
  const { expires } = (await stack.outputs()).credential?.value ?? {};

  await stack.configure({ "entra-access:credential": { lifetimeDays: 7 } });
  expect(told((await stack.preview()).changes)).toEqual([]);

  await stack.configure({ "entra-access:credential": { lifetimeDays: 7, rotation: 2 } });
  await stack.up();
  const sooner = (await stack.outputs()).credential?.value.expires;
  expect(Date.parse(expires) - Date.parse(sooner)).toBeGreaterThan(170 * 24 * 60 * 60 * 1000);
  expect(sooner).toMatch(/^\d{4}-\d\d-\d\dT\d\d:00:00Z$/);
});
