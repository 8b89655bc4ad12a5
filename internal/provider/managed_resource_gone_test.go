package provider

import (
	"net/http"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
)

const (
	leaves    = "No longer in the state"
	emptyList = `{"items": [], "end_cursor": null, "has_next_page": false, "total": 0}`
)

// An object that is gone leaves the state with a warning, also where Devin answers 403
// to a read of it; where the endpoint is not enabled, it stays.
func TestWhatIsGoneLeavesTheStateAndWhatIsNotEnabledDoesNot(t *testing.T) {
	t.Parallel()
	for _, status := range []int{403, 404} {
		off := newFixture(t, devintest.Options{Members: 4, Quirks: devintest.Quirks{UnknownOrganization: status, BetaLimits: status}})
		on := newFixture(t, devintest.Options{Members: 4, Quirks: devintest.Quirks{UnknownOrganization: status}})
		for i, c := range limitCases(off) {
			id := strings.Replace(c.id(), "-", "-gone", 1)
			r := newManaged(t, newTerraform(t, off, nil), c.name)
			if i > 0 {
				if r.inState(c.first).refresh() || !strings.Contains(r.said[0].Summary, "enabled") {
					t.Errorf("%d: %s: %s", status, c.name, providertest.Messages(r.said))
				}
				r.has(c.first)
			}
			r = newManaged(t, newTerraform(t, on, nil), c.name)
			r.inState(c.of(id)).refresh()
			r.says(leaves)
			r.mentions(leaves, id)
			r.has(nil)
			// What is gone needs no clearing. An answer 403 may be due to the key.
			r.inState(c.of(id)).apply(nil)
			if c.first["org_id"] != nil && status == 403 {
				if !hasErrors(r.said) {
					t.Errorf("%d: to clear %s that is gone: %s", status, c.name, providertest.Messages(r.said))
				}
				r.has(c.of(id))
			} else {
				r.has(nil)
			}
		}
	}
}

// Where lists lack an object that a key may not see, a refused write does not mean that
// the object is gone. Neither does a refused read where the key reads no other object.
func TestARefusedRequestKeepsTheResourceInTheState(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{Members: 4})
	tf := newTerraform(t, fake, nil)
	for _, c := range limitCases(fake) {
		fake.ClearFaults()
		r := newApplied(t, tf, c.name, c.first)
		for _, list := range []string{"/v3/enterprise/organizations", "/v3/enterprise/members/users", "/v3/enterprise/members/idp-users"} {
			fake.Fault(list, devintest.Fault{Body: emptyList})
		}
		fake.Fault(c.path, devintest.Fault{Status: 403, When: isWrite})
		if r.apply(nil) || !strings.HasPrefix(r.said[len(r.said)-1].Summary, "forbidden: ") {
			t.Errorf("to clear %s: %s", c.name, providertest.Messages(r.said))
		}
		r.has(c.first)
		fake.Fault(c.path, devintest.Fault{Status: 403})
		if r.refresh() || !strings.HasPrefix(r.said[len(r.said)-1].Summary, "forbidden: ") {
			t.Errorf("the refresh of %s: %s", c.name, providertest.Messages(r.said))
		}
		r.has(c.first)
	}
}

// An answer 403 to a read means that the object is gone where the key reads another one.
func TestARefusedReadMeansGoneWhereTheKeyReadsAnother(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{Members: 4})
	const id = "google-oauth2|0"
	for _, c := range limitCases(fake)[2:] {
		r := newManaged(t, newTerraform(t, fake, nil), c.name)
		fake.Fault("/v3beta1/enterprise/users/"+id+"/*", devintest.Fault{Status: 403})
		r.inState(c.of(id)).refresh()
		r.says(leaves)
		r.has(nil)
		fake.Fault("/v3beta1/enterprise/users/*", devintest.Fault{Status: 403})
		if r.inState(c.of(id)).refresh() {
			t.Error(providertest.Messages(r.said))
		}
		r.has(c.of(id))
		fake.ClearFaults()
	}
}

// One list that lacks the object, or one stale read, does not remove it from the state.
func TestOneStaleReadKeepsTheResourceInTheState(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{Members: 4, PageSize: 200})
	tf := newTerraform(t, fake, nil)
	for i, c := range limitCases(fake) {
		r := newApplied(t, tf, c.name, c.first)
		nothing := "{}"
		if i == 0 {
			nothing = emptyList
		}
		fake.Fault(c.path, devintest.Fault{Body: nothing, Times: 1})
		r.refresh()
		r.says()
		r.has(c.first)
		// 404, and Devin shows it neither by its id nor in its lists, once.
		fake.ClearFaults()
		fake.Fault(c.path, devintest.Fault{Status: 404})
		for _, list := range []string{"/v3/enterprise/organizations", "/v3/enterprise/members/users"} {
			fake.Fault(list, devintest.Fault{Body: emptyList, Times: 1})
			fake.Fault(list+"/*", devintest.Fault{Status: 404, Times: 1})
		}
		if r.refresh() {
			t.Errorf("%s: %s", c.name, providertest.Messages(r.said))
		}
		r.has(c.first)
		// What two reads lack leaves the state, with a warning that names it.
		fake.ClearFaults()
		fake.Fault(c.path, devintest.Fault{Body: nothing})
		r.refresh()
		r.says(leaves)
		r.mentions(leaves, c.id(), "The state had: ")
		r.has(nil)
		fake.ClearFaults()
	}
}

// What a read does not recognize is an error, and never "not set".
func TestAnswersOfAnotherShapeAreErrors(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{Members: 4})
	org := limitCases(fake)[0].id()
	item := func(scope, org, limit string) string {
		return `{"items": [{"scope": "` + scope + `", "org_id": ` + org + `, "cycle_acu_limit": ` + limit + `}], "has_next_page": false}`
	}
	quoted := `"` + org + `"`
	answers := map[bool][]string{
		true: {
			`{"error": "not ready"}`, `{"message": "try again"}`, `{"data": []}`, `{"items": null}`, `[]`, `null`, ``, item("organization", quoted, "5"),
			item("org", "null", "5"), item("org", quoted, "null"), item("org", quoted, "5.5"), item("org", quoted, "-1"),
		},
		false: {
			`{"error": "not ready"}`, `{"message": "try again"}`, `{"data": {"local_agent": {"cycle_acu_limit": 1}}}`, `{"limits": {}}`,
			`{"local_agent": {"error": "not ready"}, "cloud_agent": {"error": "not ready"}}`, `[]`, `null`, `"none"`, ``,
		},
	}
	tf := newTerraform(t, fake, nil)
	for i, c := range limitCases(fake) {
		for _, body := range answers[i == 0] {
			fake.Fault(c.path, devintest.Fault{Body: body, EmptyBody: body == "", When: isRead})
			r := newManaged(t, tf, c.name).inState(c.first)
			if r.refresh() || len(r.said) != 1 || !strings.HasPrefix(r.said[0].Summary, "unavailable: ") {
				t.Errorf("%s of %s: %s", body, c.name, providertest.Messages(r.said))
			}
			r.has(c.first)
			fake.ClearFaults()
		}
	}
	// The scope in capitals is the same scope.
	c := limitCases(fake)[0]
	fake.Fault(c.path, devintest.Fault{Body: item("ORG", quoted, "70000")})
	r := newManaged(t, tf, c.name).inState(c.first)
	r.refresh()
	r.says()
	r.has(c.first)
}

// Terraform composes the characters of an id (NFC), and Devin may have them decomposed.
func TestAnIDWithComposedCharactersIsTheSameID(t *testing.T) {
	t.Parallel()
	const composed, own = "saml|ren\u00e9", "saml|rene\u0301"
	fake := newFixture(t, devintest.Options{Members: 4})
	user, org := fake.Members()[0].UserID, fake.Organizations()[0].OrgID
	tf := newTerraform(t, fake, nil)
	// The first user of the fake, under another id.
	tf.network.between = func(w http.ResponseWriter, r *http.Request, next http.HandlerFunc) {
		if strings.Contains(r.URL.Path, composed) {
			http.Error(w, `{"detail": "User not found"}`, http.StatusNotFound)
			return
		}
		r.URL.Path, r.URL.RawPath = strings.ReplaceAll(r.URL.Path, own, user), ""
		r.URL.RawPath = strings.ReplaceAll(r.URL.Path, "|", "%7C")
		r.RequestURI = r.URL.RequestURI()
		next(&replacing{w, user, own}, r)
	}
	for _, c := range []limitCase{
		{name: "devin_user_acu_limit", first: map[string]any{"user_id": composed, "cycle_acu_limit": int64(70_000)}},
		{name: "devin_user_billing_organization", first: map[string]any{"user_id": composed, "billing_org_id": org}},
	} {
		r := newApplied(t, tf, c.name, c.first)
		r.says()
		if l := fake.Limits(); len(l.Users)+len(l.BillingOrgs) != 1 {
			t.Errorf("Devin has %+v", l)
		}
		r.refresh()
		r.says()
		r.has(c.first)
		imported := newManaged(t, tf, c.name)
		imported.importID(composed)
		imported.has(c.first)
		if !r.apply(nil) {
			t.Error(providertest.Messages(r.said))
		}
		nothingIsSet(t, fake)
	}
}

// replacing replaces a text in an answer.
type replacing struct {
	http.ResponseWriter
	old, with string
}

func (w *replacing) Write(body []byte) (int, error) {
	w.Header().Del("Content-Length")
	_, err := w.ResponseWriter.Write([]byte(strings.ReplaceAll(string(body), w.old, w.with)))
	return len(body), err
}

func TestAnAddressIsNoUserID(t *testing.T) {
	t.Parallel()
	fake := newFixture(t, devintest.Options{Members: 4})
	fake.AddKey("cog_no_lists", devintest.Principal{Permissions: []string{devintest.WriteBilling, "ViewAccountConsumption"}})
	member := fake.Members()[0]
	const summary = "E-mail address in place of an id"
	for _, c := range limitCases(fake)[2:] {
		r := newManaged(t, newTerraform(t, fake, nil), c.name)
		r.plan(c.of(*member.Email))
		r.says("error: " + summary)
		r.mentions(summary, member.UserID)
		if at := r.said[0].Attribute; at == nil || at.String() != tftypes.NewAttributePath().WithAttributeName("user_id").String() {
			t.Errorf("it points at %v", at)
		}
		r.plan(c.of("stranger@acme.example"))
		r.says("error: " + summary)
		// Where the lists may not be read, an address may be an id.
		r = newManaged(t, newTerraform(t, fake, map[string]any{"api_key": "cog_no_lists"}), c.name)
		r.plan(c.of(*member.Email))
		r.says(notKnown)
		// A member whose id was an address has left.
		r = newManaged(t, newTerraform(t, fake, nil), c.name).inState(c.of("stranger@acme.example"))
		r.refresh()
		r.says(leaves)
		r.has(nil)
	}
}

// In a list that ended early, what is missing may not be gone.
func TestAResourceStaysInTheStateWhereAListEndsEarly(t *testing.T) {
	t.Parallel()
	for _, strict := range []bool{false, true} {
		fake := newFixture(t, devintest.Options{Members: 4})
		r := newManaged(t, newTerraform(t, fake, map[string]any{"strict": strict}), "devin_organization_acu_limit")
		if !r.apply(limitCases(fake)[0].first) {
			t.Fatal(providertest.Messages(r.said))
		}
		fake.Fault("/v3/enterprise/consumption/acu-limits/devin", aShortList)
		r.refresh()
		want := tfprotov6.DiagnosticSeverityWarning
		if strict {
			want = tfprotov6.DiagnosticSeverityError
		}
		if len(r.said) != 1 || r.said[0].Summary != string(devin.NoticeShortList) || r.said[0].Severity != want || r.state == nil {
			t.Errorf("strict %v: the resource is in the state: %v; %s", strict, r.state != nil, providertest.Messages(r.said))
		}
	}
}
