package devin

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/devin-community/terraform-provider-devin/internal/devin/rest"
)

// BillingPermission is needed to write limits; to read them, ConsumptionPermission.
var BillingPermission = &Permission{Name: "ManageBilling"}

// ACULimit is the most ACUs that the enterprise, an organization or a user may
// consume in a billing cycle. 0 blocks all use.
type ACULimit struct {
	Scope         string  `json:"scope" tfsdk:"scope" api:"required"` // "enterprise", "org" or "user"
	OrgID         *string `json:"org_id" tfsdk:"org_id"`              // nil but for an organization
	UserID        *string `json:"user_id" tfsdk:"user_id"`            // nil but for a user
	CycleACULimit *Count  `json:"cycle_acu_limit" tfsdk:"cycle_acu_limit" api:"required"`
}

// Identity is what the limit is for.
func (l *ACULimit) Identity() string { return l.Scope + "|" + orNone(l.OrgID) + "|" + orNone(l.UserID) }

// Check refuses a scope that is not documented: what it limits is not known, so it could
// be the limit of anything that seems to have none. The ids may be null whatever the
// scope is.
func (l *ACULimit) Check() error {
	scope := strings.ToLower(l.Scope)
	switch scope {
	case "enterprise", "org", "user":
		l.Scope = scope
		return nil
	}
	return fmt.Errorf("the scope %q is none of enterprise, org and user", rest.Excerpt(l.Scope))
}

var acuLimitsRequest = rest.Request{
	Path: []string{"enterprise", "consumption", "acu-limits", "devin"}, Permission: ConsumptionPermission, Shared: true,
}

// ACULimits lists the limits that are set, sorted by scope, organization and user. Devin
// has the list for the enterprise only.
//
// https://docs.devin.ai/api-reference/v3/acu-limits/get-devin-acu-limits
func (c *Client) ACULimits(ctx context.Context) ([]ACULimit, error) {
	return rest.Collect(ctx, c.rest, acuLimitsRequest, nil, func(a, b ACULimit) int {
		return cmp.Or(strings.Compare(a.Scope, b.Scope), compareNilFirst(a.OrgID, b.OrgID), compareNilFirst(a.UserID, b.UserID))
	})
}

// OrganizationACULimit returns the limit of an organization; nil where none is set.
// There is no endpoint for one organization, so the list is read until it is found.
func (c *Client) OrganizationACULimit(ctx context.Context, orgID string) (*Count, error) {
	nameless := false
	for l, err := range rest.List[ACULimit](ctx, c.rest, acuLimitsRequest) {
		switch {
		case err != nil:
			return nil, err
		case l.Scope != "org":
		case l.OrgID == nil:
			nameless = true
		case *l.OrgID == orgID:
			return l.CycleACULimit, nil
		}
	}
	if nameless { // it may be this organization's
		return nil, c.namelessLimit()
	}
	return nil, nil //nolint:nilnil // no limit, and no error
}

func (c *Client) namelessLimit() error {
	return c.rest.Unexpected(acuLimitsRequest, errors.New("it lists a limit of an organization without saying of which"))
}

// SetOrganizationACULimit sets the limit of an organization, or clears it if limit is
// nil. To clear a limit that is not set is no error.
//
// https://docs.devin.ai/api-reference/v3/acu-limits/set-org-devin-acu-limit
func (c *Client) SetOrganizationACULimit(ctx context.Context, orgID string, limit *Count) error {
	r := rest.Request{
		Method: http.MethodPut, Path: []string{"enterprise", "consumption", "acu-limits", "devin", "organizations", orgID},
		Permission: BillingPermission,
	}
	if limit != nil {
		r.Body = map[string]any{"cycle_acu_limit": limit}
		return rest.Send(ctx, c.rest, r)
	}
	r.Method = http.MethodDelete
	err := rest.Send(ctx, c.rest, r)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	return err
}

// agentBlock is the limit of an agent in the newer endpoints. Devin leaves out what is
// not set.
type agentBlock struct {
	CycleACULimit *Count  `json:"cycle_acu_limit"`
	BillingOrgID  *string `json:"billing_org_id"`
}

type agentBlocks struct {
	Cloud *agentBlock `json:"cloud_agent"`
	Local *agentBlock `json:"local_agent"`
}

// UnmarshalJSONFrom refuses an object without a known key.
func (b *agentBlocks) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	type plain agentBlocks
	return readKnown(d, (*plain)(b), "cloud_agent", "local_agent")
}

// UnmarshalJSONFrom refuses an object without a known key.
func (b *agentBlock) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	type plain agentBlock
	return readKnown(d, (*plain)(b), "cycle_acu_limit", "billing_org_id")
}

// readKnown reads an object with some of keys, or an empty one, where nothing is set.
// An object with other keys only, such as an error, would pass for an empty one.
func readKnown(d *jsontext.Decoder, into any, keys ...string) error {
	text, err := d.ReadValue()
	if err != nil {
		return err
	}
	var object map[string]jsontext.Value
	if err := json.Unmarshal(text, &object, d.Options()); err != nil {
		return err
	}
	isEmpty := object != nil && len(object) == 0
	if isEmpty || slices.ContainsFunc(keys, func(key string) bool { return object[key] != nil }) {
		return json.Unmarshal(text, into, d.Options())
	}
	return fmt.Errorf("it is no object with %s, so what is set cannot be told", strings.Join(keys, " or "))
}

func (b *agentBlock) orEmpty() agentBlock {
	if b == nil {
		return agentBlock{}
	}
	return *b
}

// Agent is a kind of agent that an organization has a limit for.
type Agent string

// The agents, as the API names them.
const (
	CloudAgent Agent = "cloud_agent"
	LocalAgent Agent = "local_agent"
)

// AgentACULimits are the limits of an organization by agent, in ACUs; nil where none is
// set.
type AgentACULimits struct{ Cloud, Local *Count }

func agentLimitsRequest(orgID string) rest.Request {
	return rest.Request{
		Version: rest.V3Beta1, Path: []string{"enterprise", "organizations", orgID, "consumption", "acu-limits"},
		Permission: ConsumptionPermission, Shared: true,
	}
}

// OrganizationAgentACULimits reads the limits of an organization by agent. The
// endpoint is in beta: where it is not enabled, Devin answers 404 or 403.
//
// https://docs.devin.ai/admin/billing/org-acu-limits
func (c *Client) OrganizationAgentACULimits(ctx context.Context, orgID string) (*AgentACULimits, error) {
	blocks, err := rest.Get[agentBlocks](ctx, c.rest, agentLimitsRequest(orgID))
	if err != nil {
		return nil, err
	}
	return &AgentACULimits{Cloud: blocks.Cloud.orEmpty().CycleACULimit, Local: blocks.Local.orEmpty().CycleACULimit}, nil
}

// SetOrganizationAgentACULimits sets the limits of the agents in limits, where nil
// clears one, and leaves those of others as they are.
//
// https://docs.devin.ai/admin/billing/org-acu-limits
func (c *Client) SetOrganizationAgentACULimits(ctx context.Context, orgID string, limits map[Agent]*Count) error {
	body := map[Agent]any{}
	for agent, limit := range limits {
		body[agent] = nil
		if limit != nil {
			body[agent] = map[string]any{"cycle_acu_limit": limit}
		}
	}
	r := agentLimitsRequest(orgID)
	r.Method, r.Permission, r.Shared, r.Body = http.MethodPatch, BillingPermission, false, body
	return rest.Send(ctx, c.rest, r)
}

// UserACULimits is what is set for a user; nil where it is not set.
type UserACULimits struct {
	CycleACULimit *Count  // the user's own, not that of a tier: of all use but Devin Review
	BillingOrgID  *string // the organization that pays for use outside of sessions
}

func userLimitsRequest(userID string) rest.Request {
	return rest.Request{
		Version: rest.V3Beta1, Path: []string{"enterprise", "users", userID, "consumption", "acu-limits"},
		Permission: ConsumptionPermission, Shared: true,
	}
}

// UserACULimits reads what is set for a user. The endpoint is in beta, as that of
// OrganizationAgentACULimits.
//
// https://docs.devin.ai/admin/billing/user-acu-limits
func (c *Client) UserACULimits(ctx context.Context, userID string) (*UserACULimits, error) {
	blocks, err := rest.Get[agentBlocks](ctx, c.rest, userLimitsRequest(userID))
	if err != nil {
		return nil, err
	}
	// In this answer, the local agent stands for the whole account.
	block := blocks.Local.orEmpty()
	return &UserACULimits{CycleACULimit: block.CycleACULimit, BillingOrgID: block.BillingOrgID}, nil
}

// SetUserACULimit sets or, with nil, clears the limit of a user. It sends only this
// field: a null in the place of its block would clear the billing organization too.
//
// https://docs.devin.ai/admin/billing/user-acu-limits
func (c *Client) SetUserACULimit(ctx context.Context, userID string, limit *Count) error {
	return c.patchUser(ctx, userID, "cycle_acu_limit", limit)
}

// SetUserBillingOrganization sets or, with nil, clears the organization that pays for a
// user. It sends only this field, so the user's limit stays.
//
// https://docs.devin.ai/admin/billing/user-acu-limits
func (c *Client) SetUserBillingOrganization(ctx context.Context, userID string, orgID *string) error {
	return c.patchUser(ctx, userID, "billing_org_id", orgID)
}

func (c *Client) patchUser(ctx context.Context, userID, field string, value any) error {
	r := userLimitsRequest(userID)
	r.Method, r.Permission, r.Shared = http.MethodPatch, BillingPermission, false
	r.Body = map[Agent]any{LocalAgent: map[string]any{field: value}}
	return rest.Send(ctx, c.rest, r)
}
