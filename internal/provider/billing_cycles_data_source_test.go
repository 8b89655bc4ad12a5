package provider

import (
	"fmt"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
)

// readCycles reads what the fake answers in place of its own cycles, at a time.
func readCycles(t *testing.T, now, items string) billingCyclesModel {
	t.Helper()
	fake := newFixture(t, devintest.Options{})
	at, err := time.Parse(time.RFC3339, now)
	if err != nil {
		t.Fatal(err)
	}
	fake.Clock = devintest.NewClock(at)
	if items != "" {
		fake.Fault("*/cycles", devintest.Fault{Body: `{"items":[` + items + `],"has_next_page":false}`})
	}
	var m billingCyclesModel
	if err := readBillingCycles(t.Context(), fake.Client(t, devintest.KeyOK), &m); err != nil {
		t.Fatal(err)
	}
	return m
}

func cycleItem(start, end string) string {
	from, _ := time.Parse(time.RFC3339, start)
	to, _ := time.Parse(time.RFC3339, end)
	return fmt.Sprintf(`{"after":%d,"before":%d}`, from.Unix(), to.Unix())
}

func TestNoBillingCycleIsCurrentInAGap(t *testing.T) {
	t.Parallel()
	october, december := cycleItem("2026-10-05T08:00:00Z", "2026-11-05T08:00:00Z"), cycleItem("2026-12-05T08:00:00Z", "2027-01-05T08:00:00Z")
	// A gap: the newest that has ended is still the previous one.
	m := readCycles(t, "2026-11-20T12:00:00Z", december+","+october)
	if m.Current != nil || m.Previous == nil || m.Previous.StartDate.String() != "2026-10-05" || len(m.Cycles) != 2 || m.Cycles[0].StartDate.String() != "2026-12-05" {
		t.Errorf("in a gap: %+v", m)
	}
	if m = readCycles(t, "2026-11-20T12:00:00Z", december); m.Current != nil || m.Previous != nil || len(m.Cycles) != 1 {
		t.Errorf("before all: %+v", m)
	}
	if m = readCycles(t, "2026-11-20T12:00:00Z", " "); m.Current != nil || m.Previous != nil || m.Cycles == nil || len(m.Cycles) != 0 {
		t.Errorf("without any: %+v", m)
	}
}

func TestAccBillingCycles(t *testing.T) {
	fake := newFixture(t, devintest.Options{Quirks: devintest.Quirks{CyclesNewestFirst: true}})
	const body = `
data "devin_billing_cycles" "this" {}
data "devin_members_daily_consumption" "to_date" {
  start_date = data.devin_billing_cycles.this.current.start_date
  format     = "none"
}
output "complete" { value = data.devin_members_daily_consumption.to_date.complete }
`
	const name = "data.devin_billing_cycles.this"
	step := fake.Step(devintest.KeyOK, body,
		providertest.Attribute(name, "cycles", knownvalue.ListSizeExact(len(fake.Cycles()))),
		providertest.Attribute(name, "current", knownvalue.ObjectExact(map[string]knownvalue.Check{
			"start_date": knownvalue.StringExact("2026-11-05"), "end_date": knownvalue.StringExact("2026-12-04"),
			"starts_at": knownvalue.StringExact("2026-11-05T08:00:00Z"), "ends_at": knownvalue.StringExact("2026-12-05T08:00:00Z"),
			"days_total": knownvalue.Int64Exact(30), "days_elapsed": knownvalue.Int64Exact(15), "days_remaining": knownvalue.Int64Exact(15),
		})),
		statecheck.ExpectKnownValue(name, tfjsonpath.New("previous").AtMapKey("start_date"), knownvalue.StringExact("2026-10-05")),
		statecheck.ExpectKnownOutputValue("complete", knownvalue.Bool(true)),
	)
	again := fake.Unchanged(devintest.KeyOK, body)
	providertest.Run(t, step, again)
}
