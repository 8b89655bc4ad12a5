package provider

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
)

// manyOrganizations answers the list of limits and its writes for any number of
// organizations, 200 a page, in the order in which they were set.
type manyOrganizations struct {
	took func() time.Duration // how long a request takes; nil is no time

	mu       sync.Mutex
	requests int
	ids      []string
	limits   map[string]string
}

func (m *manyOrganizations) answer(w http.ResponseWriter, r *http.Request, next http.HandlerFunc) {
	m.mu.Lock()
	m.requests++
	m.mu.Unlock()
	rest, ok := strings.CutPrefix(r.URL.Path, "/v3/enterprise/consumption/acu-limits/devin")
	if !ok {
		next(w, r)
		return
	}
	if m.took != nil {
		time.Sleep(m.took())
		defer func() { time.Sleep(m.took()) }()
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if r.Method == http.MethodPut {
		id := strings.TrimPrefix(rest, "/organizations/")
		if m.limits[id] == "" {
			// The order is not documented, so that a list that is read meanwhile moves.
			m.ids = slices.Insert(m.ids, len(m.ids)/2, id)
		}
		m.limits[id] = `{"scope": "org", "org_id": "` + id + `", "cycle_acu_limit": 5}`
		w.WriteHeader(http.StatusNoContent)
		return
	}
	start := 0
	_, _ = fmt.Sscanf(r.URL.Query().Get("after"), "at%d", &start)
	end := min(start+200, len(m.ids))
	var items []string
	for _, id := range m.ids[min(start, end):end] {
		items = append(items, m.limits[id])
	}
	fmt.Fprintf(w, `{"items": [%s], "end_cursor": "at%d", "has_next_page": %t, "total": %d}`, strings.Join(items, ", "), end, end < len(m.ids), len(m.ids))
}

func organizationID(i int) string { return fmt.Sprintf("org-%032d", i) }

// The refresh of many limits of organizations costs one list.
func TestTheRefreshOf250OrganizationsIsOneList(t *testing.T) {
	t.Parallel()
	const n = 250
	fake := newFixture(t, devintest.Options{Members: 4})
	tf := newTerraform(t, fake, nil)
	many := &manyOrganizations{limits: map[string]string{}}
	for i := range n {
		many.ids = append(many.ids, organizationID(i))
		many.limits[organizationID(i)] = `{"scope": "org", "org_id": "` + organizationID(i) + `", "cycle_acu_limit": 5}`
	}
	tf.network.between = many.answer
	tf.walk(t, func() {
		inParallel(n, func(i int) {
			config := map[string]any{"org_id": organizationID(i), "cycle_acu_limit": int64(5)}
			r := newManaged(t, tf, "devin_organization_acu_limit").inState(config)
			r.read()
			r.says()
			r.has(config)
		})
	})
	if many.requests != 2 {
		t.Errorf("%d requests", many.requests)
	}
}

// Many limits of organizations are set at once while the list that shows them moves:
// each of them is in the state.
func Test250OrganizationsAreCreatedAtOnce(t *testing.T) {
	t.Parallel()
	const n = 250
	fake := newFixture(t, devintest.Options{Members: 4})
	took := map[string]func() time.Duration{
		"at once":         nil,
		"40 ms":           func() time.Duration { return 20 * time.Millisecond },
		"answers overlap": func() time.Duration { return rand.N(40 * time.Millisecond) },
	}
	for name, took := range took {
		for range 10 {
			many := &manyOrganizations{limits: map[string]string{}, took: took}
			synctest.Test(t, func(t *testing.T) {
				tf := newTerraform(t, fake, nil)
				tf.network.between = many.answer
				tf.walk(t, func() {
					inParallel(n, func(i int) {
						config := map[string]any{"org_id": organizationID(i), "cycle_acu_limit": int64(5)}
						r := newManaged(t, tf, "devin_organization_acu_limit")
						r.applyPlanned(config)
						r.says()
						r.has(config)
					})
				})
			})
			if len(many.ids) != n || many.requests > 3*n {
				t.Errorf("%s: Devin has %d after %d requests", name, len(many.ids), many.requests)
			}
		}
	}
}

// A plan with limits for many organizations asks once which of them exist.
func TestAPlanOfNewLimitsReadsEachListOnce(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{Members: 4, PageSize: 200})
	tf := newTerraform(t, fake, nil)
	if len(fake.Organizations()) < 3 {
		t.Fatalf("%d organizations", len(fake.Organizations()))
	}
	tf.walk(t, func() {
		for _, o := range fake.Organizations() {
			r := newManaged(t, tf, "devin_organization_acu_limit")
			r.planChange(map[string]any{"org_id": o.OrgID, "cycle_acu_limit": int64(1_000_000)})
			r.says()
		}
	})
	asked := map[string]int{}
	for _, r := range fake.Requests() {
		asked[r.Path]++
	}
	for _, list := range []string{"/v3/enterprise/organizations", "/v3/enterprise/consumption/acu-limits/devin", "/v3/enterprise/consumption/cycles"} {
		if asked[list] != 1 {
			t.Errorf("%s was asked %d times", list, asked[list])
		}
	}
}

// Users' limits that are all refused cost little more than a request each.
func TestRefusedLimitsCostAtMostThreeRequestsEach(t *testing.T) {
	t.Parallel()
	const n = 20
	for _, status := range []int{403, 404} {
		fake := newFixture(t, devintest.Options{Members: 40, Quirks: devintest.Quirks{BetaLimits: status}})
		tf := newTerraform(t, fake, nil)
		fake.ResetRequests()
		tf.walk(t, func() {
			for _, m := range fake.Members()[:n] {
				r := newManaged(t, tf, "devin_user_acu_limit").inState(map[string]any{"user_id": m.UserID, "cycle_acu_limit": int64(5)})
				if r.read() {
					t.Error(providertest.Messages(r.said))
				}
			}
		})
		if requests := len(fake.Requests()); requests > 3*n {
			t.Errorf("%d: %d requests", status, requests)
		}
	}
}
