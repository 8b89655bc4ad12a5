package devin

import (
	"context"

	"github.com/devin-community/terraform-provider-devin/internal/devin/rest"
)

// Principal is the user, service user or session that a key acts as.
type Principal struct {
	// Type is "service_user", "pat_user", "devin_brain", "windsurf_session" or a later
	// kind; never nil in a result of Self.
	Type *string `tfsdk:"principal_type"`
	// ID is the id of the service user, the user or the session; nil where the API has
	// none.
	ID *string `tfsdk:"principal_id"`
	// Name is nil where the API has none, and for a person with RedactPersonalData.
	Name *string `tfsdk:"principal_name"`
	// OrgID is the organization that the key belongs to; nil for a key of the
	// enterprise.
	OrgID *string `tfsdk:"org_id"`
}

// Self reads what the key acts as.
//
// https://docs.devin.ai/api-reference/v3/self/self
func (c *Client) Self(ctx context.Context) (*Principal, error) {
	self, err := rest.Get[selfAnswer](ctx, c.rest, selfRequest)
	if err != nil {
		return nil, err
	}
	p := self.principal()
	if c.redact && self.ServiceUserID == nil {
		p.Name = nil // a person's
	}
	return p, nil
}

var selfRequest = rest.Request{Path: []string{"self"}, Shared: true}

// selfAnswer is one of four objects, told apart by principal_type.
type selfAnswer struct {
	PrincipalType   *string `json:"principal_type"`
	ServiceUserID   *string `json:"service_user_id"`
	ServiceUserName *string `json:"service_user_name"`
	UserID          *string `json:"user_id"`
	UserName        *string `json:"user_name"`
	DevinID         *string `json:"devin_id"`
	OrgID           *string `json:"org_id"`
}

// Check sets a principal_type that is missing: each of the objects has a documented
// default, and another id. An empty org_id is none.
func (s *selfAnswer) Check() error {
	if orNone(s.OrgID) == "" {
		s.OrgID = nil
	}
	if orNone(s.PrincipalType) != "" {
		return nil
	}
	kind := "pat_user"
	switch {
	case s.ServiceUserID != nil:
		kind = "service_user"
	case s.DevinID != nil:
		kind = "devin_brain"
	case s.UserID == nil:
		return rest.Missing("principal_type")
	}
	s.PrincipalType = &kind
	return nil
}

func (s *selfAnswer) principal() *Principal {
	p := &Principal{Type: s.PrincipalType, OrgID: s.OrgID}
	switch {
	case s.ServiceUserID != nil:
		p.ID, p.Name = s.ServiceUserID, s.ServiceUserName
	case s.DevinID != nil:
		p.ID = s.DevinID
	default:
		p.ID, p.Name = s.UserID, s.UserName
	}
	return p
}
