import { renderDriftPage } from "../../ops/drift/page";
import { createDriftReport, type StackDrift } from "../../ops/drift/report";
import { browserTimeout, expectPage } from "./browser-fixture";
import { measureOverflow, useReportFixture, WINDOWS } from "./report-fixture";

jest.setTimeout(browserTimeout);

const EVIL = `<script>document.title = "owned"</script><img src=x onerror="document.title='owned'">"'><b>`;
const blank = { differences: [], unmanaged: [], unchecked: [] };
const rotation = { number: 1, keyId: "k", dueAt: "2026-12-01T00:00:00Z", expiresAt: "2026-12-31T00:00:00Z" };
const payments: StackDrift = {
  ...blank,
  stack: "payments",
  result: "drift",
  tenantId: "6f1c2a4e-0d11-4a8e-9c55-3b1d5f0a7e01",
  teamName: "contoso",
  differences: [
    {
      resource: "entra-application",
      type: "azuread Application",
      kind: "changed",
      property: "displayName",
      expected: '"Access"',
      actual: JSON.stringify(EVIL),
      changedBy: [{ at: "2026-11-02T00:00:00Z", by: EVIL, activity: EVIL }],
    },
  ],
  unmanaged: [{ kind: "client secret", id: EVIL, name: EVIL }],
  unchecked: [{ subject: EVIL, cause: EVIL, permission: EVIL }],
  rotation: { ...rotation, due: true },
  topology: {
    application: EVIL,
    identityProvider: "Entra ID",
    groups: ["Employees", EVIL],
    policies: ["Employees"],
    applications: ["Wiki", "Git"],
  },
};
const evil: StackDrift = { ...blank, stack: EVIL, result: "unknown", cause: EVIL, advice: EVIL };
const wiki: StackDrift = {
  ...blank,
  stack: "wiki",
  result: "in sync",
  rotation: { ...rotation, due: false, expiresAt: "2026-11-10T00:00:00Z" },
};
const account = {
  accountId: "023e",
  result: "drift",
  unmanaged: payments.unmanaged,
  unchecked: payments.unchecked,
} as const;
const report = createDriftReport([payments, evil, wiki], [account], { checkedAt: "2026-11-04T00:00:00Z" });

const open = useReportFixture();

test.each(WINDOWS)("is accessible %s", async (name, options) => {
  const page = await open(renderDriftPage(report), options);
  await expectPage(page, "Drift of 3 stacks", `drift ${name}`);
  expect(await measureOverflow(page)).toBe(0);
});

test("shows names as text, and runs and loads nothing", async () => {
  const page = await open(renderDriftPage(report));
  expect(await page.title()).toBe("Drift: drift");
  expect(await page.locator("script, img, main b, iframe").count()).toBe(0);
  expect(await page.getByRole("heading", { level: 3, name: EVIL, exact: true }).count()).toBe(1);
});

test("the overview lists drift first, with links to the details of each stack", async () => {
  const page = await open(renderDriftPage(report));
  const fleet = page.getByRole("region", { name: "Overview" });
  const rows = await fleet.getByRole("row").allTextContents();
  expect(rows.map((row) => row.trim())).toEqual([
    "stackresultdriftrotationsecret ends",
    "paymentsdrift2due2026-12-31",
    `${EVIL}unknown?`,
    "wikiin sync0next 2026-12-012026-11-10",
  ]);
  for (const { stack } of report.stacks) {
    await fleet.getByRole("link", { name: stack, exact: true }).click();
    const target = page.locator(":target");
    expect(await target.getByRole("heading", { level: 3 }).textContent()).toBe(stack);
  }
});

test("the client secrets are sorted by expiry, and those that expire soon are marked", async () => {
  const page = await open(renderDriftPage(report));
  const rows = page.getByRole("region", { name: "Client secrets" }).locator("tbody tr");
  expect(await rows.locator("th").allTextContents()).toEqual(["wiki", "payments"]);
  expect(await rows.locator("td:nth-child(4)").allTextContents()).toEqual(["6", "57"]);
  expect(await rows.locator("rect").evaluateAll((all) => all.map((one) => one.outerHTML))).toEqual([
    expect.stringMatching(/width="21".*class="soon"/),
    expect.stringMatching(/width="200".*class=""/),
  ]);
});

test("the topology leads from the tenant to the applications", async () => {
  const page = await open(renderDriftPage(report));
  const flow = page.locator(".flow > li");
  expect(await flow.locator("span").allTextContents()).toEqual([
    "tenant",
    "app registration",
    "identity provider of team contoso",
    "groups",
    "policies",
    "applications",
  ]);
  expect(await flow.nth(3).getByRole("listitem").allTextContents()).toEqual(["Employees", EVIL]);
});
