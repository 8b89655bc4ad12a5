package acceptance

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
)

// configuration is one that the documentation shows.
type configuration struct {
	name string // "docs/guides/keys.md#2", or an example's path
	text string
}

// notApplied are the configurations that cannot be applied here, and why.
var notApplied = map[string]string{
	"docs/guides/keys.md#2": "it reads a secret from AWS",
}

// warns says of a configuration that its checks find something in the fake.
func warns(text string) bool {
	return strings.Contains(text, "Keys of these service users expire within 30 days")
}

// fence is a code block: its language, and its text.
var fence = regexp.MustCompile("(?ms)^```([a-z]*)\n(.*?)^```$")

// blocks are the code blocks of a page that are in a language.
func blocks(t *testing.T, page, language string) []configuration {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, page))
	if err != nil {
		t.Fatal(err)
	}
	var found []configuration
	for _, match := range fence.FindAllStringSubmatch(string(text), -1) {
		if match[1] == language {
			found = append(found, configuration{page + "#" + strconv.Itoa(len(found)+1), match[2]})
		}
	}
	return found
}

// filesOf are files of the repository by glob pattern, with their text.
func filesOf(t *testing.T, patterns ...string) map[string]string {
	t.Helper()
	texts := map[string]string{}
	for _, pattern := range patterns {
		files, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: no files, %v", pattern, err)
		}
		for _, file := range files {
			name, _ := filepath.Rel(root, file)
			texts[filepath.ToSlash(name)] = read(t, filepath.ToSlash(name))
		}
	}
	return texts
}

// documentation is all configurations of the documentation: the examples of the
// registry's pages, and what the guides and the README show as `terraform`.
func documentation(t *testing.T) []configuration {
	t.Helper()
	var all []configuration
	examples := filesOf(t, "examples/provider/*.tf", "examples/*/*/data-source.tf", "examples/*/*/resource.tf", "examples/*/*/function.tf")
	for _, name := range slices.Sorted(maps.Keys(examples)) {
		all = append(all, configuration{name, examples[name]})
	}
	for _, page := range slices.Sorted(maps.Keys(filesOf(t, "docs/guides/*.md", "README.md"))) {
		all = append(all, blocks(t, page, "terraform")...)
	}
	return all
}

// requirement stands in every configuration of the documentation once, at the
// beginning; those that leave it out are shown as what follows it.
const requirement = `
terraform {
  required_providers {
    devin = {
      source = "devin-community/devin"
    }
  }
}
`

// documented is a workspace with a configuration of the documentation in it.
func documented(t *testing.T, c configuration, key string) *workspace {
	t.Helper()
	t.Setenv("DEVIN_API_KEY", key) // which the provider, in this process, reads
	t.Setenv("DEVIN_TOKEN", "")
	opts := devintest.Options{Seed: 1} // as fakedevin has it
	// plantimestamp() tells the real time, and all others have fixed dates.
	fake, p := devintest.Start(t, opts), newProvider(nil, nil)
	if !strings.Contains(c.text, "plantimestamp()") {
		fixed := newFixture(t, opts)
		fake, p = fixed.Server, fixed.Provider()
	}
	t.Setenv("DEVIN_API_URL", fake.URL)
	if strings.HasPrefix(c.name, "examples/data-sources/devin_acu_") {
		someLimits(fake)
	}
	// The other provider's place is taken by a second one of this kind.
	w := newWorkspace(t, p, variablesFor(fake, key), "devin-community/devin", "cognitionai/devin")
	if !strings.Contains(c.text, "required_providers") {
		w.write(t, "versions.tf", requirement)
	}
	w.write(t, "main.tf", c.text)
	if needed := need.FindStringSubmatch(c.text); needed != nil {
		w.needs(t, needed[1])
	}
	return w
}

// someLimits sets limits that a page can show: one that the cycle will reach, one that it
// will not, and one of a user.
func someLimits(fake *devintest.Server) {
	orgs := fake.Organizations()
	fake.SetLimits(func(l *devintest.Limits) {
		l.Organizations[orgs[0].OrgID], l.Organizations[orgs[1].OrgID] = 600, 5000
		l.Users[sortedMembers(fake)[0].UserID] = 200
	})
}

// variablesFor gives values to the variables that configurations have no default for.
func variablesFor(fake *devintest.Server, key string) []string {
	return []string{
		"TF_VAR_devin_api_key=" + key,
		fmt.Sprintf("TF_VAR_devin_api_keys={%q: %q}", fake.Organizations()[0].OrgID, key),
		"TF_VAR_org_id=" + fake.Organizations()[0].OrgID,
		"TF_VAR_service_user_id=" + fake.ServiceUsers()[0],
		"TF_VAR_session_id=" + aSession(fake).SessionID,
	}
}

// need is the line in which a configuration says that the oldest versions which
// the provider works with are too old for it.
var need = regexp.MustCompile(`(?m)^# Needs (.+ 1\.\d+)\.$`)

func TestEveryPageSaysWhatItAsksOfDevin(t *testing.T) {
	t.Parallel()
	for page, text := range filesOf(t, "docs/data-sources/*.md", "docs/resources/*.md") {
		for _, part := range []string{"| request | [permission](../guides/reading.md#requests-and-permissions) | how often |", "`GET /v3", "https://docs.devin.ai/", "```terraform", "\n## Errors\n"} {
			if !strings.Contains(text, part) {
				t.Errorf("%s has no %s", page, part)
			}
		}
		if strings.Contains(text, `subcategory: ""`) {
			t.Errorf("%s has no subcategory; it is the group in the about of the type", page)
		}
	}
}

func TestAccEverythingInTheDocumentationApplies(t *testing.T) {
	all := documentation(t)
	members := devintest.New(devintest.Options{Seed: 1}).Members() // as documented has them
	for name := range notApplied {
		if !slices.ContainsFunc(all, func(c configuration) bool { return c.name == name }) {
			t.Errorf("there is no %s", name)
		}
	}
	for _, c := range all {
		t.Run(c.name, func(t *testing.T) {
			if why := notApplied[c.name]; why != "" {
				t.Skip(why)
			}
			w := documented(t, c, devintest.KeyOK)
			out, code := w.run(t, "apply", "-auto-approve", "-input=false", "-no-color")
			if code != 0 || strings.Contains(out, "Warning: ") != warns(c.text) {
				t.Fatalf("%s\nexit code %d:\n%s", c.text, code, out)
			}
			if file := sampleOf(c); file != "" {
				checkSample(t, file, w.succeed(t, "output", "-no-color"))
			}
			destroy := w.succeed(t, "plan", "-destroy", "-input=false", "-no-color")
			if person := personIn(members, out+destroy); (person != "") != showsPeople.MatchString(c.text) {
				t.Errorf("%s\nshows %q, and must say so in a line that begins with # Shows people:\n%s\n%s", c.text, person, out, destroy)
			}
		})
	}
}

var update = flag.Bool("update", false, "write what the examples print into their result.txt")

// mostSampleLines keeps a sample result short enough to be read on a page.
const mostSampleLines = 15

// sampleOf is the file with what an example prints, which its page shows; empty for an
// example whose page shows none.
func sampleOf(c configuration) string {
	for _, kind := range []string{"data-sources", "functions"} {
		if strings.HasPrefix(c.name, "examples/"+kind+"/") {
			return path.Join(path.Dir(c.name), "result.txt")
		}
	}
	return ""
}

// checkSample compares what an example printed with its file, or writes the file with
// -update.
func checkSample(t *testing.T, file, printed string) {
	t.Helper()
	printed = strings.ReplaceAll(printed, "\r\n", "\n") // of CSV; .gitattributes keeps files without it
	if n := strings.Count(printed, "\n"); n == 0 || n > mostSampleLines {
		t.Errorf("the example prints %d lines, and its page has room for 1 to %d:\n%s", n, mostSampleLines, printed)
	}
	if *update {
		if err := os.WriteFile(filepath.Join(root, filepath.FromSlash(file)), []byte(printed), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if want := read(t, file); printed != want {
		t.Errorf("%s has:\n%s\nand the example prints the following; make samples writes it:\n%s", file, want, printed)
	}
}

// What the guide says of each of its configurations with a bad key.
func TestAccGuideSaysWhatFailsAndWhatWarns(t *testing.T) {
	want := []struct {
		shows string
		code  int
		says  string
	}{
		{`resource "devin_connection_check"`, 1, "Error: forbidden: the API key lacks ManageBilling"},
		{"check \"devin_key\"", 0, "Warning: Check block assertion failed"},
		{"postcondition", 1, "Ask #platform for a Devin key with more rights. Missing: ManageBilling."},
		{"precondition", 1, "Error: Module output value precondition failed"},
		{"removed {", 0, ""},
	}
	guide := blocks(t, "docs/guides/checking-a-key.md", "terraform")
	if len(guide) != len(want) {
		t.Fatalf("the guide has %d configurations, this test %d", len(guide), len(want))
	}
	for i, tt := range want {
		t.Run(tt.shows, func(t *testing.T) {
			if !strings.Contains(guide[i].text, tt.shows) {
				t.Fatalf("%s is another one:\n%s", guide[i].name, guide[i].text)
			}
			w := documented(t, guide[i], devintest.KeyForbidden)
			for _, command := range [][]string{{"plan"}, {"plan", "-refresh=false"}, {"apply", "-auto-approve"}} {
				out, code := w.run(t, append(command, "-input=false", "-no-color")...)
				if code != tt.code || !providertest.Wrapped(tt.says).MatchString(out) {
					t.Errorf("%v: exit code %d:\n%s", command, code, out)
				}
			}
		})
	}
}

// The page on error codes quotes what a plan really says.
func TestAccErrorCodesAreQuotedAsTheyAre(t *testing.T) {
	keys := []string{
		devintest.KeyInvalidCredentials, "apk_demo", devintest.KeyInvalidPermissions, devintest.KeyOrganization, devintest.KeyForbidden,
		devintest.KeyUnauthorized, devintest.KeyNoResources, devintest.KeyUnavailable, devintest.KeyRateLimited,
	}
	quotes := blocks(t, "docs/guides/error-codes.md", "text")
	if len(quotes) != len(keys) {
		t.Fatalf("the page quotes %d messages, for %d keys", len(quotes), len(keys))
	}
	for i, key := range keys {
		t.Run(key, func(t *testing.T) {
			c := configuration{"the check", "provider \"devin\" {}\nresource \"devin_connection_check\" \"this\" {}\n"}
			out, code := documented(t, c, key).run(t, "plan", "-input=false", "-no-color")
			if code != 1 || !strings.Contains(stableText(out), stableText(quotes[i].text)) {
				t.Errorf("exit code %d, and the page does not have it so:\n%s", code, out)
			}
		})
	}
}

// stableText is a message without what differs from run to run, and without its
// line breaks, which depend on it.
func stableText(message string) string {
	for pattern, instead := range map[string]string{
		`127\.0\.0\.1:\d+`:     "HOST",
		`req-\d+`:              "REQUEST",
		`org-[0-9a-f]{32}`:     "ORGANIZATION",
		`on main\.tf line \d+`: "LINE",
		// Under a rate limit it depends on waits of random length.
		`the\s+last\s+of\s+\d+\s+tries`: "TRIES",
		`(?m)^\s*\d+: `:                 "",
		`registry\.\w+\.(io|org)`:       "REGISTRY",
	} {
		message = regexp.MustCompile(pattern).ReplaceAllString(message, instead)
	}
	return strings.Join(strings.Fields(message), " ")
}

// Pages that say which versions are tested name those of the workflow.
func TestPagesNameTheVersionsThatAreTested(t *testing.T) {
	t.Parallel()
	matrices := regexp.MustCompile(`(?m)^ +version: \[(.+)\]$`).FindAllStringSubmatch(read(t, ".github/workflows/test.yml"), -1)
	if len(matrices) != 2 {
		t.Fatalf("%d matrices, want one of Terraform and one of OpenTofu", len(matrices))
	}
	named := make([]string, len(matrices))
	for i, matrix := range matrices {
		versions := regexp.MustCompile(`\.\d+(,|$)`).ReplaceAllString(matrix[1], "$1") // 1.8 for 1.8.5
		last := strings.LastIndex(versions, ", ")
		named[i] = versions[:last] + " and" + versions[last+1:]
	}
	for _, page := range []string{"README.md", "CONTRIBUTING.md", "docs/index.md"} {
		if says := "with Terraform " + named[0] + ", and OpenTofu " + named[1]; !providertest.Wrapped(says).MatchString(read(t, page)) {
			t.Errorf("%s does not say: %s", page, says)
		}
	}
}

// The table of promises leads to tests by their names.
func TestTheTestsThatContributingNamesExist(t *testing.T) {
	t.Parallel()
	var code strings.Builder
	err := filepath.WalkDir(filepath.Join(root, "internal"), func(file string, _ os.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(file, "_test.go") {
			return err
		}
		text, err := os.ReadFile(file)
		code.Write(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	names := regexp.MustCompile("`((?:Test|Fuzz|Benchmark)[A-Z][A-Za-z0-9]*)`").FindAllStringSubmatch(read(t, "CONTRIBUTING.md"), -1)
	if len(names) < 20 {
		t.Fatalf("found %d names", len(names))
	}
	for _, name := range names {
		if !strings.Contains(code.String(), "\nfunc "+name[1]+"(") {
			t.Errorf("there is no %s", name[1])
		}
	}
}

// The example of a data source that can read an organization applies as it stands with
// the organization's own key and DEVIN_ORG_ID.
func TestAccExamplesApplyWithAnOrganizationsKey(t *testing.T) {
	orgID := devintest.New(devintest.Options{Seed: 1}).Organizations()[0].OrgID
	applied := 0
	for _, c := range documentation(t) {
		name := path.Base(path.Dir(c.name))
		_, isData := allSchemas().DataSourceSchemas[name]
		if !isData || !strings.HasPrefix(c.name, "examples/") || isEnterpriseOnly(name) || needsEnterpriseKey(name) || dataSources[name].enterpriseExample {
			continue
		}
		applied++
		t.Run(name, func(t *testing.T) {
			t.Setenv("DEVIN_ORG_ID", orgID)
			out, code := documented(t, c, devintest.KeyOrganization).run(t, "apply", "-auto-approve", "-input=false", "-no-color")
			if code != 0 || strings.Contains(out, "Warning: ") {
				t.Errorf("%s\nexit code %d:\n%s", c.text, code, out)
			}
		})
	}
	if applied < 10 {
		t.Errorf("only %d examples were applied", applied)
	}
}

// testingGuide is the guide's example as it is pasted: main.tf, usage/main.tf, and
// two files of tests. It runs the provider's binary: a provider that Terraform
// reattaches to has one configuration, and from 1.14 on the blocks of two test runs
// overwrite each other's.
func testingGuide(t *testing.T, change func(file, text string) string) *workspace {
	t.Helper()
	if os.Getenv("TF_ACC") == "" {
		t.Skip("acceptance tests run with TF_ACC=1")
	}
	const page = "docs/guides/testing.md"
	modules, files := blocks(t, page, "terraform"), blocks(t, page, "hcl")
	if len(modules) != 1 || len(files) != 3 {
		t.Fatalf("the guide has %d modules and %d other files", len(modules), len(files))
	}
	// plantimestamp() tells the real time.
	fake := devintest.Start(t, devintest.Options{Seed: 1})
	w := buildProvider(t).commandLine(t, change("main.tf", files[0].text), "DEVIN_API_KEY="+devintest.KeyOK, "DEVIN_API_URL="+fake.URL)
	for _, folder := range []string{"usage", "tests"} {
		if err := os.Mkdir(filepath.Join(w.dir, folder), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for name, text := range map[string]string{
		"usage/main.tf": modules[0].text, "tests/fake.tftest.hcl": files[1].text, "tests/mock.tftest.hcl": files[2].text,
	} {
		w.write(t, name, change(name, text))
	}
	// With dev_overrides there is nothing that init could install.
	w.succeed(t, "get", "-no-color")
	return w
}

func TestAccTestsOfTheGuidePass(t *testing.T) {
	w := testingGuide(t, func(_, text string) string { return text })
	out, code := w.run(t, "test", "-no-color")
	if code != 0 || !strings.Contains(out, "3 passed, 0 failed") || strings.Count(out, "Warning: ") != strings.Count(out, "Warning: Provider development overrides") {
		t.Errorf("exit code %d:\n%s", code, out)
	}
}

// A test that cannot fail shows nothing: each of the three notices its mistake.
func TestAccTestsOfTheGuideFailWhereTheyShould(t *testing.T) {
	for run, change := range map[string][3]string{
		"some_people_use_devin": {"main.tf", "> 20]", "> 1e9]"},
		"a_bad_key_is_noticed":  {"tests/fake.tftest.hcl", "cog_demo_unauthorized", "cog_demo_ok"},
		"the_threshold_is_20":   {"main.tf", "> 20]", ">= 20]"},
	} {
		t.Run(run, func(t *testing.T) {
			w := testingGuide(t, func(name, text string) string {
				if name != change[0] {
					return text
				}
				return strings.Replace(text, change[1], change[2], 1)
			})
			if out, code := w.run(t, "test", "-no-color"); code == 0 || !strings.Contains(out, `run "`+run+`"... fail`) {
				t.Errorf("exit code %d:\n%s", code, out)
			}
		})
	}
}

// It fails, and so shows how many users there are.
const mockedUsers = `
mock_provider "devin" {}

override_data {
  target = data.devin_connection_check.this
  values = { ok = true }
}

run "mocked" {
  override_data {
    target = module.usage.data.devin_members_daily_consumption.all
    values = { total_acus = 42, users = USERS }
  }

  assert {
    condition     = length(module.usage.users) < 0
    error_message = "Users: ${nonsensitive(length(module.usage.users))}."
  }
}
`

// What the guide says of lists of objects, so that it is noticed when that changes.
func TestAccMocksOfListsOfObjectsAreAsTheGuideSays(t *testing.T) {
	attributes := "user_id display_name name email idp_group_names active_days total_acus acus_by_product share"
	whole := "{ " + strings.ReplaceAll(attributes, " ", " = null, ") + " = null }"
	for users, want := range map[string]map[string]string{
		"[{ total_acus = 42 }]": {"Terraform": "expected object type, found tuple", "OpenTofu": "are required"},
		"[" + whole + "]":       {"Terraform": "expected object type, found tuple", "OpenTofu": "Users: 1."},
		whole:                   {"Terraform": "Users: 0.", "OpenTofu": "list of object required"},
	} {
		t.Run(users, func(t *testing.T) {
			w := testingGuide(t, func(name, text string) string {
				switch name {
				case "tests/mock.tftest.hcl":
					return strings.Replace(mockedUsers, "USERS", users, 1)
				case "tests/fake.tftest.hcl":
					return ""
				}
				return text
			})
			_, product, _ := w.version(t)
			if out, _ := w.run(t, "test", "-no-color"); !providertest.Wrapped(want[product]).MatchString(out) {
				t.Errorf("not %q:\n%s", want[product], out)
			}
		})
	}
}
