package acceptance

import (
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
)

// ownOrganization is that of the key devintest.KeyOrganization.
func ownOrganization(fake *devintest.Server) string { return fake.Organizations()[0].OrgID }

func wantScopeError(t *testing.T, name string, diags []*tfprotov6.Diagnostic, texts ...string) {
	t.Helper()
	if len(diags) != 1 || !strings.HasPrefix(diags[0].Summary, "forbidden: the API key is of one organization") {
		t.Errorf("%s: got %s", name, providertest.Messages(diags))
		return
	}
	for _, text := range texts {
		if !strings.Contains(diags[0].Detail, text) {
			t.Errorf("%s does not say %q: %s", name, text, diags[0].Detail)
		}
	}
}

// Without org_id, and with another's, every type says the same in its own words:
// which organization the key is of, and what to set.
func TestKeyOfAnOrganizationIsToldWhatToSet(t *testing.T) {
	t.Parallel()
	for _, unknown := range []int{0, 404} {
		inBubble(t, devintest.Options{Quirks: devintest.Quirks{UnknownOrganization: unknown}}, func(t *testing.T, b *bubble) {
			own := ownOrganization(b.Server)
			p := b.configured(t, map[string]any{"api_key": devintest.KeyOrganization})
			for _, r := range readings() {
				if r.needsNoPermission() {
					continue // any key may read it
				}
				given := r.arguments(b.Server)
				asked, has := given["org_id"].(string)
				diags := p.ReadData(t, r.source, given).Diagnostics
				switch {
				case isEnterpriseOnly(r.source) || needsEnterpriseKey(r.source):
					wantScopeError(t, r.name, diags, own, "to a key of the enterprise only")
				case has && asked == own:
					for _, d := range diags {
						if !strings.Contains(d.Summary, "may not list service users") {
							t.Errorf("%s: %s", r.name, providertest.Messages(diags))
						}
					}
				case has:
					wantScopeError(t, r.name, diags, own, "org_id is "+asked)
				default:
					wantScopeError(t, r.name, diags, "org_id = \""+own+"\"", "DEVIN_ORG_ID")
				}
			}
		})
	}
}

// ofMembers replaces the users that are named by members of an organization, since
// its lists have no others.
func ofMembers(fake *devintest.Server, orgID string, given object) object {
	var ids []string
	for _, m := range fake.Members() {
		if slices.ContainsFunc(m.Assignments, func(a devintest.Assignment) bool { return a.OrgID == orgID }) {
			ids = append(ids, m.UserID)
		}
	}
	given = maps.Clone(given)
	if _, ok := given["user_id"]; ok {
		given["user_id"] = ids[0]
	}
	if _, ok := given["user_ids"]; ok {
		given["user_ids"] = ids[:2]
	}
	return given
}

// A data source that can read an organization gives the same with its own key and with
// one of the enterprise, by the provider's org_id and by the data source's own.
func withoutServiceUserNames(state object) {
	sessions, _ := state["sessions"].([]any)
	for _, s := range sessions {
		if session, _ := s.(object); session["service_user_id"] != nil {
			session["owner_display_name"] = nil
		}
	}
}

func TestAnOrganizationReadsTheSameByEitherKeyAndEitherSetting(t *testing.T) {
	t.Parallel()
	inBubble(t, devintest.Options{}, func(t *testing.T, b *bubble) {
		own := ownOrganization(b.Server)
		ofOwn := b.configured(t, map[string]any{"api_key": devintest.KeyOrganization, "org_id": own})
		ofEnterprise := b.configured(t, map[string]any{"org_id": own})
		wide := b.configured(t, nil)
		for _, r := range readings() {
			given := ofMembers(b.Server, own, r.arguments(b.Server))
			if _, has := given["org_id"]; has || isEnterpriseOnly(r.source) || r.needsNoPermission() {
				continue
			}
			want := wide.ReadData(t, r.source, with(given, object{"org_id": own}))
			for name, p := range map[string]*protocol{"its own key": ofOwn, "a key of the enterprise": ofEnterprise} {
				got := p.ReadData(t, r.source, given)
				if needsEnterpriseKey(r.source) && p == ofOwn {
					wantScopeError(t, r.name, got.Diagnostics, own, "to a key of the enterprise only")
					continue
				}
				if r.source == "devin_service_users_daily_consumption" && p == ofOwn {
					// Its key may not list them, and the error says which argument helps.
					// With that argument, names alone are missing.
					want := "service_user_ids"
					if _, has := given[want]; has {
						want = "no number depends on them"
					}
					if len(got.Diagnostics) != 1 || !strings.Contains(got.Diagnostics[0].Detail, want) {
						t.Errorf("%s: %s", r.name, providertest.Messages(got.Diagnostics))
					}
					continue
				}
				if len(want.Diagnostics)+len(got.Diagnostics) > 0 {
					t.Errorf("%s with %s: %s%s", r.name, name, providertest.Messages(want.Diagnostics), providertest.Messages(got.Diagnostics))
					continue
				}
				schema := b.schemaOf(r.source)
				state, _ := stateOf(t, schema, got.State).(object)
				if given["with_owners"] == true && p == ofOwn {
					// Its key may not list service users.
					wanted, _ := stateOf(t, schema, want.State).(object)
					withoutServiceUserNames(wanted)
					sameState(t, state, wanted)
					continue
				}
				if state["org_id"] != own {
					t.Errorf("%s with %s says that it read %v", r.name, name, state["org_id"])
				}
				sameState(t, state, stateOf(t, schema, want.State))
			}
		}
		for _, request := range b.Requests() {
			if request.Key == devintest.KeyOrganization && request.Status >= 400 && !strings.HasPrefix(request.Path, "/v3/enterprise/organizations/") &&
				!strings.HasPrefix(request.Path, "/v3beta1/enterprise/organizations/") && !strings.HasPrefix(request.Path, serviceUsersPath+"/") {
				t.Errorf("the organization's key was refused at %s", request.Path)
			}
		}
	})
}

// What only the enterprise has is read whatever org_id says, if the key may.
func TestWhatOnlyTheEnterpriseHasIsReadBesideAnOrgID(t *testing.T) {
	t.Parallel()
	inBubble(t, devintest.Options{}, func(t *testing.T, b *bubble) {
		p := b.configured(t, map[string]any{"org_id": ownOrganization(b.Server)})
		refused := b.configured(t, map[string]any{"api_key": devintest.KeyOrganization, "org_id": ownOrganization(b.Server)})
		for _, r := range readings() {
			if isEnterpriseOnly(r.source) {
				r.read(t, b.Server, p, everywhere, fine)
				wantScopeError(t, r.name, r.ask(t, b.Server, refused), "to a key of the enterprise only")
			}
		}
	})
}

func TestOrgIDsBesideAnOrgIDAreRefused(t *testing.T) {
	t.Parallel()
	inBubble(t, devintest.Options{}, func(t *testing.T, b *bubble) {
		p := b.configured(t, map[string]any{"org_id": ownOrganization(b.Server)})
		for _, source := range []string{"devin_pr_metrics", "devin_members_pr_metrics"} {
			diags := p.ReadData(t, source, with(week(b.Server), object{"org_ids": []string{"org-a"}})).Diagnostics
			if len(diags) != 1 || diags[0].Summary != "org_ids beside org_id" || diags[0].Attribute == nil {
				t.Errorf("%s: %s", source, providertest.Messages(diags))
			}
		}
	})
}

// The documentation's personal access token shows an org_id and may read what its
// owner may: nothing is refused before Devin has refused it.
func TestATokenThatShowsAnOrganizationReadsWhatDevinLetsIt(t *testing.T) {
	t.Parallel()
	inBubble(t, devintest.Options{}, func(t *testing.T, b *bubble) {
		own := ownOrganization(b.Server)
		b.AddKey("cog_token", devintest.Principal{
			Permissions: devintest.AllPermissions(),
			Self:        `{"principal_type":"pat_user","user_id":"email|1","user_name":"Ann","api_key_id":"k","api_key_name":"laptop","org_id":"` + own + `"}`,
		})
		p := b.configured(t, map[string]any{"api_key": "cog_token", "org_id": own})
		for _, r := range readings() {
			if isEnterpriseOnly(r.source) {
				r.read(t, b.Server, p, everywhere, fine)
			}
		}
	})
}

// Two provider blocks in one configuration, each with its own key.

func TestTwoInstancesShareNeitherKeysNorAnswersNorThrottles(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		mine, theirs := newBubble(devintest.Options{Seed: 1}), newBubble(devintest.Options{Seed: 2, Members: 30})
		defer mine.close()
		defer theirs.close()
		const theirKey = "cog_another_key"
		theirs.AddKey(theirKey, devintest.Principal{ID: "service-user-2", Permissions: devintest.AllPermissions()})
		// The other instance is told to wait a minute, over and over.
		theirs.Fault(userPath, devintest.Fault{Status: 429, RetryAfter: "60", Times: 3})
		r := readingOfMembers()
		var group sync.WaitGroup
		var mineTook, theirsTook time.Duration
		group.Go(func() {
			p, before := mine.configured(t, nil), time.Now()
			r.read(t, mine.Server, p, everywhere, fine)
			mineTook = time.Since(before)
		})
		group.Go(func() {
			p, before := theirs.configured(t, map[string]any{"api_key": theirKey}), time.Now()
			r.read(t, theirs.Server, p, everywhere, fine)
			theirsTook = time.Since(before)
		})
		group.Wait()
		if mineTook > 0 || theirsTook < time.Minute {
			t.Errorf("the one that was told to wait took %s, and the other %s", theirsTook, mineTook)
		}
		onlyKey(t, mine.Server, matrixKey)
		onlyKey(t, theirs.Server, theirKey)
	})
}

func TestTwoKeysAtTheSameDevinDoNotShareAnswers(t *testing.T) {
	t.Parallel()
	inBubble(t, devintest.Options{}, func(t *testing.T, b *bubble) {
		empty := b.configured(t, map[string]any{"api_key": devintest.KeyNoResources})
		refused := b.configured(t, map[string]any{"api_key": devintest.KeyInvalidPermissions})
		all := b.configured(t, nil)
		var group sync.WaitGroup
		for range 3 {
			for _, r := range readings() {
				group.Go(func() { r.read(t, b.Server, all, everywhere, fine) })
				if !r.needsNoPermission() { // which any key may read
					group.Go(func() { checkDiags(t, r.ask(t, b.Server, refused), "forbidden: ") })
				}
			}
			group.Go(func() {
				resp := empty.ReadData(t, "devin_members", nil)
				sameState(t, stateOf(t, all.Schemas.DataSourceSchemas["devin_members"], resp.State),
					reading{source: "devin_members"}.whole(allOf([]any{})))
			})
		}
		group.Wait()
	})
}

func checkDiags(t *testing.T, diags []*tfprotov6.Diagnostic, summary string) {
	t.Helper()
	if len(diags) != 1 || !strings.HasPrefix(diags[0].Summary, summary) {
		t.Errorf("want one error with %q, got %s", summary, providertest.Messages(diags))
	}
}

func onlyKey(t *testing.T, fake *devintest.Server, key string) {
	t.Helper()
	requests := fake.Requests()
	for _, r := range requests {
		if r.Key != key {
			t.Fatalf("%s came with the key %q", r.Path, r.Key)
		}
	}
	if len(requests) == 0 {
		t.Error("nothing was asked")
	}
}
