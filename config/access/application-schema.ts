/** Schema of the applications in `access`. Every setting is documented in docs/access.md. */
import * as z from "zod";
import {
  booleanField,
  displayNameField,
  groupField,
  listField,
  nameField,
  oneOfField,
  proseField,
  sessionDurationField,
  setField,
  textField,
  wholeNumberField,
} from "../values/fields";
import { applicationHostField, originField } from "../values/hosts";
import { privateDestinationsSchema } from "./private-networks-schema";

const allOr = <T extends z.ZodType>(item: T, items: string) =>
  z.union([z.literal("all"), listField(item, `a list of ${items}`)], `must be "all" or a list of ${items}`);

export const applicationSchema = groupField({
  displayName: displayNameField
    .optional()
    .describe("the name that people see. Default: the name of the entry"),
  hostnames: listField(applicationHostField, "a list of host names")
    .default([])
    .describe(
      "host names, with or without a path; one wildcard between two dots or slashes (`*-dev.contoso.example`, `wiki.contoso.example/*/admin`). The launcher opens the first",
    ),
  destinations: privateDestinationsSchema
    .optional()
    .describe(
      "[private destinations](private-destinations.md), beside or instead of host names; one of the two is required",
    ),
  policies: setField(nameField("a policy"), "a list of policies")
    .default([])
    .describe(
      "names of policies, in the order in which Access evaluates them. Without a policy, nobody is admitted",
    ),
  acknowledge: setField(oneOfField(["unprotectedRest"]), 'a list of "unprotectedRest"')
    .default([])
    .describe("confirms that the host is meant to be unprotected except for the paths in `hostnames`"),
  redirect: booleanField()
    .optional()
    .describe(
      "whether people are sent directly to the identity provider. Default: `true` if it is the only one",
    ),
  sessionDuration: sessionDurationField
    .optional()
    .describe(
      "session duration for policies that set none; applications with [different ones](decisions/session-durations.md) can share a policy. Default: `24h`",
    ),
  cookie: groupField({
    sameSite: oneOfField(["strict", "lax", "none"]).optional().describe("the SameSite attribute"),
    httpOnly: booleanField().optional().describe("whether scripts cannot read it. Default: `true`"),
    binding: booleanField().optional().describe("whether it works only in the browser that signed in"),
    path: booleanField().optional().describe("whether it is sent only for the path of the application"),
  }).optional(),
  cors: groupField({
    origins: allOr(originField, "origins").describe("`all` or a list of origins"),
    methods: allOr(
      oneOfField(["GET", "POST", "HEAD", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"]),
      "methods",
    ).describe("`all` or a list of methods"),
    headers: allOr(textField("the name of a header", /^[\w!#$%&'+.^`|~-]+$/), "headers")
      .optional()
      .describe("`all` or a list of names of headers"),
    credentials: booleanField().default(false).describe("whether requests may carry credentials"),
    maxAge: wholeNumberField(86_400).optional().describe("how long browsers may keep the answer, in seconds"),
  }).optional(),
  launcher: booleanField().default(true).describe("whether the launcher shows a tile"),
  logoUrl: textField("an address that begins with https://", /^https:\/\/\S+$/)
    .optional()
    .describe("the address of the tile's picture"),
  tags: listField(proseField(120), "a list of tags").optional().describe("the tile's tags, which must exist"),
});
