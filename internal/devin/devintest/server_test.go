package devintest_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

func TestNothingIsServedOutsideThePrefix(t *testing.T) {
	s := start(t, devintest.Options{Prefix: "/api"})
	wantStatus(t, s, selfPath, http.StatusOK)
	s.URL = strings.TrimSuffix(s.URL, "/api")
	wantStatus(t, s, selfPath, http.StatusNotFound)
	wantStatus(t, s, "/apix/v3/self", http.StatusNotFound)
}

func TestGzipIsForClientsThatAcceptIt(t *testing.T) {
	s := start(t, devintest.Options{Gzip: true})
	plain := start(t, devintest.Options{})
	if r := get(t, s, membersPath); r.body != get(t, plain, membersPath).body || r.header.Get("Content-Length") != "" {
		t.Errorf("%+v", r)
	}
	request := newRequest(t, s, http.MethodGet, selfPath)
	request.Header.Set("Accept-Encoding", "identity")
	if r, err := do(s, request); err != nil || r.header.Get("Content-Encoding") != "" {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestLatencyEndsWhenTheServerCloses(t *testing.T) {
	s := start(t, devintest.Options{Latency: time.Hour})
	s.Close()
	if _, err := try(t, s, devintest.KeyOK, selfPath); err == nil {
		t.Error("an answer within an hour")
	}
}

func TestLogDoesNotGetTheKey(t *testing.T) {
	logged := make(chan devintest.Request, 1)
	s := start(t, devintest.Options{Log: func(r devintest.Request, _ time.Duration) { logged <- r }})
	get(t, s, selfPath)
	if r := <-logged; r.Key != "" || r.Header.Get("Authorization") != "" || r.Path != selfPath || r.Status != 200 {
		t.Errorf("%+v", r)
	}
}
