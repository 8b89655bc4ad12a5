package provider

import (
	"errors"
	"fmt"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
)

// scopeFailed is the message when Devin refuses the key, or that of an organization.
func scopeFailed(action string, scope *devin.ScopeError) (summary, detail string) {
	summary = string(devin.Forbidden) + ": the API key is of one organization"
	asked, next := "", scopeAdvice(scope.KeyOrgID, scope.AskedOrgID)
	switch {
	case scope.KeyRefused:
		summary, next = string(devin.InvalidCredentials)+": Devin refused the API key", renewKey
	case scope.OfEnterprise:
		next = fmt.Sprintf("The key belongs to the organization %s, and Devin allows this to a key of the enterprise only. "+
			"Use a key of an enterprise service user (in Devin: Enterprise settings > Service users), or leave this block out.", scope.KeyOrgID)
	}
	var e *devin.Error
	if errors.As(scope.Err, &e) {
		asked = evidence(whatHappened(e))
	}
	return summary, fmt.Sprintf("Could not %s. %s", action, next) + asked
}

// scopeAdvice says what to set when the key of one organization was used for another
// organization, or for the enterprise.
func scopeAdvice(keyOrgID, askedOrgID string) string {
	if askedOrgID != "" {
		return fmt.Sprintf("The key belongs to the organization %s, and org_id is %s. "+
			"Set org_id to the key's organization, or use a key of the organization in org_id or of the enterprise.", keyOrgID, askedOrgID)
	}
	return fmt.Sprintf("The key belongs to the organization %s, and the whole enterprise was to be read. Add the line\n\n"+
		"  org_id = %q\n\n"+
		"to the provider block, or set DEVIN_ORG_ID, to read that organization. "+
		"For the enterprise, use a key of an enterprise service user (in Devin: Enterprise settings > Service users).", keyOrgID, keyOrgID)
}
