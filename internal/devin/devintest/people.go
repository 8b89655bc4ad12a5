package devintest

// person is a member; an empty email or name is null in the API.
type person struct {
	id, email, name string
	joined          int64 // Unix seconds, 0 for null
	isDirect, isIDP bool
	direct, idp     []grant
}

// grant is a role held in an organization, or in the enterprise.
type grant struct{ role, org, group int8 }

const (
	accountMember = iota
	accountAdmin
	orgMember
	orgAdmin
)

var roles = [4]listedRole{
	{"account_member", "Member", "enterprise"},
	{"account_admin", "Admin", "enterprise"},
	{"org_member", "Member", "org"},
	{"org_admin", "Admin", "org"},
}

func (c *company) addMembers(members int) {
	c.people = make([]person, members)
	c.accounts = make([]account, members, members+members/20+6)
	c.index = make(map[string]int, cap(c.accounts))
	for i := range c.people {
		n := mix(c.seed ^ uint64(i))
		p, a := &c.people[i], &c.accounts[i]
		p.id = personID(i, n)
		p.name, p.email = personName(i)
		if i%13 == 6 || i%100 == 38 {
			p.name = ""
		}
		if i%17 == 9 || i%100 == 38 {
			p.email = ""
		}
		c.assignRoles(i, n, p)
		c.startUse(i, n, p, a)
		c.index[p.id] = i
	}
}

// admit gives roles: to twelve in twenty people directly, to five through a
// group, to three both ways.
func (c *company) assignRoles(i int, n uint64, p *person) {
	home, away := int8(n%4), int8((n+1+n>>8%3)%4)
	p.isDirect = c.uniform || i%20 < 12 || i%20 >= 17
	p.isIDP = !c.uniform && i%20 >= 12
	if c.uniform {
		p.direct = []grant{{accountMember, nowhere, 0}, {orgMember, home, 0}}
		return
	}
	switch {
	case !p.isDirect || i == 9:
		// The documentation's sample has somebody without any role, too.
	case i == 0:
		p.direct = []grant{{accountAdmin, nowhere, 0}, {orgAdmin, home, 0}}
	case i%20 == 4:
		p.direct = []grant{{accountMember, nowhere, 0}}
	case i%20 == 7:
		p.direct = []grant{{orgMember, away, 0}, {accountMember, nowhere, 0}, {orgAdmin, home, 0}}
	default:
		p.direct = []grant{{accountMember, nowhere, 0}, {orgMember, home, 0}}
	}
	if p.isIDP {
		group := int8(n >> 20 % uint64(len(groupNames)))
		p.idp = []grant{{orgMember, away, group}}
		if i%3 != 0 {
			p.idp = append(p.idp, grant{accountMember, nowhere, 3})
		}
	}
}

// equip decides when a person joined and how much they consume.
func (c *company) startUse(i int, n uint64, p *person, a *account) {
	span := uint64(c.madeOn - c.firstDay)
	day := c.firstDay
	if !c.uniform && span > 0 && n>>33%3 == 0 {
		day += int(n >> 35 % span)
	}
	p.joined = unixDay(day) + int64(n%36000)
	if c.uniform {
		p.joined = unixDay(day)
	} else if i%15 == 10 {
		p.joined = 0
	}
	*a = account{id: p.id, key: n, from: int32(day), until: never, rate: uint8(1 + n>>44%12), steady: c.uniform}
	if !c.uniform && i%9 == 8 {
		a.rate = 0
	}
	for _, g := range append(p.direct[:len(p.direct):len(p.direct)], p.idp...) {
		if g.org != nowhere {
			a.orgs = append(a.orgs, g.org)
		}
	}
}
