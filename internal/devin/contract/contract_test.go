package contract

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

func TestEachAssumptionIsASentenceWithANameOfItsOwn(t *testing.T) {
	seen := map[string]bool{}
	for _, area := range areas() {
		for _, a := range area.assumptions {
			if !regexp.MustCompile(`^[a-z][a-z0-9_-]+$`).MatchString(a.name) || seen[a.name] {
				t.Errorf("%q is no name, or not the only one", a.name)
			}
			seen[a.name] = true
			if !strings.HasSuffix(a.says, ".") || a.where == "" || a.open == "" || a.judge == nil {
				t.Errorf("%s lacks a sentence, where it matters, what it answers, or how it is judged", a.name)
			}
		}
	}
}

// richFake has something of everything that a report could give away.
func richFake() *devintest.Server {
	fake := newFake(devintest.Quirks{ExtraProduct: "voice"})
	fake.SetLimits(func(l *devintest.Limits) {
		limit := int64(123456)
		orgs := fake.Organizations()
		l.Organizations[orgs[0].OrgID], l.Cloud[orgs[0].OrgID], l.Users[fake.Members()[0].UserID], l.Enterprise = 777, 888, 999, &limit
	})
	return fake
}

// recorded collects the texts of every answer.
func recorded(texts map[string]bool) wrapping {
	var collect func(value any)
	collect = func(value any) {
		switch value := value.(type) {
		case object:
			for _, inner := range value {
				collect(inner)
			}
		case []any:
			for _, inner := range value {
				collect(inner)
			}
		case string:
			texts[value] = true
		}
	}
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			recorder := httptest.NewRecorder()
			next.ServeHTTP(recorder, r)
			var body any
			if recorder.Code == http.StatusOK && json.Unmarshal(recorder.Body.Bytes(), &body) == nil {
				collect(body)
			}
			w.Header().Set("Content-Type", recorder.Header().Get("Content-Type"))
			w.WriteHeader(recorder.Code)
			_, _ = w.Write(recorder.Body.Bytes())
		})
	}
}

func TestAReportGivesNothingAway(t *testing.T) {
	// Words of the API itself, such as the status "available", may be in a sentence.
	word := regexp.MustCompile(`^[a-z_]*$`)
	for _, key := range []string{devintest.KeyOK, devintest.KeyPAT, devintest.KeyOrganization, devintest.KeyForbidden} {
		t.Run(key, func(t *testing.T) {
			texts := map[string]bool{key: true, testHost: true, "Bearer": true}
			report := reportOf(t, edit("", func(_ *http.Request, body object) { addField(body) })(recorded(texts)(richFake())), key)
			text := report.String()
			if len(texts) < 100 {
				t.Fatalf("the answers have %d texts only", len(texts))
			}
			for secret := range texts {
				if !word.MatchString(secret) && regexp.MustCompile(`(^|\W)`+regexp.QuoteMeta(secret)+`(\W|$)`).MatchString(text) {
					t.Errorf("the report has %q in it", secret)
				}
			}
			for _, result := range lines(report) {
				if regexp.MustCompile(`[0-9]`).MatchString(result.note) {
					t.Errorf("%s: the note %q has a number", result.name, result.note)
				}
				for _, status := range result.statuses {
					if http.StatusText(status) == "" {
						t.Errorf("%s: %d is no status", result.name, status)
					}
				}
			}
			if !strings.Contains(strings.Join(strings.Fields(text), " "), "surprise, others whose names are not shown") {
				t.Error("the report does not name the field that is not documented, or names one that may be an id")
			}
		})
	}
}

func TestAReportCanBePasted(t *testing.T) {
	text := reportOf(t, richFake(), devintest.KeyOK).String()
	for line := range strings.SplitSeq(text, "\n") {
		if len(line) > width || strings.HasPrefix(line, "    ") || strings.ContainsAny(line, "\t#*`<>@") {
			t.Errorf("in an issue this would not look as it does here: %q", line)
		}
	}
	for _, want := range []string{
		"terraform-provider-devin 0.1.0, API v3 and v3beta1\na key of the enterprise (service user)\n",
		"\nThe key\nyes          bad-key-403 [403]: A key that Devin does not know is answered 403,\n   not 401.\n",
		"no           fields-of-product [200]: The documented fields come, and no others.\n   (beyond: voice)\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the report lacks %q:\n%s", want, text)
		}
	}
}

func TestProgressHasALineForEachAssumption(t *testing.T) {
	var progress strings.Builder
	report, err := Run(t.Context(), config(t, newFake(devintest.Quirks{}), devintest.KeyOK), "0.1.0", &progress)
	if err != nil {
		t.Fatal(err)
	}
	results := lines(report)
	got := strings.Split(strings.TrimSuffix(progress.String(), "\n"), "\n")
	if len(got) != len(results) {
		t.Fatalf("%d lines for %d assumptions:\n%s", len(got), len(results), progress.String())
	}
	for i, line := range got {
		name := line[strings.LastIndexByte(line, ' ')+1:]
		if want := fmt.Sprintf("%3d of %d  %-12s %s", i+1, len(results), results[name].outcome, name); line != want {
			t.Errorf("%q, want %q", line, want)
		}
	}
}

func TestAnInterruptEndsTheRun(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	fake := newFake(devintest.Quirks{})
	interrupted := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/queue") {
			stop()
		}
		fake.ServeHTTP(w, r)
	})
	var progress strings.Builder
	report, err := Run(ctx, config(t, interrupted, devintest.KeyOK), "0.1.0", &progress)
	if report != nil || !errors.Is(err, context.Canceled) {
		t.Errorf("%v, %v", report, err)
	}
	if sent := len(fake.Requests()); sent == 0 || !strings.HasSuffix(fake.Requests()[sent-1].Path, "/queue") {
		t.Errorf("requests were sent after the interrupt: %v", fake.Requests())
	}
	if strings.Contains(progress.String(), "queue") {
		t.Errorf("the assumption that was interrupted is reported:\n%s", progress.String())
	}
}

func TestEveryRequestReadsAndIsSentOnce(t *testing.T) {
	fake := newFake(devintest.Quirks{})
	report := reportOf(t, fake, devintest.KeyOK)
	seen := map[string]bool{}
	for _, request := range fake.Requests() {
		line := request.Key + " " + request.Path + "?" + request.Query.Encode()
		if request.Method != http.MethodGet || seen[line] {
			t.Errorf("%s %s is no GET, or not the first", request.Method, line)
		}
		seen[line] = true
	}
	if len(seen) != report.sent || len(seen) > 100 {
		t.Errorf("%d requests were sent, and the report says %d", len(seen), report.sent)
	}
}

func TestAnOrganizationIsAskedAboutItselfOnly(t *testing.T) {
	fake := newFake(devintest.Quirks{})
	report := reportOf(t, fake, devintest.KeyOrganization)
	for _, request := range fake.Requests() {
		if strings.Contains(request.Path, "/enterprise") {
			t.Errorf("a key of an organization was used for %s", request.Path)
		}
	}
	held := 0
	for name, result := range lines(report) {
		if result.enterprise && (result.outcome != unclear || result.note != needsEnterprise) {
			t.Errorf("%s: %s", name, result.line())
		}
		if result.outcome == holds {
			held++
		}
	}
	if held < 60 || report.kind != "a key of an organization (service user)" {
		t.Errorf("%d assumptions hold for %s:\n%s", held, report.kind, report)
	}
}

func TestAnOrgIDHasThatOrganizationAskedAbout(t *testing.T) {
	fake := newFake(devintest.Quirks{})
	cfg := config(t, fake, devintest.KeyOK)
	cfg.OrgID = fake.Organizations()[1].OrgID
	report, err := Run(context.Background(), cfg, "0.1.0", io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	if fake.Count("/v3/organizations/"+cfg.OrgID+"/metrics/prs") == 0 || fake.Count("/v3/enterprise/*") > 0 {
		t.Errorf("the organization was not asked about, or not it alone:\n%s", report)
	}
}

func TestARefusalTellsNothing(t *testing.T) {
	judged := []string{
		"bad-key-403", "self-has-org-id", "short-paths-404", "errors-have-titles", "errors-are-json", "no-limit-headers",
	}
	for name, result := range lines(reportOf(t, newFake(devintest.Quirks{}), devintest.KeyInvalidPermissions)) {
		if is := slices.Contains(judged, name); is != (result.outcome != unclear) {
			t.Errorf("%q %s", result.outcome, result.line())
		}
	}
}

func TestOneFailureLeavesTheOthersAsTheyAre(t *testing.T) {
	plain := lines(reportOf(t, newFake(devintest.Quirks{}), devintest.KeyOK))
	for name, c := range map[string]struct {
		answer wrapping
		note   string
	}{
		"a page of a proxy":  {answering(200, "<html>", asks("/queue")), "the answer is not one of the Devin API"},
		"an empty answer":    {answering(200, "", asks("/queue")), "the answer is not one of the Devin API"},
		"a firewall":         {answering(403, "<html>", asks("/queue")), "the answer is not one of the Devin API"},
		"a server's error":   {answering(500, "{}", asks("/queue")), ""},
		"too many requests":  {answering(429, "{}", asks("/queue")), ""},
		"a missing endpoint": {answering(404, "{}", asks("/queue")), ""},
	} {
		t.Run(name, func(t *testing.T) {
			after := lines(reportOf(t, c.answer(newFake(devintest.Quirks{})), devintest.KeyOK))
			compare(t, plain, after, changed{"fields-of-queue": unclear, "queue-status-documented": unclear})
			if note := after["fields-of-queue"].note; note != c.note {
				t.Errorf("the note is %q, want %q", note, c.note)
			}
		})
	}
}

func TestAFirewallIsNotTakenForDevinWhereAStatusTells(t *testing.T) {
	plain := lines(reportOf(t, newFake(devintest.Quirks{}), devintest.KeyOK))
	want := changed{
		"unknown-member-404": unclear, "unknown-user-has-no-use": unclear, "unknown-service-user-has-no-use": unclear,
		"unknown-session-has-no-use": unclear, "unknown-organization-403": unclear,
	}
	for name := range refusals() {
		want[name] = unclear
	}
	firewall := answering(403, "<!doctype html>", func(r *http.Request) bool { return strings.Contains(r.URL.String(), url.QueryEscape(inventedID)) })
	compare(t, plain, lines(reportOf(t, firewall(newFake(devintest.Quirks{})), devintest.KeyOK)), want)
}

func TestMainReadsTheEnvironmentAndSaysWhatIsWrong(t *testing.T) {
	fake := devintest.Start(t, devintest.Options{Seed: 1})
	for name, c := range map[string]struct {
		env  map[string]string
		code int
		out  string // of the report, or else of what is wrong
	}{
		"a key":             {map[string]string{"DEVIN_API_KEY": devintest.KeyOK + "\n"}, 0, "a key of the enterprise (service user)"},
		"a token":           {map[string]string{"DEVIN_API_KEY": " ", "DEVIN_TOKEN": devintest.KeyPAT}, 0, "a key of the enterprise (personal access token)"},
		"no key":            {nil, 1, "Error: set DEVIN_API_KEY to a Devin API key: the API key is empty"},
		"a legacy token":    {map[string]string{"DEVIN_TOKEN": "apk_1"}, 1, "Error: set DEVIN_TOKEN to a Devin API key: the API key starts with apk_"},
		"a refused key":     {map[string]string{"DEVIN_API_KEY": devintest.KeyInvalidCredentials}, 1, "Error: the Devin API cannot be asked: GET /v3/self answered 403"},
		"a malformed URL":   {map[string]string{"DEVIN_API_KEY": devintest.KeyOK, "DEVIN_API_URL": "devin"}, 1, "Error: DEVIN_API_URL cannot be used: "},
		"another's address": {map[string]string{"DEVIN_API_KEY": devintest.KeyOK, "DEVIN_API_URL": fake.URL + "/elsewhere"}, 0, "cannot tell"},
	} {
		t.Run(name, func(t *testing.T) {
			var out, progress strings.Builder
			code := Main("0.1.0", func(name string) string {
				if value, ok := c.env[name]; ok || name != "DEVIN_API_URL" {
					return value
				}
				return fake.URL
			}, &out, &progress)
			said := out.String()
			if c.code != 0 {
				if said != "" {
					t.Errorf("a report came out:\n%s", said)
				}
				said = progress.String()
			}
			if code != c.code || !strings.Contains(said, c.out) {
				t.Errorf("exit code %d, want %d, and %q in:\n%s", code, c.code, c.out, said)
			}
			if address, _ := url.Parse(fake.URL); strings.Contains(out.String(), address.Host) {
				t.Error("the report has the host in it")
			}
		})
	}
}
