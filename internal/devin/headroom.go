package devin

import (
	"context"
	"errors"
	"math"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"

	"golang.org/x/sync/errgroup"
)

// Headroom is how much of each limit on ACUs is left in the current billing cycle.
type Headroom struct {
	StartDate *Day `tfsdk:"start_date"`
	EndDate   *Day `tfsdk:"end_date"` // nil while the cycle is open
	// AgentLimitsKnown reports whether Devin shows the limits of agents, which are in beta.
	AgentLimitsKnown *bool             `tfsdk:"agent_limits_known"`
	Enterprise       *Use              `tfsdk:"enterprise"`
	Organizations    []OrganizationUse `tfsdk:"organizations"`
	// Members are the users who have a limit of their own; nil where they were not read.
	Members []MemberUse `tfsdk:"members"`
}

// Use is what was consumed in a billing cycle so far, and how much of each limit is
// left. The numbers are in ACUs, and nil where Devin has none.
type Use struct {
	UsedACUs      *float64   `tfsdk:"used_acus"`
	ACUsPerDay    *float64   `tfsdk:"acus_per_day"`   // mean of the finished days; nil on the first day
	ProjectedACUs *float64   `tfsdk:"projected_acus"` // of the whole cycle, at that rate; nil if the rate or the end is not known
	Limits        []LimitUse `tfsdk:"limits"`         // sorted by name
}

// OrganizationUse is the Use of an organization.
type OrganizationUse struct {
	OrgID string  `tfsdk:"org_id"`
	Name  *string `tfsdk:"name"`
	Use
}

// MemberUse is the Use of a member.
type MemberUse struct {
	UserID string `tfsdk:"user_id"`
	Use
}

// LimitUse is how much of a limit is left.
type LimitUse struct {
	// Name is which limit it is: acu_limit, max_cycle_acu_limit, cloud_agent or local_agent.
	Name  string `tfsdk:"name"`
	Limit Count  `tfsdk:"cycle_acu_limit"`
	// Used is what has counted for this limit so far.
	Used *float64 `tfsdk:"used_acus"`
	// Left is never below 0.
	Left *float64 `tfsdk:"left_acus"`
	// ReachedOn is the day on which the limit was reached, or will be at the mean rate of
	// the finished days; nil if that day is not in the cycle.
	ReachedOn *Day `tfsdk:"reached_on"`
}

// CycleUse is what counts for a limit, in the current billing cycle so far.
type CycleUse struct {
	StartDate Day // of the cycle
	ACUs      float64
}

// limit is a limit and what counts for it.
type limit struct {
	name   string
	limit  *Count // nil if none is set
	counts counted
}

// counted returns the part of a day's consumption that counts for a limit, as numbers to
// add up.
type counted func(d DayConsumption) []float64

// What counts for a limit. According to the documentation, the stable limit and that of
// the cloud agent are about Devin's sessions, and a user's limit does not count reviews.
// https://docs.devin.ai/admin/billing/acu-limits
var (
	cloudAgentUse = onlyProducts(agentProducts[CloudAgent])
	localAgentUse = onlyProducts(agentProducts[LocalAgent])
	userUse       = allProductsBut("review")
)

var agentProducts = map[Agent][]string{CloudAgent: {"devin"}, LocalAgent: {"cascade", "terminal"}}

func allProducts(d DayConsumption) []float64 { return []float64{d.ACUs} }

func onlyProducts(products []string) counted {
	return func(d DayConsumption) (parts []float64) {
		for _, p := range d.Products {
			if slices.Contains(products, p.Product) {
				parts = append(parts, p.ACUs)
			}
		}
		return parts
	}
}

func allProductsBut(product string) counted {
	return func(d DayConsumption) []float64 {
		parts := []float64{d.ACUs}
		for _, p := range d.Products {
			if p.Product == product {
				parts = append(parts, -p.ACUs)
			}
		}
		return parts
	}
}

// ErrNoBillingCycle means that no billing cycle covers the present.
var ErrNoBillingCycle = errors.New("no billing cycle covers the present")

// Headroom reads how much of each limit is left: of the enterprise, of each organization
// and, if members is set, of each member who has a limit, for which the limits of every
// member are read. What Devin does not know is listed without numbers. Without a current
// billing cycle, the error is ErrNoBillingCycle.
func (c *Client) Headroom(ctx context.Context, members bool) (*Headroom, error) {
	b, err := c.currentBurn(ctx)
	if err != nil {
		return nil, err
	}
	h := &Headroom{StartDate: &b.start, EndDate: b.end}
	group, groupCtx := errgroup.WithContext(ctx)
	group.Go(func() error { return c.organizationsHeadroom(groupCtx, b, h) })
	if members {
		group.Go(func() (err error) {
			h.Members, err = c.membersHeadroom(groupCtx, b)
			return err
		})
	}
	return h, group.Wait()
}

// organizationsHeadroom reads the enterprise and its organizations.
func (c *Client) organizationsHeadroom(ctx context.Context, b burn, h *Headroom) error {
	var limits []ACULimit
	var maxCycle map[string]*Count
	var whole *Consumption
	type reading struct {
		consumption *Consumption
		agents      AgentACULimits
	}
	var report *Report[reading]
	var hidden atomic.Bool // whether Devin does not show the limits of agents
	group, groupCtx := errgroup.WithContext(ctx)
	group.Go(func() (err error) { limits, err = c.ACULimits(groupCtx); return err })
	group.Go(func() (err error) { maxCycle, err = c.MaxCycleACULimits(groupCtx); return err })
	group.Go(func() (err error) { whole, err = c.WholeDailyConsumption(groupCtx, b.window()); return err })
	group.Go(func() (err error) {
		report, err = ReadOrganizations(groupCtx, c, Selection{What: "consumption"}, func(ctx context.Context, orgID string) (*reading, error) {
			consumption, err := c.OrganizationDailyConsumption(ctx, orgID, b.window())
			if err != nil || hidden.Load() {
				return &reading{consumption: consumption}, err
			}
			agents, err := c.OrganizationAgentACULimits(ctx, orgID)
			if errors.Is(err, ErrForbidden) || errors.Is(err, ErrUnauthorized) || errors.Is(err, ErrNotFound) {
				hidden.Store(true) // the other organizations need not be asked
				return &reading{consumption: consumption}, nil
			}
			if err != nil {
				return nil, err
			}
			return &reading{consumption, *agents}, nil
		})
		return err
	})
	if err := group.Wait(); err != nil {
		return err
	}
	var enterpriseLimit *Count
	organizationLimits := map[string]*Count{}
	for _, l := range limits {
		switch {
		case l.Scope == "enterprise": // whatever ids come with it
			enterpriseLimit = l.CycleACULimit
		case l.Scope == "org" && l.OrgID == nil: // it may be the limit of any organization
			return c.namelessLimit()
		case l.Scope == "org":
			organizationLimits[*l.OrgID] = l.CycleACULimit
		}
	}
	known := !hidden.Load()
	h.AgentLimitsKnown = &known
	enterprise := b.use(whole, limit{"acu_limit", enterpriseLimit, cloudAgentUse})
	h.Enterprise = &enterprise
	h.Organizations = make([]OrganizationUse, len(report.Readings))
	for i, org := range report.Readings {
		r := org.Value
		if r == nil {
			r = &reading{}
		}
		if !known {
			r.agents = AgentACULimits{}
		}
		h.Organizations[i] = OrganizationUse{org.ID, org.Name, b.use(r.consumption,
			limit{"acu_limit", organizationLimits[org.ID], cloudAgentUse},
			limit{"cloud_agent", r.agents.Cloud, cloudAgentUse},
			limit{"local_agent", r.agents.Local, localAgentUse},
			limit{"max_cycle_acu_limit", maxCycle[org.ID], allProducts}, // what it caps is not documented
		)}
	}
	return nil
}

// membersHeadroom reads the members who have a limit. No list of Devin has them, so the
// limits of every member are requested.
func (c *Client) membersHeadroom(ctx context.Context, b burn) ([]MemberUse, error) {
	type reading struct {
		limit       *Count
		consumption *Consumption
	}
	report, err := ReadUsers(ctx, c, Selection{What: "limits"}, func(ctx context.Context, userID string) (*reading, error) {
		limits, err := c.UserACULimits(ctx, userID)
		if err != nil || limits.CycleACULimit == nil {
			return &reading{}, err
		}
		consumption, err := c.UserDailyConsumption(ctx, userID, b.window())
		if errors.Is(err, ErrNotFound) { // the member is listed nevertheless, with the limit
			c.rest.Notice(ctx, c.consumptionRequest(b.window(), "users", userID), NoticeUnknown, "%s has a limit, and Devin answers 404 for its consumption", strconv.Quote(userID))
			err = nil
		}
		return &reading{limits.CycleACULimit, consumption}, err
	})
	if err != nil {
		return nil, err
	}
	members := []MemberUse{}
	for _, user := range report.Readings {
		if user.Value != nil && user.Value.limit != nil {
			members = append(members, MemberUse{user.ID, b.use(user.Value.consumption, limit{"acu_limit", user.Value.limit, userUse})})
		}
	}
	return members, nil
}

// OrganizationCycleUse reads what counts for an organization's limit of an agent. What
// counts for the limit of OrganizationACULimit is the use of CloudAgent. Without a current
// billing cycle the error is ErrNoBillingCycle.
func (c *Client) OrganizationCycleUse(ctx context.Context, orgID string, agent Agent) (*CycleUse, error) {
	return c.cycleUse(ctx, orgID, c.OrganizationDailyConsumption, onlyProducts(agentProducts[agent]))
}

// UserCycleUse reads what counts for the limit of a user. Without a current billing cycle
// the error is ErrNoBillingCycle.
func (c *Client) UserCycleUse(ctx context.Context, userID string) (*CycleUse, error) {
	return c.cycleUse(ctx, userID, c.UserDailyConsumption, userUse)
}

func (c *Client) cycleUse(ctx context.Context, id string,
	read func(ctx context.Context, id string, w Window) (*Consumption, error), counts counted,
) (*CycleUse, error) {
	b, err := c.currentBurn(ctx)
	if err != nil {
		return nil, err
	}
	consumption, err := read(ctx, id, b.window())
	if err != nil {
		return nil, err
	}
	return &CycleUse{b.start, b.sum(consumption, counts, b.today)}, nil
}

// currentBurn reads the current billing cycle.
func (c *Client) currentBurn(ctx context.Context) (burn, error) {
	cycle, err := c.CurrentBillingCycle(ctx)
	switch {
	case err != nil:
		return burn{}, err
	case cycle == nil:
		return burn{}, ErrNoBillingCycle
	}
	return burn{start: cycle.StartDate, end: cycle.EndDate, today: DayAt(c.Now())}, nil
}

// burn is a billing cycle so far.
type burn struct {
	start Day
	end   *Day // nil while the cycle is open
	today Day  // the current day
}

func (b burn) window() Window { return Window{b.start, b.today} }

// use returns what was consumed, and what is left of each limit that is set. A nil c is
// consumption that is not known.
func (b burn) use(c *Consumption, limits ...limit) Use {
	u := Use{Limits: []LimitUse{}}
	if c != nil {
		total, rate := b.sum(c, allProducts, b.today), b.rate(c)
		u.UsedACUs, u.ACUsPerDay = &total, rate
		u.ProjectedACUs = b.projected(c)
	}
	slices.SortFunc(limits, func(a, b limit) int { return strings.Compare(a.name, b.name) })
	for _, l := range limits {
		if l.limit == nil {
			continue
		}
		use := LimitUse{Name: l.name, Limit: *l.limit}
		if c != nil {
			used := b.sum(c, l.counts, b.today)
			left := max(SumACUs([]float64{float64(*l.limit), -used}), 0)
			use.Used, use.Left, use.ReachedOn = &used, &left, b.reachedOn(c, l.counts, *l.limit)
		}
		u.Limits = append(u.Limits, use)
	}
	return u
}

// sum adds up what counts of all days up to last, included.
func (b burn) sum(c *Consumption, counts counted, last Day) float64 {
	var acus []float64
	for d := range c.EachDay() {
		if d.Date <= last {
			acus = append(acus, counts(d)...)
		}
	}
	return SumACUs(acus)
}

// finished returns how many days of the cycle have ended.
func (b burn) finished() int { return int(b.today - b.start) }

// rate returns the mean ACUs of the days that have ended; nil if none has.
func (b burn) rate(c *Consumption) *float64 {
	if b.finished() <= 0 {
		return nil
	}
	rate := b.sum(c, allProducts, b.today-1) / float64(b.finished())
	return &rate
}

// projected returns what the whole cycle will consume at the rate so far, and never less
// than what was consumed already; nil if the rate or the end is not known.
func (b burn) projected(c *Consumption) *float64 {
	if b.finished() <= 0 || b.end == nil {
		return nil
	}
	projected := decimal(b.sum(c, allProducts, b.today-1))
	projected.Mul(projected, big.NewRat(int64(*b.end-b.start+1), int64(b.finished())))
	acus, _ := projected.Float64()
	acus = max(acus, b.sum(c, allProducts, b.today))
	return &acus
}

// reachedOn returns the day on which a limit is reached; nil if that is not in the cycle.
// A limit of 0 is reached on the first day.
func (b burn) reachedOn(c *Consumption, counts counted, limit Count) *Day {
	if limit == 0 {
		return &b.start
	}
	for day := b.start; day <= b.today; day++ {
		if b.sum(c, counts, day) >= float64(limit) {
			return &day
		}
	}
	used := b.sum(c, counts, b.today-1)
	if b.finished() <= 0 || used <= 0 {
		return nil
	}
	// How many days are still needed, in exact decimals: 0.9 / 0.3 is 3.
	left := decimal(float64(limit))
	left.Sub(left, decimal(used))
	left.Mul(left, big.NewRat(int64(b.finished()), 1)).Quo(left, decimal(used))
	needed, _ := left.Float64()
	if needed > float64(lastSaneDay) {
		return nil
	}
	days := Day(math.Floor(needed))
	if exact := new(big.Rat).SetInt64(int64(days)); left.Cmp(exact) > 0 {
		days++
	}
	on := max(b.today-1+days, b.today)
	if on > lastSaneDay || b.end != nil && on > *b.end {
		return nil
	}
	return &on
}
