package acceptance

import (
	"slices"
	"strings"
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
)

var redacting = map[string]any{"redact_personal_data": true}

// redacted takes addresses and names of people out of a true state.
func redacted(state any) any {
	switch v := state.(type) {
	case object:
		all := object{}
		for name, inner := range v {
			all[name] = redacted(inner)
			if _, isPerson := v["user_id"]; isPerson && (name == "email" || name == "name") {
				all[name] = nil
			}
			if id, isPerson := v["user_id"]; isPerson && name == "display_name" {
				all[name] = id
			}
			for id, private := range map[string]string{"audit_log_id": "user_email data", "violation_id": "reasoning", "pull_requests": "title"} {
				if _, is := v[id]; is && slices.Contains(strings.Fields(private), name) {
					all[name] = nil
				}
			}
		}
		return all
	case []any:
		all := make([]any, len(v))
		for i, inner := range v {
			all[i] = redacted(inner)
		}
		return all
	}
	return state
}

func TestRedactionLeavesNeitherAddressesNorNamesAndEverythingElse(t *testing.T) {
	t.Parallel()
	for _, r := range rows() {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, devintest.Options{}, func(t *testing.T, b *bubble) {
				plain := r
				r.truth = func(fake *devintest.Server) object {
					state, _ := redacted(plain.truth(fake)).(object)
					return state
				}
				r.read(t, b.Server, b.configured(t, redacting), everywhere, fine)
			})
		})
	}
}

func TestRedactionStillFindsAMemberByAddress(t *testing.T) {
	t.Parallel()
	inBubble(t, devintest.Options{}, func(t *testing.T, b *bubble) {
		for _, m := range sortedMembers(b.Server) {
			if m.Email == nil || strings.ContainsAny(m.UserID, "@") {
				continue
			}
			p := b.configured(t, redacting)
			resp := p.ReadData(t, "devin_members", map[string]any{"email": strings.ToUpper(*m.Email)})
			state, _ := stateOf(t, p.Schemas.DataSourceSchemas["devin_members"], resp.State).(object)
			members, _ := state["members"].([]any)
			if len(members) != 1 {
				t.Fatalf("%d members: %s", len(members), providertest.Messages(resp.Diagnostics))
			}
			one, _ := members[0].(object)
			if one["user_id"] != m.UserID || one["email"] != nil || one["name"] != nil || one["display_name"] != m.UserID {
				t.Errorf("it is %v", one)
			}
			return
		}
	})
}

func TestRedactionKeepsTheNameOfAServiceUserAndNotThatOfAPerson(t *testing.T) {
	t.Parallel()
	for key, name := range map[string]any{devintest.KeyPAT: nil, devintest.KeyOK: "DX Import"} {
		inBubble(t, devintest.Options{}, func(t *testing.T, b *bubble) {
			person := ""
			for _, m := range b.Members() {
				if m.Name != nil && person == "" {
					person = *m.Name
				}
			}
			settings := with(redacting, object{"api_key": key})
			p := b.configured(t, settings)
			resp := p.ReadData(t, "devin_connection_check", nil)
			state, _ := stateOf(t, p.Schemas.DataSourceSchemas["devin_connection_check"], resp.State).(object)
			if state["principal_name"] != name || state["principal_id"] == nil || state["ok"] != true {
				t.Errorf("%s: the check is %s", key, abridged(state))
			}
			if said := abridged(state) + providertest.Messages(resp.Diagnostics); strings.Contains(said, person) {
				t.Errorf("%s: %s is named in %s", key, person, said)
			}
		})
	}
}
