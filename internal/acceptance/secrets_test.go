package acceptance

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

// demoConfig is examples/demo, with a report added.
func demoConfig(t *testing.T) string {
	t.Helper()
	var all strings.Builder
	for _, name := range []string{"main.tf", "variables.tf", "outputs.tf"} {
		text, err := os.ReadFile(filepath.Join("..", "..", "examples", "demo", name))
		if err != nil {
			t.Fatal(err)
		}
		all.Write(text)
	}
	all.WriteString(`
data "devin_members_daily_consumption" "secrets" {
  start_date = var.start_date
  end_date   = var.end_date
}
data "devin_connection_check" "secrets" {}
data "devin_members" "by_email" { email = "rosa.smith@acme.example" }
`)
	return all.String()
}

// The whole demo with every log that there is: for a key that works, for each
// way not to work, and for servers that repeat the key in their answers.
func testSecrets(t *testing.T, bin binary) {
	all := devintest.AllPermissions()
	good := devintest.Principal{ID: "service-user-1", Name: "Matrix", Permissions: all}
	echo := func(status int) *devintest.Fault {
		return &devintest.Fault{
			Status: status, Body: `{"title":"no such key","detail":"Bearer ` + matrixKey + ` is unknown"}`,
			Header: http.Header{"X-Request-Id": {"req-" + matrixKey}, "Retry-After": {"0"}},
		}
	}
	for name, tt := range map[string]struct {
		principal *devintest.Principal
		key       string
		fault     *devintest.Fault
		exit      int
		quick     bool // only the plan
	}{
		"a key that works":                {&good, matrixKey, nil, 0, false},
		"a key unknown to Devin":          {nil, matrixKey, nil, 1, false},
		"a key without permissions":       {&devintest.Principal{ID: "service-user-1"}, matrixKey, nil, 1, true},
		"a key without one":               {&devintest.Principal{ID: "service-user-1", Permissions: all[:1]}, matrixKey, nil, 1, true},
		"a key refused by 401":            {&devintest.Principal{ID: "service-user-1", Permissions: all[1:], DenyStatus: 401}, matrixKey, nil, 1, true},
		"a key that sees nothing":         {&devintest.Principal{ID: "service-user-1", Permissions: all, Empty: true}, matrixKey, nil, 1, true},
		"a key when Devin is down":        {&devintest.Principal{Status: 503}, matrixKey, nil, 1, true},
		"a key asked to wait":             {&devintest.Principal{Status: 429}, matrixKey, nil, 1, true},
		"a legacy key":                    {nil, "apk_user_" + matrixKey[len("cog_"):], nil, 1, true},
		"a key with a space":              {nil, matrixKey + " " + matrixKey, nil, 1, true},
		"a server that repeats it in 401": {&good, matrixKey, echo(401), 1, false},
		"a server that repeats it in 503": {&good, matrixKey, echo(503), 1, true},
		"a server that repeats it in 200": {&good, matrixKey, &devintest.Fault{Body: `{"items":` + matrixKey + `}`, ContentType: "application/json"}, 1, true},
		"a server that redirects to it":   {&good, matrixKey, &devintest.Fault{Status: 302, Header: http.Header{"Location": {"https://" + matrixKey + ".example.com/" + matrixKey}}}, 1, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fake := devintest.Start(t, devintest.Options{PageSize: 50})
			if tt.principal != nil {
				fake.AddKey(matrixKey, *tt.principal)
			}
			if tt.fault != nil {
				fake.Fault("*", *tt.fault)
			}
			yesterday := devin.DayAt(time.Now()) - 1
			w := bin.commandLine(t, strings.Replace(demoConfig(t), `provider "devin" {}`, "provider \"devin\" {\n  max_retries        = 1\n  rate_limit_timeout = \"1s\"\n}", 1),
				"DEVIN_API_URL="+fake.URL, "DEVIN_API_KEY="+tt.key, "TF_LOG=TRACE", "TF_LOG_PROVIDER=TRACE", "TF_LOG_PATH=trace.log",
				fmt.Sprintf("TF_VAR_start_date=%s", yesterday-2), fmt.Sprintf("TF_VAR_end_date=%s", yesterday))
			var printed strings.Builder
			for _, args := range []string{"plan -input=false -out=saved.tfplan", "apply -input=false -auto-approve", "plan -input=false", "output -json", "show"} {
				out, exit := w.run(t, strings.Fields(args)...)
				printed.WriteString(out)
				if exit != tt.exit && !strings.HasPrefix(args, "output") && !strings.HasPrefix(args, "show") {
					t.Errorf("terraform %s exits with %d:\n%s", args, exit, out)
				}
				if tt.quick {
					break
				}
			}
			noSecretIn(t, "what was printed", []byte(printed.String()))
			log := scanFolder(t, w.dir)
			if tt.exit == 0 || tt.fault != nil {
				scanLog(t, log)
			}
		})
	}
}

// An address with a key in it is refused, and not shown, in the block and in the
// environment.
func testKeyInTheAddress(t *testing.T, bin binary) {
	for _, url := range []string{"https://api.devin.ai/" + matrixKey, "https://api.devin.ai?key=" + matrixKey, matrixKey} {
		for _, inBlock := range []bool{true, false} {
			block, environment := "", "DEVIN_API_URL="+url
			if inBlock {
				block, environment = fmt.Sprintf("  api_url = %q\n", url), "DEVIN_API_URL="
			}
			w := bin.commandLine(t, "terraform {\n  required_providers {\n    devin = { source = \"devin-community/devin\" }\n  }\n}\n"+
				"provider \"devin\" {\n"+block+"}\ndata \"devin_members\" \"all\" {}\n", environment, "DEVIN_API_KEY="+devintest.KeyOK)
			var printed strings.Builder
			for _, command := range []string{"validate", "plan"} {
				out, exit := w.run(t, command, "-no-color")
				printed.WriteString(out)
				if refused := exit == 1 && strings.Contains(out, "Malformed URL of the Devin API"); refused != (inBlock || command == "plan") {
					t.Errorf("%s, in the block %v: terraform %s exits with %d:\n%s", url, inBlock, command, exit, out)
				}
			}
			noSecretIn(t, "what was printed", []byte(printed.String()))
		}
	}
}

// Some ids are or hold an address, and a server may repeat one.
func testPeopleInLogs(t *testing.T, bin binary) {
	fake := devintest.Start(t, devintest.Options{})
	fake.Fault("*/daily/users/*", devintest.Fault{Status: 503, Body: `{"detail":"jane is not to be had"}`, ContentType: "application/json"})
	w := bin.commandLine(t, `
terraform {
  required_providers {
    devin = { source = "devin-community/devin" }
  }
}
provider "devin" { max_retries = 1 }
data "devin_user_daily_consumption" "jane" {
  user_id    = "samlp|acme|jane+ops@acme.example"
  start_date = "2026-01-01"
  end_date   = "2026-01-02"
}
data "devin_members" "all" {}
data "devin_members" "rosa" { email = "rosa.smith@acme.example" }
`, "DEVIN_API_URL="+fake.URL, "DEVIN_API_KEY="+devintest.KeyOK, "TF_LOG_PROVIDER=TRACE", "TF_LOG_PATH=trace.log")
	out, exit := w.run(t, "plan", "-input=false")
	if exit != 1 || !strings.Contains(out, "jane") {
		t.Errorf("the plan exits with %d and does not say who could not be read:\n%s", exit, out)
	}
	log, err := os.ReadFile(filepath.Join(w.dir, "trace.log"))
	if err != nil {
		t.Fatal(err)
	}
	debug, warn := 0, 0
	for line := range strings.Lines(string(log)) {
		switch {
		case strings.Contains(line, "jane") || personIn(fake.Members(), line) != "":
			t.Errorf("a person is in %s", line)
		case strings.Contains(line, "[DEBUG]") && strings.Contains(line, "daily/users/(id)"):
			debug++
		case strings.Contains(line, "[WARN]") && strings.Contains(line, "503"):
			warn++
		}
	}
	if debug == 0 || warn == 0 {
		t.Errorf("%d lines at DEBUG have the request, and %d at WARN tell of the failure:\n%s", debug, warn, log)
	}
}

// noSecretIn finds the key, or any part of it of six characters.
func noSecretIn(t *testing.T, where string, text []byte) {
	t.Helper()
	const part = 6
	if bytes.Contains(text, []byte(matrixKey[:len("cog_")+1])) {
		t.Errorf("%s has a prefix of the key", where)
	}
	secret := matrixKey[len("cog_"):]
	for i := range len(secret) - part + 1 {
		if at := bytes.Index(text, []byte(secret[i:i+part])); at >= 0 {
			t.Errorf("%s has a part of the key: %q", where, text[max(at-200, 0):min(at+100, len(text))])
			return
		}
	}
}

// scanFolder looks into every file that Terraform left, plans unpacked, and
// returns the log.
func scanFolder(t *testing.T, dir string) string {
	t.Helper()
	log := ""
	err := filepath.Walk(dir, func(path string, info os.FileInfo, err error) error {
		if err != nil || info.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		noSecretIn(t, path, text)
		switch filepath.Base(path) {
		case "trace.log":
			log = string(text)
		case "saved.tfplan":
			scanPlan(t, text)
		}
		return err
	})
	if err != nil || len(log) < 10_000 {
		t.Fatalf("the log has %d bytes, %v", len(log), err)
	}
	return log
}

func scanPlan(t *testing.T, plan []byte) {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(plan), int64(len(plan)))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range archive.File {
		reader, err := file.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(reader)
		if err != nil {
			t.Fatal(err)
		}
		noSecretIn(t, "the plan's "+file.Name, text)
	}
	if len(archive.File) < 3 {
		t.Errorf("the plan has %d files", len(archive.File))
	}
}

var (
	logLine = regexp.MustCompile(`(?m)^\S+ \[(TRACE|DEBUG|INFO|WARN|ERROR)\] +(\S+).*`)
	// In any order, since that of the log differs.
	requestFields = []*regexp.Regexp{
		regexp.MustCompile(` method=GET\b`), regexp.MustCompile(` path="?/v3/`), regexp.MustCompile(` status=\d+\b`),
		regexp.MustCompile(` duration=\S`), regexp.MustCompile(` try=\d\b`), regexp.MustCompile(` request_id="?req-|status=0\b.* request_id=""|request_id="".* status=0\b`),
	}
	// The fake's people are all of one company.
	address = regexp.MustCompile(`(?i)@acme\.example`)
)

// scanLog holds the provider's log to what each level may have.
func scanLog(t *testing.T, log string) {
	t.Helper()
	requests := 0
	for _, m := range logLine.FindAllStringSubmatch(log, -1) {
		line, level := m[0], m[1]
		if level == "DEBUG" && strings.Contains(line, "Devin API request: ") {
			requests++
			for _, field := range requestFields {
				if !field.MatchString(line) {
					t.Errorf("a request's line lacks %s: %s", field, line)
				}
			}
		}
		if level != "TRACE" && strings.Contains(line, "provider.terraform-provider-devin") {
			for _, field := range []string{"role_assignments", "end_cursor", "consumption_by_date", "service_user_name", "total_acus\":"} {
				if strings.Contains(line, field) {
					t.Errorf("a body is in the log at %s: %s", level, line)
				}
			}
		}
		if address.MatchString(line) {
			t.Errorf("an e-mail address is in the log at %s: %s", level, line)
		}
	}
	if requests == 0 {
		t.Error("the log shows no request")
	}
}
