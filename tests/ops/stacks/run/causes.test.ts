import { extractCauses } from "../../../../ops/stacks/run/causes";

// Shortened output of the official plugins and the engine: one list of diagnostics per failed run.
test.each<[string, string[], string[]]>([
  [
    "a refused sign-in, three times over, each with frames",
    [
      `Error serializing arguments for invoke azuread:index/getServicePrincipal:getServicePrincipal: Error: error serializing property "clientId": invocation of azuread:index/getApplicationPublishedAppIds:getApplicationPublishedAppIds returned an error: 1 error occurred:
	* building client: unable to obtain access token: clientCredentialsToken: received HTTP status 401 with response: {"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret provided. Trace ID: a9f9 Correlation ID: 0c4e","error_codes":[7000215]}


    at Object.callback (/srv/node_modules/@pulumi/runtime/invoke.ts:301:37)
    at processTicksAndRejections (node:internal/process/task_queues:77:11)`,
      `Running program '/srv/index.js' failed with an unhandled exception:
<ref *1> Error: error serializing property "applicationId": error serializing property "owners": invocation of azuread:index/getClientConfig:getClientConfig returned an error: 1 error occurred:
	* building client: unable to obtain access token: clientCredentialsToken: received HTTP status 401 with response: {"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret provided. Trace ID: ffff Correlation ID: eeee","error_codes":[7000215]}
    at Object.callback (/srv/node_modules/@pulumi/runtime/invoke.ts:301:37) {
  promise: Promise { <rejected> [Circular *1] }
}`,
    ],
    [
      "building client: unable to obtain access token: clientCredentialsToken: received HTTP status 401 with response: AADSTS7000215: Invalid client secret provided.",
    ],
  ],
  [
    "a look-up whose connection broke",
    [
      "Unhandled exception: Error: invoking azuread:index/getServicePrincipal:getServicePrincipal:\nListing service principals: socket hang up\n    at callback (/srv/invoke.ts:301:37)",
    ],
    ["Listing service principals: socket hang up"],
  ],
  [
    "a missing right in Microsoft Graph",
    [
      "  sdk-v2/provider2.go:572: sdk.helper_schema: Could not create application: unexpected status 403 (403 Forbidden) with error: Authorization_RequestDenied: Insufficient privileges to complete the operation.: provider=azuread@6.9.1",
      "1 error occurred:\n\t* creating urn:pulumi:err::lab::azuread:index/application:Application::app: 1 error occurred:\n\t* Could not create application: unexpected status 403 (403 Forbidden) with error: Authorization_RequestDenied: Insufficient privileges to complete the operation.\n\n",
      "update failed",
    ],
    [
      "Could not create application: unexpected status 403 (403 Forbidden) with error: Authorization_RequestDenied: Insufficient privileges to complete the operation.",
    ],
  ],
  [
    "a missing right at Cloudflare",
    [
      '[ERROR] POST "http://127.0.0.1:8442/access/identity_providers": 403 Forbidden {"success":false,"errors":[{"code":10000,"message":"Authentication error"}],"messages":[],"result":null}: failed to make http request',
      'failed to make http request: POST "http://127.0.0.1:8442/access/identity_providers": 403 Forbidden {"success":false,"errors":[{"code":10000,"message":"Authentication error"}],"messages":[],"result":null}',
    ],
    [
      'POST "http://127.0.0.1:8442/access/identity_providers": 403 Forbidden Cloudflare 10000: Authentication error',
    ],
  ],
  ["several lines that belong together", ["error: 2 problems:\n  a\n  b"], ["2 problems:\n  a\n  b"]],
  ["two causes", ["update failed", "one", "two"], ["one", "two"]],
  [
    "a Graph error envelope",
    ['{"error":{"code":"Request_BadRequest","message":"No."}}'],
    ["Request_BadRequest: No."],
  ],
  ["braces that are no JSON", ["expected {x}"], ["expected {x}"]],
  ["nothing", ["update failed", "\n"], []],
])("%s", (_name, diagnostics, causes) => expect(extractCauses(diagnostics)).toEqual(causes));
