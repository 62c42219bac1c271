import { defineRule, type Rule, read, readList } from "../rule";
import { APPLICATION } from "./application";

const PASSWORDS = [
  "azuread:index/applicationPassword:ApplicationPassword",
  "azuread:index/servicePrincipalPassword:ServicePrincipalPassword",
];
const HOUR = 3600 * 1000;

export const clientSecretRules: readonly Rule[] = [
  defineRule<{ days: number }>({
    name: "client-secret-lifetime",
    description: "A client secret must end within a number of days.",
    reason: "Without an end date the provider takes two years: long enough to leak, and to be forgotten.",
    severity: "high",
    types: PASSWORDS,
    settings: { days: { type: "integer", minimum: 1, default: 180 } },
    check({ props }, report, { days }, now) {
      const end = findEnd(props, now);
      const found = end === undefined ? "no end date" : `${end.toISOString().slice(0, 10)}`;
      if (end === undefined || end.getTime() - now.getTime() > days * 24 * HOUR)
        report(`endDate must be within ${days} days; found ${found}`);
    },
  }),
  {
    name: "no-inline-client-secret",
    description: "An application must not have a client secret within its own resource.",
    reason: "It cannot overlap with the next one: a rotation would lock people out while it runs.",
    severity: "medium",
    types: [APPLICATION],
    check({ props }, report) {
      if (read(props, "password") !== undefined || readList(props, "passwords").length > 0)
        report("password must not be set; use an ApplicationPassword");
    },
  },
];

/** The end of a client secret: a date, or hours from now as in "4320h"; undefined if there is none that can be read. */
function findEnd(props: unknown, now: Date): Date | undefined {
  const [date, relative] = [read(props, "endDate"), read(props, "endDateRelative")];
  const hours = /^(\d+)h$/.exec(String(relative))?.[1];
  const time = date === undefined ? now.getTime() + Number(hours) * HOUR : Date.parse(String(date));
  return Number.isNaN(time) ? undefined : new Date(time);
}
