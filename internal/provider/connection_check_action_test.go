package provider

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
)

// invokeCheck runs the action as Terraform does: what it says on the way, and how
// it ends.
func invokeCheck(t *testing.T, settings, given map[string]any, p *protocol) (progress []string, diags []*tfprotov6.Diagnostic) {
	t.Helper()
	p.Configure(t, settings)
	server, ok := p.ProviderServer.(tfprotov6.ActionServer)
	schema := p.Schemas.ActionSchemas["devin_connection_check"]
	if !ok || schema == nil {
		t.Fatal("the provider has no such action")
	}
	config := providertest.Value(t, schema.Schema, given)
	if given == nil {
		// An action block without a config block.
		null, err := tfprotov6.NewDynamicValue(schema.Schema.ValueType(), tftypes.NewValue(schema.Schema.ValueType(), nil))
		if err != nil {
			t.Fatal(err)
		}
		config = &null
	}
	ctx := context.Background()
	if valid, err := server.ValidateActionConfig(ctx, &tfprotov6.ValidateActionConfigRequest{ActionType: "devin_connection_check", Config: config}); err != nil || len(valid.Diagnostics) > 0 {
		return nil, valid.Diagnostics
	}
	stream, err := server.InvokeAction(ctx, &tfprotov6.InvokeActionRequest{ActionType: "devin_connection_check", Config: config})
	if err != nil {
		t.Fatal(err)
	}
	for event := range stream.Events {
		switch e := event.Type.(type) {
		case tfprotov6.ProgressInvokeActionEventType:
			progress = append(progress, e.Message)
		case tfprotov6.CompletedInvokeActionEventType:
			diags = e.Diagnostics
		}
	}
	return progress, diags
}

func TestActionReportsTheResultOfEachRequest(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{})
	settings := func(key string) map[string]any { return map[string]any{"api_url": fake.URL, "api_key": key} }
	invoke := func(key string, given map[string]any) ([]string, []*tfprotov6.Diagnostic) {
		return invokeCheck(t, settings(key), given, newProtocol(t, fake.Provider()))
	}
	progress, diags := invoke(devintest.KeyOK, nil)
	if len(diags) > 0 || len(progress) != 6 || progress[0] != "GET /v3/self answered 200." || !strings.Contains(progress[5], "DX Import") {
		t.Errorf("%q\n%s", progress, providertest.Messages(diags))
	}
	for _, path := range []string{"/v3/enterprise/members/users", "/v3/enterprise/consumption/daily", "/v3/enterprise/metrics/prs", "/v3/enterprise/organizations"} {
		if !slices.ContainsFunc(progress, func(line string) bool { return line == "GET "+path+" answered 200." }) {
			t.Errorf("nothing is said of %s: %q", path, progress)
		}
	}
	for key, code := range map[string]string{
		devintest.KeyForbidden: "forbidden: ", devintest.KeyInvalidPermissions: "invalid_permissions: ", devintest.KeyUnavailable: "unavailable: ", devintest.KeyNoResources: "no_resources: ",
	} {
		if progress, diags := invoke(key, nil); len(diags) != 1 || !strings.HasPrefix(diags[0].Summary, code) || len(progress) == 0 {
			t.Errorf("%s: %q\n%s", key, progress, providertest.Messages(diags))
		}
	}
	if _, diags := invoke(devintest.KeyForbidden, map[string]any{"required_permissions": []string{"ViewAccountMetrics"}}); len(diags) > 0 {
		t.Errorf("the permissions it has: %s", providertest.Messages(diags))
	}
	if _, diags := invoke(devintest.KeyOK, map[string]any{"required_permissions": []string{"ManageEverything"}}); len(diags) != 1 || diags[0].Summary != "Unknown permission" {
		t.Errorf("a permission that is none: %s", providertest.Messages(diags))
	}
}
