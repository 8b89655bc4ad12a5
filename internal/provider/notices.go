package provider

import (
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
)

// noticeAdvice says what each kind of notice may mean, and what to do about it.
var noticeAdvice = map[devin.NoticeKind]string{
	devin.NoticeTotals: "The numbers are shown as Devin gave them. People may have worked while they were read, or Devin adds them up at different times. " +
		"If they stay apart for days that have ended, ask Devin's support which of them counts.",
	devin.NoticeWindow: "The numbers are shown as Devin gave them, and may be those of another time. " +
		"Compare them with Devin's own pages before you act on them.",
	devin.NoticeShortList: "What came is shown. Devin may count what the key is not allowed to see, or the list changed while it was read. Run again to compare.",
	devin.NoticeItemTwice: "Devin changed the items while the list was read. Run again if that matters.",
	devin.NoticeFilter: "The numbers are shown as Devin gave them. If this deployment of Devin does not know the filter, they are those of everything. " +
		"Compare them with a read without the filter.",
	devin.NoticeNames:   "Names and addresses are null where they are not known; numbers are not affected.",
	devin.NoticeUnknown: "Their numbers are null.",
}

// addNotices makes a warning of each kind of notice, or an error where the provider is
// strict.
func addNotices(diags *diag.Diagnostics, notices []devin.Notice, strict bool) {
	var kinds []devin.NoticeKind
	count := map[devin.NoticeKind]int{}
	first := map[devin.NoticeKind]devin.Notice{}
	for _, n := range notices {
		if count[n.Kind]++; count[n.Kind] == 1 {
			kinds, first[n.Kind] = append(kinds, n.Kind), n
		}
	}
	slices.Sort(kinds)
	for _, kind := range kinds {
		detail := fmt.Sprintf("%s: %s.", first[kind].Path, first[kind].Text)
		if more := count[kind] - 1; more > 0 {
			detail += fmt.Sprintf(" There are %d more like it.", more)
		}
		detail += "\n\n" + noticeAdvice[kind]
		if strict {
			diags.AddError(string(kind), detail+" This is an error because the provider is strict.")
		} else {
			diags.AddWarning(string(kind), detail+" With strict = true in the provider block this is an error.")
		}
	}
}
