package provider

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
)

// Random sequences of runs over two organizations or two users, with and without faults:
// after each run, state and Devin agree, or a message names the object of which they do
// not; and after two runs without faults they agree. make soak runs ten thousand.
func TestNoSequenceOfRunsLosesALimitWithoutAMessage(t *testing.T) {
	t.Parallel()
	const shards = 4
	sequences := uint64(1_000)
	if more, err := strconv.ParseUint(os.Getenv("SEQUENCES"), 10, 64); err == nil {
		sequences = more
	}
	fake := newFixture(t, devintest.Options{Members: 4})
	for shard := range uint64(shards) {
		t.Run(fmt.Sprint(shard), func(t *testing.T) {
			t.Parallel()
			tf := newTerraform(t, fake, map[string]any{"max_retries": 0})
			for seed := shard; seed < sequences && !t.Failed(); seed += shards {
				if w := newWorld(t, fake, tf, seed); !w.sequence() {
					again := newWorld(t, fake, tf, seed)
					again.verbose = true
					again.sequence()
					t.Fatalf("seed %d: %s\n%s", seed, w.problem, strings.Join(again.log, "\n"))
				}
			}
		})
	}
}

// world is a configuration, its state, and a Devin with faults.
type world struct {
	t           *testing.T
	tf          *terraform
	rng         *rand.Rand
	orgs, users []string
	slots       []*slot
	problem     string // empty where there was none
	verbose     bool
	log         []string

	set    map[fieldOf]any   // what Devin has
	past   []map[fieldOf]any // what it had, a write ago each
	faults faults
	// wasStale says that the last read was stale: no two in a row are.
	wasStale bool
	// reported are objects of which a message has said that state and Devin may differ.
	reported map[string]bool
	// readStale are objects of which a read of this run was stale.
	readStale map[string]bool
}

// fieldOf is a field of an object, by the resource that sets it.
type fieldOf struct{ id, field string }

// slot is an address of a configuration, and what the configuration has there.
type slot struct {
	*managed
	config map[string]any // nil is no block
}

// faults are what may go wrong in a run, each with its probability.
type faults struct {
	lost, gone    float64 // a write has no answer, and took effect or did not
	refusedWrites float64
	refusedReads  float64
	brokenReads   float64
	stale         float64 // one read shows what was before the last write
	lag           int     // so many reads after a write do
	replaces      bool    // a write takes along what it does not name
	behind        int
}

func newWorld(t *testing.T, fake *fixture, tf *terraform, seed uint64) *world {
	t.Helper()
	w := &world{
		t: t, tf: tf, rng: rand.New(rand.NewPCG(seed, 17)), set: map[fieldOf]any{}, reported: map[string]bool{},
		orgs:  []string{fake.Organizations()[0].OrgID, fake.Organizations()[1].OrgID},
		users: []string{fake.Members()[0].UserID, fake.Members()[1].UserID},
	}
	// Resources that share an object meet, and others do not.
	families := [][]string{
		{"devin_organization_acu_limit"}, {"devin_organization_agent_acu_limits"}, {"devin_user_acu_limit", "devin_user_billing_organization"},
	}
	for _, name := range families[seed%uint64(len(families))] {
		for range 2 {
			w.slots = append(w.slots, &slot{managed: newManaged(t, tf, name)})
		}
	}
	tf.network.between = w.answer
	return w
}

func (w *world) chance(p float64) bool { return w.rng.Float64() < p }

// sequence says whether every check passed.
func (w *world) sequence() bool {
	for range 3 {
		w.faults = faults{}
		if w.chance(0.7) {
			for _, p := range []*float64{&w.faults.lost, &w.faults.gone, &w.faults.refusedWrites, &w.faults.refusedReads, &w.faults.brokenReads, &w.faults.stale} {
				if w.chance(0.25) {
					*p = 0.4 * w.rng.Float64()
				}
			}
			if w.chance(0.25) {
				w.faults.lag = w.rng.IntN(9)
			}
			if w.chance(0.15) { // which shows only where reads are not stale
				w.faults.replaces, w.faults.stale, w.faults.lag = true, 0, 0
			}
		}
		w.note("--- %+v", w.faults)
		w.edit()
		w.run()
	}
	// After any faults, two runs without them apply the configuration.
	w.faults, w.past = faults{}, nil
	w.note("--- no faults")
	taken := map[fieldOf]bool{}
	for _, s := range w.slots {
		s.replace = false
		for at := range s.wants() {
			if taken[at] {
				s.config = nil
			}
			taken[at] = true
		}
	}
	w.run()
	w.run()
	for _, s := range w.slots {
		if got := s.values(); !sameConfig(got, s.config) {
			w.fail("%s has the state %v at last, want %v", s.name, got, s.config)
		}
		for at, value := range s.wants() {
			if w.set[at] != value {
				w.fail("Devin has %v of %v at last, want %v", w.set[at], at, value)
			}
		}
	}
	return w.problem == ""
}

func sameConfig(got, want map[string]any) bool {
	return maps.Equal(withoutNil(got), withoutNil(want))
}

func withoutNil(all map[string]any) map[string]any {
	some := map[string]any{}
	for name, value := range all {
		if value != nil {
			some[name] = value
		}
	}
	return some
}

// edit changes the configuration as people do.
func (w *world) edit() {
	for range 1 + w.rng.IntN(4) {
		i := w.rng.IntN(len(w.slots))
		one, other := w.slots[i], w.slots[i^1] // of the same type
		one.createFirst, one.replace = w.chance(0.3), w.chance(0.1)
		switch w.rng.IntN(6) {
		case 0:
			one.config = nil
		case 1: // a renamed block, or two swapped
			one.config, other.config = other.config, one.config
		case 2: // two blocks for one object
			if w.chance(0.3) {
				other.config = one.config
			}
		default:
			one.config = w.config(one.name)
		}
	}
}

func (w *world) config(name string) map[string]any {
	org, user, limit := w.orgs[w.rng.IntN(2)], w.users[w.rng.IntN(2)], func() any { return 100_000 + w.rng.Int64N(3) }
	switch name {
	case "devin_organization_agent_acu_limits":
		config := map[string]any{"org_id": org, "cloud_agent_cycle_acu_limit": limit(), "local_agent_cycle_acu_limit": limit()}
		switch w.rng.IntN(3) {
		case 0:
			config["cloud_agent_cycle_acu_limit"] = nil
		case 1:
			config["local_agent_cycle_acu_limit"] = nil
		}
		return config
	case "devin_organization_acu_limit":
		return map[string]any{"org_id": org, "cycle_acu_limit": limit()}
	case "devin_user_acu_limit":
		return map[string]any{"user_id": user, "cycle_acu_limit": limit()}
	}
	return map[string]any{"user_id": user, "billing_org_id": w.orgs[w.rng.IntN(2)]}
}

// wants is what a configuration sets.
func (s *slot) wants() map[fieldOf]any { return settingsOf(s.name, s.config) }

func settingsOf(name string, config map[string]any) map[fieldOf]any {
	all := map[fieldOf]any{}
	id, _ := config["org_id"].(string)
	if id == "" {
		id, _ = config["user_id"].(string)
	}
	for field, value := range config {
		if value != nil && field != "org_id" && field != "user_id" {
			all[fieldOf{id, strings.TrimPrefix(name, "devin_") + "." + field}] = value
		}
	}
	return all
}

// run is terraform apply: it stops where the plan has an error, and applies in any
// order that Terraform may take.
func (w *world) run() {
	var said []*tfprotov6.Diagnostic
	record := func(s *slot, what string) {
		said = append(said, s.said...)
		if w.verbose {
			w.note("%s slot %d of %s: wants %v, has %v, Devin %v, tainted %t: %q", what, slices.Index(w.slots, s), s.name, s.config, s.values(), w.set, s.tainted, summaries(s.said))
		}
	}
	w.readStale = map[string]bool{}
	w.tf.walk(w.t, func() {
		for _, s := range w.slots {
			s.read()
			record(s, "refresh")
		}
		for _, s := range w.slots {
			s.said = nil
			if s.config != nil || s.state != nil {
				s.planChange(s.config)
			}
			if s.deposed != nil {
				s.said = append(s.said, s.planFrom(s.deposed, nil, nil).Diagnostics...)
			}
			record(s, "plan")
		}
	})
	if !hasErrors(said) {
		w.tf.walk(w.t, func() {
			for _, i := range w.rng.Perm(len(w.slots)) {
				if s := w.slots[i]; !s.settled() {
					s.applyChange(s.config)
					record(s, "apply")
				}
			}
		})
	}
	for _, s := range w.slots {
		s.replace = false
	}
	w.check(said)
}

// settled says that there is nothing to do.
func (s *slot) settled() bool {
	return !s.tainted && !s.replace && s.deposed == nil && sameConfig(s.values(), s.config)
}

// check holds the state against Devin. Where they differ, a message has named the
// object.
func (w *world) check(said []*tfprotov6.Diagnostic) {
	owned, text := map[fieldOf]any{}, providertest.Messages(said)
	for _, s := range w.slots {
		maps.Copy(owned, settingsOf(s.name, s.values()))
		if s.deposed != nil {
			maps.Copy(owned, settingsOf(s.name, s.valuesOf(s.deposed)))
		}
	}
	differ := map[string]bool{}
	for at := range merged(owned, w.set) {
		if owned[at] == w.set[at] {
			continue
		}
		differ[at.id] = true
		if owned[at] != nil && w.readStale[at.id] {
			continue // the state has what the stale read showed
		}
		if !strings.Contains(text, at.id) && !w.reported[at.id] {
			w.fail("state has %v of %v, Devin %v, and nothing was said", owned[at], at, w.set[at])
		}
	}
	w.reported = differ
}

func merged(a, b map[fieldOf]any) map[fieldOf]any {
	all := maps.Clone(a)
	maps.Copy(all, b)
	return all
}

func (w *world) note(format string, args ...any) {
	if w.verbose {
		w.log = append(w.log, fmt.Sprintf(format, args...))
	}
}

func (w *world) fail(format string, args ...any) {
	if w.problem == "" {
		w.problem = fmt.Sprintf(format, args...)
		w.note("here: %s", w.problem)
	}
}

// answer answers as Devin, with the faults of the run.
func (w *world) answer(rw http.ResponseWriter, r *http.Request, next http.HandlerFunc) {
	parts := strings.Split(strings.TrimPrefix(r.URL.Path, "/"), "/")
	limits := strings.Contains(r.URL.Path, "/acu-limits")
	if !limits {
		if strings.Contains(r.URL.Path, "/consumption/") { // no advice here
			fmt.Fprint(rw, `{"items": [], "end_cursor": null, "has_next_page": false}`)
			return
		}
		next(rw, r)
		return
	}
	refuse := func(status int) { rw.WriteHeader(status); fmt.Fprint(rw, `{"detail": "no"}`) }
	kind, id := "organization_acu_limit", parts[len(parts)-1]
	if parts[0] == "v3beta1" {
		id = parts[3]
		if kind = "user"; parts[2] == "organizations" {
			kind = "organization_agent_acu_limits"
		}
	}
	w.note("    %s %s", r.Method, r.URL.Path)
	if r.Method == http.MethodGet {
		switch {
		case w.chance(w.faults.refusedReads):
			refuse(http.StatusForbidden)
		case w.chance(w.faults.brokenReads):
			fmt.Fprint(rw, `{"error": "not ready"}`)
		default:
			w.show(rw, kind, id)
		}
		return
	}
	lost := w.chance(w.faults.lost)
	switch {
	case w.chance(w.faults.refusedWrites):
		refuse(http.StatusForbidden)
		return
	case !lost && w.chance(w.faults.gone):
		refuse(http.StatusBadGateway)
		return
	}
	w.past = append(w.past, maps.Clone(w.set))
	w.faults.behind = w.faults.lag
	w.write(r, kind, id)
	if lost {
		refuse(http.StatusBadGateway)
		return
	}
	rw.WriteHeader(http.StatusNoContent)
}

// fieldsOf names the settings of each block of a body.
var fieldsOf = map[string]map[string]string{
	"organization_acu_limit":        {"cycle_acu_limit": "organization_acu_limit.cycle_acu_limit"},
	"organization_agent_acu_limits": {"cloud_agent": "organization_agent_acu_limits.cloud_agent_cycle_acu_limit", "local_agent": "organization_agent_acu_limits.local_agent_cycle_acu_limit"},
	"user":                          {"cycle_acu_limit": "user_acu_limit.cycle_acu_limit", "billing_org_id": "user_billing_organization.billing_org_id"},
}

func (w *world) write(r *http.Request, kind, id string) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(err)
	}
	var given map[string]any
	if r.Method == http.MethodDelete {
		given = map[string]any{"cycle_acu_limit": nil}
	} else if err := json.Unmarshal(body, &given); err != nil {
		panic(err)
	}
	if kind == "user" {
		given, _ = given["local_agent"].(map[string]any)
	}
	for key, field := range fieldsOf[kind] {
		value, named := given[key]
		if block, ok := value.(map[string]any); ok {
			value = block["cycle_acu_limit"]
		}
		switch at := (fieldOf{id, field}); {
		case !named && w.faults.replaces, named && value == nil:
			delete(w.set, at)
		case named:
			if n, ok := value.(float64); ok {
				value = int64(n)
			}
			w.set[at] = value
		}
	}
}

func (w *world) show(rw http.ResponseWriter, kind, id string) {
	shown := w.set
	stale := w.chance(w.faults.stale) && !w.wasStale
	if w.wasStale = stale; len(w.past) > 0 && (stale || w.faults.behind > 0) {
		shown, w.readStale[id] = w.past[len(w.past)-1], true
		w.faults.behind = max(w.faults.behind-1, 0)
	}
	blocks := map[string]any{}
	for key, field := range fieldsOf[kind] {
		if value, ok := shown[fieldOf{id, field}]; ok {
			blocks[key] = value
		}
	}
	switch kind {
	case "organization_acu_limit":
		items := []map[string]any{}
		for _, org := range w.orgs {
			w.readStale[org] = w.readStale[org] || w.readStale[id] // id is no organization's here
			if limit, ok := shown[fieldOf{org, "organization_acu_limit.cycle_acu_limit"}]; ok {
				items = append(items, map[string]any{"scope": "org", "org_id": org, "cycle_acu_limit": limit})
			}
		}
		slices.Reverse(items)
		blocks = map[string]any{"items": items, "has_next_page": false, "end_cursor": nil}
	case "user":
		if len(blocks) > 0 {
			blocks = map[string]any{"local_agent": blocks}
		}
	default:
		for key, limit := range blocks {
			blocks[key] = map[string]any{"cycle_acu_limit": limit}
		}
	}
	if err := json.NewEncoder(rw).Encode(blocks); err != nil {
		panic(err)
	}
}
