package acceptance

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

// testingGuide is the guide's example as it is pasted: main.tf, usage/main.tf, and
// two files of tests.
func testingGuide(t *testing.T, change func(file, text string) string) *workspace {
	t.Helper()
	const page = "docs/guides/testing.md"
	modules, files := blocks(t, page, "terraform"), blocks(t, page, "hcl")
	if len(modules) != 1 || len(files) != 3 {
		t.Fatalf("the guide has %d modules and %d other files", len(modules), len(files))
	}
	t.Setenv("DEVIN_API_KEY", devintest.KeyOK)
	t.Setenv("DEVIN_TOKEN", "")
	// plantimestamp() tells the real time.
	fake := devintest.Start(t, devintest.Options{Seed: 1})
	t.Setenv("DEVIN_API_URL", fake.URL)
	w := newWorkspace(t, newProvider(nil, nil), nil)
	for _, folder := range []string{"usage", "tests"} {
		if err := os.Mkdir(filepath.Join(w.dir, folder), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for name, text := range map[string]string{
		"usage/main.tf": modules[0].text, "main.tf": files[0].text,
		"tests/fake.tftest.hcl": files[1].text, "tests/mock.tftest.hcl": files[2].text,
	} {
		w.write(t, name, change(name, text))
	}
	if out, code := w.run(t, "init", "-no-color"); code != 0 {
		t.Fatalf("init: exit code %d:\n%s", code, out)
	}
	return w
}

func TestAccTestsOfTheGuidePass(t *testing.T) {
	w := testingGuide(t, func(_, text string) string { return text })
	out, code := w.run(t, "test", "-no-color")
	if code != 0 || !strings.Contains(out, "3 passed, 0 failed") || strings.Contains(out, "Warning: ") {
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
    condition     = length(module.usage.users) == 0
    error_message = "There are other users."
  }
}
`

// What the guide says of lists of objects, so that it is noticed when that changes:
// a list is refused, and an object leaves the list empty.
func TestAccAMockHasNoListsOfObjects(t *testing.T) {
	for users, passes := range map[string]bool{`[{ display_name = "Ann" }]`: false, `{ display_name = "Ann" }`: true} {
		w := testingGuide(t, func(name, text string) string {
			switch name {
			case "tests/mock.tftest.hcl":
				return strings.Replace(mockedUsers, "USERS", users, 1)
			case "tests/fake.tftest.hcl":
				return ""
			}
			return text
		})
		if out, code := w.run(t, "test", "-no-color"); (code == 0) != passes || !strings.Contains(out, `run "mocked"... `) {
			t.Errorf("%s: exit code %d:\n%s", users, code, out)
		}
	}
}
