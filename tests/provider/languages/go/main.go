// A program that deploys the components from Go, without a language host: an Automation API inline program.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	"github.com/pulumi/pulumi/sdk/v3/go/auto"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optup"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

type application struct {
	pulumi.ResourceState
	ClientID     pulumi.StringOutput `pulumi:"clientId"`
	TenantID     pulumi.StringOutput `pulumi:"tenantId"`
	ClientSecret pulumi.StringOutput `pulumi:"clientSecret"`
}

type identityProvider struct {
	pulumi.ResourceState
	IdentityProviderID pulumi.StringOutput `pulumi:"identityProviderId"`
	TestURL            pulumi.StringOutput `pulumi:"testUrl"`
}

type access struct {
	pulumi.ResourceState
	Audiences pulumi.StringMapOutput `pulumi:"audiences"`
}

func program(ctx *pulumi.Context) error {
	team, account := pulumi.String("contoso"), pulumi.String(os.Getenv("ACCOUNT_ID"))
	var app application
	err := ctx.RegisterRemoteComponentResource("entra-access:index:EntraApplication", "entra", pulumi.Map{
		"displayName":  pulumi.String("Cloudflare Access (Go)"),
		"teamName":     team,
		"clientSecret": pulumi.Map{"endDate": pulumi.String(os.Getenv("END_DATE"))},
	}, &app)
	if err != nil {
		return err
	}
	var idp identityProvider
	err = ctx.RegisterRemoteComponentResource("entra-access:index:AccessIdentityProvider", "entra", pulumi.Map{
		"accountId":    account,
		"teamName":     team,
		"clientId":     app.ClientID,
		"clientSecret": app.ClientSecret,
		"directoryId":  app.TenantID,
		"prompt":       pulumi.String("select_account"),
	}, &idp, pulumi.DependsOn([]pulumi.Resource{&app}))
	if err != nil {
		return err
	}
	var rules access
	err = ctx.RegisterRemoteComponentResource("entra-access:index:Access", "access", pulumi.Map{
		"accountId": account,
		"entra":     pulumi.Map{"id": idp.IdentityProviderID},
		"rules": pulumi.Map{
			"groups":   pulumi.Map{"staff": pulumi.Map{"include": pulumi.Map{"emails": pulumi.ToStringArray([]string{"ana@contoso.example"})}}},
			"policies": pulumi.Map{"staff": pulumi.Map{"include": pulumi.ToStringArray([]string{"staff"})}},
			"applications": pulumi.Map{"wiki": pulumi.Map{
				"hostnames": pulumi.ToStringArray([]string{"wiki.contoso.example"}),
				"policies":  pulumi.ToStringArray([]string{"staff"}),
			}},
		},
	}, &rules)
	if err != nil {
		return err
	}
	ctx.Export("clientId", app.ClientID)
	ctx.Export("clientSecret", app.ClientSecret)
	ctx.Export("testUrl", idp.TestURL)
	ctx.Export("audiences", rules.Audiences)
	return nil
}

func run() error {
	ctx := context.Background()
	stack, err := auto.UpsertStackInlineSource(ctx, "test", "components", program)
	if err != nil {
		return err
	}
	result, err := stack.Up(ctx, optup.SuppressOutputs())
	if err != nil {
		return err
	}
	outputs := map[string]any{}
	for name, output := range result.Outputs {
		outputs[name] = map[string]any{"value": output.Value, "secret": output.Secret}
	}
	return json.NewEncoder(os.Stdout).Encode(outputs)
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
