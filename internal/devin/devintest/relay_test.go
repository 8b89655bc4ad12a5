package devintest_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

func TestAPathThatDiesTellsNeitherEnd(t *testing.T) {
	for name, serve := range map[string]func(devintest.TB, devintest.Options) *devintest.Server{
		"http/1": devintest.Start,
		"http/2": func(t devintest.TB, o devintest.Options) *devintest.Server { return devintest.StartTLS(t, o) },
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, devintest.Options{})
			relay := devintest.StartRelay(t, s)
			s.URL = relay.URL
			wantStatus(t, s, selfPath, http.StatusOK)
			wantStatus(t, s, selfPath, http.StatusOK)
			if n := relay.Connections(); n != 1 || s.Count(selfPath) != 2 {
				t.Fatalf("%d connections, %d requests", n, s.Count(selfPath))
			}

			relay.Swallow()
			// A silence has no end: the test has to set one.
			ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
			defer cancel()
			request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL+selfPath, nil)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := do(s, request); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("the dead path answers %v", err)
			}
			if s.Count(selfPath) != 2 {
				t.Error("a request went through the dead path")
			}

			transport, ok := s.Client().Transport.(*http.Transport)
			if !ok {
				t.Fatal("another transport")
			}
			s.Client().Transport = transport.Clone()
			wantStatus(t, s, selfPath, http.StatusOK)
			if n := relay.Connections(); n != 2 {
				t.Errorf("%d connections", n)
			}
		})
	}
}
