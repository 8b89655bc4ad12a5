package devintest

import (
	"slices"
	"strconv"
)

// allServices are the service users, those that still work first; accounts are
// in the same order.
func (c *company) allServices() []string { return append(slices.Clip(c.services), c.retired...) }

func serviceName(i int) string {
	names := [...]string{"CI Bot", "Ticket Triage", "Nightly Upgrades"}
	if i < len(names) {
		return names[i]
	}
	return "Bot " + strconv.Itoa(i+1)
}

// writeServiceUsers lists the service users of an organization, or of all.
func (c *company) writeServiceUsers(org int8, inactive bool) *list {
	l := &list{}
	for i, id := range c.allServices() {
		a := &c.accounts[len(c.index)+i]
		retired := i >= len(c.services)
		if retired && !inactive || org != nowhere && !slices.Contains(a.orgs, org) {
			continue
		}
		l.next()
		b := append(l.text, `{"service_user_id":`...)
		b = appendString(b, id)
		b = append(b, `,"name":`...)
		b = appendString(b, c.bots[i])
		b = append(b, `,"expires_at":`...)
		if retired && (i-len(c.services))%2 == 0 {
			b = append(appendInt(b, unixDay(int(a.until))), `,"deleted_at":null`...)
		} else if retired {
			b = appendInt(append(b, `null,"deleted_at":`...), unixDay(int(a.until)))
		} else {
			b = append(b, `null,"deleted_at":null`...)
		}
		b = append(b, `,"role_assignments":`...)
		var grants []grant
		for _, at := range a.orgs {
			if org == nowhere || at == org {
				grants = append(grants, grant{orgMember, at, 0})
			}
		}
		l.text = append(c.appendGrants(b, grants, false, true), '}')
	}
	return l
}

func (c *call) serviceUsers() answer {
	org := int8(nowhere)
	if c.orgID != "" {
		org = c.company.orgIndex(c.orgID)
	}
	return c.page(c.company.writeServiceUsers(org, c.params.inactive))
}
