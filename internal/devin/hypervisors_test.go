package devin

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

func TestHypervisorsAreRightWhateverTheServerFilters(t *testing.T) {
	t.Parallel()
	var items []string
	for i, status := range []string{"available", "Draining", "terminated", "warming_up", "AVAILABLE"} {
		items = append(items, fmt.Sprintf(`{"hypervisor_id":"h%d","status":%q,"utilization_percentage":null}`, 5-i, status))
	}
	for status, want := range map[string]struct{ ids, sent string }{
		"":    {"h1 h2 h3 h4 h5", "all"},
		"all": {"h1 h2 h3 h4 h5", "all"},
		// The words of an answer are not documented: what is none of the filter's is left to Devin.
		"available":  {"h1 h2 h5", "available"},
		"draining":   {"h2 h4", "draining"},
		"warming_up": {"h2", "warming_up"},
	} {
		c, _ := serve(t, func(r *http.Request) (int, string) {
			if got := r.URL.Query().Get("status"); got != want.sent {
				t.Errorf("%q is sent as %q", status, got)
			}
			return http.StatusOK, page(strings.Join(items, ","))
		})
		all, err := c.Hypervisors(t.Context(), status)
		var ids []string
		for _, h := range all {
			ids = append(ids, h.HypervisorID)
		}
		if err != nil || strings.Join(ids, " ") != want.ids {
			t.Errorf("%q: got %q, %v, want %q", status, ids, err, want.ids)
		}
	}
}

func TestMeanUtilizationLeavesOutMachinesThatAreGone(t *testing.T) {
	t.Parallel()
	all := []Hypervisor{
		{Status: "available", Utilization: ptr(Percent(10))},
		{Status: "draining", Utilization: ptr(Percent(20))},
		{Status: "new", Utilization: ptr(Percent(60))},
		{Status: "terminated", Utilization: ptr(Percent(90))},
		{Status: "Disconnected", Utilization: ptr(Percent(90))},
		{Status: "available"},
	}
	if got := MeanUtilization(all); got == nil || *got != 30 {
		t.Errorf("got %v", got)
	}
	if got := MeanUtilization(all[3:]); got != nil {
		t.Errorf("of machines that are gone, and one that says nothing: %v", *got)
	}
}
