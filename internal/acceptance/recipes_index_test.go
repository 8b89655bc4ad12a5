package acceptance

import (
	"maps"
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

// recipePermissions are those of the index, by recipe.
func recipePermissions(t *testing.T) map[string][]string {
	t.Helper()
	permissions := map[string][]string{}
	for _, row := range regexp.MustCompile(`(?m)^\| [^|]+ \| \[([a-z-]+)\]\(([a-z-]+)\) \| ([^|]+) \|$`).FindAllStringSubmatch(read(t, "examples/recipes/README.md"), -1) {
		if row[1] != row[2] || permissions[row[1]] != nil {
			t.Errorf("the row of %s leads to %s, or is its second one", row[1], row[2])
		}
		for _, name := range regexp.MustCompile("`([A-Za-z]+)`").FindAllStringSubmatch(row[3], -1) {
			permissions[row[1]] = append(permissions[row[1]], name[1])
		}
	}
	return permissions
}

func TestEveryRecipeIsInTheIndex(t *testing.T) {
	t.Parallel()
	rows := slices.Sorted(maps.Keys(recipePermissions(t)))
	if names := recipeNames(t); !slices.Equal(rows, names) {
		t.Errorf("the index has %v, and the folder %v", rows, names)
	}
	for _, page := range []string{"README.md", "templates/index.md.tmpl", "templates/guides/getting-started.md", "templates/guides/cookbook.md"} {
		if !strings.Contains(read(t, page), "examples/recipes/README.md") {
			t.Errorf("%s has no link to the index of recipes", page)
		}
	}
}

// The documentation names a recipe with a link, or in italics.
func TestRecipesThatAreNamedExist(t *testing.T) {
	t.Parallel()
	names := recipeNames(t)
	named := regexp.MustCompile(`examples/recipes/([a-z-]+)|\]\(\.\./([a-z-]+)\)|recipe\s+\*([a-z-]+)\*|\*([a-z]+-[a-z-]+)\*`)
	n := 0
	for _, pattern := range []string{"*.md", "templates/*.tmpl", "templates/guides/*.md", "examples/recipes/*/README.md"} {
		files, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: no files, %v", pattern, err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, match := range named.FindAllStringSubmatch(string(text), -1) {
				n++
				if name := strings.Join(match[1:], ""); !slices.Contains(names, name) {
					t.Errorf("%s names a recipe %s", file, name)
				}
			}
		}
	}
	if n < 20 {
		t.Errorf("%d names", n)
	}
}

// A key with the permissions of the index applies a recipe, and one that lacks any of
// them does not.
func TestAccIndexHasThePermissionsOfEachRecipe(t *testing.T) {
	t.Parallel()
	// Given are the variables that a recipe needs.
	given := func(fake *fixture) map[string]map[string]any {
		dates := variables("start_date", "2026-11-16", "end_date", "2026-11-19")
		priced := maps.Clone(dates)
		priced["acu_price"] = 2
		group := ""
		for _, member := range fake.Members() {
			for _, assignment := range member.IDPAssignments {
				group = max(group, assignment.IDPGroupName)
			}
		}
		return map[string]map[string]any{
			"adoption": dates, "chargeback": priced, "cost-per-merged-pr": priced, "team-rollup": dates, "where-it-goes": dates,
			"budget-alerts":        {"webhook": "https://127.0.0.1", "pool_acus": 1e9},
			"budget-guard":         {"pool_acus": 1e9, "acu_price": 2},
			"key-hygiene":          variables("now", providertest.Now.Format(time.RFC3339)),
			"no-open-criticals":    variables("repo_name", "acme/none"),
			"organization-budgets": {"budgets": map[string]any{fake.Organizations()[0].OrgID: map[string]any{"per_year": 1e6, "acu_price": 2}}},
			"per-user-caps":        {"idp_group": group, "default_limit": 100_000},
			"usage-report":         reportVariables(2, "start_date", "2026-11-16", "end_date", "2026-11-19"),
		}
	}
	for recipe, permissions := range recipePermissions(t) {
		t.Run(recipe, func(t *testing.T) {
			t.Parallel()
			fake := newFixture(t, devintest.Options{PageSize: 200})
			apply := func(key string, permissions []string) (out string, code int) {
				if slices.Contains(permissions, "ManageBilling") {
					permissions = append(slices.Clone(permissions), devintest.WriteBilling)
				}
				fake.AddKey(key, devintest.Principal{ID: "service-user-1", Name: "Recipe", Permissions: permissions})
				w := fake.recipe(t, recipe, key, given(fake)[recipe])
				if recipe == "monthly-archive" {
					w.succeed(t, "workspace", "select", "-or-create", "-no-color", "2026-10")
				}
				return w.run(t, "apply", "-auto-approve", "-input=false", "-no-color")
			}
			if out, code := apply("cog_all", permissions); code != 0 {
				t.Errorf("with %v: exit code %d:\n%s", permissions, code, out)
			}
			if recipe == "usage-report" {
				return // it leaves out sections
			}
			for i, lacks := range permissions {
				if out, code := apply("cog_lacks_"+lacks, slices.Delete(slices.Clone(permissions), i, i+1)); code == 0 || !strings.Contains(out, "forbidden") && !strings.Contains(out, "invalid_permissions") {
					t.Errorf("without %s: exit code %d:\n%s", lacks, code, out)
				}
			}
		})
	}
}
