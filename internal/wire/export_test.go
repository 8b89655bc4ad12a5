package wire

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// What tests see beside what everybody sees.
var (
	EncodeUpTo = encode
	PlanOf     = planOf
)

// LimitTo sets the most bytes that a result of the server may have.
func LimitTo(t *testing.T, s tfprotov6.ProviderServer, limit int) {
	t.Helper()
	wrapped, ok := s.(*server)
	if !ok {
		t.Fatalf("served by a %T", s)
	}
	wrapped.limit = limit
}
