package rest

import (
	"bytes"
	"log/slog"
	"strings"
	"sync"
	"testing"
)

func TestNoticesAreCollectedInOrderUnderTheirContext(t *testing.T) {
	t.Parallel()
	c := newClient(t, "https://devin.example.com")
	ctx, notices := WithNotices(t.Context())
	_, none := WithNotices(t.Context())
	c.Notice(ctx, usersRequest, NoticeShortList, "%d of %d", 1, 2)
	c.Notice(ctx, selfRequest, NoticeItemTwice, "all of it")
	c.Notice(t.Context(), selfRequest, NoticeItemTwice, "of no result")
	want := []Notice{
		{NoticeShortList, usersPath, "1 of 2"},
		{NoticeItemTwice, "/v3/self", "all of it"},
	}
	if all := notices.All(); len(all) != 2 || all[0] != want[0] || all[1] != want[1] {
		t.Errorf("noticed %+v", all)
	}
	if len(none.All()) != 0 {
		t.Errorf("another result has %+v", none.All())
	}
}

func TestNoticesMayComeFromManyRequestsAtOnce(t *testing.T) {
	t.Parallel()
	c := newClient(t, "https://devin.example.com")
	ctx, notices := WithNotices(t.Context())
	var group sync.WaitGroup
	for range 50 {
		group.Go(func() { c.Notice(ctx, selfRequest, NoticeItemTwice, "x") })
		group.Go(func() { _ = notices.All() })
	}
	group.Wait()
	if n := len(notices.All()); n != 50 {
		t.Errorf("%d notices", n)
	}
}

func TestANoticeIsLoggedWithoutAddresses(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	c := newClient(t, "https://devin.example.com", func(cfg *Config) { cfg.Logger = slog.New(slog.NewTextHandler(&log, nil)) })
	c.Notice(t.Context(), consumptionRequest("samlp|jane@acme.example"), NoticeItemTwice, "the total of jane@acme.example is 3, and its days say 4")
	line := log.String()
	if strings.Contains(line, "jane") || !strings.Contains(line, "level=WARN") || !strings.Contains(line, "users/(id)") ||
		!strings.Contains(line, "the total of (id) is 3, and its days say 4") {
		t.Errorf("the log has %s", line)
	}
}
