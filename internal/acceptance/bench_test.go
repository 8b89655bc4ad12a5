package acceptance

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
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
	b.Helper()
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
		ratio, median := float64(ours.fastest())/float64(baseline.fastest()), medianRatio(ours.times, baseline.times)
		b.ReportMetric(float64(ours.fastest()), "ns/op")
		b.ReportMetric(float64(ours.bytes), "B/op")
		b.ReportMetric(float64(ours.allocs), "allocs/op")
		b.ReportMetric(float64(baseline.fastest()), "baseline-ns")
		b.ReportMetric(ratio, "of-baseline")
		b.ReportMetric(median, "median-of-baseline")
		row := benchRow{name: c.name, measured: short(ours.fastest()), baseline: short(baseline.fastest()), ratio: ratio, target: c.target}
		if c.notes != nil {
			row.notes = c.notes(&ours, &baseline)
		}
		if n := len(baseline.times); n > 3 {
			row.notes = fmt.Sprintf("median %.3f of %d rounds; ", median, n) + row.notes
		}
		benchTable.add(row)
	})
}

// medianRatio is the median over the rounds of what ours took of the baseline right
// before it. With many rounds it tells more than the fastest on a machine that is never
// idle: what else runs there slows down both sides of a round.
func medianRatio(ours, baseline []time.Duration) float64 {
	ratios := make([]float64, min(len(ours), len(baseline)))
	for i := range ratios {
		ratios[i] = float64(ours[i]) / float64(baseline[i])
	}
	slices.Sort(ratios)
	return ratios[len(ratios)/2]
}

func short(d time.Duration) string {
	if d < time.Second {
		return fmt.Sprintf("%.1f ms", float64(d)/float64(time.Millisecond))
	}
	return fmt.Sprintf("%.2f s", d.Seconds())
}

// terraform is a folder with a configuration and a provider for it, and the
// command line that plans it, which takes the provider from dev_overrides.
type terraform struct {
	path, dir, provider string
	env                 []string
}

// newTerraform builds the provider, or takes the test binary as the baseline.
func newTerraform(b *testing.B, api, config string, baseline bool) *terraform {
	b.Helper()
	path := os.Getenv("TF_ACC_TERRAFORM_PATH")
	for _, name := range []string{"terraform", "tofu"} {
		if path == "" {
			path, _ = exec.LookPath(name)
		}
	}
	if path == "" {
		b.Skip("neither terraform nor tofu is on PATH")
	}
	dir, bin := b.TempDir(), b.TempDir()
	t := &terraform{path: path, dir: dir, provider: filepath.Join(bin, "terraform-provider-devin")}
	must := func(err error) {
		if err != nil {
			b.Fatal(err)
		}
	}
	if baseline {
		self, err := os.Executable()
		must(err)
		must(os.Symlink(self, t.provider))
	} else if out, err := exec.CommandContext(b.Context(), "go", "build", "-trimpath", "-o", t.provider, root).CombinedOutput(); err != nil {
		b.Fatalf("%s\n%s", err, out)
	}
	rc := filepath.Join(bin, "terraformrc")
	must(os.WriteFile(rc, fmt.Appendf(nil, "provider_installation {\n  dev_overrides { \"devin-community/devin\" = %q }\n  direct {}\n}\n", bin), 0o600))
	must(os.WriteFile(filepath.Join(dir, "main.tf"), []byte(config), 0o600))
	for _, entry := range os.Environ() {
		if name, _, _ := strings.Cut(entry, "="); !strings.HasPrefix(name, "TF_") && !strings.HasPrefix(name, "DEVIN_") {
			t.env = append(t.env, entry)
		}
	}
	t.env = append(t.env, "TF_CLI_CONFIG_FILE="+rc, "CHECKPOINT_DISABLE=1", "DEVIN_API_KEY="+devintest.KeyOK, "DEVIN_API_URL="+api)
	if baseline {
		t.env = append(t.env, serveBaseline+"=1")
	}
	return t
}

const benchProvider = `
terraform {
  required_providers {
    devin = { source = "devin-community/devin" }
  }
}
`

// usage is what a command took. The processor time is that of terraform and of the
// provider. The peaks are the largest resident sizes that
// terraform and any process of the provider used, and 0 where the system does
// not tell.
type usage struct {
	time          time.Duration
	processor     time.Duration
	peak          int // of the provider
	terraformPeak int
}

func (t *terraform) run(b *testing.B, args ...string) usage {
	b.Helper()
	cmd := exec.CommandContext(b.Context(), t.path, args...)
	cmd.Dir, cmd.Env = t.dir, t.env
	var out strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &out
	start := time.Now()
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	done, peaks := make(chan struct{}), make(chan usage)
	go func() { peaks <- t.watch(cmd.Process.Pid, done) }()
	err := cmd.Wait()
	took := time.Since(start)
	close(done)
	if err != nil {
		b.Fatalf("%s: %s\n%s", strings.Join(args, " "), err, out.String())
	}
	used := <-peaks
	used.time = took
	used.processor = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	return used
}

// watch looks at the terraform process and its children until done. The kernel
// keeps the most that a process ever had, and the provider lives on while
// Terraform works with its result, so no peak of it falls between two looks.
func (t *terraform) watch(pid int, done <-chan struct{}) (used usage) {
	for {
		used.terraformPeak = max(used.terraformPeak, highWater(strconv.Itoa(pid)))
		children, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid))
		for _, file := range children {
			text, _ := os.ReadFile(file)
			for child := range strings.FieldsSeq(string(text)) {
				// Between fork and exec a child still is terraform itself.
				if exe, _ := os.Readlink("/proc/" + child + "/exe"); exe == t.provider {
					used.peak = max(used.peak, highWater(child))
				}
			}
		}
		select {
		case <-done:
			return used
		case <-time.After(5 * time.Millisecond):
		}
	}
}

var highWaterLine = regexp.MustCompile(`VmHWM:\s+(\d+) kB`)

func highWater(pid string) int {
	text, _ := os.ReadFile("/proc/" + pid + "/status")
	if found := highWaterLine.FindSubmatch(text); found != nil {
		kilobytes, _ := strconv.Atoi(string(found[1]))
		return kilobytes << 10
	}
	return 0
}

func mib(bytes int) string {
	if bytes == 0 {
		return "unknown"
	}
	return fmt.Sprintf("%.1f MiB", float64(bytes)/(1<<20))
}
