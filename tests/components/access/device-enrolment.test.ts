import { DeviceEnrolment } from "../../../components/access/device-enrolment";
import { accountId, observed, resources, startProgram } from "../../support/mocks";

beforeEach(startProgram);

const [entra, okta] = ["7144b538-6276-4fbf-b57b-1e7d8e0154fc", "aa7b3bb5-9f20-4b32-9a07-64b6ae9f1e7b"];
const args = { accountId, policies: ["employees", "contractors"], identityProviderIds: [entra] };

test("has the policies in order, the identity providers, and a redirect to the only one", async () => {
  new DeviceEnrolment("access", args, observed);
  expect((await resources())["access-device-enrolment"]?.inputs).toEqual({
    accountId,
    type: "warp",
    name: "Warp Login App",
    policies: [
      { id: "employees", precedence: 1 },
      { id: "contractors", precedence: 2 },
    ],
    allowedIdps: [entra],
    autoRedirectToIdentity: true,
    sessionDuration: "24h",
  });
});

test("has no redirect with two identity providers; the session duration can be set", async () => {
  const settings = { identityProviderIds: [entra, okta], sessionDuration: "1h" };
  new DeviceEnrolment("access", { ...args, ...settings }, observed);
  expect((await resources())["access-device-enrolment"]?.inputs).toMatchObject({
    allowedIdps: [entra, okta],
    autoRedirectToIdentity: false,
    sessionDuration: "1h",
  });
});

test.each([{ policies: [] }, { identityProviderIds: [] }])(
  "%j is refused, because Cloudflare would take none for all",
  (none) => {
    expect(() => new DeviceEnrolment("access", { ...args, ...none }, observed)).toThrow(
      "device enrollment must have a policy and an identity provider",
    );
  },
);
