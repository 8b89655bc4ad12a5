package acceptance

import (
	"slices"
	"time"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

// The truth of the reports over users, and of what is left of it where the
// member list may not be read, or the endpoint of a user does not know one.

func prsOf(fake *devintest.Server, userIDs ...string) devintest.PRCounts {
	return fake.PRs(devintest.PRFilter{UserIDs: userIDs}, matrixFrom, matrixTo)
}

func truePRDays(fake *devintest.Server) []any {
	days := []any{}
	for day := matrixFrom; day.Before(matrixTo); day = day.AddDate(0, 0, 1) {
		counts := truePRs(fake.PRs(devintest.PRFilter{}, day, day.AddDate(0, 0, 1)))
		days = append(days, with(counts, object{"date": day.Format(time.DateOnly)}))
	}
	return days
}

// person is a member as a report shows them.
type person struct {
	id          string
	email, name any
}

func everybody(fake *devintest.Server) []person {
	var people []person
	for _, m := range sortedMembers(fake) {
		people = append(people, person{m.UserID, orNil(m.Email), orNil(m.Name)})
	}
	return people
}

func namedPeople(fake *devintest.Server) []person {
	ids := named(fake)
	return slices.DeleteFunc(everybody(fake), func(p person) bool { return !slices.Contains(ids, p.id) })
}

// namedBy are the named people where only one list may be read: who is not on
// it has no name.
func namedBy(fake *devintest.Server, onList func(devintest.Member) bool) []person {
	people := namedPeople(fake)
	for i, p := range people {
		members := fake.Members()
		at := slices.IndexFunc(members, func(m devintest.Member) bool { return m.UserID == p.id })
		if !onList(members[at]) {
			people[i].email, people[i].name = nil, nil
		}
	}
	return people
}

func isDirect(m devintest.Member) bool     { return m.Direct }
func isInIDPGroup(m devintest.Member) bool { return m.IDP }

func without(people []person, id string) []person {
	return slices.DeleteFunc(people, func(p person) bool { return p.id == id })
}

// consumptionWithout is a report over everybody, one of whom is not known.
func consumptionWithout(fake *devintest.Server, id string) object {
	return consumption(fake, everybody(fake), id)
}

func consumption(fake *devintest.Server, people []person, unknown ...string) object {
	rows, users, hundredths := []any{}, []any{}, int64(0)
	for _, p := range people {
		who := object{"user_id": p.id, "email": p.email, "name": p.name}
		if slices.Contains(unknown, p.id) {
			users = append(users, with(who, object{"total_acus": nil, "active_days": nil}))
			continue
		}
		total, active := fake.UserTotal(p.id, matrixFrom, matrixTo), 0.0
		for _, day := range trueDays(fake, p.id) {
			fields, _ := day.(object)
			rows = append(rows, with(who, fields))
			active++
		}
		hundredths += int64(total*100 + 0.5)
		users = append(users, with(who, object{"total_acus": total, "active_days": active}))
	}
	enterprise := fake.EnterpriseTotal(matrixFrom, matrixTo)
	return windowed(object{
		"rows": rows, "users": users, "total_acus": float64(hundredths) / 100, "enterprise_total_acus": enterprise,
		"unattributed_acus": float64(int64(enterprise*100+0.5)-hundredths) / 100,
		"unknown_user_ids":  asList(unknown),
	})
}

func asList(ids []string) []any {
	list := []any{}
	for _, id := range ids {
		list = append(list, id)
	}
	return list
}

func prReport(fake *devintest.Server, people []person) object {
	users := []any{}
	for _, p := range people {
		users = append(users, with(truePRs(prsOf(fake, p.id)), object{"user_id": p.id, "email": p.email, "name": p.name}))
	}
	return windowed(object{"users": users, "unknown_user_ids": []any{}})
}

func forNamed(fake *devintest.Server, report object) object {
	return with(report, object{"user_ids": asList(named(fake))})
}

func everybodysConsumption(fake *devintest.Server) object {
	return consumption(fake, everybody(fake))
}

func namedConsumption(fake *devintest.Server) object {
	return forNamed(fake, consumption(fake, namedPeople(fake)))
}

func consumptionNamedBy(onList func(devintest.Member) bool) func(*devintest.Server) object {
	return func(fake *devintest.Server) object {
		return forNamed(fake, consumption(fake, namedBy(fake, onList)))
	}
}

func everybodysPRs(fake *devintest.Server) object { return prReport(fake, everybody(fake)) }

func namedPRs(fake *devintest.Server) object {
	return forNamed(fake, prReport(fake, namedPeople(fake)))
}

func prsNamedBy(onList func(devintest.Member) bool) func(*devintest.Server) object {
	return func(fake *devintest.Server) object {
		return forNamed(fake, prReport(fake, namedBy(fake, onList)))
	}
}
