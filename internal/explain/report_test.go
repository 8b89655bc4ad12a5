package explain_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/explain"
	"github.com/devin-community/terraform-provider-devin/internal/explain/explaintest"
)

func TestEachKindOfNoticeIsOneMessageWithAdvice(t *testing.T) {
	t.Parallel()
	kinds := []devin.NoticeKind{
		devin.NoticeTotals, devin.NoticeWindow, devin.NoticeShortList, devin.NoticeItemTwice, devin.NoticeFilter, devin.NoticeNames, devin.NoticeUnknown,
	}
	slices.Sort(kinds)
	var notices []devin.Notice
	for _, kind := range kinds {
		for i := range 3 {
			notices = append(notices, devin.Notice{Kind: kind, Path: fmt.Sprintf("/v3/%d", i), Text: fmt.Sprintf("%d is not %d", i, i+1)})
		}
	}
	for _, strict := range []bool{false, true} {
		messages := explain.Notices(notices, strict)
		if len(messages) != len(kinds) {
			t.Fatalf("%d messages, want one of each kind of %d", len(messages), len(kinds))
		}
		for i, m := range messages {
			if m.Summary != string(kinds[i]) || strings.HasPrefix(m.Detail, " ") || !strings.Contains(m.Detail, "strict = true") ||
				!strings.HasSuffix(m.Detail, "\n- GET /v3/0: 0 is not 1.\n- Other answers that are odd in the same way: 2.") {
				t.Error(m)
			}
			explaintest.CheckForm(t, m)
		}
	}
	if one := explain.Notices(notices[:1], false); len(one) != 1 || strings.Contains(one[0].Detail, "Other answers") {
		t.Error(one)
	}
}

func TestTheErrorOfAReportSaysWhyItFailed(t *testing.T) {
	t.Parallel()
	_, failed := newClient(t, startFake(t, devintest.Options{}), devintest.KeyForbidden).WholeDailyConsumption(t.Context(), october)
	for reason, says := range map[devin.Reason]string{
		devin.SomeFailed: "none of the 6 service users", devin.TooManyFailed: "more than 20 of the service users", devin.AllUnknown: "knows none of the 6 service users",
	} {
		m := explain.Error("read", &devin.ReportError{Noun: "service users", IDs: []string{"a", "b"}, Count: 6, Err: failed, Reason: reason})
		if !strings.Contains(m.Detail, says) || !strings.Contains(m.Detail, `- For "a": GET`) || !strings.Contains(m.Detail, `"a", "b" and 4 more`) {
			t.Error(m)
		}
		explaintest.CheckForm(t, m)
	}
}
