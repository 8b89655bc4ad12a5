package devin

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// reply is an answer of a server whose latency is known. A reply without a status
// never comes.
type reply struct {
	after  time.Duration
	status int
	body   string
}

func fine(after time.Duration) reply {
	return reply{after, 200, fmt.Sprintf(`{"total_acus":1,"consumption_by_date":[{"date":%d,"acus":1,"acus_by_product":{}}]}`, week.Start.Start().Unix())}
}

// answering is a server with members of these ids, which answers each as it is told.
func answering(ids []string, of func(id string) reply) roundTripper {
	return func(r *http.Request) (*http.Response, error) {
		if !isUser(r) {
			var items []string
			for _, id := range ids {
				items = append(items, `{"user_id":"`+id+`"}`)
			}
			return jsonAnswer(200, `{"items":[`+strings.Join(items, ",")+`],"has_next_page":false}`), nil
		}
		answer := of(r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:])
		if answer.status == 0 {
			<-r.Context().Done()
			return nil, r.Context().Err()
		}
		select {
		case <-time.After(answer.after):
			return jsonAnswer(answer.status, answer.body), nil
		case <-r.Context().Done():
			return nil, r.Context().Err()
		}
	}
}

func userIDs(n int) []string {
	ids := make([]string, n)
	for i := range ids {
		ids[i] = fmt.Sprintf("okta|%04d", i)
	}
	return ids
}

func TestARefusalOfSomeDoesNotDependOnOrderAndLatency(t *testing.T) {
	t.Parallel()
	ids := userIDs(402)
	for _, refused := range []int{14, 21, 402} {
		for where, at := range map[string]func(i int) int{
			"first":  func(i int) int { return i },
			"last":   func(i int) int { return len(ids) - 1 - i },
			"spread": func(i int) int { return i * len(ids) / refused },
		} {
			var bad []string
			for i := range refused {
				bad = append(bad, ids[at(i)])
			}
			slices.Sort(bad)
			for _, latency := range []time.Duration{0, time.Second, 3 * time.Second} {
				for status, listed := range map[int]bool{http.StatusUnauthorized: false, http.StatusForbidden: true} {
					name := fmt.Sprintf("%d refused with %d %s, after %s, listed %v", refused, status, where, latency, listed)
					synctest.Test(t, func(t *testing.T) {
						client := bubbleClient(t, answering(ids, func(id string) reply {
							if slices.Contains(bad, id) {
								return reply{latency, status, `{"detail":"Unauthorized"}`}
							}
							return fine(time.Second)
						}))
						sel := Selection{IDs: ids, SkipFailed: true}
						if listed {
							sel.IDs = nil
						}
						report, err := readWeek(t.Context(), client, sel)
						var failed *ReportError
						errors.As(err, &failed)
						switch {
						case refused <= 20 && (err != nil || !slices.Equal(report.Failed, bad) || len(report.Readings) != len(ids)-refused):
							t.Errorf("%s: got %v", name, err)
						case refused > 20 && refused < len(ids) && (failed == nil || failed.Reason != TooManyFailed):
							t.Errorf("%s: got %v", name, err)
						case refused == len(ids) && (failed != nil || !errors.Is(err, ErrForbidden) && !errors.Is(err, ErrUnauthorized)):
							t.Errorf("%s: got %v", name, err)
						}
					})
				}
			}
		}
	}
}

// A result that can only be an error waits for nothing.
func TestAFailureThatIsKnownAtOnceIsToldAtOnce(t *testing.T) {
	t.Parallel()
	refusedAddress := reply{0, http.StatusForbidden, `{"detail":"Your IP address is not allowed"}`}
	for name, tt := range map[string]struct {
		bad    reply
		failed int
		skip   bool
		want   func(error) bool
	}{
		"the first failure": {reply{0, 422, `{"detail":"no"}`}, 1, false, func(err error) bool { return errors.Is(err, ErrRejected) }},
		"a refusal":         {reply{0, 403, `{"detail":"no"}`}, 1, false, func(err error) bool { return errors.Is(err, ErrForbidden) }},
		"one too many":      {reply{0, 422, `{"detail":"no"}`}, 21, true, func(err error) bool { return errors.Is(err, ErrRejected) }},
		"the address":       {refusedAddress, 1, true, func(err error) bool { return errors.Is(err, ErrAddressDenied) }},
	} {
		synctest.Test(t, func(t *testing.T) {
			ids := userIDs(30)
			client := newClient(t, "https://devin.example.com", withClock(nil), withTransport(answering(ids, func(id string) reply {
				if slices.Index(ids, id) >= len(ids)-tt.failed {
					return tt.bad
				}
				return reply{}
			})), func(cfg *Config) { cfg.MaxConcurrentRequests = len(ids) })
			start := time.Now()
			_, err := readWeek(t.Context(), client, Selection{IDs: ids, SkipFailed: tt.skip})
			if took := time.Since(start); took > 0 || !tt.want(err) {
				t.Errorf("%s: after %s: %v", name, took, err)
			}
		})
	}
}

func TestOneFailureIsWordedTheSameInEveryOrder(t *testing.T) {
	t.Parallel()
	ids := userIDs(40)
	texts := map[string]bool{}
	for _, latency := range []time.Duration{0, time.Second, 3 * time.Second} {
		synctest.Test(t, func(t *testing.T) {
			client := bubbleClient(t, answering(ids, func(id string) reply {
				if id == ids[7] {
					return reply{latency, http.StatusForbidden, `{"detail":"no"}`}
				}
				return fine(time.Second)
			}))
			_, err := readWeek(t.Context(), client, Selection{IDs: ids})
			texts[fmt.Sprint(err)] = true
		})
	}
	if len(texts) != 1 {
		t.Errorf("got %v", texts)
	}
}
