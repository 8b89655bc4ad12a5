package acceptance

import (
	"slices"
	"strings"
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

// namelessPeople are the named people where nobody's name can be read.
func namelessPeople(fake *devintest.Server) []person {
	people := namedPeople(fake)
	for i := range people {
		people[i].email, people[i].name = nil, nil
	}
	return people
}

func without(people []person, id string) []person {
	return slices.DeleteFunc(people, func(p person) bool { return p.id == id })
}

// consumer is one of a report, as its entry and its rows show it.
type consumer struct {
	id           string
	entry, inRow object
	part         devintest.Part
}

// consumers are people, in an organization or all over the enterprise.
func consumers(people []person, orgID string) []consumer {
	var all []consumer
	for _, p := range people {
		all = append(all, consumer{
			p.id,
			object{"user_id": p.id, "email": p.email, "name": p.name, "display_name": displayName(p.id, p.name, p.email)},
			object{"user_id": p.id, "email": p.email, "display_name": displayName(p.id, p.name, p.email)},
			devintest.Part{UserID: p.id, OrgID: orgID},
		})
	}
	return all
}

// consumptionReport is a report over consumers, some of whom Devin does not know.
func consumptionReport(fake *devintest.Server, list, unknownIDs, orgID string, all []consumer, unknown ...string) object {
	rows, entries, hundredths, parts := []any{}, []any{}, int64(0), []devintest.Part{}
	for _, c := range all {
		if slices.Contains(unknown, c.id) {
			entries = append(entries, with(c.entry, object{"total_acus": nil, "acus_by_product": nil, "active_days": nil}))
			continue
		}
		total, active := fake.PartTotal(c.part, matrixFrom, matrixTo), 0.0
		for _, day := range trueDays(fake, c.part) {
			fields, _ := day.(object)
			rows = append(rows, with(with(c.inRow, fields), object{"acus_by_product": nil}))
			active++
		}
		hundredths += int64(total*100 + 0.5)
		parts = append(parts, c.part)
		entries = append(entries, with(c.entry, object{"total_acus": total, "acus_by_product": trueProducts(fake, c.part), "active_days": active}))
	}
	whole := devintest.Part{OrgID: orgID}
	total, prefix := fake.PartTotal(whole, matrixFrom, matrixTo), "enterprise"
	report := windowed(object{
		"rows": rows, list: entries, "total_acus": float64(hundredths) / 100, "acus_by_product": trueProducts(fake, parts...),
		"unattributed_acus": float64(int64(total*100+0.5)-hundredths) / 100,
		unknownIDs:          asList(unknown),
	})
	if orgID != "" {
		prefix, report["org_id"] = "organization", orgID
	}
	return with(report, object{prefix + "_total_acus": total, prefix + "_days": trueDays(fake, whole)})
}

// consumptionWithout is a report over everybody, one of whom is not known.
func consumptionWithout(fake *devintest.Server, id string) object {
	return consumption(fake, everybody(fake), id)
}

func consumption(fake *devintest.Server, people []person, unknown ...string) object {
	return consumptionReport(fake, "users", "unknown_user_ids", "", consumers(people, ""), unknown...)
}

// everybodyIn are the members of an organization.
func everybodyIn(fake *devintest.Server, orgID string) []person {
	return slices.DeleteFunc(everybody(fake), func(p person) bool {
		return !slices.ContainsFunc(trueMembers(fake, orgID), func(m any) bool {
			fields, _ := m.(object)
			return fields["user_id"] == p.id
		})
	})
}

func organizationsConsumption(fake *devintest.Server) object {
	var all []consumer
	for _, o := range fake.Organizations() {
		named := object{"org_id": o.OrgID, "name": o.Name}
		all = append(all, consumer{o.OrgID, named, named, devintest.Part{OrgID: o.OrgID}})
	}
	return consumptionReport(fake, "organizations", "unknown_org_ids", "", sortedConsumers(all))
}

// serviceUsersConsumption is that of the ones that still work, in an organization
// or all over the enterprise.
func serviceUsersConsumption(fake *devintest.Server, orgID string) object {
	var all []consumer
	for _, u := range fake.AllServiceUsers() {
		if u.Active && (orgID == "" || slices.Contains(u.OrgIDs, orgID)) {
			named := object{"service_user_id": u.ServiceUserID, "name": u.Name}
			all = append(all, consumer{u.ServiceUserID, named, named, devintest.Part{ServiceUserID: u.ServiceUserID, OrgID: orgID}})
		}
	}
	return consumptionReport(fake, "service_users", "unknown_service_user_ids", orgID, sortedConsumers(all))
}

func sortedConsumers(all []consumer) []consumer {
	slices.SortFunc(all, func(a, b consumer) int { return strings.Compare(a.id, b.id) })
	return all
}

func asList(ids []string) []any {
	list := []any{}
	for _, id := range ids {
		list = append(list, id)
	}
	return list
}

func prReport(fake *devintest.Server, people []person, orgIDs ...string) object {
	users := []any{}
	for _, p := range people {
		counts := fake.PRs(devintest.PRFilter{UserIDs: []string{p.id}, OrgIDs: orgIDs}, matrixFrom, matrixTo)
		users = append(users, with(truePRs(counts), object{"user_id": p.id, "email": p.email, "name": p.name, "display_name": displayName(p.id, p.name, p.email)}))
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

func namelessConsumption(fake *devintest.Server) object {
	return forNamed(fake, consumption(fake, namelessPeople(fake)))
}

func everybodysPRs(fake *devintest.Server) object { return prReport(fake, everybody(fake)) }

func namedPRs(fake *devintest.Server) object {
	return forNamed(fake, prReport(fake, namedPeople(fake)))
}

func namelessPRs(fake *devintest.Server) object {
	return forNamed(fake, prReport(fake, namelessPeople(fake)))
}
