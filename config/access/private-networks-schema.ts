/** Schema of the settings in `access` for private networks. Every setting is documented in docs/private-destinations.md. */
import * as z from "zod";
import {
  alwaysChecked,
  displayNameField,
  groupField,
  guidField,
  listField,
  nameField,
  oneOfField,
  sessionDurationField,
  textField,
  wholeNumberField,
} from "../values/fields";
import { hostNameField } from "../values/hosts";
import { cidrField } from "../values/ranges";

const rangeText = 'a range such as "10.20.0.0/16" that begins at its first address';

const portsSchema = z
  .preprocess(
    (value) => (typeof value === "number" ? String(value) : value),
    textField('a port or a range of them, such as "443" or "8000-8099"', /^\d{1,5}(-\d{1,5})?$/).refine(
      (value) => {
        const [first = 0, last = first] = value.split("-").map(Number);
        return first >= 1 && last <= 65_535 && first <= last;
      },
      "must be ports from 1 to 65535, the lower one first",
    ),
  )
  .meta({ type: ["string", "integer"] });

const routeFields = {
  routes: oneOfField(["make", "existing"]).describe(
    "`make`: the stack creates the route to the tunnel. `existing`: the route exists",
  ),
  tunnelId: guidField("the id of a tunnel, a GUID")
    .optional()
    .describe("the existing tunnel of a route that the stack creates"),
  precedence: wholeNumberField(1_000_000).describe(
    "position among the account's network policies: this number and the next. No other rule may have them, and they must be below those of every rule that allows more",
  ),
};
const tunnelOfRoutes = [
  ({ routes, tunnelId }: Record<string, unknown>) => (routes === "make") === (tunnelId !== undefined),
  alwaysChecked('must have tunnelId with routes "make", and no tunnelId with routes "existing"'),
] as const;

export const virtualNetworkSchema = groupField({
  id: guidField("the id of a virtual network, a GUID").optional().describe("the id of an existing one"),
  displayName: displayNameField.optional().describe("the name of one that the stack creates"),
}).refine(
  ({ id, displayName }) => (id === undefined) !== (displayName === undefined),
  alwaysChecked("must have either id, if it exists, or displayName, if the stack creates it"),
);

export const privateRangeSchema = groupField({
  virtualNetwork: nameField("a virtual network").describe("the name of a virtual network"),
  cidr: cidrField(rangeText).describe("at most as wide as /8, for IPv6 /7"),
  ...routeFields,
}).refine(...tunnelOfRoutes);

export const privateHostnameSchema = groupField({
  hostname: hostNameField.describe("a host name without wildcards"),
  ...routeFields,
}).refine(...tunnelOfRoutes);

export const privateDestinationsSchema = listField(
  groupField({
    range: nameField("a private range")
      .optional()
      .describe("the name of a private range; this or `hostname`"),
    cidr: cidrField(`${rangeText}, a part of the private range`)
      .optional()
      .describe("a part of the range. Default: all of it"),
    hostname: nameField("a private hostname")
      .optional()
      .describe("the name of a private host name; this or `range`"),
    ports: portsSchema.optional().describe("such as `443` or `8000-8099`. Default: all"),
    protocol: oneOfField(["tcp", "udp"]).optional().describe("the protocol. Default: both"),
  })
    .refine(
      ({ range, hostname }) => (range === undefined) !== (hostname === undefined),
      alwaysChecked("must have either range or hostname"),
    )
    .refine(
      ({ cidr, hostname }) => cidr === undefined || hostname === undefined,
      alwaysChecked("must not have cidr together with hostname"),
    ),
  "a list of private destinations",
);

export const deviceEnrolmentSchema = groupField({
  policies: listField(nameField("a policy"), "a list of policies").describe("names of policies, in order"),
  sessionDuration: sessionDurationField.optional().describe("such as `8h`. Default: `24h`"),
});
