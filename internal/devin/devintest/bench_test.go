package devintest_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

// What the fake itself costs is part of what other benchmarks measure.

func BenchmarkNewWith50000Members(b *testing.B) {
	for b.Loop() {
		devintest.New(devintest.Options{Members: 50_000})
	}
}

func benchmarkPath(b *testing.B, path func(*devintest.Server) string) {
	b.Helper()
	s := devintest.New(devintest.Options{Members: 50_000, PageSize: 200, Uniform: true})
	request := httptest.NewRequestWithContext(b.Context(), http.MethodGet, path(s), nil)
	request.Header.Set("Authorization", "Bearer "+devintest.KeyOK)
	for b.Loop() {
		w := httptest.NewRecorder()
		if s.ServeHTTP(w, request); w.Code != http.StatusOK {
			b.Fatal(w.Body)
		}
	}
}

func BenchmarkPageOf200(b *testing.B) {
	benchmarkPath(b, func(*devintest.Server) string { return membersPath + "?first=200" })
}

func BenchmarkUserFor30Days(b *testing.B) {
	benchmarkPath(b, func(s *devintest.Server) string {
		return userPath(s.Members()[0].UserID) + window(billingDay(2026, 10, 1), billingDay(2026, 10, 31))
	})
}
