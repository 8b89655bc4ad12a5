package devin

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"

	"github.com/devin-community/terraform-provider-devin/internal/devin/rest"
)

// requirement is a permission that a connection check can require, and the cheapest
// request that needs it.
type requirement struct {
	permission *Permission
	check      string                                               // the name of its Check
	request    func(c *Client, lastFinishedDay Window) rest.Request // of the enterprise or the client's organization
	ask        func(context.Context, *rest.Client, rest.Request) (isEmpty bool, err error)
}

// requirements are all requirements, in the order in which they are reported. None is for
// writing: BillingPermission cannot be tried without a write.
var requirements = []requirement{
	{MembershipPermission, "members", func(c *Client, _ Window) rest.Request { return c.membersRequest(MemberFilter{}, "users") }, rest.IsEmpty},
	{ConsumptionPermission, "consumption", func(c *Client, day Window) rest.Request { return c.consumptionRequest(day) }, answers[consumptionAnswer]},
	{MetricsPermission, "pr_metrics", func(c *Client, day Window) rest.Request { return c.metricsRequest("prs", day, MetricsFilter{}) }, answers[PRMetrics]},
	{OrganizationsPermission, "organizations", func(*Client, Window) rest.Request { return organizationsRequest() }, rest.IsEmpty},
	{SessionsPermission, "sessions", func(c *Client, day Window) rest.Request { return c.sessionsRequest(day, SessionFilter{}) }, rest.IsEmpty},
	{CodeScansPermission, "code_scan_findings", func(c *Client, _ Window) rest.Request { return c.findingsRequest(FindingFilter{}) }, rest.IsEmpty},
	// apiKeysProbe makes the request, which needs a service user's id.
	{ServiceUsersPermission, "service_user_api_keys", nil, nil},
	{SettingsPermission, "audit_logs", func(c *Client, day Window) rest.Request {
		return c.logRequest(rest.V3, "audit-logs", day.query(url.Values{}), LogFilter{})
	}, rest.IsEmpty},
	{InfrastructurePermission, "hypervisors", func(*Client, Window) rest.Request { return hypervisorsRequest("") }, rest.IsEmpty},
}

// answers is the ask of a requirement whose answer is not a list.
func answers[T any](ctx context.Context, c *rest.Client, r rest.Request) (bool, error) {
	_, err := rest.Get[T](ctx, c, r)
	return false, err
}

// DefaultRequirements returns the permissions that a check requires by default, in the
// order in which they are reported.
func DefaultRequirements() []*Permission {
	return []*Permission{MembershipPermission, ConsumptionPermission, MetricsPermission}
}

// Requirements returns all permissions that a check can require, in the order in which they
// are reported.
func Requirements() []*Permission {
	var all []*Permission
	for _, r := range requirements {
		all = append(all, r.permission)
	}
	return all
}

// PermissionNames lists every name of the Requirements, of the enterprise and of an
// organization.
func PermissionNames() []string {
	var all []string
	for _, p := range Requirements() {
		for _, name := range names(p) {
			if !slices.Contains(all, name) {
				all = append(all, name)
			}
		}
	}
	return all
}

// names returns all names of a permission, those of its twin in an organization included.
func names(p *Permission) []string {
	all := []string{p.Name, p.NewerName}
	if twin := InOrganization(p); twin != nil {
		all = append(all, twin.Name, twin.NewerName)
	}
	return slices.DeleteFunc(all, func(name string) bool { return name == "" })
}

// PermissionNamed returns the one of the Requirements that has the name; nil if there is
// none.
func PermissionNamed(name string) *Permission {
	for _, p := range Requirements() {
		if slices.Contains(names(p), name) {
			return p
		}
	}
	return nil
}

// CanRequire reports whether a check with this client can require a permission: not all of
// the enterprise's exist in an organization.
func (c *Client) CanRequire(permission *Permission) bool {
	return c.orgID == "" || InOrganization(permission) != nil
}

// InOrganization returns the organization's twin of a permission of the enterprise; nil if
// organizations have none.
func InOrganization(permission *Permission) *Permission { return organizationPermissions[permission] }

// probeOf returns the probe of a required permission. self is nil if /v3/self did not tell
// whose key it is.
func (c *Client) probeOf(permission *Permission, lastFinishedDay Window, self *Principal) *probe {
	var p *probe
	if permission == ServiceUsersPermission {
		p = c.apiKeysProbe(self)
	} else {
		i := slices.IndexFunc(requirements, func(r requirement) bool { return r.permission == permission })
		r := requirements[i]
		request := r.request(c, lastFinishedDay)
		p = &probe{c.newCheck(r.check, request), func(ctx context.Context) (bool, error) { return r.ask(ctx, c.rest, request) }}
	}
	p.Required = true
	return p
}

// ErrNoServiceUser means that no service user is known whose API keys could be listed.
var ErrNoServiceUser = errors.New("it is not known which service user's API keys could be listed")

// apiKeysProbe returns a probe that lists the API keys of the service user that the key
// belongs to. For another kind of key, such as a person's, it takes the first service user
// of the list.
func (c *Client) apiKeysProbe(self *Principal) *probe {
	list := c.serviceUsersRequest(false)
	list.PageSize = 1
	check := c.newCheck("service_user_api_keys", list)
	check.Permission = ServiceUsersPermission
	keysOf := func(ctx context.Context, id string) (bool, error) {
		r := apiKeysRequest(id)
		check.Path = c.rest.Address(r)
		return rest.IsEmpty(ctx, c.rest, r)
	}
	return &probe{check, func(ctx context.Context) (bool, error) {
		if self != nil && orNone(self.Type) == "service_user" && self.ID != nil {
			return keysOf(ctx, *self.ID)
		}
		for user, err := range rest.List[serviceUser](ctx, c.rest, list) {
			switch {
			case err == nil:
				return keysOf(ctx, user.ServiceUserID)
			case self != nil && isRefusal(err): // the list is refused, which says nothing about the keys
				return false, fmt.Errorf("%w: %v", ErrNoServiceUser, err) //nolint:errorlint // it is no refusal of what is required
			}
			return false, err
		}
		return false, ErrNoServiceUser
	}}
}
