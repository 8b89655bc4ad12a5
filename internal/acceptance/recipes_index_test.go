package acceptance

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// recipePermissions are those of the index, by recipe.
func recipePermissions(t *testing.T) map[string][]string {
	t.Helper()
	permissions := map[string][]string{}
	for _, row := range regexp.MustCompile(`(?m)^\| [^|]+ \| \[([a-z-]+)\]\(([a-z-]+)\) \| ([^|]+) \|$`).FindAllStringSubmatch(read(t, "examples/recipes/README.md"), -1) {
		if row[1] != row[2] || permissions[row[1]] != nil {
			t.Errorf("the row of %s leads to %s, or is its second one", row[1], row[2])
		}
		permissions[row[1]] = []string{}
		for _, name := range regexp.MustCompile("`([A-Za-z]+)`").FindAllStringSubmatch(row[3], -1) {
			permissions[row[1]] = append(permissions[row[1]], name[1])
		}
	}
	return permissions
}

func TestEveryRecipeIsInTheIndex(t *testing.T) {
	t.Parallel()
	permissions := recipePermissions(t)
	rows := slices.Sorted(maps.Keys(permissions))
	if names := recipeNames(t); !slices.Equal(rows, names) {
		t.Errorf("the index has %v, and the folder %v", rows, names)
	}
	for _, r := range recipes {
		needs, has := slices.Sorted(slices.Values(r.permissions)), slices.Sorted(slices.Values(permissions[r.name]))
		if r.permissions != nil && !slices.Equal(has, needs) {
			t.Errorf("the index says that %s needs %v, and it needs %v", r.name, has, needs)
		}
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
	named := regexp.MustCompile(`examples/recipes/([a-z-]+)|recipe\s+\*([a-z-]+)\*|\*([a-z]+-[a-z-]+)\*`)
	n := 0
	for file, text := range filesOf(t, "*.md", "templates/*.tmpl", "templates/guides/*.md", "examples/recipes/*/README.md") {
		for _, match := range named.FindAllStringSubmatch(text, -1) {
			n++
			if name := strings.Join(match[1:], ""); !slices.Contains(names, name) {
				t.Errorf("%s names a recipe %s", file, name)
			}
		}
	}
	if n < 15 {
		t.Errorf("%d names", n)
	}
}
