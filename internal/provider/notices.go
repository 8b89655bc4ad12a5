package provider

import (
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
)

// noticeAdvice says what each kind of notice may mean, and what to do about it.
var noticeAdvice = map[devin.NoticeKind]string{
	devin.NoticeTotals: "The numbers are shown as Devin gave them. They may have changed while they were read, or Devin adds them up at different times. " +
		"If they differ for days that have ended, ask Devin's support which of them counts.",
	devin.NoticeWindow: "The numbers are shown as Devin gave them, and may be those of another time: compare them with Devin's own pages before you act on them.",
	devin.NoticeShortList: "What came is shown. The list may have changed while it was read, or Devin counts items that the key may not see. " +
		"Run again to compare.",
	devin.NoticeItemTwice: "The later value is shown. Devin changed the items while the list was read: run again if that matters.",
	devin.NoticeFilter: "The numbers are shown as Devin gave them. If this deployment of Devin does not know the filter, they are those of everything: " +
		"compare them with a read without the filter.",
	devin.NoticeNames:   "Names and e-mail addresses that are not known are null; no number depends on them.",
	devin.NoticeUnknown: "Their numbers are null. Devin may still list what was removed.",
}

// addNotices makes a warning of each kind of notice, or an error where the provider is
// strict.
func addNotices(diags *diag.Diagnostics, notices []devin.Notice, strict bool) {
	byKind := map[devin.NoticeKind][]devin.Notice{}
	for _, n := range notices {
		byKind[n.Kind] = append(byKind[n.Kind], n)
	}
	for _, kind := range slices.Sorted(maps.Keys(byKind)) {
		first, others := byKind[kind][0], len(byKind[kind])-1
		found := []string{fmt.Sprintf("GET %s: %s.", first.Path, first.Text)}
		if others > 0 {
			found = append(found, fmt.Sprintf("Other answers that are odd in the same way: %d.", others))
		}
		if strict {
			diags.AddError(string(kind), noticeAdvice[kind]+" This is an error because the provider has strict = true."+evidence(found...))
		} else {
			diags.AddWarning(string(kind), noticeAdvice[kind]+" With strict = true in the provider block this would be an error."+evidence(found...))
		}
	}
}
