package acceptance

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	code    = regexp.MustCompile("(?ms)^```.*?^```")
	link    = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	heading = regexp.MustCompile(`(?m)^#+ (.*)$`)
	anchor  = regexp.MustCompile(`<a id="([^"]+)">`)
	dropped = regexp.MustCompile(`[^\p{L}\p{N}_ -]`)
)

// The pages rely on links: most attributes have one sentence, and a link to the guide that
// explains them. Descriptions in schemas have links that no editor checks.
func TestLinksLeadToAPageAndAHeading(t *testing.T) {
	t.Parallel()
	pages := []string{"README.md", "CONTRIBUTING.md", "SECURITY.md"}
	for _, dir := range []string{"docs", "examples"} {
		if err := fs.WalkDir(os.DirFS(root), dir, func(name string, _ fs.DirEntry, err error) error {
			if strings.HasSuffix(name, ".md") {
				pages = append(pages, name)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	n := 0
	for _, page := range pages {
		for _, found := range link.FindAllStringSubmatch(code.ReplaceAllString(read(t, page), ""), -1) {
			if strings.Contains(found[1], "://") {
				continue
			}
			n++
			file, fragment, _ := strings.Cut(found[1], "#")
			if file = path.Join(path.Dir(page), file); strings.HasPrefix(found[1], "#") {
				file = page
			}
			if _, err := os.Stat(filepath.Join(root, filepath.FromSlash(file))); err != nil {
				t.Errorf("%s links %s, which does not exist", page, found[1])
			} else if fragment != "" && !anchors(read(t, file))[fragment] {
				t.Errorf("%s links %s, which has no such heading", page, found[1])
			}
		}
	}
	if n == 0 {
		t.Error("there are no links")
	}
}

// anchors are the fragments that lead into a page.
func anchors(page string) map[string]bool {
	all := map[string]bool{}
	for _, found := range heading.FindAllStringSubmatch(code.ReplaceAllString(page, ""), -1) {
		all[strings.ReplaceAll(dropped.ReplaceAllString(strings.ToLower(found[1]), ""), " ", "-")] = true
	}
	for _, found := range anchor.FindAllStringSubmatch(page, -1) {
		all[found[1]] = true
	}
	return all
}
