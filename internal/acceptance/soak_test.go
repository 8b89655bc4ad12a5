package acceptance

import (
	"crypto/sha256"
	"fmt"
	"net/http"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
)

// soakDays is the window: thirty finished billing days.
var soakDays = struct{ start, end string }{"2026-10-20", "2026-11-18"}

// TestSoak is `make soak`: SOAK_RUNS times, a report over 5,000 members and
// thirty days, and the members themselves, from a fake that one request in
// twenty meets a fault of. Unlike the other tests it waits in real time.
func TestSoak(t *testing.T) {
	runs, err := strconv.Atoi(os.Getenv("SOAK_RUNS"))
	if err != nil {
		t.Skip("SOAK_RUNS says how often")
	}
	fake := devintest.New(devintest.Options{Members: 5000, PageSize: 200, Now: func() time.Time { return providertest.Now }})
	t.Cleanup(fake.Close)
	url := serveHTTP(t, fake).URL

	// The truth, read without faults. The runs are compared with its digest, so that
	// it does not stay in memory.
	want := digests(soak(t, url), func(results [2][]byte) { checkSoakTruth(t, fake, results) })

	const each = 0.0125
	fake.Fault("*", devintest.Fault{Status: http.StatusServiceUnavailable, Random: each})
	fake.Fault("*", devintest.Fault{Status: http.StatusTooManyRequests, Random: each})
	fake.Fault("*", devintest.Fault{Reset: true, Random: each / 2})
	fake.Fault("*", devintest.Fault{ResetMidBody: true, Random: each / 2})
	fake.Fault("*", devintest.Fault{Delay: 300 * time.Millisecond, Random: each})

	// Line by line, since each takes half a minute.
	fmt.Printf("%4s %8s %9s %5s %5s %5s %10s %11s %11s %6s\n", "run", "time", "requests", "503", "429", "lost", "in flight", "peak", "heap after", "equal")
	heaps := make([]uint64, runs)
	for run := range runs {
		resetPeak()
		fake.ResetRequests()
		before := time.Now()
		equal := digests(soak(t, url), nil) == want
		took := time.Since(before)
		if !equal {
			t.Errorf("run %d differs from the truth", run+1)
		}
		peak, most := mib(highWater("self")), fake.MostInFlight()
		byStatus, n := statuses(fake)
		if byStatus[http.StatusServiceUnavailable] == 0 || byStatus[http.StatusTooManyRequests] == 0 {
			t.Errorf("run %d met no faults: %v", run+1, byStatus)
		}
		fake.ResetRequests()
		heaps[run] = liveHeap()
		fmt.Printf("%4d %7.1fs %9d %5d %5d %5d %10d %11s %11s %6t\n", run+1, took.Seconds(), n,
			byStatus[503], byStatus[429], byStatus[0], most, peak, mib(int(heaps[run])), equal)
	}
	// Some pools fill up in the first run.
	const slack = 4 << 20
	for run := 2; run < runs; run++ {
		if heaps[run] > heaps[1]+slack {
			t.Errorf("memory grows: %d bytes after the second run, %d after run %d", heaps[1], heaps[run], run+1)
		}
	}
}

func digests(results [2][]byte, check func([2][]byte)) [2][sha256.Size]byte {
	if check != nil {
		check(results)
	}
	return [2][sha256.Size]byte{sha256.Sum256(results[0]), sha256.Sum256(results[1])}
}

func statuses(fake *devintest.Server) (byStatus map[int]int, all int) {
	byStatus = map[int]int{}
	requests := fake.Requests()
	for _, r := range requests {
		byStatus[r.Status]++
	}
	return byStatus, len(requests)
}

// soak reads once, with a provider of its own, as a plan would.
func soak(t *testing.T, url string) [2][]byte {
	t.Helper()
	p := configuredProtocol(t, newProvider(nil, nil), url, map[string]any{
		// One try in twenty fails: nine in a row, not once in a million runs.
		"api_key": devintest.KeyOK, "max_retries": 8,
	})
	var results [2][]byte
	for i, source := range []string{"devin_members_daily_consumption", "devin_members"} {
		given := map[string]any{}
		if i == 0 {
			given["start_date"], given["end_date"], given["by_product"] = soakDays.start, soakDays.end, true
		}
		resp := p.ReadData(t, source, given)
		for _, d := range resp.Diagnostics {
			if d.Summary != "Many rows as objects" {
				t.Fatal(providertest.Messages(resp.Diagnostics))
			}
		}
		results[i] = resp.State.MsgPack
	}
	return results
}

// checkSoakTruth compares the first read with the fake's own data.
func checkSoakTruth(t *testing.T, fake *devintest.Server, results [2][]byte) {
	t.Helper()
	schemas := allSchemas().DataSourceSchemas
	report, _ := stateOf(t, schemas["devin_members_daily_consumption"], &tfprotov6.DynamicValue{MsgPack: results[0]}).(object)
	from, to := soakBounds(t)
	rows, _ := report["rows"].([]any)
	at := 0
	for _, p := range allPeople(fake) {
		for _, day := range fake.UserDays(p.id, from, to) {
			row, _ := rows[min(at, len(rows)-1)].(object)
			products, _ := row["acus_by_product"].(object)
			if row["user_id"] != p.id || row["email"] != p.email || row["display_name"] != displayName(p.id, p.name, p.email) || row["date"] != day.Name || row["acus"] != day.ACUs || len(products) != len(day.ByProduct) {
				t.Fatalf("row %d is %v, want %v of %v", at, row, day, p)
			}
			for product, acus := range day.ByProduct {
				if products[product] != acus {
					t.Fatalf("row %d is %v, want %v", at, row, day)
				}
			}
			at++
		}
	}
	if at != len(rows) || report["total_acus"] != fake.MembersTotal(from, to) || report["enterprise_total_acus"] != fake.EnterpriseTotal(from, to) ||
		report["unattributed_acus"] != fake.Unattributed(from, to) {
		t.Fatalf("%d rows, want %d; the totals are %v, %v, %v", len(rows), at, report["total_acus"], report["enterprise_total_acus"], report["unattributed_acus"])
	}
	members, _ := stateOf(t, schemas["devin_members"], &tfprotov6.DynamicValue{MsgPack: results[1]}).(object)
	sameState(t, members["members"], trueMembers(fake, ""))
	fmt.Printf("%d members, %d rows\n", len(fake.Members()), at)
}

func soakBounds(t *testing.T) (from, to time.Time) {
	t.Helper()
	w := providertest.Days(t, soakDays.start, soakDays.end)
	return w.Start.Start(), (w.End + 1).Start()
}

// liveHeap is what is still in use once the garbage is gone.
func liveHeap() uint64 {
	runtime.GC()
	runtime.GC() // the second empties what sync.Pools kept through the first
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}

// resetPeak lets highWater begin anew, where the system is Linux.
func resetPeak() {
	debug.FreeOSMemory()
	_ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0)
}
