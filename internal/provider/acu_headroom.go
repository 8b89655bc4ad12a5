package provider

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
)

// headroom is what every part of devin_acu_headroom needs.
type headroom struct {
	client *devin.Client
	cycle  devin.BillingCycle
	today  devin.Day
	limits []devin.ACULimit
}

// organizationReading is what is read of one organization.
type organizationReading struct {
	consumption *devin.Consumption
	agents      *devin.AgentACULimits // nil where Devin does not show them
}

func readACUHeadroom(ctx context.Context, client *devin.Client, m *acuHeadroomModel) error {
	cycle, err := client.CurrentBillingCycle(ctx)
	switch {
	case err != nil:
		return err
	case cycle == nil || cycle.EndDate == nil:
		return noCycle()
	}
	m.StartDate, m.EndDate = &cycle.StartDate, cycle.EndDate
	h := headroom{client: client, cycle: *cycle, today: min(devin.DayAt(client.Now()), *cycle.EndDate)}
	var own map[string]*devin.Count
	var whole *devin.Consumption
	var report *devin.Report[organizationReading]
	var hidden atomic.Bool // the limits of agents are not shown
	group, asking := errgroup.WithContext(ctx)
	group.Go(func() (err error) { h.limits, err = client.ACULimits(asking); return err })
	group.Go(func() (err error) { own, err = client.MaxCycleACULimits(asking); return err })
	group.Go(func() (err error) { whole, err = client.WholeDailyConsumption(asking, h.window()); return err })
	group.Go(func() (err error) {
		report, err = devin.ReadOrganizations(asking, client, devin.Selection{What: "consumption"}, func(ctx context.Context, orgID string) (*organizationReading, error) {
			return h.organization(ctx, orgID, &hidden)
		})
		return err
	})
	if err := group.Wait(); err != nil {
		return err
	}
	known := !hidden.Load()
	m.AgentLimitsKnown = &known
	enterprise := h.use(whole, h.limit("enterprise", ""))
	m.Enterprise = &enterprise
	m.Organizations = []organizationHeadroomModel{}
	for _, org := range report.Readings {
		if org.Value == nil {
			m.Organizations = append(m.Organizations, organizationHeadroomModel{OrgID: org.ID, Name: org.Name})
			continue
		}
		limits := append(h.limit("org", org.ID), named("max_cycle_acu_limit", own[org.ID], nil)...)
		if known {
			limits = append(limits, named("cloud_agent", org.Value.agents.Cloud, cloudProducts)...)
			limits = append(limits, named("local_agent", org.Value.agents.Local, localProducts)...)
		}
		m.Organizations = append(m.Organizations, organizationHeadroomModel{org.ID, org.Name, h.use(org.Value.consumption, limits)})
	}
	if !m.Users.ValueBool() {
		return nil
	}
	m.Members, err = h.members(ctx)
	return err
}

func (h *headroom) window() devin.Window { return devin.Window{Start: h.cycle.StartDate, End: h.today} }

// organization reads one. Where Devin refuses the limits of agents once, no other
// organization is asked for them.
func (h *headroom) organization(ctx context.Context, orgID string, hidden *atomic.Bool) (*organizationReading, error) {
	consumption, err := h.client.OrganizationDailyConsumption(ctx, orgID, h.window())
	if err != nil || hidden.Load() {
		return &organizationReading{consumption: consumption}, err
	}
	agents, err := h.client.OrganizationAgentACULimits(ctx, orgID)
	if errors.Is(err, devin.ErrForbidden) || errors.Is(err, devin.ErrUnauthorized) || errors.Is(err, devin.ErrNotFound) {
		hidden.Store(true)
		agents, err = nil, nil
	}
	return &organizationReading{consumption, agents}, err
}

// members reads the users who have a limit of their own.
func (h *headroom) members(ctx context.Context) ([]memberHeadroomModel, error) {
	ids := []string{}
	for _, l := range h.limits {
		if l.Scope == "user" {
			ids = append(ids, *l.UserID)
		}
	}
	all := []memberHeadroomModel{}
	if len(ids) == 0 {
		return all, nil
	}
	report, err := devin.ReadUsers(ctx, h.client, devin.Selection{IDs: ids, Listed: true, What: "consumption"}, func(ctx context.Context, userID string) (*devin.Consumption, error) {
		return h.client.UserDailyConsumption(ctx, userID, h.window())
	})
	if err != nil {
		return nil, err
	}
	for _, user := range report.Readings {
		if user.Value == nil {
			all = append(all, memberHeadroomModel{UserID: user.ID})
			continue
		}
		limits := h.limit("user", user.ID)
		for i := range limits {
			limits[i].without = []string{"review"}
		}
		all = append(all, memberHeadroomModel{user.ID, h.use(user.Value, limits)})
	}
	return all, nil
}

// setLimit is a limit, and which products count for it: some, all, or all but some.
type setLimit struct {
	name     string
	limit    devin.Count
	products []string // nil is all
	without  []string
}

func named(name string, limit *devin.Count, products []string) []setLimit {
	if limit == nil {
		return nil
	}
	return []setLimit{{name: name, limit: *limit, products: products}}
}

// limit is that of the stable list for the enterprise, an organization or a user.
func (h *headroom) limit(scope, id string) []setLimit {
	for _, l := range h.limits {
		if l.Scope == scope && (orEmpty(l.OrgID) == id || orEmpty(l.UserID) == id) {
			return []setLimit{{name: "acu_limit", limit: *l.CycleACULimit}}
		}
	}
	return nil
}

// use is what was consumed, and how much of each limit that leaves.
func (h *headroom) use(c *devin.Consumption, limits []setLimit) useModel {
	whole := devin.BurnOf(c, h.cycle, h.today, func(d devin.DayConsumption) float64 { return d.ACUs })
	used := whole.Total()
	m := useModel{UsedACUs: &used, ACUsPerDay: whole.Rate(), ProjectedACUs: whole.Projected(), Limits: []devin.Headroom{}}
	slices.SortFunc(limits, func(a, b setLimit) int { return strings.Compare(a.name, b.name) })
	for _, l := range limits {
		burn := whole
		if l.products != nil || l.without != nil {
			burn = devin.BurnOf(c, h.cycle, h.today, l.counts)
		}
		m.Limits = append(m.Limits, burn.Against(l.name, l.limit))
	}
	return m
}

// counts is what a day has of the products that count.
func (l *setLimit) counts(d devin.DayConsumption) float64 {
	acus := d.ACUs
	if l.products != nil {
		acus = 0
	}
	for _, p := range d.Products {
		switch {
		case slices.Contains(l.without, p.Product):
			acus -= p.ACUs
		case slices.Contains(l.products, p.Product):
			acus += p.ACUs
		}
	}
	return acus
}
