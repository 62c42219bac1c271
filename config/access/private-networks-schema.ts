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
  routes: oneOfField(["make", "existing"]),
  tunnelId: guidField("the id of a tunnel, a GUID").optional(),
  precedence: wholeNumberField(1_000_000),
};
const tunnelOfRoutes = [
  ({ routes, tunnelId }: Record<string, unknown>) => (routes === "make") === (tunnelId !== undefined),
  alwaysChecked('must have tunnelId with routes "make", and no tunnelId with routes "existing"'),
] as const;

export const virtualNetworkSchema = groupField({
  id: guidField("the id of a virtual network, a GUID").optional(),
  displayName: displayNameField.optional(),
}).refine(
  ({ id, displayName }) => (id === undefined) !== (displayName === undefined),
  alwaysChecked("must have either id, if it exists, or displayName, if the stack creates it"),
);

export const privateRangeSchema = groupField({
  virtualNetwork: nameField("a virtual network"),
  cidr: cidrField(rangeText),
  ...routeFields,
}).refine(...tunnelOfRoutes);

export const privateHostnameSchema = groupField({
  hostname: hostNameField,
  ...routeFields,
}).refine(...tunnelOfRoutes);

export const privateDestinationsSchema = listField(
  groupField({
    range: nameField("a private range").optional(),
    cidr: cidrField(`${rangeText}, a part of the private range`).optional(),
    hostname: nameField("a private hostname").optional(),
    ports: portsSchema.optional(),
    protocol: oneOfField(["tcp", "udp"]).optional(),
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
  policies: listField(nameField("a policy"), "a list of policies"),
  sessionDuration: sessionDurationField.optional(),
});
