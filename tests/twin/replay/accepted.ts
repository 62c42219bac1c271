/** An accepted difference between the twin and the recorded emulator. */
export interface AcceptedDifference {
  /** Pattern of method and path. */
  call: RegExp;
  /** Pattern of the lines of {@link differences}. */
  difference: RegExp;
  why: string;
}

export const ACCEPTED: AcceptedDifference[] = [
  {
    call: /\/instantiate$/,
    difference: /^(application|servicePrincipal)\.objectId: string → absent$/,
    why: "Graph calls it id; the emulator kept both.",
  },
  {
    call: /^(GET|POST) \/(v1\.0\/(applications|servicePrincipals)|beta\/groups(\/[^/]+)?$|v1\.0\/identity)/,
    difference: /^(value\[\]\.)?@odata\.type: string → absent$/,
    why: "Graph names the type of an object in lists of mixed types only; the emulator kept what it was sent.",
  },
  {
    call: /^(GET|POST) \/v1\.0\/applications/,
    difference: /web\.redirectUriSettings: empty list → list$/,
    why: "Graph mirrors each redirect URI there (resource type webApplication); the emulator left it empty.",
  },
  {
    call: /^(GET|POST) \/v1\.0\/applications/,
    difference: /optionalClaims\.idToken\[\]\.source: absent → null$/,
    why: "An optionalClaim always has a source, null when the claim is a predefined one (resource type optionalClaim).",
  },
  {
    call: /^GET \/v1\.0\/applications\//,
    difference: /^optionalClaims\.idToken: list → absent$/,
    why: "The provider clears optional claims by sending {}; the emulator merged that into what was there.",
  },
  {
    call: /\/access\/organizations$/,
    difference: /^result\.custom_pages: object → absent$/,
    why: "An empty custom_pages is a diff that nobody can see; the documentation has it as optional.",
  },
  {
    call: /\/access\/identity_providers/,
    difference: /config\.client_secret: (string|null) → absent$/,
    why: "Recorded with an emulator told to answer it empty or null; Cloudflare leaves it out or masks it.",
  },
  {
    call: /^(GET \/v1\.0\/(applications|servicePrincipals)|POST \/v1\.0\/applicationTemplates)\//,
    difference: /^((application|servicePrincipal)\.)?appRoles: empty list → list$/,
    why: "An application from the template has the app roles User and msiam_access; the emulator's had none.",
  },
];
