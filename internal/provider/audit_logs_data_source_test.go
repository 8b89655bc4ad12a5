package provider

import (
	"slices"
	"strings"
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

func readTestAuditLogs(t *testing.T, client *devin.Client, action string) auditLogsModel {
	t.Helper()
	m := auditLogsModel{windowModel: window("2026-10-26", "2026-11-01"), Action: argument(action)}
	if err := readAuditLogs(t.Context(), client, &m); err != nil {
		t.Fatal(err)
	}
	return m
}

func TestAuditLogsAreTheTruthFromTheNewestToTheOldest(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{PageSize: 200})
	from, to := instants(t, "2026-10-26", "2026-11-01")
	truth := fake.AuditLogs("", from, to)
	m := readTestAuditLogs(t, fake.Client(t, devintest.KeyOK), "")
	if len(m.Entries) != len(truth) || *m.EntriesCount != int64(len(truth)) || m.ByAction["login"] != 7 || m.ByAction["create_session"] != int64(len(truth)-7) {
		t.Errorf("%d entries, want %d; %v", len(m.Entries), len(truth), m.ByAction)
	}
	if !slices.IsSortedFunc(m.Entries, func(a, b devin.AuditLog) int { return b.CreatedAt.Time().Compare(a.CreatedAt.Time()) }) {
		t.Error("the entries are in another order")
	}
}

// A number of 64 bits loses nothing.
func TestTheDataOfAnAuditLogIsItsJSON(t *testing.T) {
	t.Parallel()
	m := readTestAuditLogs(t, newFixture(t, devintest.Options{PageSize: 200}).Client(t, devintest.KeyOK), "create_session")
	if data := string(*m.Entries[0].Data); !strings.HasPrefix(data, `{"<from>":null,"acu_limit":9007199254740993,"session_id":"devin-`) {
		t.Errorf("the data is %s", data)
	}
}

func TestAuditLogsAreFilteredWhereDevinIgnoresTheFilter(t *testing.T) {
	t.Parallel()
	sameWhereFiltersAreIgnored(t, []string{"action"}, func(client *devin.Client) any {
		return readTestAuditLogs(t, client, "login")
	})
}

func TestAuditLogsAreRedacted(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{PageSize: 200})
	hasNoPersonalData(t, fake, readTestAuditLogs(t, redactingClient(t, fake), "").Entries)
}
