package devin

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

func TestRefusalOfOneUserIsThatUsersFailure(t *testing.T) {
	t.Parallel()
	for _, status := range []int{http.StatusUnauthorized, http.StatusForbidden} {
		fake := startFake(t, devintest.Options{})
		ids := memberIDs(fake)
		refused := []string{ids[0], ids[17]}
		for _, id := range refused {
			fake.Fault(dailyUsersPath+id, devintest.Fault{Status: status})
		}
		report, err := readWeek(t.Context(), newClient(t, fake.URL), Selection{SkipFailed: true})
		if err != nil || !slices.Equal(report.Failed, refused) || len(report.Readings) != len(ids)-2 {
			t.Errorf("%d: got %+v, %v", status, report, err)
		}
		_, err = readWeek(t.Context(), newClient(t, fake.URL), Selection{})
		var failed *ReportError
		if !errors.As(err, &failed) || failed.Reason != SomeFailed || !slices.Contains(refused, failed.IDs[0]) {
			t.Errorf("%d: got %v", status, err)
		}
	}
}

func TestSkippedFailuresHaveACeiling(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		members, broken int
		tooMany         bool
	}{
		{40, 20, false},  // half, and few
		{400, 20, false}, // five percent
		{40, 21, true},
		{419, 21, true},  // a little more than five percent
		{420, 21, false}, // five percent
	} {
		fake := startFake(t, devintest.Options{Members: tt.members, PageSize: 200})
		ids := memberIDs(fake)[:tt.broken]
		for _, id := range ids {
			fake.Fault(dailyUsersPath+id, devintest.Fault{Status: http.StatusUnprocessableEntity})
		}
		report, err := readWeek(t.Context(), newClient(t, fake.URL), Selection{SkipFailed: true})
		var failed *ReportError
		switch {
		case tt.tooMany && (!errors.As(err, &failed) || failed.Reason != TooManyFailed || failed.Count < 21):
			t.Errorf("%d of %d: got %v", tt.broken, tt.members, err)
		case !tt.tooMany && (err != nil || !slices.Equal(report.Failed, ids)):
			t.Errorf("%d of %d: got %v", tt.broken, tt.members, err)
		}
	}
}

func TestReportWhereDevinKnowsNoneIsAnError(t *testing.T) {
	t.Parallel()
	fake := startFake(t, devintest.Options{})
	fake.Fault(dailyUsersPath+"*", devintest.Fault{Status: http.StatusNotFound})
	for _, sel := range []Selection{{}, {SkipFailed: true}, {IDs: memberIDs(fake)[:3]}, {IDs: []string{"okta|stranger"}, SkipFailed: true}} {
		_, err := readWeek(t.Context(), newClient(t, fake.URL), sel)
		var failed *ReportError
		if !errors.As(err, &failed) || failed.Reason != AllUnknown || !errors.Is(err, ErrNotFound) {
			t.Errorf("%+v: got %v", sel, err)
		}
	}
}

// Two reads ask for the same users at once, and one of them ends.
func TestNoUserIsLostWhenAnotherReadOfTheSameEnds(t *testing.T) {
	t.Parallel()
	fake := startFake(t, devintest.Options{Members: 200, PageSize: 50})
	first, stop := context.WithCancel(t.Context())
	defer stop()
	const inFlight = 8
	var asked atomic.Int64
	held := make(chan struct{})
	client := newClient(t, fake.URL, func(cfg *Config) { cfg.MaxConcurrentRequests = inFlight }, through(func(r *http.Request) {
		// The first read's requests wait until it is stopped.
		if isUser(r) && asked.Add(1) <= inFlight {
			if asked.Load() == inFlight {
				close(held)
			}
			<-r.Context().Done()
		}
	}, func(*http.Request) {}))
	ended := make(chan error)
	go func() {
		_, err := readWeek(first, client, Selection{})
		ended <- err
	}()
	<-held
	var joined atomic.Int64
	report, err := ReadUsers(t.Context(), client, Selection{IDs: memberIDs(fake)}, func(ctx context.Context, userID string) (*Consumption, error) {
		if joined.Add(1) == inFlight {
			stop()
		}
		return client.UserDailyConsumption(ctx, userID, week)
	})
	if err != nil || !slices.Equal(readIDs(report), memberIDs(fake)) {
		t.Fatalf("got %v", err)
	}
	for _, reading := range report.Readings {
		if want := fake.UserTotal(reading.ID, week.Start.Start(), (week.End + 1).Start()); reading.Value == nil || reading.Value.TotalACUs != want {
			t.Errorf("%s has %+v, want %v ACUs", reading.ID, reading.Value, want)
		}
	}
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("the error of the first read is %v", err)
	}
}
