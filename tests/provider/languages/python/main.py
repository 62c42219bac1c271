"""Deploys the components from Python, without a language host: an Automation API inline program."""

import json
import os

import pulumi
from pulumi import automation as auto


class Application(pulumi.ComponentResource):
    client_id: pulumi.Output[str]
    client_secret: pulumi.Output[str]
    tenant_id: pulumi.Output[str]

    def __init__(self, name: str, props: dict):
        outputs = {"clientId": None, "clientSecret": None, "tenantId": None}
        super().__init__("entra-access:index:EntraApplication", name, {**outputs, **props}, None, True)


class IdentityProvider(pulumi.ComponentResource):
    def __init__(self, name: str, props: dict, opts: pulumi.ResourceOptions):
        outputs = {"identityProviderId": None, "testUrl": None}
        super().__init__("entra-access:index:AccessIdentityProvider", name, {**outputs, **props}, opts, True)


class Access(pulumi.ComponentResource):
    def __init__(self, name: str, props: dict):
        super().__init__("entra-access:index:Access", name, {"audiences": None, **props}, None, True)


def program() -> None:
    account_id = os.environ["ACCOUNT_ID"]
    application = Application(
        "entra",
        {
            "displayName": "Cloudflare Access (Python)",
            "teamName": "contoso",
            "clientSecret": {"endDate": os.environ["END_DATE"]},
        },
    )
    identity_provider = IdentityProvider(
        "entra",
        {
            "accountId": account_id,
            "teamName": "contoso",
            "clientId": application.clientId,
            "clientSecret": application.clientSecret,
            "directoryId": application.tenantId,
            "prompt": "select_account",
        },
        pulumi.ResourceOptions(depends_on=[application]),
    )
    access = Access(
        "access",
        {
            "accountId": account_id,
            "entra": {"id": identity_provider.identityProviderId},
            "rules": {
                "groups": {"staff": {"include": {"emails": ["ana@contoso.example"]}}},
                "policies": {"staff": {"include": ["staff"]}},
                "applications": {"wiki": {"hostnames": ["wiki.contoso.example"], "policies": ["staff"]}},
            },
        },
    )
    pulumi.export("clientId", application.clientId)
    pulumi.export("clientSecret", application.clientSecret)
    pulumi.export("testUrl", identity_provider.testUrl)
    pulumi.export("audiences", access.audiences)


stack = auto.create_or_select_stack(stack_name="test", project_name="components", program=program)
outputs = stack.up().outputs
print(json.dumps({name: {"value": output.value, "secret": output.secret} for name, output in outputs.items()}))
