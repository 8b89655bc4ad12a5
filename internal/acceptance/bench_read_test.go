package acceptance

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
)

// thirtyDays is the window of the benchmarks that read consumption.
var thirtyDays = map[string]any{"start_date": "2026-10-01", "end_date": "2026-10-30"}

func benchFixture(b *testing.B, members int, latency time.Duration) *fixture {
	b.Helper()
	fake := newFixture(b, devintest.Options{Members: members, Uniform: true, PageSize: 200, Latency: latency})
	fake.Count("*") // and the lists are encoded when they are first asked for
	if _, err := plainMembers(b.Context(), fake.URL, 200); err != nil {
		b.Fatal(err)
	}
	return fake
}

// benchRead is a whole ReadDataSource call of a provider that is fresh, since
// the same one would not ask twice. It gives the size of the state.
func benchRead(b *testing.B, fake *fixture, source string, given map[string]any) int {
	b.Helper()
	fake.ResetRequests()
	p := newProtocol(b, fake.Provider())
	diags := p.Configure(b, map[string]any{"api_key": devintest.KeyOK, "api_url": fake.URL})
	resp := p.ReadData(b, source, given)
	for _, d := range append(diags, resp.Diagnostics...) {
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			b.Fatal(providertest.Messages([]*tfprotov6.Diagnostic{d}))
		}
	}
	return len(resp.State.MsgPack)
}

func (f *fixture) asked(size int) string {
	return fmt.Sprintf("%d requests, %d in flight, %d connections, %.1f MB of state on the wire",
		f.Count("*"), f.MostInFlight(), f.Connections(), float64(size)/1e6)
}

func BenchmarkMembers(b *testing.B) {
	b.Run("0ms", func(b *testing.B) {
		for _, members := range []int{1000, 10_000, 50_000} {
			fake := benchFixture(b, members, 0)
			rows, err := plainMembers(b.Context(), fake.URL, 200)
			if err != nil {
				b.Fatal(err)
			}
			stateSet := &protocol{&providertest.Protocol{ProviderServer: providerserver.NewProtocol6(&baselineProvider{members: rows})(), Schemas: newProtocol(b, fake.Provider()).Schemas}}
			size := 0
			comparison{
				name: fmt.Sprintf("%s members at 0 ms, read, against State.Set alone", thousands(uint64(members))), rounds: 1, target: 1.0 / 20,
				baseline: func() { mustState(b, stateSet.ReadData(b, "devin_members", nil)) },
				ours:     func() { size = benchRead(b, fake, "devin_members", nil) },
				notes:    func(_, _ *spent) string { return fake.asked(size) },
			}.run(b)
		}
	})
	b.Run("20ms", func(b *testing.B) {
		for _, members := range []int{10_000, 50_000} {
			fake := benchFixture(b, members, 20*time.Millisecond)
			size := 0
			comparison{
				name: fmt.Sprintf("%s members at 20 ms, read, against a plain pager", thousands(uint64(members))), target: 1.15,
				baseline: func() {
					if _, err := plainMembers(b.Context(), fake.URL, 200); err != nil {
						b.Fatal(err)
					}
				},
				ours:  func() { size = benchRead(b, fake, "devin_members", nil) },
				notes: func(_, _ *spent) string { return fake.asked(size) },
			}.run(b)
		}
	})
}

func mustState(b *testing.B, resp *tfprotov6.ReadDataSourceResponse) {
	b.Helper()
	if len(resp.Diagnostics) > 0 || resp.State == nil || len(resp.State.MsgPack) == 0 {
		b.Fatal("no state", providertest.Messages(resp.Diagnostics))
	}
}

func BenchmarkMembersDailyConsumption(b *testing.B) {
	w := devin.Window{Start: devin.DayAt(providertest.Now) - 50, End: devin.DayAt(providertest.Now) - 21} // thirtyDays
	for _, latency := range []time.Duration{0, 20 * time.Millisecond} {
		// Without latency the fake and the client share the processors, and the
		// bare loop, which checks nothing, is faster.
		target := 0.0
		if latency > 0 {
			target = 1.2
		}
		for _, of := range []struct {
			name string
			fake *fixture
		}{
			{"1,000 users", benchFixture(b, 1000, latency)},
			{"1,000 users, 400 of them in five IdP groups,", newFixture(b, devintest.Options{Members: 1000, PageSize: 200, Latency: latency})},
		} {
			var ids []string
			for _, member := range of.fake.Members() {
				ids = append(ids, member.UserID)
			}
			size := 0
			comparison{
				name: fmt.Sprintf("%s x 30 days at %d ms, read, against a bare loop", of.name, latency.Milliseconds()), target: target,
				baseline: func() {
					if err := plainUsers(context.Background(), of.fake.URL, "users", ids, w, devin.DefaultMaxConcurrentRequests); err != nil {
						b.Fatal(err)
					}
				},
				ours:  func() { size = benchRead(b, of.fake, "devin_members_daily_consumption", thirtyDays) },
				notes: func(_, _ *spent) string { return of.fake.asked(size) },
			}.run(b)
		}
	}
}

// Service users take as much as users, for each of them.
func BenchmarkServiceUsers(b *testing.B) {
	w := providertest.Days(b, "2026-10-01", "2026-10-30")
	fake := newFixture(b, devintest.Options{ServiceUsers: 200, PageSize: 200, Latency: 20 * time.Millisecond})
	size := 0
	comparison{
		name: "200 service users x 30 days at 20 ms, read, against a bare loop", target: 1.2,
		baseline: func() {
			if err := plainUsers(context.Background(), fake.URL, "service-users", fake.ServiceUsers(), w, devin.DefaultMaxConcurrentRequests); err != nil {
				b.Fatal(err)
			}
		},
		ours:  func() { size = benchRead(b, fake, "devin_service_users_daily_consumption", thirtyDays) },
		notes: func(_, _ *spent) string { return fake.asked(size) },
	}.run(b)
}

// Ten times the users may take eleven times the time: 1.1 times what ten reads
// of the few take. Ten, since the fastest of single short reads is one that the
// garbage collector and the machine's other work have passed over, as they never
// do a long one.
func BenchmarkTenTimesTheUsers(b *testing.B) {
	for _, tt := range []struct {
		name, source string
		given        map[string]any
		few          int
		latency      time.Duration
	}{
		{"50,000 members at 0 ms, read, against ten reads of 5,000", "devin_members", nil, 5000, 0},
		{"5,000 users x 30 days at 0 ms, read, against ten reads of 500", "devin_members_daily_consumption", thirtyDays, 500, 0},
		{"5,000 users x 30 days at 20 ms, read, against ten reads of 500", "devin_members_daily_consumption", thirtyDays, 500, 20 * time.Millisecond},
	} {
		few, many := benchFixture(b, tt.few, tt.latency), benchFixture(b, 10*tt.few, tt.latency)
		size := 0
		comparison{
			name: tt.name, target: 1.1,
			baseline: func() {
				for range 10 {
					benchRead(b, few, tt.source, tt.given)
				}
			},
			ours:  func() { size = benchRead(b, many, tt.source, tt.given) },
			notes: func(_, _ *spent) string { return many.asked(size) },
		}.run(b)
	}
}

// One user's name costs no walk over all members.
func BenchmarkOneName(b *testing.B) {
	const most = 2
	fake := benchFixture(b, 20_000, 0)
	members := fake.Members()
	id := members[len(members)*9/10].UserID
	names := 0
	for b.Loop() {
		size := benchRead(b, fake, "devin_members_daily_consumption", map[string]any{"start_date": "2026-10-01", "end_date": "2026-10-30", "user_ids": []string{id}})
		// Beside the name, the user's consumption and the enterprise's.
		names = fake.Count("*") - 2
		if size == 0 {
			b.Fatal("nothing was read")
		}
	}
	b.ReportMetric(float64(names), "requests")
	benchTable.add(benchRow{
		name: "the name of one user among 20,000: requests", measured: fmt.Sprint(names), baseline: fmt.Sprint(most),
		ratio: float64(names) / most, target: 1, notes: fake.asked(0),
	})
}

func sessionsFixture(b *testing.B, latency time.Duration) *fixture {
	b.Helper()
	return newFixture(b, devintest.Options{Members: 320, Uniform: true, PageSize: 200, Latency: latency})
}

func BenchmarkSessions(b *testing.B) {
	w := providertest.Days(b, "2026-10-01", "2026-10-30")
	fake := sessionsFixture(b, 20*time.Millisecond)
	all, err := plainSessions(b.Context(), fake.URL, w)
	if err != nil {
		b.Fatal(err)
	}
	size := 0
	comparison{
		name: fmt.Sprintf("%s sessions at 20 ms, csv, read, against a bare pager", thousands(uint64(len(all)))), target: 1.2,
		baseline: func() {
			if _, err := plainSessions(b.Context(), fake.URL, w); err != nil {
				b.Fatal(err)
			}
		},
		ours: func() {
			size = benchRead(b, fake, "devin_sessions", map[string]any{
				"start_date": "2026-10-01", "end_date": "2026-10-30", "limit": 50_000, "format": "csv",
			})
		},
		notes: func(_, _ *spent) string { return fake.asked(size) },
	}.run(b)
}
