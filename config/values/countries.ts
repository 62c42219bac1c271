import * as z from "zod";

/** The codes that Cloudflare matches: those of ISO 3166-1, "XK", "T1" for Tor and "XX" for an unknown country. */
const CODES = new Set(
  (
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ " +
    "CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR " +
    "GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO " +
    "JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR " +
    "MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO " +
    "RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV " +
    "TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW T1 XX"
  ).split(" "),
);

/** Codes of other lists, and of countries that are no more, by the code of ISO 3166-1. */
const OTHER_CODES: Readonly<Record<string, string>> = {
  AN: "CW",
  BU: "MM",
  CS: "RS",
  DD: "DE",
  EL: "GR",
  EN: "GB",
  FX: "FR",
  SU: "RU",
  TP: "TL",
  UK: "GB",
  YU: "RS",
  ZR: "CD",
};

const message = 'must be a country code of ISO 3166-1 in capitals, such as "DE"';

/** A country; any other code would match nobody. */
export const countryField = z.string(message).superRefine((code, context) => {
  if (!CODES.has(code))
    context.addIssue({ code: "custom", message, params: { advice: suggestCountry(code) } });
});

function suggestCountry(code: string): string {
  const capitals = code.trim().toUpperCase();
  if (CODES.has(capitals)) return `Did you mean "${capitals}"?`;
  if (Object.hasOwn(OTHER_CODES, capitals)) return `Did you mean "${OTHER_CODES[capitals]}"?`;
  return 'Beyond ISO 3166-1, Cloudflare knows "T1" for Tor and "XX" for an unknown country.';
}
