package acceptance

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
)

// enterprise is a fake Devin, and its people, organizations and service users as its
// lists show them.
type enterprise struct {
	*fixture
	members       []devintest.Member
	organizations []devintest.Organization
	serviceUsers  []devintest.ServiceUser
	// gone is a member, and lost an organization, whose numbers Devin answers with 404;
	// empty where there is none.
	gone, lost string
}

func (e *enterprise) Members() []devintest.Member              { return e.members }
func (e *enterprise) Organizations() []devintest.Organization  { return e.organizations }
func (e *enterprise) AllServiceUsers() []devintest.ServiceUser { return e.serviceUsers }

// known are the members whose numbers Devin tells, sorted by id.
func (e *enterprise) known() []devintest.Member {
	return slices.DeleteFunc(e.sorted(), func(m devintest.Member) bool { return m.UserID == e.gone })
}

// sorted are the members by id.
func (e *enterprise) sorted() []devintest.Member {
	return slices.SortedFunc(slices.Values(e.members), func(a, b devintest.Member) int { return strings.Compare(a.UserID, b.UserID) })
}

// membersTotal is what the members consumed whose numbers Devin tells.
func (e *enterprise) membersTotal(from, to time.Time) float64 {
	total := e.MembersTotal(from, to)
	if e.gone != "" {
		total -= e.UserTotal(e.gone, from, to)
	}
	return cents(total)
}

// enterprises are what a recipe or a block of the cookbook has to give true numbers for.
var enterprises = map[string]func(t *testing.T) *enterprise{
	"ordinary": func(t *testing.T) *enterprise { return newEnterprise(t, devintest.Options{PageSize: 50}) },
	"hostile":  newHostile,
}

// inEach runs a test in each of these enterprises.
func inEach(t *testing.T, f func(t *testing.T, e *enterprise)) {
	t.Parallel()
	for name, build := range enterprises {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f(t, build(t))
		})
	}
}

func newEnterprise(t *testing.T, opts devintest.Options) *enterprise {
	t.Helper()
	f := newFixture(t, opts)
	return &enterprise{fixture: f, members: f.Members(), organizations: f.Organizations(), serviceUsers: f.AllServiceUsers()}
}

// The window of the tests, in which somebody joins the hostile enterprise.
const (
	windowStart = "2026-10-12"
	windowEnd   = "2026-10-25"
)

// doubleAddress is the address that two members of the hostile enterprise have.
const doubleAddress = "ada.lee@acme.example"

// newHostile is an enterprise that Devin may honestly have and that breaks a
// configuration which expects less: two people of one name and address, people without
// either, also the one who used the most, two organizations and all service users of one name, a user alone in a group
// and an organization for which it answers 404, people who joined in the window, after
// it and today, a cycle without an end, days with 0 ACUs, 0 for "never", capitals,
// fields left out, and a pull request of many sessions.
func newHostile(t *testing.T) *enterprise {
	t.Helper()
	e := newEnterprise(t, devintest.Options{PageSize: 50, Quirks: devintest.Quirks{
		OpenCycles: 1, ZeroDays: true, Never: devintest.NeverIsZero, UpperCase: true, NoTakenOver: true,
	}})

	from, _ := window(t, windowStart, windowEnd)
	people := map[string]object{}
	used := func(m devintest.Member) float64 { return e.UserTotal(m.UserID, from, providertest.Now) }
	most := slices.MaxFunc(e.members, func(a, b devintest.Member) int { return cmp.Compare(used(a), used(b)) }).UserID
	joined := []time.Time{from, from.AddDate(0, 0, 9), providertest.Now.Add(-time.Hour)}
	for i := range e.members {
		m := &e.members[i]
		edit := object{}
		switch {
		case i == 13 || i == 14: // two of one group
			m.Name, m.Email = new("Ada Lee"), new(doubleAddress)
			if i == 14 {
				m.Email = new("Ada.Lee@ACME.example")
			}
			edit["name"], edit["email"] = m.Name, m.Email
		case m.UserID == most:
			m.Name, m.Email = nil, nil
			edit["name"], edit["email"] = nil, nil
		case m.Direct && len(joined) > 0 && e.UserTotal(m.UserID, time.Unix(0, 0), providertest.Now) == 0:
			m.JoinedAt = new(joined[0].Unix())
			edit["enterprise_joined_at"], joined = m.JoinedAt, joined[1:]
		case e.gone == "" && m.IDP && used(*m) > 0:
			e.gone = m.UserID
			m.IDPAssignments = m.IDPAssignments[:1]
			m.IDPAssignments[0].IDPGroupName = "Alone"
			edit["idp_role_assignments"] = []object{{"idp_group_name": "Alone", "role": object{
				"role_id": m.IDPAssignments[0].RoleID, "role_name": m.IDPAssignments[0].RoleName, "role_type": m.IDPAssignments[0].RoleType,
			}, "org_id": m.IDPAssignments[0].OrgID}}
		}
		people[m.UserID] = edit
	}
	if len(joined) > 0 || e.gone == "" {
		t.Fatal("the company is too small")
	}
	e.edit("/v3/enterprise/members/users*", "user_id", people)
	e.edit("/v3/enterprise/members/idp-users", "user_id", people)
	e.Fault("*/consumption/daily/users/"+e.gone, devintest.Fault{Status: http.StatusNotFound})
	e.Fault("*/metrics/prs", devintest.Fault{Status: http.StatusNotFound, When: func(r *http.Request) bool {
		return slices.Contains(r.URL.Query()["user_ids"], e.gone)
	}})

	e.lost = e.organizations[3].OrgID
	e.Fault("*/consumption/daily/organizations/"+e.lost, devintest.Fault{Status: http.StatusNotFound})
	names := map[string]object{}
	for i := range e.organizations[:2] {
		e.organizations[i].Name = "Ops"
		names[e.organizations[i].OrgID] = object{"name": "Ops"}
	}
	e.edit("/v3/enterprise/organizations", "org_id", names)
	bots := map[string]object{}
	for i := range e.serviceUsers {
		e.serviceUsers[i].Name = "CI Bot"
		bots[e.serviceUsers[i].ServiceUserID] = object{"name": "CI Bot"}
	}
	e.edit("*/members/service-users*", "service_user_id", bots)

	sessions := map[string]object{}
	for _, s := range e.SessionList(devintest.Filter{}, from, providertest.Now) {
		sessions[s.SessionID] = object{"category": s.Category, "title": s.Title, "pull_requests": s.PullRequests}
	}
	e.edit("/v3/enterprise/sessions", "session_id", sessions)
	return e
}

// Each session of the hostile enterprise that has a pull request also has these two. The
// path of strangePR names no repository.
const (
	sharedPR  = "https://gitlab.example/acme/sub/web/-/merge_requests/7"
	strangePR = "https://git.example/7"
)

// SessionList shows the sessions of the hostile enterprise as its list does: one in two
// has neither category nor title.
func (e *enterprise) SessionList(f devintest.Filter, from, to time.Time) []devintest.ListedSession {
	all := e.fixture.SessionList(f, from, to)
	if e.gone == "" {
		return all
	}
	for i := range all {
		s := &all[i]
		if s.SessionID[len(s.SessionID)-1]%2 == 0 {
			s.Category, s.Title = nil, nil
		}
		if len(s.PullRequests) > 0 {
			s.PullRequests = append(s.PullRequests, devintest.ListedPR{URL: sharedPR, State: new("MERGED")}, devintest.ListedPR{URL: strangePR})
		}
	}
	return all
}

// edit changes what the answers of a path say of things, by their ids.
func (e *enterprise) edit(path, id string, changes map[string]object) {
	var change func(value any)
	change = func(value any) {
		switch value := value.(type) {
		case []any:
			for _, item := range value {
				change(item)
			}
		case object:
			if text, ok := value[id].(string); ok {
				maps.Copy(value, changes[text])
			}
			change(value["items"])
		}
	}
	e.Fault(path, devintest.Fault{Rewrite: func(body []byte) []byte {
		var answer any
		decoder := json.NewDecoder(bytes.NewReader(body))
		decoder.UseNumber()
		if err := decoder.Decode(&answer); err != nil {
			panic(err)
		}
		change(answer)
		text, err := json.Marshal(answer)
		if err != nil {
			panic(err)
		}
		return text
	}})
}

// wantOutputs compares all outputs of a state with what they have to be.
func wantOutputs(t *testing.T, got, want object) {
	t.Helper()
	text, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	var plain any
	if err := json.Unmarshal(text, &plain); err != nil {
		t.Fatal(err)
	}
	found := differences("", got, plain)
	for _, d := range found[:min(10, len(found))] {
		t.Error(d)
	}
}

// differences are those of two values of JSON. Numbers may differ in the last digit
// that recipes round to.
func differences(path string, got, want any) (found []string) {
	switch want := want.(type) {
	case object:
		got, ok := got.(object)
		if !ok {
			return []string{fmt.Sprintf("%s is %v, want %v", path, got, want)}
		}
		both := maps.Clone(got)
		maps.Copy(both, want)
		for _, name := range slices.Sorted(maps.Keys(both)) {
			if _, ok := got[name]; !ok {
				found = append(found, fmt.Sprintf("%s.%s is missing, want %v", path, name, want[name]))
			} else if _, ok := want[name]; !ok {
				found = append(found, fmt.Sprintf("%s.%s is %v, and not expected", path, name, got[name]))
			} else {
				found = append(found, differences(path+"."+name, got[name], want[name])...)
			}
		}
		return found
	case []any:
		got, ok := got.([]any)
		if !ok || len(got) != len(want) {
			return []string{fmt.Sprintf("%s is %v, want %v", path, got, want)}
		}
		for i := range want {
			found = append(found, differences(fmt.Sprintf("%s[%d]", path, i), got[i], want[i])...)
		}
		return found
	case float64:
		last := 0.0101
		if math.Abs(want) <= 1 {
			last = 0.000101
		}
		if got, ok := got.(float64); ok && math.Abs(got-want) < last && !(got == 0 && math.Signbit(got)) {
			return nil
		}
	default:
		if got == want {
			return nil
		}
	}
	return []string{fmt.Sprintf("%s is %#v, want %#v", path, got, want)}
}

// byMost sorts ids by a number, the largest first, and then by id.
func byMost(ids []string, number map[string]float64) {
	slices.SortFunc(ids, func(a, b string) int { return cmp.Or(cmp.Compare(number[b], number[a]), strings.Compare(a, b)) })
}

// joinedAt is an instant as Terraform shows it, or nil.
func joinedAt(m devintest.Member) any {
	if m.JoinedAt == nil {
		return nil
	}
	return time.Unix(*m.JoinedAt, 0).UTC().Format(time.RFC3339)
}
