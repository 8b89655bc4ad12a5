package acceptance

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
)

// object is a state, or part of one, in maps, slices, strings, float64s and nils.
type object = map[string]any

// plain converts a value of Terraform's to these types.
func plain(t *testing.T, v tftypes.Value) any {
	t.Helper()
	if v.IsNull() {
		return nil
	}
	switch typ := v.Type(); {
	case typ.Is(tftypes.String):
		return as[string](t, v)
	case typ.Is(tftypes.Bool):
		return as[bool](t, v)
	case typ.Is(tftypes.Number):
		var number big.Float
		if err := v.As(&number); err != nil {
			t.Fatal(err)
		}
		float, _ := number.Float64()
		return float
	case typ.Is(tftypes.List{}):
		items := []any{}
		for _, item := range as[[]tftypes.Value](t, v) {
			items = append(items, plain(t, item))
		}
		return items
	}
	fields := object{}
	for name, field := range as[map[string]tftypes.Value](t, v) {
		fields[name] = plain(t, field)
	}
	return fields
}

func as[T any](t *testing.T, v tftypes.Value) T {
	t.Helper()
	var to T
	if err := v.As(&to); err != nil {
		t.Fatal(err)
	}
	return to
}

// stateOf is the state of a response, nil where there is none.
func stateOf(t *testing.T, schema *tfprotov6.Schema, state *tfprotov6.DynamicValue) any {
	t.Helper()
	if state == nil {
		return nil
	}
	value, err := state.Unmarshal(schema.ValueType())
	if err != nil {
		t.Fatal(err)
	}
	return plain(t, value)
}

// The days that the matrix asks for, and the instants they stand for.
const (
	matrixStart = "2026-10-26"
	matrixEnd   = "2026-11-01"
	twoDaysEnd  = "2026-10-27"
)

var (
	matrixFrom = time.Date(2026, 10, 26, 8, 0, 0, 0, time.UTC)
	matrixTo   = time.Date(2026, 11, 2, 8, 0, 0, 0, time.UTC)
	twoDaysTo  = time.Date(2026, 10, 28, 8, 0, 0, 0, time.UTC)
)

// windowed adds complete, as of a window that is over. Its dates are arguments.
func windowed(attributes object) object { return with(attributes, object{"complete": true}) }

func orNil[T any](p *T) any {
	if p == nil {
		return nil
	}
	return *p
}

func textOrNil(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func sortedMembers(fake *devintest.Server) []devintest.Member {
	return slices.SortedFunc(slices.Values(fake.Members()), func(a, b devintest.Member) int {
		return strings.Compare(a.UserID, b.UserID)
	})
}

// allOf is the result that lists members.
func allOf(members []any) object {
	return object{"members": members, "members_count": float64(len(members))}
}

// trueMembers are all members, or those with a role in an organization and what
// its own lists show of them.
func trueMembers(fake *devintest.Server, orgID string) []any {
	members := []any{}
	for _, m := range sortedMembers(fake) {
		roles := slices.Concat(m.Assignments, m.IDPAssignments)
		joined := any(nil)
		if orgID != "" {
			roles = slices.DeleteFunc(roles, func(a devintest.Assignment) bool { return a.OrgID != orgID })
			if len(roles) == 0 {
				continue
			}
		} else if m.JoinedAt != nil {
			joined = time.Unix(*m.JoinedAt, 0).UTC().Format(time.RFC3339)
		}
		slices.SortFunc(roles, func(a, b devintest.Assignment) int {
			return cmp.Or(strings.Compare(a.OrgID, b.OrgID), strings.Compare(a.RoleID, b.RoleID), strings.Compare(a.IDPGroupName, b.IDPGroupName))
		})
		assignments := []any{}
		for _, a := range roles {
			assignments = append(assignments, object{
				"role_id": a.RoleID, "role_name": a.RoleName, "role_type": a.RoleType,
				"org_id": textOrNil(a.OrgID), "idp_group_name": textOrNil(a.IDPGroupName),
			})
		}
		members = append(members, object{
			"user_id": m.UserID, "email": orNil(m.Email), "name": orNil(m.Name), "display_name": displayName(m.UserID, orNil(m.Name), orNil(m.Email)),
			"enterprise_joined_at": joined, "role_assignments": assignments, "idp_group_names": groupsIn(m, orgID),
		})
	}
	return members
}

// groupsIn are the groups that give a member a role, in an organization or anywhere.
func groupsIn(m devintest.Member, orgID string) []any {
	names := []string{}
	for _, a := range m.IDPAssignments {
		if orgID == "" || a.OrgID == orgID {
			names = append(names, a.IDPGroupName)
		}
	}
	slices.Sort(names)
	return asList(slices.Compact(names))
}

// displayName is the first of name, address and id that is known.
func displayName(userID string, name, email any) any { return cmp.Or(name, email, any(userID)) }

// trueDays are a part's, with products.
func trueDays(fake *devintest.Server, part devintest.Part) []any {
	days := []any{}
	for _, day := range fake.PartDays(part, matrixFrom, matrixTo) {
		products := object{}
		for product, acus := range day.ByProduct {
			products[product] = acus
		}
		days = append(days, object{"date": day.Name, "acus": day.ACUs, "acus_by_product": products})
	}
	return days
}

// trueProducts are the products of several parts together.
func trueProducts(fake *devintest.Server, parts ...devintest.Part) object {
	hundredths := map[string]int64{}
	for _, part := range parts {
		for _, day := range fake.PartDays(part, matrixFrom, matrixTo) {
			for product, acus := range day.ByProduct {
				hundredths[product] += int64(acus*100 + 0.5)
			}
		}
	}
	products := object{}
	for product, n := range hundredths {
		products[product] = float64(n) / 100
	}
	return products
}

// trueConsumption is the state of a data source that reads one part of the enterprise.
func trueConsumption(part func(fake *devintest.Server) devintest.Part) fromFake {
	return func(fake *devintest.Server) object {
		p := part(fake)
		return windowed(object{
			"total_acus": fake.PartTotal(p, matrixFrom, matrixTo), "acus_by_product": trueProducts(fake, p), "days": trueDays(fake, p),
		})
	}
}

// prCounts are the nine attributes that count pull requests.
func prCounts(n devintest.PRCounts) object {
	rate := any(nil)
	if n.Created > 0 {
		rate = float64(n.Merged) / float64(n.Created)
	}
	return object{
		"prs_created_count": float64(n.Created), "prs_opened_count": float64(n.Opened),
		"prs_merged_count": float64(n.Merged), "prs_closed_count": float64(n.Closed),
		"prs_taken_over_count": float64(n.TakenOver), "prs_taken_over_opened_count": float64(n.TakenOverOpened),
		"prs_taken_over_merged_count": float64(n.TakenOverMerged), "prs_taken_over_closed_count": float64(n.TakenOverClosed),
		"merge_rate": rate,
	}
}

func truePRs(fake *devintest.Server, f devintest.Filter) object {
	return windowed(prCounts(fake.PRs(f, matrixFrom, matrixTo)))
}

// with is a copy of an object with more attributes.
func with(o object, more object) object {
	all := maps.Clone(o)
	maps.Copy(all, more)
	return all
}

func trueCycles(fake *devintest.Server) object {
	cycles, current, previous := []any{}, any(nil), any(nil)
	for _, c := range slices.Backward(fake.Cycles()) {
		start, end := time.Unix(c.After, 0).UTC(), time.Unix(c.Before, 0).UTC()
		cycle := object{
			"start_date": start.Format(time.DateOnly), "end_date": end.AddDate(0, 0, -1).Format(time.DateOnly),
			"starts_at": start.Format(time.RFC3339), "ends_at": end.Format(time.RFC3339),
		}
		cycles = append(cycles, cycle)
		switch {
		case !providertest.Now.Before(start) && providertest.Now.Before(end):
			const day = 24 * time.Hour
			total, elapsed := float64(end.Sub(start)/day), float64(providertest.Now.Sub(start)/day)
			current = with(cycle, object{"days_total": total, "days_elapsed": elapsed, "days_remaining": total - elapsed})
		case !providertest.Now.Before(end) && previous == nil:
			previous = cycle
		}
	}
	return object{"cycles": cycles, "current": current, "previous": previous}
}

func truePRDays(fake *devintest.Server) []any {
	days := []any{}
	for day := matrixFrom; day.Before(matrixTo); day = day.AddDate(0, 0, 1) {
		counts := prCounts(fake.PRs(devintest.Filter{}, day, day.AddDate(0, 0, 1)))
		days = append(days, with(counts, object{"date": day.Format(time.DateOnly)}))
	}
	return days
}

// person is a member as a report shows one.
type person struct {
	id          string
	email, name any
	groups      any // a list, or nil where not known
}

func allPeople(fake *devintest.Server) []person {
	return everyoneIn(fake, "")
}

// everyoneIn are all people, with the groups that give a role in an organization.
func everyoneIn(fake *devintest.Server, orgID string) []person {
	var people []person
	for _, m := range sortedMembers(fake) {
		people = append(people, person{m.UserID, orNil(m.Email), orNil(m.Name), groupsIn(m, orgID)})
	}
	return people
}

func namedPeople(fake *devintest.Server) []person {
	ids := namedUsers(fake)
	return slices.DeleteFunc(allPeople(fake), func(p person) bool { return !slices.Contains(ids, p.id) })
}

// peopleIn are the members of an organization.
func peopleIn(fake *devintest.Server, orgID string) []person {
	members := trueMembers(fake, orgID)
	return slices.DeleteFunc(everyoneIn(fake, orgID), func(p person) bool {
		return !slices.ContainsFunc(members, func(m any) bool {
			fields, _ := m.(object)
			return fields["user_id"] == p.id
		})
	})
}

// withoutNames are people whose names, addresses and groups cannot be read.
func withoutNames(people []person) []person {
	for i := range people {
		people[i].email, people[i].name, people[i].groups = nil, nil, nil
	}
	return people
}

func withoutPerson(people []person, id string) []person {
	return slices.DeleteFunc(people, func(p person) bool { return p.id == id })
}

// consumer is one of a report, as its entry and its rows show it.
type consumer struct {
	id           string
	entry, inRow object
	part         devintest.Part
}

// consumers are people, in an organization or in the whole enterprise.
func consumers(people []person, orgID string) []consumer {
	var all []consumer
	for _, p := range people {
		all = append(all, consumer{
			p.id,
			object{"user_id": p.id, "email": p.email, "name": p.name, "display_name": displayName(p.id, p.name, p.email), "idp_group_names": p.groups},
			object{"user_id": p.id, "email": p.email, "display_name": displayName(p.id, p.name, p.email)},
			devintest.Part{UserID: p.id, OrgID: orgID},
		})
	}
	return all
}

// trueReport is a report on consumers, some of which Devin does not know.
func trueReport(fake *devintest.Server, list, unknownIDs, orgID string, all []consumer, unknown ...string) object {
	whole := devintest.Part{OrgID: orgID}
	wholeTotal, prefix := fake.PartTotal(whole, matrixFrom, matrixTo), "enterprise"
	rows, entries, hundredths, parts := []any{}, []any{}, int64(0), []devintest.Part{}
	for _, c := range all {
		if slices.Contains(unknown, c.id) {
			entries = append(entries, with(c.entry, object{"total_acus": nil, "acus_by_product": nil, "active_days": nil, "share": nil}))
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
		entries = append(entries, with(c.entry, object{"total_acus": total, "acus_by_product": trueProducts(fake, c.part), "active_days": active, "share": roundTo(total / wholeTotal)}))
	}
	report := windowed(object{
		"rows": rows, list: entries, "total_acus": float64(hundredths) / 100, "acus_by_product": trueProducts(fake, parts...),
		"unattributed_acus": float64(int64(wholeTotal*100+0.5)-hundredths) / 100,
		unknownIDs:          asList(unknown),
	})
	if orgID != "" {
		prefix = "organization"
	}
	if list == "users" {
		report = with(report, object{"users_count": float64(len(all)), "by_group": trueGroups(fake, wholeTotal, all, unknown)})
	}
	return with(report, object{prefix + "_total_acus": wholeTotal, prefix + "_days": trueDays(fake, whole)})
}

// trueGroups are the rows of by_group; nil where the groups of no user are known.
func trueGroups(fake *devintest.Server, whole float64, users []consumer, unknown []string) any {
	const none = "\xff" // after every name
	counts, parts, known := map[string]float64{}, map[string][]devintest.Part{}, false
	for _, u := range users {
		groups, ok := u.entry["idp_group_names"].([]any)
		known = known || ok
		if len(groups) == 0 {
			groups = []any{none}
		}
		for _, group := range groups {
			name := fmt.Sprint(group)
			counts[name]++
			if !slices.Contains(unknown, u.id) {
				parts[name] = append(parts[name], u.part)
			}
		}
	}
	if !known {
		return nil
	}
	rows := []any{}
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		hundredths := int64(0)
		for _, part := range parts[name] {
			hundredths += int64(fake.PartTotal(part, matrixFrom, matrixTo)*100 + 0.5)
		}
		total := float64(hundredths) / 100
		row := object{
			"idp_group_name": name, "users_count": counts[name], "total_acus": total,
			"acus_by_product": trueProducts(fake, parts[name]...), "share": roundTo(total / whole),
		}
		switch {
		case len(parts[name]) == 0:
			row = with(row, object{"total_acus": nil, "acus_by_product": nil, "share": nil})
		case name == none:
			row["idp_group_name"] = nil
		}
		rows = append(rows, row)
	}
	return rows
}

// trueUsersReport is a report on people, some of whom Devin does not know.
func trueUsersReport(fake *devintest.Server, people []person, unknown ...string) object {
	return trueReport(fake, "users", "unknown_user_ids", "", consumers(people, ""), unknown...)
}

func trueOrganizationsReport(fake *devintest.Server) object {
	var all []consumer
	for _, o := range fake.Organizations() {
		named := object{"org_id": o.OrgID, "name": o.Name}
		all = append(all, consumer{o.OrgID, named, named, devintest.Part{OrgID: o.OrgID}})
	}
	return trueReport(fake, "organizations", "unknown_org_ids", "", sortedConsumers(all))
}

// trueServiceUsersReport is on the active ones, in an organization or in the
// whole enterprise.
func trueServiceUsersReport(fake *devintest.Server, orgID string) object {
	var all []consumer
	for _, u := range fake.AllServiceUsers() {
		if u.Active && (orgID == "" || slices.Contains(u.OrgIDs, orgID)) {
			all = append(all, consumingServiceUser(u, u.Name, orgID))
		}
	}
	return trueReport(fake, "service_users", "unknown_service_user_ids", orgID, sortedConsumers(all))
}

// trueServiceUserReport is on one service user of the whole enterprise, whose name is nil
// where it could not be read.
func trueServiceUserReport(fake *devintest.Server, u devintest.ServiceUser, name any) object {
	return trueReport(fake, "service_users", "unknown_service_user_ids", "", []consumer{consumingServiceUser(u, name, "")})
}

func consumingServiceUser(u devintest.ServiceUser, name any, orgID string) consumer {
	named := object{"service_user_id": u.ServiceUserID, "name": name}
	return consumer{u.ServiceUserID, named, named, devintest.Part{ServiceUserID: u.ServiceUserID, OrgID: orgID}}
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

func truePRReport(fake *devintest.Server, people []person, orgIDs ...string) object {
	users := []any{}
	for _, p := range people {
		counts := fake.PRs(devintest.Filter{UserIDs: []string{p.id}, OrgIDs: orgIDs}, matrixFrom, matrixTo)
		users = append(users, with(prCounts(counts), object{"user_id": p.id, "email": p.email, "name": p.name, "display_name": displayName(p.id, p.name, p.email), "idp_group_names": p.groups}))
	}
	return windowed(object{"users": users, "users_count": float64(len(users)), "unknown_user_ids": []any{}})
}

func trueUsage(fake *devintest.Server, orgID string) object {
	f := ofOrg(orgID)
	n, prs := fake.SessionCounts(f, matrixFrom, matrixTo), fake.PRs(f, matrixFrom, matrixTo)
	return windowed(object{
		"sessions_count": float64(n.Created), "searches_count": float64(n.Searches()),
		"prs_created_count": float64(prs.Created), "prs_merged_count": float64(prs.Merged),
	})
}

func trueSessionCounts(fake *devintest.Server, orgID string) object {
	n := fake.SessionCounts(ofOrg(orgID), matrixFrom, matrixTo)
	counts := func(counted map[string]int64, names string) object {
		all := object{}
		for name := range strings.FieldsSeq(names) {
			all[name] = float64(counted[name])
		}
		return all
	}
	const sizes = "xs s m l xl"
	return windowed(object{
		"sessions_created_count": float64(n.Created), "avg_acus_per_session": float64(n.ACUs/n.Created) / 100,
		"sessions_created_by_origin":           counts(n.ByOrigin, "api automation desktop jira linear slack teams webapp"),
		"sessions_created_by_size":             counts(n.BySize, sizes),
		"sessions_created_with_playbook_count": float64(n.WithPlaybook), "sessions_created_with_search_count": float64(n.WithSearch),
		"sessions_with_merged_prs_count": float64(n.WithMergedPRs), "sessions_with_merged_prs_by_size": counts(n.WithMergedPRsBySize, sizes),
	})
}

func trueCategories(fake *devintest.Server) object {
	n := fake.SessionCounts(devintest.Filter{}, matrixFrom, matrixTo)
	keys := slices.SortedFunc(maps.Keys(n.ByCategory), func(a, b devintest.Category) int {
		return strings.Compare(a.Category+"\x00"+a.DisplayName, b.Category+"\x00"+b.DisplayName)
	})
	type sum struct {
		use   devintest.CategoryUse
		parts []any
	}
	sums, names := map[string]*sum{}, []string{}
	for _, key := range keys {
		if sums[key.Category] == nil {
			sums[key.Category] = &sum{}
			names = append(names, key.Category)
		}
		s, use := sums[key.Category], n.ByCategory[key]
		s.use.Sessions, s.use.ACUs = s.use.Sessions+use.Sessions, s.use.ACUs+use.ACUs
		s.parts = append(s.parts, object{
			"subcategory_id": textOrNil(key.SubcategoryID), "display_name": key.DisplayName,
			"acus": float64(use.ACUs) / 100, "sessions_count": float64(use.Sessions),
		})
	}
	found := []any{}
	for _, name := range names {
		s := sums[name]
		found = append(found, object{
			"category": name, "acus": float64(s.use.ACUs) / 100, "sessions_count": float64(s.use.Sessions), "subcategories": s.parts,
		})
	}
	return windowed(object{"categories": found, "total_acus": float64(n.ACUs) / 100, "sessions_count": float64(n.Created)})
}

// fieldsOf is an item of the fake's as a state shows it: without the fields that
// are named, and instants as RFC 3339.
func fieldsOf(item any, without ...string) object {
	text, _ := json.Marshal(item)
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var fields object
	if err := d.Decode(&fields); err != nil {
		panic(err)
	}
	for name, value := range fields {
		number, ok := value.(json.Number)
		switch {
		case slices.Contains(without, name):
			delete(fields, name)
		case !ok:
		case strings.HasSuffix(name, "_at") || name == "last_heartbeat":
			seconds, _ := number.Int64()
			fields[name] = time.Unix(seconds, 0).UTC().Format(time.RFC3339)
		default:
			fields[name], _ = number.Float64()
		}
	}
	return fields
}

func countsOf[T any](items []T, name func(T) string) object {
	counts := object{}
	for _, item := range items {
		n, _ := counts[name(item)].(float64)
		counts[name(item)] = n + 1
	}
	return counts
}

func rowsOf[T any](items []T, row func(T) object) []any {
	rows := []any{}
	for _, item := range items {
		rows = append(rows, row(item))
	}
	return rows
}

func trueActiveUsers(fake *devintest.Server, orgID string) object {
	from, to := matrixFrom.Add(-8*time.Hour), matrixTo.Add(-8*time.Hour)
	n := fake.ActiveUsers(devintest.Activity{OrgID: orgID, MinSessions: 1, MinSearches: 1}, from, to)
	return windowed(object{"intervals": []any{object{"start_date": matrixStart, "end_date": matrixEnd, "active_users": float64(n)}}})
}

// ofOrg filters by an organization; "" is all of them.
func ofOrg(orgID string) devintest.Filter {
	if orgID == "" {
		return devintest.Filter{}
	}
	return devintest.Filter{OrgIDs: []string{orgID}}
}

func trueSessions(fake *devintest.Server, orgID string) object {
	all := fake.SessionList(ofOrg(orgID), matrixFrom, twoDaysTo)
	return windowed(object{
		"sessions": rowsOf(all, func(s devintest.ListedSession) object {
			slices.Sort(s.Tags)
			slices.Sort(s.ChildSessionIDs)
			slices.SortStableFunc(s.PullRequests, func(a, b devintest.ListedPR) int { return strings.Compare(a.URL, b.URL) })
			return with(object{"title": nil, "subcategory": nil, "devin_mode": nil, "owner_display_name": nil, "owner_email": nil}, fieldsOf(s, "structured_output"))
		}),
		"sessions_count": float64(len(all)), "total_acus": float64(fake.SessionCounts(ofOrg(orgID), matrixFrom, twoDaysTo).ACUs) / 100,
		"by_status":   countsOf(all, func(s devintest.ListedSession) string { return s.Status }),
		"by_origin":   countsOf(all, func(s devintest.ListedSession) string { return *s.Origin }),
		"by_category": countsOf(all, func(s devintest.ListedSession) string { return *s.Category }),
	})
}

// trueOwnedSessions are sessions with the names of the users and service users who
// created them.
func trueOwnedSessions(fake *devintest.Server) object {
	names, emails := object{}, object{}
	for _, m := range fake.Members() {
		names[m.UserID], emails[m.UserID] = displayName(m.UserID, orNil(m.Name), orNil(m.Email)), orNil(m.Email)
	}
	for _, u := range fake.AllServiceUsers() {
		names[u.ServiceUserID] = u.Name
	}
	state := trueSessions(fake, "")
	sessions, _ := state["sessions"].([]any)
	for _, s := range sessions {
		session, _ := s.(object)
		id := fmt.Sprint(cmp.Or(session["user_id"], session["service_user_id"]))
		session["owner_display_name"], session["owner_email"] = names[id], emails[id]
	}
	return state
}

func trueScans(fake *devintest.Server, orgID string) object {
	n := fake.ScanCounts(ofOrg(orgID).OrgIDs, matrixFrom.Add(-8*time.Hour), matrixTo.Add(-8*time.Hour))
	truth := object{
		"scans_count": float64(n.Scans), "repos_scanned_count": float64(n.Repos), "prs_created_count": float64(n.PRsCreated),
		"prs_open_count": float64(n.PRsOpen), "prs_merged_count": float64(n.PRsMerged), "prs_closed_count": float64(n.PRsClosed),
	}
	for _, severity := range severities {
		truth["open_"+severity+"_findings_count"] = float64(n.BySeverity[severity])
	}
	if n.PRsMerged > 0 {
		truth["avg_pr_time_to_merge_seconds"] = 86400.5
	}
	return windowed(truth)
}

var severities = []string{"critical", "high", "medium", "low"}

func trueFindings(fake *devintest.Server, orgID string) object {
	all := slices.DeleteFunc(fake.Findings(), func(f devintest.Finding) bool { return orgID != "" && f.OrgID != orgID })
	slices.SortStableFunc(all, func(a, b devintest.Finding) int {
		return slices.Index(severities, a.Severity) - slices.Index(severities, b.Severity)
	})
	counts := countsOf(all, func(f devintest.Finding) string { return f.Severity })
	for _, severity := range severities {
		if counts[severity] == nil {
			counts[severity] = 0.0
		}
	}
	return object{
		"findings_count": float64(len(all)), "by_severity": counts,
		"findings": rowsOf(all, func(f devintest.Finding) object {
			return fieldsOf(f, "orchestrator_session_id", "note", "code_owners", "reference_snippets")
		}),
	}
}

func trueAuditLogs(fake *devintest.Server, orgID string) object {
	all := fake.AuditLogs(orgID, matrixFrom, twoDaysTo)
	return windowed(object{
		"entries_count": float64(len(all)), "by_action": countsOf(all, func(l devintest.AuditLog) string { return l.Action }),
		"entries": rowsOf(all, func(l devintest.AuditLog) object {
			var data bytes.Buffer
			e := json.NewEncoder(&data)
			e.SetEscapeHTML(false)
			_ = e.Encode(l.Data)
			return with(fieldsOf(l), object{"data": strings.TrimSpace(data.String())})
		}),
	})
}

func trueViolations(fake *devintest.Server, orgID string) object {
	all := fake.Violations(orgID, matrixFrom, matrixTo)
	return windowed(object{
		"violations_count": float64(len(all)), "by_guardrail": countsOf(all, func(v devintest.Violation) string { return v.GuardrailID }),
		"violations": rowsOf(all, func(v devintest.Violation) object {
			return with(fieldsOf(v), object{"user_message": nil, "violation_id": fmt.Sprint(v.ID)})
		}),
	})
}

func trueHypervisors(fake *devintest.Server) object {
	all := fake.Hypervisors()
	slices.SortFunc(all, func(a, b devintest.Hypervisor) int { return strings.Compare(a.ID, b.ID) })
	sum, n := 0.0, 0.0
	for _, h := range all {
		if h.Status != "terminated" && h.Status != "disconnected" {
			sum, n = sum+h.Utilization, n+1
		}
	}
	return object{
		"hypervisors": rowsOf(all, func(h devintest.Hypervisor) object { return fieldsOf(h) }), "mean_utilization_percentage": sum / n,
		"by_status": countsOf(all, func(h devintest.Hypervisor) string { return h.Status }),
	}
}

func trueAPIKeys(fake *devintest.Server) object {
	keys, expiring := []any{}, []any{}
	users := slices.DeleteFunc(fake.AllServiceUsers(), func(u devintest.ServiceUser) bool { return !u.Active })
	slices.SortFunc(users, func(a, b devintest.ServiceUser) int { return strings.Compare(a.ServiceUserID, b.ServiceUserID) })
	for _, u := range users {
		for _, k := range slices.Backward(fake.APIKeys(u.ServiceUserID)) { // the revoked one is older
			key := with(fieldsOf(k), object{"service_user_id": u.ServiceUserID, "service_user_name": u.Name})
			keys = append(keys, key)
			if k.IsActive && k.ExpiresAt != nil && *k.ExpiresAt < matrixTo.AddDate(0, 0, 30).Unix() {
				expiring = append(expiring, key)
			}
		}
	}
	return object{"keys": keys, "expiring": expiring, "unknown_service_user_ids": []any{}}
}

func trueLimits(fake *devintest.Server) object {
	l, all := fake.Limits(), []any{}
	add := func(scope, orgID, userID string, limit int64) {
		all = append(all, object{"scope": scope, "org_id": textOrNil(orgID), "user_id": textOrNil(userID), "cycle_acu_limit": float64(limit)})
	}
	add("enterprise", "", "", *l.Enterprise)
	for _, id := range slices.Sorted(maps.Keys(l.Organizations)) {
		add("org", id, "", l.Organizations[id])
	}
	for _, id := range slices.Sorted(maps.Keys(l.Users)) {
		add("user", "", id, l.Users[id])
	}
	return object{"limits": all}
}

// trueHeadroom is of the cycle from 5 November; 15 of its 30 days have ended.
func trueHeadroom(fake *devintest.Server, agents bool) object {
	start := time.Date(2026, 11, 5, 8, 0, 0, 0, time.UTC)
	const total, ended = 30, 15
	// against compares a limit with the days of a part of the enterprise.
	against := func(name string, limit int64, days []devintest.Day, counts func(devintest.Day) float64) object {
		byDay := [ended + 1]float64{}
		used := 0.0
		for _, d := range days {
			byDay[int(dayOf(d.Name).Sub(start.Add(-8*time.Hour)).Hours())/24] += counts(d)
			used += counts(d)
		}
		reached, sum := any(nil), 0.0
		for i, acus := range byDay {
			if sum += acus; reached == nil && (roundTo(sum) >= float64(limit)) {
				reached = start.AddDate(0, 0, i).Format(time.DateOnly)
			}
		}
		finished := used - byDay[ended]
		if more := math.Ceil(roundTo((float64(limit) - finished) / (finished / ended))); reached == nil && more <= total-ended {
			reached = start.AddDate(0, 0, ended-1+int(more)).Format(time.DateOnly)
		}
		return object{
			"name": name, "cycle_acu_limit": float64(limit), "used_acus": roundTo(used), "left_acus": max(roundTo(float64(limit)-used), 0), "reached_on": reached,
		}
	}
	all := func(d devintest.Day) float64 { return d.ACUs }
	of := func(products ...string) func(devintest.Day) float64 {
		return func(d devintest.Day) (sum float64) {
			for _, p := range products {
				sum += d.ByProduct[p]
			}
			return sum
		}
	}
	use := func(days []devintest.Day, limits ...object) object {
		used, finished := 0.0, 0.0
		for _, d := range days {
			used += d.ACUs
			if dayOf(d.Name).Before(start.AddDate(0, 0, ended).Add(-8 * time.Hour)) {
				finished += d.ACUs
			}
		}
		slices.SortFunc(limits, func(a, b object) int { return cmp.Compare(a["name"].(string), b["name"].(string)) }) //nolint:forcetypeassert // see above
		return object{
			"used_acus": roundTo(used), "acus_per_day": roundTo(finished) / ended, "projected_acus": max(roundTo(roundTo(finished)/ended*total), roundTo(used)), "limits": asAny(limits),
		}
	}
	until := providertest.Now.Add(24 * time.Hour)
	l, whole := fake.Limits(), fake.PartDays(devintest.Part{}, start, until)
	orgs, members := []any{}, []any{}
	sorted := slices.SortedFunc(slices.Values(fake.Organizations()), func(a, b devintest.Organization) int { return strings.Compare(a.OrgID, b.OrgID) })
	for _, o := range sorted {
		days, limits := fake.PartDays(devintest.Part{OrgID: o.OrgID}, start, until), []object{}
		if limit, ok := l.Organizations[o.OrgID]; ok {
			limits = append(limits, against("acu_limit", limit, days, of("devin")))
		}
		if o.MaxCycleACULimit != nil {
			limits = append(limits, against("max_cycle_acu_limit", *o.MaxCycleACULimit, days, all))
		}
		if limit, ok := l.Cloud[o.OrgID]; ok && agents {
			limits = append(limits, against("cloud_agent", limit, days, of("devin")), against("local_agent", l.Local[o.OrgID], days, of("cascade", "terminal")))
		}
		orgs = append(orgs, with(use(days, limits...), object{"org_id": o.OrgID, "name": o.Name}))
	}
	for _, id := range slices.Sorted(maps.Keys(l.Users)) {
		days := fake.UserDays(id, start, until)
		members = append(members, with(use(days, against("acu_limit", l.Users[id], days, of("devin", "cascade", "terminal"))), object{"user_id": id}))
	}
	return object{
		"start_date": "2026-11-05", "end_date": "2026-12-04", "agent_limits_known": agents,
		"enterprise": use(whole, against("acu_limit", *l.Enterprise, whole, of("devin"))), "organizations": orgs, "members": members,
	}
}

func dayOf(name string) time.Time {
	day, err := time.Parse(time.DateOnly, name)
	if err != nil {
		panic(err)
	}
	return day
}

// roundTo removes what floating point adds to sums of hundredths.
func roundTo(acus float64) float64 { return math.Round(acus*1e6) / 1e6 }

func asAny(all []object) []any {
	list := []any{}
	for _, one := range all {
		list = append(list, one)
	}
	return list
}
