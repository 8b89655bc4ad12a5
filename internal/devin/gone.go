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

// OrganizationPresence looks an organization up after an answer that may mean that
// it is gone, that the key may not see it, or that the endpoint is not enabled:
// Devin answers 403 or 404 to all three.
func (c *Client) OrganizationPresence(ctx context.Context, orgID string) (Presence, error) {
	return c.organizations().presence(rest.Fresh(ctx), orgID)
}

// UserPresence looks a user of the enterprise up.
func (c *Client) UserPresence(ctx context.Context, userID string) (Presence, error) {
	return c.In("").users().presence(rest.Fresh(ctx), userID)
}

// KnowsUser says whether a user for whom nothing is reported is known, in the
// enterprise or the client's organization. Gone is noticed.
func (c *Client) KnowsUser(ctx context.Context, userID string) Presence {
	return c.users().knows(ctx, c, userID)
}

// KnowsServiceUser says of a service user what KnowsUser says of a user.
func (c *Client) KnowsServiceUser(ctx context.Context, serviceUserID string) Presence {
	return c.serviceUsers(true).knows(ctx, c, serviceUserID)
}

func (p population) knows(ctx context.Context, c *Client, id string) Presence {
	presence, err := p.presence(ctx, id)
	if err == nil && presence == Gone {
		c.rest.Notice(ctx, p.request, NoticeUnknown, "Devin reports nothing for %q, which is on none of its lists of %s", id, p.noun)
	}
	return presence
}

// presence asks for one by its id. What is not found so is looked for in the lists,
// which alone prove that it is gone.
func (p population) presence(ctx context.Context, id string) (Presence, error) {
	if _, err := p.one(ctx, id); err == nil {
		return Present, nil
	}
	known, missing := p.search(ctx, []string{id})
	switch {
	case known[id] != nil:
		return Present, nil
	case missing[id] == nil:
		return Gone, nil
	}
	return PresenceUnknown, undecided(missing[id])
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
