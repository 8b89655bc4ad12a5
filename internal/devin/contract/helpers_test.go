package contract

import (
	"context"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

const testHost = "devin.acme.example"

var now = time.Date(2026, 11, 20, 15, 0, 0, 0, time.UTC)

func newFake(quirks devintest.Quirks) *devintest.Server {
	return devintest.New(devintest.Options{Seed: 1, Members: 20, Now: func() time.Time { return now }, Quirks: quirks})
}

// inProcess answers requests by a handler, without a network.
type inProcess struct{ http.Handler }

func (h inProcess) RoundTrip(req *http.Request) (*http.Response, error) {
	arrived := req.Clone(req.Context())
	arrived.RequestURI = req.URL.RequestURI()
	recorder := httptest.NewRecorder()
	h.ServeHTTP(recorder, arrived)
	return recorder.Result(), nil
}

func config(t *testing.T, handler http.Handler, key string) devin.Config {
	t.Helper()
	cfg := devin.Config{}
	cfg.Transport, cfg.Clock = inProcess{handler}, devintest.NewClock(now)
	var err error
	if cfg.Key, err = devin.ParseKey(key); err != nil {
		t.Fatal(err)
	}
	if cfg.BaseURL, err = devin.ParseBaseURL("https://" + testHost); err != nil {
		t.Fatal(err)
	}
	return cfg
}

func reportOf(t *testing.T, handler http.Handler, key string) *Report {
	t.Helper()
	report, err := Run(context.Background(), config(t, handler, key), "0.1.0", io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// lines are those of a report, by the name of the assumption.
func lines(report *Report) map[string]result {
	found := map[string]result{}
	for _, area := range report.areas {
		for _, result := range area.results {
			found[result.name] = result
		}
	}
	return found
}

// wrapping is a handler that answers as another one does, but for what edit changes.
type wrapping func(http.Handler) http.Handler

// edit changes the body of each answer 200 to a path that has the text in it.
func edit(path string, change func(r *http.Request, body object)) wrapping {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			recorder := httptest.NewRecorder()
			next.ServeHTTP(recorder, r)
			text := recorder.Body.Bytes()
			var body any
			if recorder.Code == http.StatusOK && strings.Contains(r.URL.Path, path) && json.Unmarshal(text, &body) == nil {
				o, ok := body.(object)
				if !ok {
					o = object{"": body} // a bare array
				}
				change(r, o)
				if body = o; !ok {
					body = o[""]
				}
				text, _ = json.Marshal(body)
			}
			maps.Copy(w.Header(), recorder.Header())
			w.Header().Del("Content-Length")
			w.WriteHeader(recorder.Code)
			_, _ = w.Write(text)
		})
	}
}

// editItems changes each item of a page, or of the list with that key.
func editItems(path, key string, change func(item object)) wrapping {
	return edit(path, func(_ *http.Request, body object) {
		for _, item := range objects(body[key]) {
			change(item)
		}
	})
}

// answering replaces the answer to requests that are so.
func answering(status int, body string, is func(*http.Request) bool) wrapping {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if !is(r) {
				next.ServeHTTP(w, r)
				return
			}
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(status)
			_, _ = w.Write([]byte(body))
		})
	}
}

// asks says whether a request is for a path with the text in it.
func asks(path string) func(*http.Request) bool {
	return func(r *http.Request) bool { return strings.Contains(r.URL.Path, path) }
}
