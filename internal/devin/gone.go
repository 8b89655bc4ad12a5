package devin

import (
	"context"
	"errors"
	"time"

	"github.com/devin-community/terraform-provider-devin/internal/devin/rest"
)

// Presence is whether something still exists.
type Presence int

// Something may be there, or gone, or Devin does not let the key know.
const (
	PresenceUnknown Presence = iota
	Present
	Gone
)

// OrganizationPresence looks an organization up in the list of organizations,
// after an answer that may mean that it is gone, or that the key may not see it,
// or that the endpoint is not enabled: Devin answers 403 or 404 to all three.
func (c *Client) OrganizationPresence(ctx context.Context, orgID string) (Presence, error) {
	for o, err := range rest.List[organization](rest.Fresh(ctx), c.rest, organizationsRequest()) {
		if err != nil {
			return PresenceUnknown, undecided(err)
		}
		if o.OrgID == orgID {
			return Present, nil
		}
	}
	return Gone, nil
}

// UserPresence looks a user up in the lists of members, likewise.
func (c *Client) UserPresence(ctx context.Context, userID string) (Presence, error) {
	for m, err := range c.In("").eachMember(rest.Fresh(ctx), MemberFilter{NoRoles: true}) {
		if err != nil {
			return PresenceUnknown, undecided(err)
		}
		if m.UserID == userID {
			return Present, nil
		}
	}
	return Gone, nil
}

// undecided takes a refused list for one that does not tell.
func undecided(err error) error {
	if errors.Is(err, ErrForbidden) || errors.Is(err, ErrUnauthorized) || errors.Is(err, ErrNotFound) {
		return nil
	}
	return err
}

// Arrived says whether a write that failed may have taken effect.
func Arrived(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.MayHaveArrived
}

// Sleep waits for d, by the client's clock.
func (c *Client) Sleep(ctx context.Context, d time.Duration) error { return c.rest.Sleep(ctx, d) }
