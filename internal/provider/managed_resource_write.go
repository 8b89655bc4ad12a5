package provider

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
)

// readBackWaits come before each look at what was written. It must show within half
// a minute.
var readBackWaits = []time.Duration{0, time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second, 15 * time.Second}

// apply makes Devin have what want owns, and reads it back until it shows. Without
// an error, Devin has it.
func (r *managedResource[M]) apply(ctx context.Context, want, had M, diags *diag.Diagnostics) {
	id, doing := r.id(want), "set "+r.what
	clearing := want == r.of(id)
	if clearing {
		doing = "clear " + r.what
	}
	lost := r.write(ctx, r.client(), want, had)
	switch {
	case lost != nil && ctx.Err() != nil:
		diags.AddError(writeLost(doing, id, "Terraform was interrupted before Devin could be asked.", lost))
		return
	case lost != nil && !devin.Arrived(lost):
		if gone := r.explain(ctx, doing, id, lost, diags); gone && !clearing {
			addReadError(diags, doing, lost)
		}
		return
	}
	seen, err := r.readBack(ctx, want, had)
	switch {
	case err == nil && seen == want:
	case lost != nil && err != nil:
		diags.AddError(writeLost(doing, id, "What Devin has now could not be read either.", lost))
	case lost != nil:
		diags.AddError(writeLost(doing, id, "Devin has now: "+r.show(seen)+". It was to be: "+r.show(want)+".", lost))
	case ctx.Err() != nil:
		diags.AddWarning(writtenUnread(r.what, id, r.show(want)))
	case err != nil:
		addReadError(diags, "read back "+r.what+", after it was written ("+r.show(want)+")", err)
	default:
		diags.AddError(writtenOtherwise(doing, r.request, id, r.show(want), r.show(seen)))
	}
}

// readBack looks until Devin shows what want has, and returns what it saw last of
// what either owns.
func (r *managedResource[M]) readBack(ctx context.Context, want, had M) (seen M, err error) {
	for _, wait := range readBackWaits {
		if wait > 0 {
			if slept := r.client().Sleep(ctx, wait); slept != nil {
				return seen, slept
			}
		}
		if seen, err = r.read(devin.Fresh(ctx), r.client(), r.id(want)); err != nil {
			return seen, err
		}
		if seen = r.owned(seen, want, had); seen == want {
			return seen, nil
		}
	}
	return seen, nil
}
