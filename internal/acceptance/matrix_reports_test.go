package acceptance

import (
	"slices"
	"time"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

// The truth of the reports over users, and of what is left of it where the
// member list may not be read, or nobody is known to the endpoint of a user.

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

func nameless(people []person) []person {
	for i := range people {
		people[i].email, people[i].name = nil, nil
	}
	return people
}

func without(people []person, id string) []person {
	return slices.DeleteFunc(people, func(p person) bool { return p.id == id })
}

// consumptionOf is a report over people, all or none of whom the endpoint of a
// user knows.
func consumptionOf(fake *devintest.Server, people []person, known bool) object {
	return consumption(fake, people, func(string) bool { return known })
}

// consumptionWithout is a report over everybody, one of whom is not known.
func consumptionWithout(fake *devintest.Server, id string) object {
	return consumption(fake, everybody(fake), func(who string) bool { return who != id })
}

func consumption(fake *devintest.Server, people []person, known func(id string) bool) object {
	rows, users, hundredths := []any{}, []any{}, int64(0)
	for _, p := range people {
		who := object{"user_id": p.id, "email": p.email, "name": p.name}
		total, active := 0.0, 0.0
		if known(p.id) {
			total = fake.UserTotal(p.id, matrixFrom, matrixTo)
			for _, day := range trueDays(fake, p.id) {
				fields, _ := day.(object)
				rows = append(rows, with(who, fields))
				active++
			}
		}
		hundredths += int64(total*100 + 0.5)
		users = append(users, with(who, object{"total_acus": total, "active_days": active}))
	}
	enterprise := fake.EnterpriseTotal(matrixFrom, matrixTo)
	return windowed(object{
		"rows": rows, "users": users, "total_acus": float64(hundredths) / 100, "enterprise_total_acus": enterprise,
		"unattributed_acus": float64(int64(enterprise*100+0.5)-hundredths) / 100,
	})
}

func prReportOf(fake *devintest.Server, people []person, known bool) object {
	users := []any{}
	for _, p := range people {
		who := object{"user_id": p.id, "email": p.email, "name": p.name}
		if known {
			users = append(users, with(who, truePRs(prsOf(fake, p.id))))
			continue
		}
		none := truePRs(devintest.PRCounts{})
		for name := range none {
			if len(name) > len("prs_taken_over") && name[:len("prs_taken_over")] == "prs_taken_over" {
				none[name] = nil
			}
		}
		users = append(users, with(who, none))
	}
	return windowed(object{"users": users})
}

func forNamed(fake *devintest.Server, report object) object {
	ids := []any{}
	for _, id := range named(fake) {
		ids = append(ids, id)
	}
	return with(report, object{"user_ids": ids})
}

func everybodysConsumption(fake *devintest.Server) object {
	return consumptionOf(fake, everybody(fake), true)
}

func nobodysConsumption(fake *devintest.Server) object {
	return consumptionOf(fake, everybody(fake), false)
}

func namedConsumption(fake *devintest.Server) object {
	return forNamed(fake, consumptionOf(fake, namedPeople(fake), true))
}

func namelessConsumption(fake *devintest.Server) object {
	return forNamed(fake, consumptionOf(fake, nameless(namedPeople(fake)), true))
}

func unknownConsumption(fake *devintest.Server) object {
	return forNamed(fake, consumptionOf(fake, namedPeople(fake), false))
}

func everybodysPRs(fake *devintest.Server) object { return prReportOf(fake, everybody(fake), true) }

func nobodysPRs(fake *devintest.Server) object { return prReportOf(fake, everybody(fake), false) }

func namedPRs(fake *devintest.Server) object {
	return forNamed(fake, prReportOf(fake, namedPeople(fake), true))
}

func namelessPRs(fake *devintest.Server) object {
	return forNamed(fake, prReportOf(fake, nameless(namedPeople(fake)), true))
}

func unknownPRs(fake *devintest.Server) object {
	return forNamed(fake, prReportOf(fake, namedPeople(fake), false))
}
