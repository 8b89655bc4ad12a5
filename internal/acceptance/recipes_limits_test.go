package acceptance

import (
	"maps"
	"os"
	"strings"
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

func TestAccRecipeLimitsFromYAML(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{Seed: 1})
	ids := map[string]string{}
	for _, o := range fake.Organizations() {
		ids[o.Name] = o.OrgID
	}
	const other = "Früh <Übersetzung>"
	fake.SetLimits(func(l *devintest.Limits) {
		l.Organizations[ids["Platform"]] = 3500
		l.Organizations[ids["Mobile Apps"]] = 3000
		l.Organizations[ids[other]] = 77
	})
	w := fake.recipe(t, "limits-from-yaml", devintest.KeyOK, nil)
	limits := w.text(t, "limits.yaml")
	step := func(text, says string, want map[string]int64) {
		t.Helper()
		w.write(t, "limits.yaml", text)
		out := w.applied(t)
		all := map[string]int64{ids[other]: 77}
		for name, acus := range want {
			all[ids[name]] = acus
		}
		if !strings.Contains(out, says) || !maps.Equal(fake.Limits().Organizations, all) {
			t.Errorf("limits %v, want %v:\n%s", fake.Limits().Organizations, all, out)
		}
	}
	step(limits, "2 imported, 1 added, 1 changed, 0 destroyed", map[string]int64{"Platform": 4000, "Mobile Apps": 3000, "Data & Insights": 2500})
	step(strings.Replace(limits, "Platform", ids["Platform"], 1), "0 added, 0 changed, 0 destroyed", map[string]int64{"Platform": 4000, "Mobile Apps": 3000, "Data & Insights": 2500})
	step("Platform: 0\nMobile Apps: 3000\n", "0 added, 1 changed, 1 destroyed", map[string]int64{"Platform": 0, "Mobile Apps": 3000})
	var out struct {
		NotInFile map[string]string `json:"not_in_file"`
	}
	w.read(t, &out)
	if len(out.NotInFile) != len(ids)-2 || out.NotInFile[ids[other]] != other {
		t.Errorf("%v are not in the file, of %v", out.NotInFile, ids)
	}
	for text, says := range map[string]string{
		"":                                 "missing start of document",
		"Platform: 1\n  x: [":              "while calling yamldecode",
		"# nothing\n~\n":                   "These are not: limits.yaml",
		"- Platform: 4000":                 "These are not: 0",
		"Platform:":                        "These are not: Platform",
		"Platform: 4000.5":                 "These are not: Platform",
		"Platform: -1":                     "These are not: Platform",
		"Platform: 4k":                     "These are not: Platform",
		"Platform: 1\nMobile Apps: {a: 1}": "These are not: Mobile Apps",
		"Platform: 1\n\"Platform\" : 2\n":  "two lines in limits.yaml: Platform",
		"Platform: 1\nNowhere: 2\n":        "give their ids: Nowhere",
		"Platform: 1\n" + ids["Platform"] + ": 1": "Duplicate object key",
	} {
		w.write(t, "limits.yaml", text)
		w.failsToPlan(t, says)
	}
	step("{}", "2 destroyed", nil)
}

// text is a file of the workspace.
func (w *workspace) text(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(w.dir + "/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// writeLimits gives an organization its limit by its id, and another by its name.
func writeLimits(t *testing.T, e *enterprise, w *workspace) {
	orgs := e.Organizations()
	w.write(t, "limits.yaml", orgs[0].OrgID+": 70000\n"+orgs[2].Name+": 80000\n")
}

func trueLimitsOfFile(t *testing.T, e *enterprise) object {
	orgs := e.Organizations()
	if got := e.Limits().Organizations; len(got) != 2 || got[orgs[0].OrgID] != 70_000 || got[orgs[2].OrgID] != 80_000 {
		t.Errorf("limits %v of %v", got, orgs)
	}
	return object{"not_in_file": object{orgs[1].OrgID: orgs[1].Name, orgs[3].OrgID: orgs[3].Name}}
}

func TestAccRecipeLimitsFromYAMLWantIDsWhereTwoHaveOneName(t *testing.T) {
	t.Parallel()
	w := newHostile(t).recipe(t, "limits-from-yaml", devintest.KeyOK, nil)
	w.write(t, "limits.yaml", "Ops: 100\n")
	w.failsToPlan(t, "Where two have one name, give their ids: Ops")
}
