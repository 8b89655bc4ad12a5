package acceptance

import (
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"
)

// TestMain prints what the benchmarks compared, after the last of them. In a
// process that Terraform started it is the baseline provider instead.
func TestMain(m *testing.M) {
	if os.Getenv(serveBaseline) != "" {
		if err := tf6server.Serve(testAddress, providerserver.NewProtocol6(&baselineProvider{})); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	code := m.Run()
	benchTable.print(os.Stdout)
	os.Exit(code)
}

// benchRow is a line of the table: what was measured, against what, and the
// most that the one may be of the other.
type benchRow struct {
	name               string
	measured, baseline string
	ratio, target      float64
	notes              string
}

type benchRows struct {
	mu   sync.Mutex
	rows []benchRow
}

var benchTable benchRows

func (t *benchRows) add(row benchRow) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.rows = append(t.rows, row)
}

func (t *benchRows) print(to io.Writer) {
	if len(t.rows) == 0 {
		return
	}
	w := tabwriter.NewWriter(to, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "\nCASE\tMEASURED\tAGAINST\tRATIO\tAT MOST\t\tNOTES\n")
	for _, r := range t.rows {
		ratio, target, verdict := "", "", ""
		if r.ratio > 0 {
			ratio = fmt.Sprintf("%.3f", r.ratio)
		}
		if r.target > 0 {
			target, verdict = fmt.Sprintf("%.3f", r.target), "met"
			if r.ratio > r.target {
				verdict = "MISSED"
			}
		}
		fmt.Fprintln(w, strings.Join([]string{r.name, r.measured, r.baseline, ratio, target, verdict, r.notes}, "\t"))
	}
	_ = w.Flush()
}

// spent is what runs of one side of a comparison took.
type spent struct {
	times         []time.Duration
	bytes, allocs uint64 // of the last run, in the whole process
}

func (s *spent) run(clock func() time.Duration, f func()) {
	var before, after runtime.MemStats
	runtime.GC() // what the other side left behind is not this one's
	runtime.ReadMemStats(&before)
	start := clock()
	f()
	s.times = append(s.times, clock()-start)
	runtime.ReadMemStats(&after)
	s.bytes, s.allocs = after.TotalAlloc-before.TotalAlloc, after.Mallocs-before.Mallocs
}

// fastest is the run that others on the machine disturbed least.
func (s *spent) fastest() time.Duration { return slices.Min(s.times) }

func thousands(n uint64) string {
	if n < 1000 {
		return fmt.Sprint(n)
	}
	return thousands(n/1000) + fmt.Sprintf(",%03d", n%1000)
}

// comparison is a benchmark of ours in turns with a baseline, so that both see
// the same machine.
type comparison struct {
	name     string
	rounds   int                  // of the baseline at most, where it is slow; 0 is as many as of ours
	target   float64              // the most of the baseline's time that ours may take
	clock    func() time.Duration // nil is the time that passes
	baseline func()
	ours     func()
	notes    func(ours, baseline *spent) string
}

func (c comparison) run(b *testing.B) {
	b.Run(strings.ReplaceAll(c.name, " ", "_"), func(b *testing.B) {
		var ours, baseline spent
		clock, began := c.clock, time.Now()
		if clock == nil {
			clock = func() time.Duration { return time.Since(began) }
		}
		for b.Loop() {
			for range 3 { // also of what takes longer than the benchmark's time
				if c.rounds == 0 || len(baseline.times) < c.rounds {
					baseline.run(clock, c.baseline)
				}
				ours.run(clock, c.ours)
			}
		}
		ratio := float64(ours.fastest()) / float64(baseline.fastest())
		b.ReportMetric(float64(ours.fastest()), "ns/op")
		b.ReportMetric(float64(ours.bytes), "B/op")
		b.ReportMetric(float64(ours.allocs), "allocs/op")
		b.ReportMetric(float64(baseline.fastest()), "baseline-ns")
		b.ReportMetric(ratio, "of-baseline")
		row := benchRow{name: c.name, measured: short(ours.fastest()), baseline: short(baseline.fastest()), ratio: ratio, target: c.target}
		if c.notes != nil {
			row.notes = c.notes(&ours, &baseline)
		}
		benchTable.add(row)
	})
}

func short(d time.Duration) string {
	if d < time.Second {
		return fmt.Sprintf("%.1f ms", float64(d)/float64(time.Millisecond))
	}
	return fmt.Sprintf("%.2f s", d.Seconds())
}
