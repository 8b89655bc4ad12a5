package devin

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"sync"

	"github.com/devin-community/terraform-provider-devin/internal/devin/rest"
)

// Code is the result of a connection check. All but OK and Unavailable are those of DX's
// connector for Devin.
type Code string

// The codes of a connection check.
const (
	OK                 Code = ""
	InvalidCredentials Code = "invalid_credentials"
	InvalidPermissions Code = "invalid_permissions"
	Forbidden          Code = "forbidden"
	Unauthorized       Code = "unauthorized"
	NoResources        Code = "no_resources"
	// Unavailable means that the API could not be reached, which says nothing about the
	// key.
	Unavailable Code = "unavailable"
)

// Connection is what a connection check found.
type Connection struct {
	Code Code
	// OrgID is the organization that the check was made for; empty is the enterprise.
	OrgID string
	// Principal is nil where /v3/self could not be read.
	Principal *Principal
	// Missing are the required permissions that were denied.
	Missing []*Permission
	// Checks are the requests of the check, in a fixed order, also those that were not
	// sent.
	Checks []Check
}

// Check is one request of a connection check.
type Check struct {
	Name       string // "self", "idp_members", "organizations", or that of a requirement
	Permission *Permission
	Required   bool // whether the check requires the permission
	Method     string
	Path       string // escaped, without the query
	Status     int    // HTTP status; 0 where there was no answer
	NotAsked   bool   // not sent, since an earlier request told enough
	Empty      bool   // the answer is an empty list
	Err        error  // nil where the API answered as it should
	// Undecided reports whether the answer tells nothing about the key.
	Undecided bool

	outcome outcome
}

// CheckConnection finds out whether the key works and has the permissions that are
// required, which CanRequire allows. Failures are in the result; there is no error.
//
// /v3/self does not tell permissions, so for each the cheapest request is sent that
// needs it. onCheck, unless it is nil, is called after each request, one call at a time.
//
// https://docs.devin.ai/api-reference/v3/self/self
func (c *Client) CheckConnection(ctx context.Context, required []*Permission, onCheck func(Check)) *Connection {
	result := &Connection{OrgID: c.orgID}
	self := c.newCheck("self", selfRequest)
	result.Principal, self.Err = c.Self(ctx)
	self.finish(false)
	if onCheck != nil {
		onCheck(*self)
	}

	yesterday := DayAt(c.Now()) - 1
	lastFinishedDay := Window{Start: yesterday, End: yesterday}
	var probes []*probe
	var organizations *probe
	for _, permission := range required {
		p := c.probeOf(permission, lastFinishedDay, result.Principal)
		probes = append(probes, p)
		if permission == OrganizationsPermission {
			organizations = p
		}
	}
	all := probes
	if c.orgID == "" && organizations == nil {
		organizations = listProbe(c, "organizations", organizationsRequest())
		all = append(slices.Clip(probes), organizations)
	}
	// A key that is refused, or an API that cannot be reached, decides the result.
	skip := self.outcome == refused401 || self.outcome == unknown
	send(ctx, onCheck, skip, all...)

	found := evidence{self: self.outcome, organizations: noList, members: notAsked}
	if organizations != nil {
		// Where it is not required, the list only shows whether the enterprise is empty, so a
		// deployment that does not have it counts as one that denies it.
		if !organizations.Required && errors.Is(organizations.Err, ErrNotFound) {
			organizations.outcome, organizations.Undecided = absent, false
		}
		found.organizations = organizations.outcome
	}
	result.Checks = append(result.Checks, *self)
	for _, p := range probes {
		found.required = append(found.required, p.outcome)
		if p.outcome.refused() {
			result.Missing = append(result.Missing, p.Permission)
		}
		if p.Name == "members" {
			found.members = p.outcome
		}
	}
	for _, p := range all {
		result.Checks = append(result.Checks, *p.Check)
	}
	// The first list of members is empty where all people come through IdP groups.
	if found.members == empty && found.organizations.unseen() {
		idp := listProbe(c, "idp_members", c.membersRequest(MemberFilter{}, "idp-users"))
		idp.Required = true
		send(ctx, onCheck, false, idp)
		found.members = idp.outcome
		result.Checks = append(result.Checks, *idp.Check)
	}
	if result.Code = found.verdict(); result.Code == InvalidCredentials {
		result.Missing = nil // what a refused key may do is not known
	}
	return result
}

// outcome is what one request of the check says about the key.
type outcome int

const (
	accepted   outcome = iota // 2xx
	empty                     // 2xx, and the list is empty
	refused401                // 401
	refused403                // 403
	absent                    // 404: the deployment has no such list
	noList                    // an organization has no list of organizations
	unknown                   // no answer, or one that says nothing about the key
	notAsked
)

func (o outcome) refused() bool { return o == refused401 || o == refused403 }

// unseen reports whether a list cannot be read, so that another must tell.
func (o outcome) unseen() bool { return o.refused() || o == absent || o == noList }

func (o outcome) answered() bool { return o == accepted || o == empty }

func outcomeOf(err error, isEmpty bool) outcome {
	switch {
	case err == nil && isEmpty:
		return empty
	case err == nil:
		return accepted
	case errors.Is(err, ErrUnauthorized):
		return refused401
	case errors.Is(err, ErrAddressDenied):
		return unknown
	case errors.Is(err, ErrForbidden):
		return refused403
	}
	return unknown
}

// evidence is what a verdict depends on.
type evidence struct {
	self          outcome
	required      []outcome // one for each required permission
	organizations outcome
	members       outcome // of both member lists together
}

// verdict is the code that follows from the outcomes.
func (e evidence) verdict() Code {
	refusals, by401, unknowns, answers := 0, 0, 0, 0
	for _, o := range e.required {
		switch {
		case o.refused():
			refusals++
			if o == refused401 {
				by401++
			}
		case o == unknown:
			unknowns++
		case o.answered():
			answers++
		}
	}
	switch {
	case e.self == refused401:
		return InvalidCredentials
	case e.self == unknown:
		return Unavailable
	// The API was seen to answer 403 to a key that it does not know, also on /v3/self,
	// which any key may read: then everything is refused.
	case e.self == refused403 && answers == 0 && unknowns == 0 && (e.organizations.refused() || e.organizations == noList):
		return InvalidCredentials
	case unknowns > 0, e.self == refused403 && answers == 0 && (e.organizations == unknown || e.organizations == absent):
		return Unavailable
	case refusals > 0 && refusals == len(e.required):
		return InvalidPermissions
	case by401 > 0:
		return Unauthorized
	case refusals > 0:
		return Forbidden
	case e.organizations == empty:
		return NoResources
	case e.organizations == unknown:
		return Unavailable
	case e.organizations.unseen() && e.members == empty:
		return NoResources
	case e.organizations.unseen() && e.members == unknown:
		return Unavailable
	}
	return OK
}

// probe is a check with its request. send reports whether the answer is an empty list.
type probe struct {
	*Check
	send func(context.Context) (isEmpty bool, err error)
}

func listProbe(c *Client, name string, r rest.Request) *probe {
	return &probe{c.newCheck(name, r), func(ctx context.Context) (bool, error) {
		return rest.IsEmpty(ctx, c.rest, r)
	}}
}

// send sends probes at the same time.
func send(ctx context.Context, onCheck func(Check), skip bool, probes ...*probe) {
	var group sync.WaitGroup
	var oneCall sync.Mutex
	for _, p := range probes {
		if skip {
			p.NotAsked, p.outcome = true, notAsked
			continue
		}
		group.Go(func() {
			var isEmpty bool
			isEmpty, p.Err = p.send(ctx)
			p.finish(isEmpty)
			if onCheck != nil {
				oneCall.Lock()
				defer oneCall.Unlock()
				onCheck(*p.Check)
			}
		})
	}
	group.Wait()
}

func (c *Client) newCheck(name string, r rest.Request) *Check {
	return &Check{Name: name, Permission: r.Permission, Method: http.MethodGet, Path: c.rest.Address(r)}
}

func (check *Check) finish(isEmpty bool) {
	check.Empty = isEmpty && check.Err == nil
	check.outcome = outcomeOf(check.Err, isEmpty)
	check.Undecided = check.outcome == unknown
	check.Status = http.StatusOK
	if check.Err != nil {
		check.Status = 0
		if failure, ok := errors.AsType[*Error](check.Err); ok {
			check.Status = failure.Status
		}
	}
}
