package acceptance

import (
	"cmp"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

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

const benchMembersConfig = benchProvider + `
data "devin_members" "all" {}
output "members" { value = length(data.devin_members.all.members) }
`

// usage is what a command took. The peaks are the largest resident sizes that
// terraform and any process of the provider came to, and 0 where the system does
// not tell.
type usage struct {
	time          time.Duration
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
			for _, child := range strings.Fields(string(text)) {
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

func BenchmarkPlan(b *testing.B) {
	for _, latency := range []time.Duration{0, 20 * time.Millisecond} {
		fake := benchFixture(b, 10_000, latency)
		ours, baseline := newTerraform(b, fake.URL, benchMembersConfig, false), newTerraform(b, fake.URL, benchMembersConfig, true)
		var used usage
		comparison{
			name: fmt.Sprintf("10,000 members at %d ms, terraform plan, against 100 a page and State.Set", latency.Milliseconds()), target: 0.4,
			baseline: func() { baseline.run(b, "plan") },
			ours:     func() { fake.ResetRequests(); used = ours.run(b, "plan") },
			notes: func(_, _ *spent) string {
				return fmt.Sprintf("%d requests, the provider's peak is %s", fake.Count("*"), mib(used.peak))
			},
		}.run(b)
	}
}

// A whole plan has to fit into so much of the provider's memory.
func BenchmarkPlanMemory(b *testing.B) {
	daily := benchProvider + `
data "devin_members_daily_consumption" "all" {
  start_date = "2026-10-01"
  end_date   = "2026-10-30"
  %s
}
output "acus" { value = data.devin_members_daily_consumption.all.total_acus }
`
	membersAsText := benchProvider + `
data "devin_members" "all" { format = "csv" }
output "members" { value = length(data.devin_members.all.csv) }
`
	objects, text, none := fmt.Sprintf(daily, ""), fmt.Sprintf(daily, csvArguments), fmt.Sprintf(daily, `format = "none"`)
	for _, tt := range []struct {
		name, config string
		members      int
		mostMiB      int // 0 is any
	}{
		{"50,000 members, terraform plan", benchMembersConfig, 50_000, 150},
		{"200,000 members, csv, terraform plan", membersAsText, 200_000, 350},
		{"1,000 users x 30 days, terraform plan", objects, 1000, 0},
		{"5,000 users x 30 days, terraform plan", objects, 5000, 150},
		{"5,000 users x 30 days, csv with products, terraform plan", text, 5000, 150},
		{"5,000 users x 30 days, none, terraform plan", none, 5000, 0},
		{"20,000 users x 30 days, csv with products, terraform plan", text, 20_000, 250},
		{"20,000 users x 30 days, none, terraform plan", none, 20_000, 0},
	} {
		b.Run(strings.ReplaceAll(tt.name, " ", "_"), func(b *testing.B) {
			fake := benchFixture(b, tt.members, 0)
			t := newTerraform(b, fake.URL, tt.config, false)
			var took usage
			for b.Loop() {
				fake.ResetRequests()
				took = t.run(b, "plan")
			}
			b.ReportMetric(float64(took.peak), "provider-peak-B")
			row := benchRow{
				name: tt.name, measured: mib(took.peak),
				notes: fmt.Sprintf("%s, %d requests, %d in flight; terraform's own peak is %s",
					short(took.time), fake.Count("*"), fake.MostInFlight(), mib(took.terraformPeak)),
			}
			if most := tt.mostMiB << 20; most > 0 {
				row.baseline, row.ratio, row.target = mib(most), float64(took.peak)/float64(most), 1
			}
			benchTable.add(row)
		})
	}
}

// What an apply leaves behind: the rows of a report are the bulk of a state.
func BenchmarkApplyState(b *testing.B) {
	for _, tt := range []struct{ users, rows int }{{1000, 30_000}, {5000, 150_000}} {
		b.Run(fmt.Sprintf("rows=%d", tt.rows), func(b *testing.B) {
			fake := benchFixture(b, tt.users, 0)
			t := newTerraform(b, fake.URL, benchProvider+`
data "devin_members_daily_consumption" "all" {
  start_date = "2026-10-01"
  end_date   = "2026-10-30"
}
output "rows" { value = length(data.devin_members_daily_consumption.all.rows) }
`, false)
			var took usage
			for b.Loop() {
				took = t.run(b, "apply", "-auto-approve")
			}
			state, err := os.ReadFile(filepath.Join(t.dir, "terraform.tfstate"))
			if err != nil {
				b.Fatal(err)
			}
			perRow := float64(len(state)) / float64(cmp.Or(tt.rows, 1))
			b.ReportMetric(perRow, "state-B/row")
			benchTable.add(benchRow{
				name: fmt.Sprintf("%s rows, terraform apply", thousands(uint64(tt.rows))), measured: short(took.time),
				notes: fmt.Sprintf("state of %.1f MB, %.0f bytes a row; peaks: provider %s, terraform %s",
					float64(len(state))/1e6, perRow, mib(took.peak), mib(took.terraformPeak)),
			})
		})
	}
}

// The configuration that make demo plans, with a larger company.
func BenchmarkPlanDemo(b *testing.B) {
	fake := benchFixture(b, 10_000, 0)
	t := newTerraform(b, fake.URL, "", false)
	if err := copyDemo(t.dir); err != nil {
		b.Fatal(err)
	}
	var took usage
	for b.Loop() {
		fake.ResetRequests()
		took = t.run(b, "plan", "-var", "start_date=2026-10-01", "-var", "end_date=2026-10-30")
	}
	benchTable.add(benchRow{
		name: "10,000 members at 0 ms, terraform plan of examples/demo", measured: short(took.time),
		notes: fmt.Sprintf("%d requests, the provider's peak is %s", fake.Count("*"), mib(took.peak)),
	})
}

func copyDemo(to string) error {
	demo := os.DirFS(filepath.Join(root, "examples", "demo"))
	files, err := fs.Glob(demo, "*.tf")
	for _, name := range files {
		text, readErr := fs.ReadFile(demo, name)
		if err = cmp.Or(err, readErr); err == nil {
			err = os.WriteFile(filepath.Join(to, name), text, 0o600)
		}
	}
	return err
}
