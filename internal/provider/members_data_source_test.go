package provider

import (
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
)

func TestMembersAreThoseOfBothListsSorted(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{})
	var m membersModel
	if err := readMembers(t.Context(), fake.Client(t, devintest.KeyOK), &m); err != nil {
		t.Fatal(err)
	}
	truth := fake.Members()
	if len(m.Members) != len(truth) {
		t.Fatalf("%d members, want %d", len(m.Members), len(truth))
	}
	byID := map[string]devintest.Member{}
	for _, member := range truth {
		byID[member.UserID] = member
	}
	for i, got := range m.Members {
		want, ok := byID[got.UserID]
		if !ok {
			t.Errorf("%q is no member", got.UserID)
		}
		if i > 0 && m.Members[i-1].UserID >= got.UserID {
			t.Errorf("%q is not sorted", got.UserID)
		}
		if text(got.Email) != text(want.Email) || text(got.Name) != text(want.Name) {
			t.Errorf("%s: %s, %s, want %s, %s", got.UserID, text(got.Email), text(got.Name), text(want.Email), text(want.Name))
		}
		if (got.EnterpriseJoinedAt == nil) != (want.JoinedAt == nil) {
			t.Errorf("%s joined at %v, want %v", got.UserID, got.EnterpriseJoinedAt, want.JoinedAt)
		}
		if n := len(want.Assignments) + len(want.IDPAssignments); len(got.RoleAssignments) != n {
			t.Errorf("%s has %d roles, want %d", got.UserID, len(got.RoleAssignments), n)
		}
	}
}

func TestMembersAreFilteredByEachArgument(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{})
	var person devintest.Member
	direct := 0
	for _, member := range fake.Members() {
		if member.Direct {
			direct++
		}
		if member.Email != nil {
			person = member
		}
	}
	org := fake.Organizations()[0].OrgID
	for name, tt := range map[string]struct {
		model membersModel
		want  func(memberModel) bool
		n     int // -1 is at least one
	}{
		"by e-mail in another case": {
			membersModel{Email: types.StringValue(strings.ToUpper(*person.Email))},
			func(m memberModel) bool { return m.UserID == person.UserID }, 1,
		},
		"by an e-mail that no member has": {membersModel{Email: types.StringValue("unknown@example.com")}, nil, 0},
		"without IdP users": {
			membersModel{IncludeIDPUsers: types.BoolValue(false)},
			func(m memberModel) bool {
				for _, role := range m.RoleAssignments {
					if role.IDPGroupName != nil {
						return false
					}
				}
				return true
			}, direct,
		},
		"by organization": {
			membersModel{scopeModel: scopeModel{OrgID: types.StringValue(org)}},
			func(m memberModel) bool {
				for _, role := range m.RoleAssignments {
					if text(role.OrgID) == org {
						return true
					}
				}
				return false
			}, -1,
		},
	} {
		if err := readMembers(t.Context(), tt.model.scope(fake.Client(t, devintest.KeyOK)), &tt.model); err != nil {
			t.Errorf("%s: %s", name, err)
		}
		if n := len(tt.model.Members); n != tt.n && (tt.n >= 0 || n == 0) {
			t.Errorf("%s: %d members", name, n)
		}
		if tt.model.Members == nil {
			t.Errorf("%s: the list is null", name)
		}
		for _, m := range tt.model.Members {
			if !tt.want(m) {
				t.Errorf("%s: %+v does not belong there", name, m)
			}
		}
	}
}

func TestAccMembers(t *testing.T) {
	fake := newFixture(t, devintest.Options{})
	first := slices.MinFunc(fake.Members(), func(a, b devintest.Member) int { return strings.Compare(a.UserID, b.UserID) })
	const body = `
data "devin_members" "all" {}
output "first" { value = data.devin_members.all.members[0].user_id }
output "all" { value = data.devin_members.all.members }
`
	step := fake.Step(devintest.KeyOK, body,
		providertest.Attribute("data.devin_members.all", "members", knownvalue.ListSizeExact(len(fake.Members()))),
		statecheck.ExpectKnownOutputValue("first", knownvalue.StringExact(first.UserID)),
	)
	unknown := fake.Failing(devintest.KeyOK, `data "devin_members" "all" { org_id = "org-unknown" }`, "forbidden: Devin denied access")
	blank := fake.Failing(devintest.KeyOK, `data "devin_members" "all" { email = " " }`, "Empty text")
	providertest.Run(t, unknown, blank, step, fake.Unchanged(devintest.KeyOK, body))
}

func TestMembersCountIsOfAllMembers(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{Members: 7})
	for _, format := range []string{"objects", "csv", "none"} {
		m := membersModel{rowsModel: rowsModel{Format: types.StringValue(format)}, orderModel: orderModel{First: types.NumberValue(big.NewFloat(2))}}
		if err := readMembers(t.Context(), fake.Client(t, devintest.KeyOK), &m); err != nil {
			t.Fatal(err)
		}
		if m.MembersCount == nil || *m.MembersCount != 7 {
			t.Errorf("%s: %v", format, m.MembersCount)
		}
	}
}
