import { fabrikam } from "../../twin/index";

/** Fabrikam's tenant as a second one of Contoso's stack and account: an entry of `access.identityProviders`. */
export const partner = {
  owned: true,
  tenantId: fabrikam.tenantId,
  clientId: fabrikam.deployer.appId,
  clientSecret: fabrikam.deployer.secret,
};

/** Settings of a stack with both tenants, and nothing that anybody reaches. */
export const withPartner = (more: object = {}) => ({
  "entra-access:access": { identityProviders: { fabrikam: { ...partner, ...more } } },
});
