package devintest

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
)

// Limits are the limits on ACUs that are set.
type Limits struct {
	// Organizations are limits by organization, of the stable endpoint.
	Organizations map[string]int64
	Cloud, Local  map[string]int64 // by organization, of the beta endpoint
	Users         map[string]int64
	BillingOrgs   map[string]string // by user
	// Enterprise is the enterprise's limit; nil is none.
	Enterprise *int64
}

func (l *Limits) clone() Limits {
	return Limits{
		maps.Clone(l.Organizations), maps.Clone(l.Cloud), maps.Clone(l.Local), maps.Clone(l.Users), maps.Clone(l.BillingOrgs), l.Enterprise,
	}
}

func newLimits() Limits {
	return Limits{
		Organizations: map[string]int64{}, Cloud: map[string]int64{}, Local: map[string]int64{},
		Users: map[string]int64{}, BillingOrgs: map[string]string{},
	}
}

// agents are the limits of organizations by the agent's name in the API.
func (l *Limits) agents() map[string]map[string]int64 {
	return map[string]map[string]int64{"cloud_agent": l.Cloud, "local_agent": l.Local}
}

// limits are the limits of a fake, which reads may show late.
type limits struct {
	mu     sync.Mutex
	set    Limits
	before Limits
	lag    int // how many reads still show before
}

// Limits is what is set now.
func (s *Server) Limits() Limits {
	s.limits.mu.Lock()
	defer s.limits.mu.Unlock()
	return s.limits.set.clone()
}

// SetLimits changes limits outside of Terraform.
func (s *Server) SetLimits(change func(l *Limits)) {
	s.limits.mu.Lock()
	defer s.limits.mu.Unlock()
	change(&s.limits.set)
}

// writeLimits applies a request's change.
func (c *call) writeLimits(change func(l *Limits)) answer {
	l := &c.server.limits
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.lag = c.server.opts.Quirks.LimitsLag; l.lag > 0 {
		l.before = l.set.clone()
	}
	change(&l.set)
	return answer{status: http.StatusNoContent}
}

// readLimits are the limits that a read shows.
func (c *call) readLimits() Limits {
	l := &c.server.limits
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.lag > 0 {
		l.lag--
		return l.before.clone()
	}
	return l.set.clone()
}

func (c *call) acuLimits() answer {
	l := c.readLimits()
	items := []map[string]any{}
	if l.Enterprise != nil {
		items = append(items, map[string]any{"scope": "enterprise", "cycle_acu_limit": *l.Enterprise, "org_id": nil, "user_id": nil})
	}
	// The order is not documented.
	for _, id := range slices.Backward(slices.Sorted(maps.Keys(l.Organizations))) {
		items = append(items, map[string]any{"scope": "org", "cycle_acu_limit": l.Organizations[id], "org_id": id})
	}
	for _, id := range slices.Sorted(maps.Keys(l.Users)) {
		items = append(items, map[string]any{"scope": "user", "cycle_acu_limit": l.Users[id], "user_id": id})
	}
	return c.page(listOf(items, nil))
}

func (c *call) putOrgLimit() answer {
	body, bad := c.body("cycle_acu_limit")
	limit, ok := limitOf(body["cycle_acu_limit"])
	if bad != nil || !ok || limit == nil {
		return c.invalid(append(bad, fieldError("cycle_acu_limit", "Input should be an integer that is not negative", "int_type", "")))
	}
	return c.writeLimits(func(l *Limits) { l.Organizations[c.orgID] = *limit })
}

func (c *call) deleteOrgLimit() answer {
	if _, ok := c.server.Limits().Organizations[c.orgID]; !ok {
		return c.problem(http.StatusNotFound, "No limit is set")
	}
	return c.writeLimits(func(l *Limits) { delete(l.Organizations, c.orgID) })
}

// beta refuses a call if the beta endpoints are not enabled or its user is unknown.
func beta(handle func(*call) answer) func(*call) answer {
	return func(c *call) answer {
		if status := c.server.opts.Quirks.BetaLimits; status != 0 {
			return c.unknown(status, "This feature is not enabled")
		}
		if c.id != "" && c.company.person(c.id) == nil {
			return c.unknown(http.StatusNotFound, "User not found")
		}
		return handle(c)
	}
}

func (c *call) agentLimits() answer {
	l, shown := c.readLimits(), map[string]any{}
	for name, limits := range l.agents() {
		if limit, ok := limits[c.orgID]; ok {
			shown[name] = map[string]any{"cycle_acu_limit": limit}
		}
	}
	return c.answerJSON(shown)
}

func (c *call) userLimits() answer {
	l, shown := c.readLimits(), map[string]any{}
	if limit, ok := l.Users[c.id]; ok {
		shown["cycle_acu_limit"] = limit
	}
	if org, ok := l.BillingOrgs[c.id]; ok {
		shown["billing_org_id"] = org
	}
	if len(shown) == 0 {
		return c.answerJSON(shown)
	}
	return c.answerJSON(map[string]any{"local_agent": shown})
}

func (c *call) patchAgentLimits() answer {
	body, bad := c.body("cloud_agent", "local_agent")
	changes := []func(*Limits){}
	for name, block := range body {
		fields, isBlock := block.(map[string]any)
		limit, ok := limitOf(fields["cycle_acu_limit"])
		if block != nil && !isBlock || !ok {
			bad = append(bad, fieldError(name, "Input should be a block with a limit", "dict_type", ""))
			continue
		}
		changes = append(changes, func(l *Limits) { put(l.agents()[name], c.orgID, limit) })
	}
	return c.apply(bad, changes)
}

func (c *call) patchUserLimits() answer {
	body, bad := c.body("local_agent")
	block, has := body["local_agent"]
	fields, isBlock := block.(map[string]any)
	if has && block != nil && !isBlock {
		bad = append(bad, fieldError("local_agent", "Input should be a block", "dict_type", ""))
	}
	changes := []func(*Limits){}
	if has && block == nil {
		changes = append(changes, func(l *Limits) { delete(l.Users, c.id); delete(l.BillingOrgs, c.id) })
	}
	for name, value := range fields {
		org, _ := value.(string)
		switch limit, isLimit := limitOf(value); {
		case name == "cycle_acu_limit" && isLimit:
			changes = append(changes, func(l *Limits) { put(l.Users, c.id, limit) })
		case name == "billing_org_id" && value == nil:
			changes = append(changes, func(l *Limits) { delete(l.BillingOrgs, c.id) })
		case name == "billing_org_id" && c.company.orgIndex(org) != nowhere:
			changes = append(changes, func(l *Limits) { l.BillingOrgs[c.id] = org })
		default:
			bad = append(bad, fieldError(name, "Input is not valid", "value_error", ""))
		}
	}
	return c.apply(bad, changes)
}

func (c *call) apply(bad []validationError, changes []func(*Limits)) answer {
	if len(bad) > 0 {
		return c.invalid(bad)
	}
	return c.writeLimits(func(l *Limits) {
		for _, change := range changes {
			change(l)
		}
	})
}

// deleteBetaLimits clears everything below the path, as the API does.
func (c *call) deleteBetaLimits() answer {
	return c.writeLimits(func(l *Limits) {
		delete(l.Cloud, c.orgID)
		delete(l.Local, c.orgID)
		delete(l.Users, c.id)
		delete(l.BillingOrgs, c.id)
	})
}

func put(limits map[string]int64, id string, limit *int64) {
	if limit == nil {
		delete(limits, id)
		return
	}
	limits[id] = *limit
}

// limitOf is a limit, nil for null; false where it is none.
func limitOf(value any) (*int64, bool) {
	number, ok := value.(json.Number)
	if !ok {
		return nil, value == nil
	}
	n, err := number.Int64()
	return &n, err == nil && n >= 0
}

// body reads the request's JSON object, which may have these keys.
func (c *call) body(keys ...string) (map[string]any, []validationError) {
	var body map[string]any
	d := json.NewDecoder(c.request.Body)
	d.UseNumber()
	if err := d.Decode(&body); err != nil || !strings.HasPrefix(c.request.Header.Get("Content-Type"), jsonType) {
		return nil, []validationError{fieldError("", "The body is no JSON object", "json_invalid", "")}
	}
	var bad []validationError
	for key := range body {
		if !slices.Contains(keys, key) {
			bad = append(bad, fieldError(key, "Extra inputs are not permitted", "extra_forbidden", ""))
		}
	}
	return body, bad
}
