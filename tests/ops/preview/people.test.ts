import { describeExcessiveGains, MAX_GAIN_OPTION, markExcessiveGains } from "../../../ops/preview/max-gain";
import {
  type ApplicationChange,
  describeApplicationChange,
  describePeopleChange,
  renderPeopleMarkdown,
} from "../../../ops/preview/people";

const change = (settings: Partial<ApplicationChange>): ApplicationChange => ({
  name: "wiki",
  change: "changed",
  gain: 0,
  gainingGuests: 0,
  lose: 0,
  losingGuests: 0,
  otherConditions: 0,
  opens: [],
  closes: [],
  everyone: false,
  anybody: false,
  ...settings,
});
const changes = (...applications: ApplicationChange[]) => ({ applications, notes: [], people: 100 });

it.each([
  [{ gain: 12, gainingGuests: 2, lose: 3 }, "wiki: 12 people gain (2 guests), 3 people lose ! guests"],
  [{ gain: 1 }, "wiki: 1 person gains"],
  [{ lose: 1, losingGuests: 1 }, "wiki: 1 person loses (1 guest)"],
  [{ otherConditions: 4 }, "wiki: 4 under other conditions"],
  [{ gain: 4210, everyone: true, change: "created" as const }, "wiki (created): 4210 people gain ! everyone"],
  [{ gain: 9, excessive: true }, "wiki: 9 people gain ! more than --max-gain"],
  [{ anybody: true }, "wiki: nobody gains or loses ! OPEN TO ANYBODY"],
])("describes %j", (settings, text) => {
  expect(describeApplicationChange(change(settings))).toBe(text);
});

it("says that nobody gains or loses", () => {
  expect(describePeopleChange(changes())).toEqual(["nobody gains or loses access"]);
});

it("lists at most 50 names, in a fold of the comment", () => {
  const gaining = Array.from({ length: 60 }, (_, index) => `Person ${index}`);
  const lines = describePeopleChange(changes(change({ gain: 60, gaining, losing: [] })));
  expect(lines).toHaveLength(52);
  expect(lines.at(-1)).toBe("  gains: and 10 more");
  const markdown = renderPeopleMarkdown(changes(change({ gain: 60, gaining })));
  expect(markdown.indexOf("<details>")).toBeLessThan(markdown.indexOf("- gains&#58; Person 0"));
});

it("renders names as text in the comment and in the terminal", () => {
  const name = "<b>\u001b[31m @everyone";
  const all = changes(change({ name, gain: 1, gaining: [name], opens: [name] }));
  const markdown = renderPeopleMarkdown(all)
    .join("\n")
    .replaceAll(/<code>.*?<\/code>/g, "");
  expect(["<b>", "\u001b", "@everyone"].filter((part) => markdown.includes(part))).toEqual([]);
  expect(describePeopleChange(all).join("\n")).not.toContain("\u001b[31m");
});

describe("--max-gain", () => {
  const all = changes(
    change({ gain: 10 }),
    change({ name: "chat", gain: 11 }),
    change({ name: "open", anybody: true }),
  );
  const open = "open: must not admit anybody without a sign-in; found a bypass without a condition";

  it.each([
    [
      "10",
      ["chat: must let at most 10 people gain access; found 11 (--max-gain 10)", `${open} (--max-gain 10)`],
    ],
    // Of 100 people.
    [
      "10.9%",
      [
        "chat: must let at most 10 people gain access; found 11 (--max-gain 10.9% of 100 people)",
        `${open} (--max-gain 10.9% of 100 people)`,
      ],
    ],
    ["11%", [`${open} (--max-gain 11% of 100 people)`]],
    ["100%", [`${open} (--max-gain 100% of 100 people)`]],
  ])("%s finds applications that too many people gain, or anybody", (given, expected) => {
    const max = MAX_GAIN_OPTION.parse(given, "max-gain");
    if (!max) throw new Error("no limit");
    expect(describeExcessiveGains(markExcessiveGains(all, max), max)).toEqual(expected);
  });

  it.each(["-1", "1.5", "101%", "5 %", "%", "", "x"])("refuses %j", (given) => {
    expect(() => MAX_GAIN_OPTION.parse(given, "max-gain")).toThrow(
      `--max-gain must be a number of people, or a share such as 5%; found "${given}"`,
    );
  });
});
