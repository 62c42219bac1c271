import { describeOutputs } from "../../../ops/recovery/outputs-text";

test("groups outputs for people, hides secrets and what is for the next update alone, and leaves out nothing else", () => {
  const outputs = {
    clientId: "client",
    testUrl: "https://contoso.cloudflareaccess.com/test",
    rotation: { number: 2, dueAt: "2027-02-24T08:16:00Z" },
    identityProviders: { partner: { clientId: "other", rotation: { number: 1 } } },
    added: ["a"],
    identifiers: { applications: { wiki: ["host name wiki.contoso.example"] } },
  };
  const plain = Object.entries(outputs).map(([name, value]) => [name, { value, secret: false }]);
  const lines = describeOutputs({
    ...Object.fromEntries(plain),
    scim: { value: "hidden", secret: true },
  });
  expect(lines.map((line) => line.replace(/ {2,}/g, " ").trim())).toEqual([
    "Sign-in",
    "testUrl https://contoso.cloudflareaccess.com/test",
    "clientId client",
    "Client secret",
    "number 2",
    "dueAt 2027-02-24T08:16:00Z",
    "Provisioning",
    "scim [secret]",
    "Other identity providers",
    "identityProviders.partner.clientId other",
    "identityProviders.partner.rotation.number 1",
    "Other outputs",
    'added ["a"]',
  ]);
  expect(describeOutputs({})).toEqual([]);
});
