import type { Page } from "playwright-core";
import type { Directory } from "../../ops/access-review/decision/model";
import { renderAccessPage } from "../../ops/access-review/report/page";
import { createReport } from "../../ops/access-review/report/report";
import {
  createApplication,
  createPerson,
  createReview,
  directory,
  entraGroup,
  policy,
  provider,
} from "../ops/access-review/review-fixture";
import { browserTimeout, expectPage } from "./browser-fixture";
import { measureOverflow, useReportFixture, WINDOWS } from "./report-fixture";

jest.setTimeout(browserTimeout);

const EVIL = `<script>document.title = "owned"</script><img src=x onerror="document.title='owned'">"'><b>`;
const group = (name: string, members: number[]) =>
  [
    name.toLowerCase(),
    { id: name.toLowerCase(), name, people: Int32Array.from(members), groups: [] },
  ] as const;
/** Dan is disabled at Entra, and can still receive a one-time PIN. */
const people: Directory = {
  ...directory,
  people: [
    createPerson("ada", { name: "Ada Lund" }),
    createPerson("ben", { name: "Ben Ito" }),
    createPerson("cora", { name: "Cora Diaz", isGuest: true }),
    createPerson("dan", { name: "Dan Moe", isEnabled: false }),
    createPerson("eve", { name: EVIL }),
  ],
  groups: new Map([group("Employees", [0, 1, 3, 4]), group("Contractors", [2]), group("Former staff", [])]),
};
const rules = {
  providers: new Map([
    [provider.id, { ...provider, loadsGroups: true }],
    ["pin", { id: "pin", name: "One-time PIN", type: "onetimepin", loadsGroups: false }],
  ]),
};
const germany = { geo: { country_code: "DE" } };
const applications = [
  createApplication(
    [
      policy("employees", { include: [entraGroup("employees")] }),
      policy("former", { include: [entraGroup("former staff")] }),
    ],
    { id: "wiki", name: "wiki", address: "wiki.contoso.example" },
  ),
  createApplication([policy("contractors", { include: [entraGroup("contractors")], require: [germany] })], {
    id: "tenders",
    name: "tenders",
    address: "tenders.contoso.example",
  }),
  createApplication([policy("break glass", { include: [{ email: { email: "dan@contoso.example" } }] })], {
    id: "vault",
    name: "vault",
    address: "vault.contoso.example",
    allowedProviders: ["pin"],
  }),
  createApplication([policy("open", { decision: "bypass", include: [{ everyone: {} }] })], {
    id: "assets",
    name: "assets",
    address: "assets.contoso.example",
  }),
];
const html = renderAccessPage(
  createReport([createReview(applications, { rules, people })], {
    stacks: ["contoso"],
    rules: "enforced",
    madeAt: "2026-11-28T10:00:00.000Z",
  }),
);

const open = useReportFixture();

/** Lists the visible folds of a section, by the beginning of their titles. */
const listFolds = async (page: Page, section: string) =>
  (
    await page
      .locator(`section:has(h2:text-is("${section}")) details:visible summary strong`)
      .allTextContents()
  ).map((text) => text.replace(/ \(.*/, ""));
const APPLICATIONS = ["wiki", "tenders", "vault", "assets"];

test.each(WINDOWS)("is accessible %s", async (name, options) => {
  const page = await open(html, options);
  await page.locator("details").evaluateAll((all) => {
    for (const one of all) one.setAttribute("open", "");
  });
  await expectPage(page, "Who can reach what", `access ${name}`);
  expect(await measureOverflow(page)).toBe(0);
});

test("shows names as text, marks guests, disabled accounts and open applications, and unused grants first", async () => {
  const page = await open(html);
  expect(await page.title()).toBe("Access review");
  expect(await page.locator("img, main b, iframe, link, script").count()).toBe(1);
  expect(await page.getByText(EVIL).count()).toBeGreaterThan(0);
  expect(await listFolds(page, "Grants")).toEqual(["Unused grants", "Largest grants"]);
  expect(await listFolds(page, "Applications")).toEqual(APPLICATIONS);
  const marks = await page.locator("summary mark").allTextContents();
  expect(marks).toEqual(["! open to anybody", "guest", "member, disabled"]);
});

test("filters by words per application and per person, and says how many match", async () => {
  const page = await open(html);
  const filter = page.getByLabel("Filter");
  await filter.fill("ada");
  expect(await listFolds(page, "Applications")).toEqual(["wiki"]);
  expect(await listFolds(page, "People")).toEqual(["Ada Lund"]);
  expect(await page.getByRole("status").textContent()).toBe("1 application, 1 person");
  await page.getByText("wiki (wiki.contoso.example)").first().click();
  expect(await page.locator("tbody tr:visible").allTextContents()).toEqual([
    expect.stringMatching(/^Ada Lund ada@contoso\.example/),
  ]);

  await filter.fill("tenders DE");
  expect([await listFolds(page, "Applications"), await listFolds(page, "People")]).toEqual([
    ["tenders"],
    ["Cora Diaz"],
  ]);
  // Nobody signs in there.
  await filter.fill("assets");
  expect(await listFolds(page, "Applications")).toEqual(["assets"]);
  await filter.fill("nobody at all");
  expect(await page.getByRole("status").textContent()).toBe("0 applications, 0 people");
  await filter.fill("");
  expect(await listFolds(page, "Applications")).toEqual(APPLICATIONS);
  expect(await page.getByRole("status").textContent()).toBe("");
});

test.each([
  ["guests", ["tenders"], ["Cora Diaz"]],
  ["disabled accounts", ["vault"], ["Dan Moe"]],
  ["conditional", ["tenders", "vault"], ["Cora Diaz", "Dan Moe"]],
])("filters by %s", async (label, expectedApplications, expectedPeople) => {
  const page = await open(html);
  await page.getByLabel(label).check();
  expect(await listFolds(page, "Applications")).toEqual(expectedApplications);
  expect(await listFolds(page, "People")).toEqual(expectedPeople);
});

test("prints everything that the filter shows, without the form", async () => {
  const page = await open(html);
  await page.getByLabel("Filter").fill("cora");
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  await page.evaluate("dispatchEvent(new Event('beforeprint'))");
  expect(await page.getByRole("search").isVisible()).toBe(false);
  expect(await page.locator("h2:visible").allTextContents()).toEqual(["Applications", "People"]);
  expect(await page.locator("tbody tr:visible").allTextContents()).toEqual([
    expect.stringMatching(/^Cora Diaz/),
    expect.stringMatching(/^tenders/),
  ]);
});
