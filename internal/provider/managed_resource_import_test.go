package provider

import (
	"reflect"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
)

func TestImportByIDAndByIdentity(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{Members: 4})
	tf := newTerraform(t, fake, nil)
	for _, c := range limitCases(fake) {
		set, r := newManaged(t, tf, c.name), newManaged(t, tf, c.name)
		identity, id := "org_id", ""
		if c.first["user_id"] != nil {
			identity = "user_id"
		}
		id, _ = c.first[identity].(string)
		if r.importID(id) || r.said[0].Summary != "Nothing to import" {
			t.Errorf("%s before it is set: %s", c.name, providertest.Messages(r.said))
		}
		if !set.apply(c.first) {
			t.Fatal(providertest.Messages(set.said))
		}
		if !r.importID(id) || !reflect.DeepEqual(r.values(), c.first) {
			t.Errorf("%s: %v, %s", c.name, r.values(), providertest.Messages(r.said))
		}
		typ := tftypes.Object{AttributeTypes: map[string]tftypes.Type{identity: tftypes.String}}
		data, err := tfprotov6.NewDynamicValue(typ, tftypes.NewValue(typ, map[string]tftypes.Value{identity: tftypes.NewValue(tftypes.String, id)}))
		if err != nil {
			t.Fatal(err)
		}
		resp, err := tf.ImportResourceState(t.Context(), &tfprotov6.ImportResourceStateRequest{
			TypeName: c.name, Identity: &tfprotov6.ResourceIdentityData{IdentityData: &data},
		})
		if err != nil || hasErrors(resp.Diagnostics) || len(resp.ImportedResources) != 1 || !reflect.DeepEqual(r.valuesOf(resp.ImportedResources[0].State), c.first) {
			t.Errorf("%s by identity: %v, %s", c.name, err, providertest.Messages(resp.Diagnostics))
		}
	}
}

func TestAnImportWithoutAnID(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{Members: 4})
	tf := newTerraform(t, fake, nil)
	for _, c := range limitCases(fake) {
		identity := "org_id"
		if c.first["user_id"] != nil {
			identity = "user_id"
		}
		r := newManaged(t, tf, c.name)
		r.importID("")
		r.says("error: Nothing to import")
		typ := tftypes.Object{AttributeTypes: map[string]tftypes.Type{identity: tftypes.String}}
		for _, id := range []any{nil, ""} {
			data, err := tfprotov6.NewDynamicValue(typ, tftypes.NewValue(typ, map[string]tftypes.Value{identity: tftypes.NewValue(tftypes.String, id)}))
			if err != nil {
				t.Fatal(err)
			}
			resp, err := tf.ImportResourceState(t.Context(), &tfprotov6.ImportResourceStateRequest{
				TypeName: c.name, Identity: &tfprotov6.ResourceIdentityData{IdentityData: &data},
			})
			if err != nil {
				t.Fatal(err)
			}
			r.said = resp.Diagnostics
			r.says("error: Nothing to import")
			r.mentions("Nothing to import", identity, "is empty")
		}
	}
}
