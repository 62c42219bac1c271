import { credentialEndDate, deployedCredential } from "../../components/credential-lifetime";
import { lastUpdate, startProgram } from "../support/mocks";

const now = new Date("2026-11-23T12:34:56.789Z");
const deployed = { rotation: 1, expires: "2027-03-01T09:00:00Z" };

test.each([
  ["180 days from the full hour by default", { rotation: 1 }, undefined, "2027-05-22T12:00:00Z"],
  ["the lifetime that is asked for", { rotation: 1, lifetimeDays: 1 }, undefined, "2026-11-24T12:00:00Z"],
  [
    "the expiry that is asked for",
    { rotation: 1, expires: "2027-01-01T00:00:00Z" },
    deployed,
    "2027-01-01T00:00:00Z",
  ],
  ["as deployed, whatever the lifetime became", { rotation: 1, lifetimeDays: 7 }, deployed, deployed.expires],
  ["new with the next rotation", { rotation: 2, lifetimeDays: 7 }, deployed, "2026-11-30T12:00:00Z"],
  [
    "new when the deployed one has expired",
    { rotation: 1 },
    { rotation: 1, expires: "2026-11-23T12:34:56Z" },
    "2027-05-22T12:00:00Z",
  ],
])("%s", (_case, wanted, last, expected) => {
  expect(credentialEndDate(wanted, last, now)).toBe(expected);
});

describe("the deployed credential", () => {
  beforeEach(startProgram);

  test("is not there before the first update", async () => {
    expect(await deployedCredential()).toBeUndefined();
  });

  test("is what the stack's own outputs say", async () => {
    lastUpdate.credential = deployed;
    expect(await deployedCredential()).toEqual(deployed);
  });
});
