package provider

import (
	"strings"
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

func TestACheckSaysWhatItSawAndNoMore(t *testing.T) {
	t.Parallel()
	const none = `{"items":[],"has_next_page":false}`
	for name, tt := range map[string]struct {
		key    string
		faults map[string]devintest.Fault
		want   string // the beginning of the message
		says   string
		not    string
	}{
		"members, and no organization": {
			devintest.KeyOK,
			map[string]devintest.Fault{"*/organizations": {Body: none}},
			"no_resources: the key works, but sees no organization\n", "add an organization there", "no members",
		},
		"no members, and a list of organizations that is denied": {
			devintest.KeyNoOrganizationList,
			map[string]devintest.Fault{"*/users": {Body: none}, "*/idp-users": {Body: none}},
			"no_resources: the key works, but sees no members\n", "The check can do without this permission.", "no organization",
		},
		"no members, and no list of organizations": {
			devintest.KeyOK,
			map[string]devintest.Fault{"*/users": {Body: none}, "*/idp-users": {Body: none}, "*/organizations": {Status: 404}},
			"no_resources: the key works, but sees no members\n", "The check can do without this list.", "no organization",
		},
		"members, and no list of organizations": {
			devintest.KeyOK,
			map[string]devintest.Fault{"*/organizations": {Status: 404}},
			"The API key of the service user", "works and has every required permission", "unavailable",
		},
		"an organizations list that is down": {
			devintest.KeyOK,
			map[string]devintest.Fault{"*/organizations": {Status: 503}},
			"unavailable: Devin answered 503\n", "This says nothing about the API key", "can do without",
		},
		"an address that is not in the list": {
			devintest.KeyOK,
			map[string]devintest.Fault{"*": {Status: 403, Body: `{"detail":"203.0.113.7 is not in the IP access list"}`}},
			"unavailable: Devin denies access to this machine's IP address\n", "let an administrator", "revoked",
		},
		"an answer that breaks off": {
			devintest.KeyOK,
			map[string]devintest.Fault{"*/prs": {CutBody: true}},
			"unavailable: Devin's answer broke off\n", "request_timeout", "status page",
		},
	} {
		fake := newFixture(t, devintest.Options{})
		for path, fault := range tt.faults {
			fake.Fault(path, fault)
		}
		var m connectionCheckDataModel
		if err := readConnectionCheck(t.Context(), fake.Client(t, tt.key), &m); err != nil {
			t.Fatal(err)
		}
		message := text(m.Message)
		if !strings.HasPrefix(message, tt.want) || !strings.Contains(message, tt.says) || strings.Contains(message, tt.not) {
			t.Errorf("%s: %s", name, message)
		}
	}
}
