package devin

import (
	"context"
	"errors"
	"fmt"

	"github.com/devin-community/terraform-provider-devin/internal/devin/rest"
)

// nobody is an id that no user and no service user can have.
const nobody = "terraform-provider-devin|nobody"

// ErrFilterIgnored says that Devin's answer does not depend on a filter that it
// was asked with.
var ErrFilterIgnored = errors.New("the filter is ignored")

// FilterBy is a filter of metrics by who a session is of.
type FilterBy string

// The filters that an older deployment may not have.
const (
	FilterByUser        FilterBy = "user_ids"
	FilterByServiceUser FilterBy = "service_user_ids"
)

// CheckPRFilter finds out whether Devin heeds a filter, beside the others that f
// has. A deployment that does not know a filter answers 200 without filtering,
// and then counts the pull requests of everybody. So Devin is asked for somebody
// who cannot exist, and who has none.
//
// Its error is an ErrNotDevin with the cause ErrFilterIgnored, or says that
// Devin could not be asked. A Devin that answers 403, 404 or 422 has looked for
// the id.
func (c *Client) CheckPRFilter(ctx context.Context, w Window, f MetricsFilter, by FilterBy) error {
	f = f.ofNobody(by)
	counts, err := c.PRMetrics(ctx, w, f)
	if err != nil {
		return heeded(err)
	}
	return c.ignored(c.metricsRequest("prs", w, f), by, counts.largest(), "pull requests")
}

// ofNobody is the filter for somebody who cannot exist.
func (f MetricsFilter) ofNobody(by FilterBy) MetricsFilter {
	f.UserIDs, f.ServiceUserIDs = nil, nil
	if by == FilterByUser {
		f.UserIDs = []string{nobody}
	} else {
		f.ServiceUserIDs = []string{nobody}
	}
	return f
}

// heeded takes an answer that shows that Devin has looked for the id for no error.
func heeded(err error) error {
	if errors.Is(err, ErrForbidden) || errors.Is(err, ErrNotFound) || errors.Is(err, ErrRejected) {
		return nil
	}
	return err
}

// ignored is an error where somebody who cannot exist has any.
func (c *Client) ignored(r rest.Request, by FilterBy, n Count, what string) error {
	if n == 0 {
		return nil
	}
	return c.rest.BrokenList(r, fmt.Errorf("%w: asked with %s of one id that nobody has, it counts %d %s, "+
		"so its numbers are everybody's and not those of the ones asked for", ErrFilterIgnored, by, n, what))
}

// Empty says that nothing is counted.
func (m *PRMetrics) Empty() bool { return m.largest() == 0 }

func (m *PRMetrics) largest() Count {
	var most Count
	for _, n := range []*Count{
		m.Created, m.Opened, m.Merged, m.Closed,
		m.TakenOver, m.TakenOverOpened, m.TakenOverMerged, m.TakenOverClosed,
	} {
		if n != nil {
			most = max(most, *n)
		}
	}
	return most
}
