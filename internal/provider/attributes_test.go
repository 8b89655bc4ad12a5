package provider

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
)

func TestAttributesPanicOnADuplicateName(t *testing.T) {
	t.Parallel()
	defer func() {
		if recover() == nil {
			t.Error("one of two attributes of the same name was lost")
		}
	}()
	attributes(scopeAttributes(), map[string]schema.Attribute{"org_id": requiredID("The id of an organization.")})
}
