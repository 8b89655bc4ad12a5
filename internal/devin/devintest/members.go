package devintest

import (
	"net/http"
	"strings"
)

func (c *company) writeUser(l *list, p *person) bool {
	if !p.isDirect {
		return false
	}
	l.next()
	l.text = c.appendPerson(l.text, p)
	l.text = c.appendJoined(l.text, p)
	l.text = append(l.text, `,"role_assignments":`...)
	l.text = append(c.appendGrants(l.text, p.direct, false, true), '}')
	return true
}

func (c *company) writeIDPUser(l *list, p *person) bool {
	if !p.isIDP {
		return false
	}
	l.next()
	l.text = append(c.appendPerson(l.text, p), `,"idp_role_assignments":`...)
	l.text = append(c.appendGrants(l.text, p.idp, true, true), '}')
	return true
}

// writeInOrganization shows somebody as an organization's list does: with the
// assignments in that organization only, and without enterprise_joined_at.
func (c *company) writeInOrganization(l *list, p *person, grants []grant, org int8, idp bool) bool {
	here := in(org, grants)
	if len(here) == 0 {
		return false
	}
	l.next()
	l.text = c.appendPerson(l.text, p)
	if idp {
		l.text = append(l.text, `,"idp_role_assignments":`...)
	} else {
		l.text = append(l.text, `,"role_assignments":`...)
	}
	l.text = append(c.appendGrants(l.text, here, idp, !c.quirks.NoOrgIDInOrganizationLists), '}')
	return true
}

func (c *company) appendPerson(b []byte, p *person) []byte {
	b = append(b, `{"user_id":`...)
	b = appendString(b, p.id)
	b = append(b, `,"email":`...)
	b = appendNullable(b, p.email)
	b = append(b, `,"name":`...)
	return appendNullable(b, p.name)
}

func (c *company) appendJoined(b []byte, p *person) []byte {
	if c.quirks.NoJoinedAt {
		return b
	}
	b = append(b, `,"enterprise_joined_at":`...)
	if p.joined == 0 {
		return append(b, "null"...)
	}
	return appendInt(b, p.joined)
}

func (c *company) appendGrants(b []byte, grants []grant, idp, withOrg bool) []byte {
	b = append(b, '[')
	for i, g := range grants {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, '{')
		if idp {
			b = append(b, `"idp_group_name":`...)
			b = append(appendString(b, groupNames[g.group]), ',')
		}
		r := roles[g.role]
		b = append(b, `"role":{"role_id":"`...)
		b = append(b, r.id...)
		b = append(b, `","role_name":"`...)
		b = append(b, r.name...)
		b = append(b, `","role_type":"`...)
		b = append(b, r.kind...)
		b = append(b, `"}`...)
		switch {
		case !withOrg:
		case g.org == nowhere:
			b = append(b, `,"org_id":null`...)
		default:
			b = append(b, `,"org_id":"`...)
			b = append(b, c.orgs[g.org].id...)
			b = append(b, '"')
		}
		b = append(b, '}')
	}
	return append(b, ']')
}

type listedOrganization struct {
	ID           string `json:"org_id"`
	Name         string `json:"name"`
	CreatedAt    int64  `json:"created_at"`
	UpdatedAt    int64  `json:"updated_at"`
	SessionLimit *int64 `json:"max_session_acu_limit"`
	CycleLimit   *int64 `json:"max_cycle_acu_limit"`
}

func (o *organization) listed() listedOrganization {
	return listedOrganization{o.id, o.name, o.created, o.updated, pointer(o.session), pointer(o.cycle)}
}

func (c *call) organizations() answer {
	all := []listedOrganization{}
	for i := range c.company.orgs {
		all = append(all, c.company.orgs[i].listed())
	}
	return c.page(listOf(all, nil))
}

func (c *call) organization() answer {
	return c.answerJSON(c.company.orgs[c.company.orgIndex(c.orgID)].listed())
}

func (c *call) memberUsers() answer    { return c.page(c.named(c.memberLists().users())) }
func (c *call) memberIDPUsers() answer { return c.page(c.named(c.memberLists().idpUsers())) }

// memberLists are those of the path's organization, or of the enterprise.
func (c *call) memberLists() memberLists {
	if c.orgID == "" {
		return c.company.memberLists
	}
	return c.company.inOrganization[c.company.orgIndex(c.orgID)]
}

// unknown answers for an unknown id. Where that is a 403 it hides
// whether the object exists.
func (c *call) unknown(status int, detail string) answer {
	if status == http.StatusForbidden {
		detail = "Unauthorized"
	}
	return c.problem(status, detail)
}

// named keeps those with the email address that was asked for.
func (c *call) named(l *list) *list {
	want := c.params.email
	if want == "" {
		return l
	}
	return l.filter(func(i int32) bool {
		email := c.company.people[i].email
		if c.server.opts.Quirks.CaseSensitiveEmail {
			return email == want
		}
		return strings.EqualFold(email, want)
	})
}

// memberUser shows direct and IdP assignments together, as the documentation
// says it does; people known only through their IdP are shown, too. In an
// organization it shows those who have a role there.
func (c *call) memberUser() answer {
	i, ok := c.company.index[c.id]
	ok = ok && i < len(c.company.people)
	var p person
	if ok {
		p = c.company.people[i]
	}
	if c.orgID != "" {
		org := c.company.orgIndex(c.orgID)
		p.direct, p.idp = in(org, p.direct), in(org, p.idp)
		ok = ok && len(p.direct)+len(p.idp) > 0
	}
	if !ok {
		return c.unknown(or(c.server.opts.Quirks.UnknownMember, http.StatusNotFound), "User not found")
	}
	b := c.company.appendPerson(buffer(), &p)
	if c.orgID == "" {
		b = c.company.appendJoined(b, &p)
	}
	b = append(b, `,"role_assignments":`...)
	b = c.company.appendGrants(b, p.direct, false, true)
	b = append(b, `,"idp_role_assignments":`...)
	b = c.company.appendGrants(b, p.idp, true, true)
	return c.ok(append(b, '}'))
}

// in are the grants that are held in an organization.
func in(org int8, grants []grant) []grant {
	here := make([]grant, 0, len(grants))
	for _, g := range grants {
		if g.org == org {
			here = append(here, g)
		}
	}
	return here
}
