package provider

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
)

// failure is an error of a type that not every type has, for the type's page: the summary
// of the error, and when it comes.
type failure struct{ summary, when string }

// keys says which keys Devin accepts for a type.
type keys int

const (
	anyKey            keys = iota // also one without a permission
	eitherKey                     // one of the enterprise, or one of the organization that is read
	enterpriseKeyOnly             // one of the enterprise, also where an organization is read
	enterpriseKey                 // one of the enterprise, which alone can be read
)

// failures are those that a key of the wrong kind leads to.
func (k keys) failures() []failure {
	const summary = "forbidden: the API key is of one organization"
	switch k {
	case eitherKey:
		return []failure{{summary, "The key is of an organization, and `org_id` does not name it."}}
	case enterpriseKeyOnly:
		return []failure{{summary, "The key is of an organization. Devin shows this to a key of the enterprise only, also where `org_id` names an organization."}}
	case enterpriseKey:
		return []failure{{summary, "Devin has this for the enterprise only."}}
	}
	return nil
}

// argumentFailures are those that arguments of a data source have wherever they come.
func argumentFailures(s schema.Schema) []failure {
	takes := func(name string) bool {
		a := s.Attributes[name]
		return a != nil && (a.IsOptional() || a.IsRequired())
	}
	var all []failure
	if takes("limit") {
		all = append(all, failure{"More than limit allows", "The list is longer than `limit`. It is never cut."})
	}
	if takes("org_id") && takes("org_ids") {
		all = append(all, failure{"org_ids beside org_id", "`org_ids` is given where one organization is read."})
	}
	for _, name := range []string{"user_id", "user_ids"} {
		if takes(name) {
			all = append(all, failure{"E-mail address in place of an id", fmt.Sprintf("`%s` has an e-mail address that is no member's id.", name)})
		}
	}
	for _, of := range [][2]string{{"unknown_user_ids", "users"}, {"unknown_org_ids", "organizations"}, {"unknown_service_user_ids", "service users"}} {
		if s.Attributes[of[0]] != nil {
			all = append(all, failure{"Devin knows none of the " + of[1], fmt.Sprintf("If Devin knows some, the others are in `%s`.", of[0])})
		}
	}
	return all
}

// failures are those of every resource that writes. It asks with a key of the enterprise,
// also where an organization's own key may read the same.
func (r *managedResource) failures() []failure {
	unknown, has := failure{"Organization unknown to Devin", "Devin's lists do not have `org_id`."}, "an organization"
	if r.identity == "user_id" {
		unknown, has = failure{"User unknown to Devin", "Devin's lists do not have `user_id`."}, "a user"
	}
	all := append(enterpriseKey.failures(),
		failure{"The provider only reads", "The plan writes, and the provider has `read_only`."},
		unknown,
		failure{"Two blocks for one object", "Two blocks of the configuration set the same."},
		failure{"Nothing to import", "What is imported is not set in Devin."},
	)
	if r.identity == "user_id" {
		all = append(all, failure{"E-mail address in place of an id", "`user_id` has an e-mail address that is no member's id."})
	}
	if r.insteadOfBeta != "" {
		all = append(all,
			failure{"Perhaps not enabled for this enterprise", "Devin answers 404 for " + has + " that it has."},
			failure{"forbidden: Devin denied access, or it is not enabled", "Devin answers 403 to a key of the enterprise."})
	}
	return all
}

// describeFailures is what a page says of errors. Like about, it stands behind a comment.
func describeFailures(all []failure) string {
	if len(all) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("\n\n<!-- errors -->\n\n| error | when |\n|---|---|\n")
	for _, f := range all {
		fmt.Fprintf(&b, "| `%s` | %s |\n", f.summary, f.when)
	}
	return strings.TrimRight(b.String(), "\n")
}
