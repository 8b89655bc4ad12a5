package acceptance

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
)

var recipesFolder = filepath.Join(root, "examples", "recipes")

// newRecipeFixture is newFixture at a time of the test's own.
func newRecipeFixture(t *testing.T, now time.Time, opts devintest.Options) *fixture {
	t.Helper()
	opts.Now = func() time.Time { return now }
	return newFixture(t, opts)
}

// recipe is a workspace with a recipe as it stands in its folder, and beside it a
// provider block for the fake.
func (f *fixture) recipe(t *testing.T, name, key string, variables map[string]any) *workspace {
	t.Helper()
	w := newWorkspace(t, f.Provider(), nil)
	if err := os.CopyFS(w.dir, os.DirFS(filepath.Join(recipesFolder, name))); err != nil {
		t.Fatal(err)
	}
	w.write(t, "provider.tf", f.Config(key, ""))
	if variables != nil {
		w.writeVariables(t, variables)
	}
	return w
}

func (w *workspace) writeVariables(t *testing.T, variables map[string]any) {
	t.Helper()
	text, err := json.Marshal(variables)
	if err != nil {
		t.Fatal(err)
	}
	w.write(t, "terraform.tfvars.json", string(text))
}

// applyRecipe applies a recipe, wants its second plan to be empty, and reads its
// outputs into a struct, by their names.
func (f *fixture) applyRecipe(t *testing.T, name, key string, variables map[string]any, outputs any) recipeChecks {
	t.Helper()
	w := f.recipe(t, name, key, variables)
	wantNoPersonIn(t, name, w.applied(t), f.Members())
	checks, shown := w.read(t, outputs)
	wantNoIDIn(t, name, shown, f.Members())
	return checks
}

// recipeChecks are the states of check blocks by their names: pass, fail, ...
type recipeChecks map[string]string

// read reads the outputs of a state into a struct, and returns its checks and the
// outputs that are not sensitive.
func (w *workspace) read(t *testing.T, outputs any) (checks recipeChecks, shown string) {
	t.Helper()
	var state struct {
		Values struct {
			Outputs map[string]struct {
				Value     json.RawMessage
				Sensitive bool
			}
		}
		Checks []struct {
			Address struct{ Kind, Name string }
			Status  string
		}
	}
	out, code := w.run(t, "show", "-json")
	if code != 0 {
		t.Fatalf("exit code %d:\n%s", code, out)
	}
	if err := json.Unmarshal([]byte(out), &state); err != nil {
		t.Fatal(err)
	}
	values := map[string]json.RawMessage{}
	for name, output := range state.Values.Outputs {
		values[name] = output.Value
		if !output.Sensitive {
			shown += name + " = " + string(output.Value) + "\n"
		}
	}
	text, err := json.Marshal(values)
	if err == nil {
		err = json.Unmarshal(text, outputs)
	}
	if err != nil {
		t.Fatal(err)
	}
	checks = recipeChecks{}
	for _, check := range state.Checks {
		if check.Address.Kind == "check" { // not a variable or an output of the same name
			checks[check.Address.Name] = check.Status
		}
	}
	return checks, shown
}

// variables are texts by their names.
func variables(texts ...string) map[string]any {
	v := map[string]any{}
	for i := 0; i < len(texts); i += 2 {
		v[texts[i]] = texts[i+1]
	}
	return v
}

// dates are the days of a window.
func dates(t *testing.T, start, end string) []string {
	t.Helper()
	w := providertest.Days(t, start, end)
	var names []string
	for day := w.Start; day <= w.End; day++ {
		names = append(names, day.String())
	}
	return names
}

// cents rounds to two digits, as recipes do.
func cents(f float64) float64 { return math.Round(f*100) / 100 }

// near compares numbers that were rounded after different ways of counting.
func near(got, want float64) bool { return math.Abs(got-want) < 0.0101 }

// recipeNames are the folders of the recipes.
func recipeNames(t *testing.T) []string {
	t.Helper()
	entries, err := os.ReadDir(recipesFolder)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, entry := range entries {
		if entry.IsDir() {
			names = append(names, entry.Name())
		}
	}
	return names
}

var variableBlock = regexp.MustCompile(`(?ms)^variable "(\w+)" \{\n(.*?)^\}`)

// TestEveryRecipeIsWhole holds what the recipes have in common.
func TestEveryRecipeIsWhole(t *testing.T) {
	t.Parallel()
	names := recipeNames(t)
	for _, name := range names {
		for _, file := range []string{"main.tf", "variables.tf", "README.md"} {
			if _, err := os.Stat(filepath.Join(recipesFolder, name, file)); err != nil {
				t.Error(err)
			}
		}
		text := read(t, filepath.Join("examples", "recipes", name, "variables.tf"))
		for _, v := range variableBlock.FindAllStringSubmatch(text, -1) {
			if !strings.HasPrefix(v[2], "  description = \"") || !strings.Contains(v[2], "\n  type ") {
				t.Errorf("%s: the variable %s needs a description and a type", name, v[1])
			}
		}
	}
	want := []string{"usage-report"} // which has tests of its own
	for _, r := range recipes {
		want = append(want, r.name)
	}
	slices.Sort(want)
	want = slices.Compact(want)
	if !slices.Equal(names, want) {
		t.Errorf("recipes %v, and tests for %v", names, want)
	}
}
