import { recordAudit } from "../../store/entra/audits";
import { grantConsent } from "../../store/entra/consent";
import { mayConsent } from "../../store/entra/directory-roles";
import type { User } from "../../store/entra/tenant";
import { SignInError } from "../errors";
import { getDelegatedText, type PermissionText } from "../permission-texts/texts";
import { ADMIN_CONSENT, decodeConsentScope, parseProviderScopes } from "../provider/provider-parameters";
import { getSignedInUser, type InteractionStep } from "../sign-in/interaction-step";
import { renderAdminConsentForm, renderApprovalNeeded, renderConsentForm } from "../sign-in/pages";
import { listConsentedScopes } from "../sign-in/scopes";
import {
  getPermissionTexts,
  grantAdminConsent,
  type RequestedPermissions,
  resolveRequestedPermissions,
} from "./admin-consent";

function getRequestedScopes({ interaction }: InteractionStep): string[] {
  return parseProviderScopes(String(interaction.params.scope));
}

/** Lists requested permissions without consent that the user may not consent to. */
function listAdminOnlyScopes(step: InteractionStep): string[] {
  const user = getSignedInUser(step);
  if (mayConsent(user, { application: false })) return [];
  const consented = listConsentedScopes(step.tenant, step.client, user.id);
  return getRequestedScopes(step).filter(
    (scope) => !consented.includes(scope) && step.service.permissions.delegated[scope]?.[1] !== "User",
  );
}

/** Tells if the user is offered to consent for all users at sign-in; Entra offers it to this role only. */
const mayConsentForAllUsers = (user: User) => user.roles.includes("Global Administrator");

function getRequestedPermissions({
  service,
  tenant,
  client,
  interaction,
}: InteractionStep): RequestedPermissions {
  const scope = decodeConsentScope(String(interaction.params[ADMIN_CONSENT]));
  return resolveRequestedPermissions(service, tenant, client, scope);
}

function renderNeedsApproval(step: InteractionStep, permissions: PermissionText[]): Response {
  const { application } = step.client;
  const facts = { tenant: step.tenant.displayName, name: application.displayName };
  const error = new SignInError(90094, facts).body(step.service.store.now()).error_description;
  return renderApprovalNeeded({ application, user: getSignedInUser(step), permissions, error });
}

function recordConsent(step: InteractionStep, forAllUsers: boolean, names: string[]): void {
  const { application, principal } = step.client;
  const property = (displayName: string, value: unknown) => ({
    displayName,
    oldValue: null,
    newValue: JSON.stringify(value),
  });
  recordAudit(step.service.store, step.tenant, getSignedInUser(step), {
    activityDisplayName: "Consent to application",
    category: "ApplicationManagement",
    operationType: "Assign",
    loggedByService: "Core Directory",
    targets: [
      {
        id: principal.id,
        displayName: application.displayName,
        type: "ServicePrincipal",
        userPrincipalName: null,
        groupType: null,
        modifiedProperties: [
          property("ConsentContext.IsAdminConsent", forAllUsers),
          property("ConsentAction.Permissions", names.join(" ")),
        ],
      },
    ],
  });
}

interface ConsentPrompt {
  /** Shows the consent form, or the page that asks for an administrator. */
  render(step: InteractionStep): Response;
  /** Tells if the signed-in user may consent. */
  isAllowed(step: InteractionStep): boolean;
  grant(step: InteractionStep, form: URLSearchParams): void;
}

/** The consent prompts by their name in oidc-provider. */
export const CONSENT_PROMPTS: Record<string, ConsentPrompt> = {
  consent: {
    render(step) {
      const texts = (names: string[]) => names.map((name) => getDelegatedText(name, "user"));
      const scopes = listAdminOnlyScopes(step);
      if (scopes.length > 0) return renderNeedsApproval(step, texts(scopes));
      const user = getSignedInUser(step);
      const permissions = texts(getRequestedScopes(step));
      const forAllUsers = mayConsentForAllUsers(user);
      return renderConsentForm({ application: step.client.application, user, permissions, forAllUsers });
    },
    isAllowed: (step) => listAdminOnlyScopes(step).length === 0,
    grant(step, form) {
      const user = getSignedInUser(step);
      const forAllUsers = form.has("organization") && mayConsentForAllUsers(user);
      grantConsent(
        step.tenant,
        step.client.principal,
        getRequestedScopes(step),
        forAllUsers ? undefined : user.id,
      );
      recordConsent(step, forAllUsers, getRequestedScopes(step));
    },
  },
  admin_consent: {
    render(step) {
      const permissions = getPermissionTexts(getRequestedPermissions(step));
      if (!this.isAllowed(step)) return renderNeedsApproval(step, permissions);
      return renderAdminConsentForm({
        application: step.client.application,
        user: getSignedInUser(step),
        permissions,
      });
    },
    isAllowed: (step) =>
      mayConsent(getSignedInUser(step), {
        application: getRequestedPermissions(step).application.length > 0,
      }),
    grant(step) {
      const permissions = getRequestedPermissions(step);
      grantAdminConsent(step.tenant, step.client, permissions);
      recordConsent(step, true, [...permissions.delegated, ...permissions.application]);
    },
  },
};
