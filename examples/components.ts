import { AccessIdentityProvider } from "../components/access/identity-provider";
import { EntraApplication } from "../components/entra/application";

const application = new EntraApplication("contoso", {
  displayName: "Cloudflare Access (contoso)",
  teamName: "contoso",
  clientSecret: { endDate: "2027-05-01T00:00:00Z" },
});
const args = {
  accountId: "023e105f4ecef8ad9ca31a8372d0c353",
  teamName: "contoso",
  clientId: application.clientId,
  clientSecret: application.clientSecret,
  directoryId: application.tenantId,
};
export const identityProvider = new AccessIdentityProvider("contoso", args, { dependsOn: application });
